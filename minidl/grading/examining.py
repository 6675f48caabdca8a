"""Judges the cells of one submission: every part gets a mark, whatever the learner's code does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from .course import Lesson
from .marks import PartMark
from .scoring import play_apart

# What the player calls its findings, in the words of results.json.
MEANING = {
    "passed": "passed",
    "wrong": "failed",
    "mutated": "failed",
    "missing": "missing",
    "not written": "missing",
    "error": "error",
    "recursion": "error",
    "too slow": "timeout",
}


@final
class InfrastructureError(Exception):
    """The judge could not do its work; the learner has nothing to do with it. Worth another try."""


@final
@dataclass(frozen=True)
class Conditions:
    """How a submission is judged.

    secret: the course's secret, from which the draws are made.
    deadline: seconds, by the clock, for a whole submission.
    tier: the sandbox; the best there is when None.
    """

    secret: bytes
    deadline: float = 120.0
    tier: Any = None


def examine(
    cells: Sequence[tuple[str, str]], lesson: Lesson, conditions: Conditions
) -> list[PartMark]:
    """A mark for every part of the lesson's exercises, in the spec's order.

    cells: (exercise id or "", source) of the notebook's code cells, in order; of two cells with one
        id the last counts.
    Raises InfrastructureError for a fault that is not the learner's.
    """
    try:
        found = play_apart(list(cells), lesson, conditions.deadline)
    except OSError as error:
        raise InfrastructureError(str(error)) from error
    return [
        _mark(f"{id}/{part.id}", part.title, part.points, found.get(id, {}).get("parts"), part.id)
        for id, exercise in lesson.exercises().items()
        for part in exercise.parts
    ]


def _mark(
    id: str, title: str, worth: float, found: Mapping[str, Any] | None, part: str
) -> PartMark:
    if found is None:
        return PartMark(id, title, 0, worth, "timeout", "The notebook took too long.")
    status, points, sentence = (found[part][key] for key in ("status", "points", "sentence"))
    return PartMark(id, title, points, worth, MEANING[status], sentence)
