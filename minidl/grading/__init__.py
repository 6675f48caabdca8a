"""Exercises, checks in the notebook, the learner's own pieces, and the score of a notebook."""

from __future__ import annotations

from .badges import badge
from .checking import check, hint
from .prediction import predict, reveal
from .scoring import score
from .spec import Exercise, Part, Wrong
from .travelling import load_mine, switch
from .yours import install, remove

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
