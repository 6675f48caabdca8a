"""Exercises, checks in the notebook, the learner's own pieces, and the score of a notebook."""

from __future__ import annotations

from .notebook.badges import badge
from .notebook.checking import check, hint
from .notebook.prediction import predict, reveal
from .notebook.scoring import score
from .pieces.travelling import load_mine, switch
from .pieces.yours import install, remove
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
