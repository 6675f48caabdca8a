"""What the worker does to itself before it meets a learner's code, from the outer wall inwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import ceilings, landlock, privileges, seccomp

SINKS = ("/dev/null",)


def shut(enclosure: Mapping[str, Any]) -> None:
    """The server's walls: another user, no capabilities, few files. Raises OSError."""
    if enclosure.get("filter", True):
        privileges.drop(enclosure["user"])
    if enclosure["landlock"]:
        landlock.shut(enclosure["readable"], [enclosure["scratch"], *SINKS])
    os.chdir(enclosure["scratch"])


def shut_child(enclosure: Mapping[str, Any], running: int) -> None:
    """The walls around one child of the server: no signals, few calls, little of everything."""
    privileges.die_with_parent()
    ceilings.settle(ceilings.Ceilings(**enclosure["ceilings"]), running)
    if enclosure.get("filter", True):
        if enclosure["landlock"]:
            landlock.shut_signals()
        seccomp.install(os.getpid())


def running() -> int:
    """How many processes and threads this user has; 0 where nobody can tell."""
    count, own = 0, os.getuid()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if place.stat().st_uid == own:
                count += sum(1 for _ in (place / "task").iterdir())
        except OSError:
            continue
    return count
