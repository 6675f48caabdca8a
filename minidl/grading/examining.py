"""Judges the cells of one submission: every part gets a mark, whatever the learner's code does.

The judge's side of the sandbox. It sends a part's inputs to a worker, gets bytes back, and compares
what they say with the reference's answer, which the worker never sees. A worker that ends, stalls
or speaks out of turn costs the part it was asked; a fresh one is asked the next.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, final

from .course import Lesson
from .crew import Ended, InfrastructureError, Late, Overfull, Server, Sitting, server
from .draws import version
from .judging import PartResult, Verdict, diagnose, judge_part
from .maps import map_of
from .marks import PartMark
from .protocol import ProtocolError
from .questions import Questions, questions
from .running import Outcome
from .sandbox import NoSandbox, Tier, best
from .spec import Exercise, Part

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
SAID = ("returned", "mutated", "not written", "error", "recursion", "too slow")  # by a worker
FORBIDDEN = ("PermissionError", "Withheld")  # errors of who tries what is not allowed
CELL_SECONDS = 10.0  # processor time of one cell; most need a thousandth of it
SLACK = 0.2  # seconds beyond a part's limit for what the worker does around it
TALE = "Your code wrote to the judge's own wire."
UP = "The time for the whole notebook was up."


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


@final
class Misfortune(Exception):
    """The worker is of no use any more; `outcome` says what that means for the part in question."""

    def __init__(self, status: str, sentence: str):
        super().__init__(sentence)
        self.outcome = Outcome(status, sentence=sentence)


def examine(
    cells: Sequence[tuple[str, str]], lesson: Lesson, conditions: Conditions
) -> list[PartMark]:
    """A mark for every part of the lesson's exercises, in the spec's order.

    cells: (exercise id or "", source) of the notebook's code cells, in order; of two cells with one
        id the last counts. An exercise whose id no cell bears is looked for by its names.
    Raises InfrastructureError for a fault that is not the learner's.
    """
    asked = questions(lesson.folder, version(lesson), conditions.secret)
    until = time.monotonic() + conditions.deadline
    submission = Submission([(str(id), str(source)) for id, source in cells], until)
    marks: list[PartMark] = []
    tier = conditions.tier or _best()
    for exercise in asked.exercises.values():
        verdict = Examination(asked, exercise, submission, tier, conditions.patience).verdict()
        marks += [_mark(verdict, result) for result in verdict.parts]
    return marks


@functools.lru_cache(maxsize=1)
def _best() -> Tier:
    try:
        return best()
    except NoSandbox as error:
        raise InfrastructureError(str(error)) from error


@final
@dataclass
class Submission:
    """The cells, and which of them have ended a worker or taken too long.

    until: the moment by `time.monotonic()` at which the time for all of them is up.
    """

    cells: list[tuple[str, str]]
    until: float
    banned: dict[int, Misfortune] = field(default_factory=dict)
    slow: set[int] = field(default_factory=set)

    def place(self, id: str) -> int | None:
        """Where the last cell of this exercise is."""
        return max((n for n, (found, _) in enumerate(self.cells) if found == id), default=None)


@final
class Examination:
    """One exercise of one submission: sittings until every part has its result."""

    def __init__(
        self,
        asked: Questions,
        exercise: Exercise,
        submission: Submission,
        tier: Tier,
        patience: float,
    ):
        self.cell_seconds = CELL_SECONDS * patience
        self.patience = patience
        self.asked = asked
        self.exercise = exercise
        self.submission = submission
        self.tier = tier
        self.own = submission.place(exercise.id)
        self.all_cells = self.own is None
        self.results: dict[str, PartResult] = {}
        self.lost = 0  # servers of the sandbox

    def verdict(self) -> Verdict:
        """The results of all parts, and the mistake they look like."""
        while self._waiting():
            try:
                with server(self.tier, self.asked.imports) as found:
                    self._sit(found)
            except InfrastructureError:
                self._lose()
        parts = [self.results[part.id] for part in self.exercise.parts]
        verdict = Verdict(self.exercise, parts)
        if any(len(result.outcomes) for result in parts):
            diagnose(verdict, self.asked.suspects(self.exercise))
        return verdict

    def _waiting(self) -> list[Part]:
        return [part for part in self.exercise.parts if part.id not in self.results]

    def _lose(self) -> None:
        """A server that is lost again and again, while one exercise is asked, is its doing."""
        self.lost += 1
        if self.lost > 2:
            raise
        if self.lost == 2 and self.results:
            self._all(Outcome("crashed", sentence="It ended the sandbox."))

    def _all(self, outcome: Outcome) -> None:
        """The same result for every part that has none."""
        for part in self._waiting():
            self.results[part.id] = PartResult(part, outcome.status, outcome.sentence)

    def _sit(self, found: Server) -> None:
        """One sitting: the cells, then every part that waits, until the worker is of no use."""
        if time.monotonic() > self.submission.until:
            self._all(Outcome("too slow", sentence=UP))
            return
        sitting = found.sitting()
        try:
            if self._play(sitting):
                for part in self._waiting():
                    if not self._ask_part(sitting, part):
                        return
        except Misfortune as error:
            self._all(error.outcome)
        finally:
            sitting.end()

    def _play(self, sitting: Sitting) -> bool:
        """Lets the worker run the cells. Returns whether there is something to ask."""
        cells = self._cells()
        message: Any = ["cell", -1]
        first = self.asked.setting(self.exercise, cells)
        position = -1
        try:
            message = sitting.exchange(first, self.cell_seconds, self.submission.until)
            for _ in cells:  # each is told of once, so that nobody can go on telling
                if not _is_cell(message):
                    break
                position = message[1]
                message = sitting.hear(self.cell_seconds, self.submission.until)
        except (Late, Ended, Overfull, ProtocolError) as error:
            self._ban(position, _misfortune(error, sitting))
            return False
        if not _is_ready(message):
            self._ban(position, Misfortune("not allowed", TALE))
            return False
        return self._is_there(message[1], message[2])

    def _cells(self) -> list[list]:
        """[position, source, whole?, seconds] of the cells to run, the exercise's own last."""
        cells = self.submission.cells
        order = list(range(len(cells) if self.all_cells else self.own or 0))
        if self.own is not None:
            order = [n for n in order if n != self.own] + [self.own]
        ids = self.asked.exercises
        return [
            [n, cells[n][1], cells[n][0] in ids, self.cell_seconds]
            for n in order
            if n not in self.submission.banned and (n == self.own or n not in self.submission.slow)
        ]

    def _ban(self, position: Any, error: Misfortune) -> None:
        """The cell that did it is left out from now on; the exercise's own ends the exercise."""
        known = isinstance(position, int) and 0 <= position < len(self.submission.cells)
        if not known or position == self.own or position in self.submission.banned:
            raise error
        self.submission.banned[position] = error

    def _is_there(self, missing: list, slow: list) -> bool:
        self.submission.slow |= {n for n in slow if isinstance(n, int)}
        if not missing:
            return True
        if self.own in self.submission.slow:
            raise Misfortune("too slow", f"The cell took longer than {self.cell_seconds:g} s.")
        if not self.all_cells:
            self.all_cells = True
            return False
        names = " and ".join(f"`{name}`" for name in self.exercise.entry if name in missing)
        raise Misfortune("missing", f"{names or 'The answer'} is not defined.")

    def _ask_part(self, sitting: Sitting, part: Part) -> bool:
        """Asks one part. Returns whether the worker can be asked more."""
        draws = self.asked.draws(self.exercise, part)
        sitting.spent()
        broken: list[Misfortune] = []
        seconds: list[float] = []

        def ask(part: Part, number: int) -> Outcome:
            before = sitting.seconds
            try:
                return self._ask(sitting, part, draws.inputs(number))
            except Misfortune as error:
                broken.append(error)
                return error.outcome
            finally:
                seconds.append(sitting.seconds - before)

        result = judge_part(part, draws, ask)
        if not self.all_cells and result.outcomes[-1].error == "NameError":
            self.all_cells = True  # it may be defined in a cell further down
            return False
        result.seconds = sum(seconds)
        if not broken and not sitting.is_silent():
            broken.append(Misfortune("not allowed", TALE))
            result.status, result.sentence = "not allowed", TALE
        self.results[part.id] = result
        return not broken

    def _ask(self, sitting: Sitting, part: Part, inputs: Any) -> Outcome:
        """One draw: what came back, or a Misfortune."""
        nonce = secrets.token_hex(8)
        question = {"nonce": nonce, "part": part.id, "inputs": dict(inputs)}
        limit = part.seconds * self.patience
        question |= {"seconds": limit, "mutates": part.mutates}
        try:
            message = sitting.exchange(question, limit, self.submission.until)
        except (Late, Ended, Overfull, ProtocolError) as error:
            raise _misfortune(error, sitting) from None
        outcome = _outcome(message, nonce, limit)
        if sitting.spent() > limit + SLACK:  # whatever its own clock says
            return Outcome("too slow", sentence=_too_slow(limit))
        return outcome


