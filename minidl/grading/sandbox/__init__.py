"""The sandbox in tiers: namespaces where the machine has them, Landlock where not, or nothing."""

from __future__ import annotations

from typing import final

from .bubblewrap import Bubblewrap
from .plain import Landlocked, Unsafe
from .tier import Started, Tier

__all__ = [
    "Bubblewrap",
    "Landlocked",
    "NoSandbox",
    "Started",
    "Tier",
    "Unsafe",
    "best",
    "by_name",
    "tiers",
]


@final
class NoSandbox(RuntimeError):
    """This machine has no sandbox that shuts a learner's code in."""


def tiers() -> list[Tier]:
    """All of them, the strongest first."""
    return [Bubblewrap(), Landlocked(), Unsafe()]


def best(unsafe: bool = False) -> Tier:
    """The strongest tier that works here.

    unsafe: take tier C where there is no other. Raises NoSandbox, with the reasons.
    """
    reasons = []
    for found in tiers():
        why = found.reason()
        if not why and (found.name != "C" or unsafe):
            return found
        reasons.append(f"{found!r}: {why or 'it is used only when asked for'}")
    raise NoSandbox("This machine has no sandbox.\n" + "\n".join(reasons))


def by_name(name: str) -> Tier:
    """Tier "A", "B" or "C". Raises NoSandbox when it does not work here."""
    found = next(found for found in tiers() if found.name == name)
    if why := found.reason():
        raise NoSandbox(f"{found!r}: {why}")
    return found
