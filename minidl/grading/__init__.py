"""Exercises, checks in the notebook, the learner's own pieces, and the score of a notebook."""

from __future__ import annotations

from .checking import check, hint
from .prediction import predict, reveal
from .scoring import score
from .spec import Exercise, Part, Wrong
from .yours import badge, install, load_mine, remove

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
]