def _is_cell(message: Any) -> bool:
    return isinstance(message, list) and len(message) == 2 and message[0] == "cell"


def _is_ready(message: Any) -> bool:
    return (
        isinstance(message, list)
        and len(message) == 3
        and message[0] == "ready"
        and isinstance(message[1], list)
        and isinstance(message[2], list)
    )


def _outcome(message: Any, nonce: str, limit: float) -> Outcome:
    """What a worker says of a draw, looked at piece by piece."""
    if not (isinstance(message, list) and len(message) == 8 and message[:2] == ["answer", nonce]):
        raise Misfortune("not allowed", TALE)
    status, sentence, error, words, printed, value = message[2:]
    texts = (status, sentence, error, words, printed)
    if not all(isinstance(text, str) for text in texts) or status not in SAID:
        raise Misfortune("not allowed", TALE)
    if status == "too slow":
        sentence = _too_slow(limit)
    if status == "error" and error in FORBIDDEN:
        status = "not allowed"
    return Outcome(status, value, sentence, error, words, printed)


def _too_slow(limit: float) -> str:
    return f"This took longer than {limit:g} s and was stopped."


def _misfortune(error: Exception, sitting: Sitting) -> Misfortune:
    """What a worker's end means for its learner."""
    if isinstance(error, ProtocolError):
        return Misfortune("not allowed", f"{TALE} ({error})")
    if isinstance(error, Late):
        return Misfortune("too slow", "This took too long and its process was ended.")
    if isinstance(error, Overfull):
        return Misfortune("crashed", "It wrote more files than there is room for.")
    report = sitting.server.look()
    return Misfortune("crashed", f"Its process ended {report.how}.")


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
