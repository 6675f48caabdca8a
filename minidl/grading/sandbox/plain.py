"""Tiers B and C, without namespaces: Landlock and the filter shut the worker in; or nothing."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import final

from . import landlock, seccomp
from .tier import Started, Tier, enclosure, own_folder, start, user_of_the_pool
from .view import view


@final
class Landlocked(Tier):
    """Landlock, seccomp and limits, for machines that refuse namespaces."""

    name = "B"
    title = "Landlock, seccomp, limits"

    def reason(self) -> str:
        """Why it cannot be used here; empty when it can."""
        return landlock.reason() or seccomp.reason()

    def start(self, arguments: Sequence[str], pass_fds: Sequence[int]) -> Started:
        """Starts Python inside. Raises OSError."""
        seen, user = view(), user_of_the_pool()
        scratch = own_folder(user)
        process = start([seen.python, *arguments], scratch, pass_fds)
        return Started(process, enclosure(scratch, user, seen, True), scratch, [scratch])


@final
class Unsafe(Tier):
    """Limits and nothing else: whoever wrote the notebook can do what the judge can."""

    name = "C"
    title = "limits only, no sandbox"

    def reason(self) -> str:
        """Why it cannot be used here; empty when it can."""
        return "" if platform.system() == "Linux" else "workers need Linux"

    def start(self, arguments: Sequence[str], pass_fds: Sequence[int]) -> Started:
        """Starts Python. Raises OSError."""
        seen = view()
        scratch = own_folder(None)
        process = start([seen.python, *arguments], scratch, pass_fds)
        shut = {**enclosure(scratch, None, seen, False), "filter": False}
        return Started(process, shut, scratch, [scratch])
