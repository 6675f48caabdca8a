"""Judges the cells of one submission: every part gets a mark, whatever the learner's code does.

The judge's side of the sandbox. It sends a part's inputs to a worker, gets bytes back, and compares
what they say with the reference's answer, which the worker never sees. A worker that ends, stalls
or speaks out of turn costs the part it was asked; a fresh one is asked the next.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from ..course import Lesson
from ..judging import PartResult, Verdict, diagnose
from ..maps import map_of
from ..marks import PartMark
from ..sandbox import NoSandbox, Tier, best
from ..spec import Exercise
from .crew import InfrastructureError
from .draws import version
from .examination import Examination, Submission
from .questions import Questions, questions

__all__ = ["Conditions", "InfrastructureError", "examine"]

# What an outcome is called in results.json.
MEANING = {
    "passed": "passed",
    "wrong": "failed",
    "mutated": "failed",
    "missing": "missing",
    "not written": "missing",
    "error": "error",
    "recursion": "error",
    "too slow": "timeout",
    "crashed": "crashed",
    "not allowed": "not_allowed",
}


@final
@dataclass(frozen=True)
class Conditions:
    """How a submission is judged.

    secret: the course's secret, from which the draws are made.
    deadline: seconds, by the clock, for a whole submission.
    tier: the sandbox; the best there is when None.
    patience: a factor on the time that each part and cell may take, for slow machines.
    """

    secret: bytes
    deadline: float = 120.0
    tier: Tier | None = None
    patience: float = 1.0


def examine(
    cells: Sequence[tuple[str, str]], lesson: Lesson, conditions: Conditions
) -> list[PartMark]:
    """A mark for every part of the lesson's exercises, in the spec's order.

    cells: (exercise id or "", source) of the notebook's code cells, in order; of two cells with one
        id the last counts. An exercise whose id no cell bears is looked for by its names.
    Raises InfrastructureError for a fault that is not the learner's.
    """
    asked = questions(lesson, version(lesson), conditions.secret)
    until = time.monotonic() + conditions.deadline
    submission = Submission([(str(id), str(source)) for id, source in cells], until)
    tier = conditions.tier or _best()
    results: dict[tuple[str, str], PartResult] = {}
    for group in asked.groups:
        results |= Examination(asked, group, submission, tier, conditions.patience).run()
    verdicts = [_verdict(asked, exercise, results) for exercise in asked.exercises.values()]
    return [_mark(verdict, result) for verdict in verdicts for result in verdict.parts]


def _verdict(asked: Questions, exercise: Exercise, results: Mapping) -> Verdict:
    """The results of one exercise, and the mistake they look like."""
    verdict = Verdict(exercise, [results[exercise.id, part.id] for part in exercise.parts])
    if any(result.outcomes for result in verdict.parts):
        diagnose(verdict, asked.suspects(exercise))
    return verdict


@functools.lru_cache(maxsize=1)
def _best() -> Tier:
    try:
        return best()
    except NoSandbox as error:
        raise InfrastructureError(str(error)) from error


def _mark(verdict: Verdict, result: PartResult) -> PartMark:
    part = result.part
    first = next((r for r in verdict.parts if not r.passed), None)
    why = f" {verdict.diagnosis}" if result is first and verdict.diagnosis else ""
    return PartMark(
        f"{verdict.exercise.id}/{part.id}",
        part.title,
        result.points,
        part.points,
        MEANING[result.status],
        f"{result.sentence}{why}".strip()[:4000],
        round(result.seconds, 4),
        map_of(result.gap),
    )
