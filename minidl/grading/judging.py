"""Asks every part of an exercise of the learner's code and keeps what came of each."""

from __future__ import annotations

import copy
import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from .compare import Gap, Tolerance, compare, plain
from .running import Outcome, Silence, attempt, entry_points, execute, kept_classes, quiet
from .spec import Exercise, Part, Wrong

# Anyone's typo raises these: to be the same mistake, the words must agree too.
VAGUE = (
    *("NameError", "UnboundLocalError", "AttributeError", "TypeError", "KeyError"),
    *("SyntaxError", "IndentationError", "TabError"),
)

# (part, number of the draw) -> what came; and the same with the seconds it may take.
Ask = Callable[["Part", int], "Outcome"]
Suspect = Callable[["Part", int, float], "Outcome"]


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
    draws: Draws | None = None

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
    verdict = Verdict(exercise, [])
    for part in exercise.parts:
        draws = Draws(part, functools.partial(part.inputs, exercise.id))

        def ask(part: Part, number: int, draws: Draws = draws) -> Outcome:
            return attempt(part, code, draws.inputs(number))

        verdict.parts.append(judge_part(part, draws, ask))
    with kept_classes(namespace):
        diagnose(verdict, suspects(exercise, namespace))
    return verdict


@final
class Draws:
    """A part's draws, by number: the inputs, and the right answer to them. Each is made once."""

    def __init__(self, part: Part, inputs: Callable[[int], Mapping[str, Any]]):
        self.part = part
        self.inputs = functools.lru_cache(maxsize=None)(inputs)
        self.expected = functools.lru_cache(maxsize=None)(self._expected)

    def _expected(self, number: int) -> Any:
        """The reference's answer, on inputs of its own."""
        return plain(self.part.reference(**copy.deepcopy(dict(self.inputs(number)))))


def judge_part(part: Part, draws: Draws, ask: Ask) -> PartResult:
    """Tries the draws one after the other until one fails.

    ask(part, number): what the learner's code answers to a draw.
    """
    result = PartResult(part, draws=draws)
    tolerance = Tolerance(part.rtol, part.atol, part.dtype)
    start = time.perf_counter()
    for result.seed in range(part.seeds):
        expected = draws.expected(result.seed)
        outcome = ask(part, result.seed)
        result.outcomes.append(outcome)
        if outcome.status != "returned":
            result.status, result.sentence = outcome.status, outcome.sentence
            break
        gap = _first_gap(expected, outcome.value, tolerance)
        if gap is not None:
            result.status, result.gap, result.sentence = "wrong", gap, gap.sentence
            break
    result.seconds = time.perf_counter() - start
    return result


def _first_gap(expected: Any, got: Any, tolerance: Tolerance) -> Gap | None:
    try:
        gaps = compare(expected, got, tolerance)
    except Exception as error:  # whatever came, it ends no judge
        return Gap("type", "", f"the answer cannot be compared ({type(error).__name__}).")
    return gaps[0] if gaps else None


def diagnose(verdict: Verdict, suspects: Iterable[tuple[Wrong, Suspect]]) -> None:
    """Puts down the mistake that the answers look like, or what the first failed part advises."""
    failed = [
        result for result in verdict.parts if not result.passed and result.status != "not written"
    ]
    if failed:
        verdict.wrong = find_mistake(verdict.parts, failed[0], suspects)
        if verdict.wrong is None:
            verdict.advice = _advice(failed[0])


def find_mistake(
    parts: list[PartResult], first: PartResult, suspects: Iterable[tuple[Wrong, Suspect]]
) -> Wrong | None:
    """The expected mistake that behaves as the learner's code does on the same inputs.

    It must agree on the first part that failed; of several, the one that agrees on most parts
    is named.
    suspects: each expected mistake, with what it answers to (part, number, seconds).
    """
    best, most = None, 0
    for wrong, suspect in suspects:
        if not _agrees(first, suspect):
            continue
        count = 1 + sum(_agrees(result, suspect) for result in parts if result is not first)
        if count > most:
            best, most = wrong, count
    return best


def suspects(exercise: Exercise, namespace: Mapping[str, Any]) -> Iterator[tuple[Wrong, Suspect]]:
    """The exercise's expected mistakes at work among the pieces of this namespace."""
    for wrong in exercise.wrong:
        code = suspect_code(exercise, wrong, namespace)
        if code is not None:

            def answer(part: Part, number: int, seconds: float, code: Any = code) -> Outcome:
                return attempt(part, code, part.inputs(exercise.id, number), seconds)

            yield wrong, answer


def suspect_code(exercise: Exercise, wrong: Wrong, namespace: Mapping[str, Any]) -> Any:
    """The entry points with this mistake in them; None where it cannot even be run."""
    scope = dict(namespace)
    try:
        source = wrong.cell(exercise.solution)
        with quiet(Silence()):
            execute(source, f"<mistake {exercise.id} {wrong.id}>", scope)
    except Exception:
        return None
    code = entry_points(exercise, scope)
    return None if isinstance(code, str) else code


def _agrees(result: PartResult, suspect: Suspect) -> bool:
    """Whether the suspect gives what the learner's code gave, on every draw that was tried."""
    patience = min(result.part.seconds, 0.5 + 10 * result.seconds)
    if result.status == "too slow":
        patience = result.part.seconds
    tolerance = Tolerance(result.part.rtol, result.part.atol, result.part.dtype)
    for number, learners in enumerate(result.outcomes):
        theirs = suspect(result.part, number, patience)
        if theirs.status != learners.status:
            return False
        if theirs.status == "error" and not _same_error(theirs, learners):
            return False
        if theirs.status == "returned" and compare(theirs.value, learners.value, tolerance):
            return False
    return True


def _same_error(one: Outcome, other: Outcome) -> bool:
    if one.error != other.error:
        return False
    return one.error not in VAGUE or one.words == other.words


def _advice(result: PartResult) -> str:
    if result.part.diagnose is None or result.status != "wrong" or result.draws is None:
        return ""
    inputs, expected = result.draws.inputs(result.seed), result.draws.expected(result.seed)
    try:
        return result.part.diagnose(inputs, expected, result.outcomes[-1].value) or ""
    except Exception:  # a diagnosis that stumbles over a strange answer costs the learner nothing
        return ""
