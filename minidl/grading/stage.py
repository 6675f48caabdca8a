"""The face of this room as the worker sees it: what a notebook calls there does nothing.

`check` and its like belong to the learner's own notebook. In the worker they are names that may be
imported and called, so that a cell which does so is no error.
"""

from __future__ import annotations

from typing import Any, final

from .spec import Exercise, Part, Wrong

__all__ = [
    "Exercise",
    "Part",
    "Wrong",
    "badge",
    "check",
    "hint",
    "install",
    "load_mine",
    "predict",
    "remove",
    "reveal",
    "score",
    "switch",
]


@final
class Nothing:
    """What the silent functions give back."""

    passed = False
    points = 0
    diagnosis = hint = ""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return ""


def check(*_args: Any, **_kwargs: Any) -> Nothing:
    """Does nothing here."""
    return Nothing()


badge = hint = install = load_mine = predict = remove = reveal = score = switch = check
