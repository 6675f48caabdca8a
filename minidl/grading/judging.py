"""Asks every part of an exercise of the learner's code and keeps what came of each."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from .compare import Gap, Tolerance, compare, plain
from .running import Outcome, Silence, attempt, entry_points, execute, kept_classes, quiet
from .spec import Exercise, Part, Wrong

# Anyone's typo raises these: to be the same mistake, the words must agree too.
VAGUE = (NameError, AttributeError, TypeError, KeyError, SyntaxError)


@final
@dataclass
class PartResult:
    """One part's verdict, up to the first draw that fails; `outcomes` holds each draw's."""

    part: Part
    status: str = "passed"  # passed, wrong, or the status of the outcome that failed
    sentence: str = ""
    gap: Gap | None = None
    seed: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every draw agreed with the reference."""
        return self.status == "passed"

    @property
    def points(self) -> float:
        """A part's points are earned whole or not at all."""
        return self.part.points if self.passed else 0


@final
@dataclass
class Verdict:
    """Every part of one exercise, and the mistake it looks like."""

    exercise: Exercise
    parts: list[PartResult]
    wrong: Wrong | None = None
    advice: str = ""

    @property
    def passed(self) -> bool:
        """Whether every part passed."""
        return all(part.passed for part in self.parts)

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(part.points for part in self.parts)

    @property
    def diagnosis(self) -> str:
        """The sentence meant for this mistake, or an empty string."""
        return self.wrong.message if self.wrong else self.advice


def judge(exercise: Exercise, namespace: Mapping[str, Any]) -> Verdict:
    """Runs all parts on the entry points found in the namespace, and diagnoses what failed."""
    code = entry_points(exercise, namespace)
    if isinstance(code, str):
        return Verdict(exercise, [PartResult(part, "missing", code) for part in exercise.parts])
    verdict = Verdict(exercise, [judge_part(exercise, part, code) for part in exercise.parts])
    failed = [
        result for result in verdict.parts if not result.passed and result.status != "not written"
    ]
    if failed:
        verdict.wrong = find_mistake(exercise, verdict.parts, failed[0], namespace)
        if verdict.wrong is None:
            verdict.advice = _advice(exercise, failed[0])
    return verdict


def judge_part(exercise: Exercise, part: Part, code: Any) -> PartResult:
    """Tries the visible draws one after the other until one fails."""
    result = PartResult(part)
    tolerance = Tolerance(part.rtol, part.atol, part.dtype)
    start = time.perf_counter()
    for result.seed in range(part.seeds):
        inputs = part.inputs(exercise.id, result.seed)
        expected = plain(part.reference(**copy.deepcopy(inputs)))
        outcome = attempt(part, code, inputs)
        result.outcomes.append(outcome)
        if outcome.status != "returned":
            result.status, result.sentence = outcome.status, outcome.sentence
            break
        gaps = compare(expected, outcome.value, tolerance)
        if gaps:
            result.status, result.gap, result.sentence = "wrong", gaps[0], gaps[0].sentence
            break
    result.seconds = time.perf_counter() - start
    return result


def find_mistake(
    exercise: Exercise, parts: list[PartResult], first: PartResult, namespace: Mapping[str, Any]
) -> Wrong | None:
    """The expected mistake that behaves as the learner's code does on the same inputs.

    It must agree on the first part that failed; of several, the one that agrees on most parts
    is named.
    """
    best, most = None, 0
    with kept_classes(namespace):
        for wrong in exercise.wrong:
            code = _pieces(exercise, wrong, namespace)
            if code is None or not _agrees(exercise, first, code):
                continue
            count = 1 + sum(
                _agrees(exercise, result, code) for result in parts if result is not first
            )
            if count > most:
                best, most = wrong, count
    return best


def _pieces(exercise: Exercise, wrong: Wrong, namespace: Mapping[str, Any]) -> Any:
    scope = dict(namespace)
    try:
        source = wrong.cell(exercise.solution)
        with quiet(Silence()):
            execute(source, f"<mistake {exercise.id} {wrong.id}>", scope)
    except Exception:
        return None
    code = entry_points(exercise, scope)
    return None if isinstance(code, str) else code


def _agrees(exercise: Exercise, result: PartResult, code: Any) -> bool:
    """Whether these pieces give what the learner's gave, on every draw that was tried."""
    patience = min(result.part.seconds, 0.5 + 10 * result.seconds)
    if result.status == "too slow":
        patience = result.part.seconds
    tolerance = Tolerance(result.part.rtol, result.part.atol, result.part.dtype)
    for seed, learners in enumerate(result.outcomes):
        theirs = attempt(result.part, code, result.part.inputs(exercise.id, seed), patience)
        if theirs.status != learners.status:
            return False
        if theirs.status == "error" and not _same_error(theirs, learners):
            return False
        if theirs.status == "returned" and compare(theirs.value, learners.value, tolerance):
            return False
    return True


def _same_error(one: Outcome, other: Outcome) -> bool:
    if type(one.error) is not type(other.error):
        return False
    return not isinstance(one.error, VAGUE) or str(one.error) == str(other.error)


def _advice(exercise: Exercise, result: PartResult) -> str:
    if result.part.diagnose is None or result.status != "wrong":
        return ""
    inputs = result.part.inputs(exercise.id, result.seed)
    expected = plain(result.part.reference(**copy.deepcopy(inputs)))
    try:
        return result.part.diagnose(inputs, expected, result.outcomes[-1].value) or ""
    except Exception:  # a diagnosis that stumbles over a strange answer costs the learner nothing
        return ""
