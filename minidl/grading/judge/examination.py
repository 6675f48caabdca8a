"""Asks a worker about the exercises of one submission, sitting by sitting, until each has a result.

A sitting plays the cells in a fresh worker and stops behind each exercise's own to ask. A worker
that ends, stalls or speaks out of turn costs the part that it was asked, or the cell that it ran;
the rest is asked of the next one.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, final

from ..judging import PartResult, judge_part
from ..running import Outcome
from ..sandbox import Tier
from ..spec import Exercise, Part
from ..wire.protocol import ProtocolError
from .crew import Ended, InfrastructureError, Late, Overfull, Sitting, server
from .questions import Questions

SAID = ("returned", "mutated", "not written", "error", "recursion", "too slow")  # by a worker
FORBIDDEN = ("PermissionError", "Withheld")  # errors of who tries what is not allowed
CELL_SECONDS = 10.0  # processor time of one cell; most need a thousandth of it
SLACK = 0.2  # seconds beyond a part's limit for what the worker does around it
TALE = "Your code wrote to the judge's own wire."
UP = "The time for the whole notebook was up."
LOSSES = 3  # servers of the sandbox that one submission may lose


@final
class Misfortune(Exception):
    """The worker is of no use any more; `outcome` says what that means for the part in question."""

    def __init__(self, status: str, sentence: str):
        super().__init__(sentence)
        self.outcome = Outcome(status, sentence=sentence)


@final
@dataclass
class Submission:
    """The cells, and which of them have ended a worker or taken too long.

    until: the moment by `time.monotonic()` at which the time for all of them is up.
    """

    cells: list[tuple[str, str]]
    until: float
    banned: set[int] = field(default_factory=set)
    slow: set[int] = field(default_factory=set)

    def place(self, id: str) -> int | None:
        """Where the last cell of this exercise is."""
        return max((n for n, (found, _) in enumerate(self.cells) if found == id), default=None)


@final
class Examination:
    """Some exercises of one submission, for which the worker lacks the same parts of minidl."""

    def __init__(
        self,
        asked: Questions,
        exercises: Sequence[Exercise],
        submission: Submission,
        tier: Tier,
        patience: float,
    ):
        self.asked = asked
        self.exercises = list(exercises)
        self.submission = submission
        self.tier = tier
        self.patience = patience
        self.cell_seconds = CELL_SECONDS * patience
        self.own = {exercise.id: submission.place(exercise.id) for exercise in exercises}
        self.late = {id for id, place in self.own.items() if place is None}  # asked at the very end
        self.results: dict[tuple[str, str], PartResult] = {}

    def run(self) -> dict[tuple[str, str], PartResult]:
        """The result of every part, by (exercise, part). Raises InfrastructureError."""
        lost = 0
        while self._open():
            if time.monotonic() > self.submission.until:
                for exercise in self._open():
                    self._all(exercise, Outcome("too slow", sentence=UP))
                break
            try:
                with server(self.tier, self.asked.imports) as found:
                    sitting = found.sitting()
                    try:
                        self._sit(sitting)
                    finally:
                        sitting.end()
            except InfrastructureError:
                lost += 1
                if lost == LOSSES:
                    raise
        return self.results

    def _open(self) -> list[Exercise]:
        """The exercises with parts that have no result."""
        return [exercise for exercise in self.exercises if any(self._waiting(exercise))]

    def _waiting(self, exercise: Exercise) -> Iterator[Part]:
        yield from (part for part in exercise.parts if (exercise.id, part.id) not in self.results)

    def _all(self, exercise: Exercise, outcome: Outcome) -> None:
        """The same result for every part that has none."""
        for part in list(self._waiting(exercise)):
            found = PartResult(part, outcome.status, outcome.sentence)
            self.results[exercise.id, part.id] = found

    def _sit(self, sitting: Sitting) -> None:
        """One sitting: cells and questions in turn, until the worker is of no use."""
        cells = self._cells()
        setting = self.asked.setting(self.exercises, cells)
        by_id = {exercise.id: exercise for exercise in self.exercises}
        say: Any = setting
        for exercise in [by_id[stop] for *_, stop in cells if stop]:
            try:
                self._hear_of(sitting, say, exercise, len(cells))
                for part in list(self._waiting(exercise)):
                    if not self._ask_part(sitting, exercise, part):
                        return
            except Misfortune as error:
                self._all(exercise, error.outcome)
                return
            except Skip:
                pass
            except Again:
                return
            say = None

    def _cells(self) -> list[list]:
        """[position, source, whole?, seconds, exercise to stop for] of the cells, in their order.

        What is asked late is asked behind all of them, its own cell run once more.
        """
        waiting = {exercise.id for exercise in self._open()}
        prompt = {self.own[id]: id for id in waiting - self.late}
        cells = self.submission.cells
        end = len(cells) if waiting & self.late else max(place or 0 for place in prompt) + 1
        found = [self._cell(n, prompt.get(n, "")) for n in range(end) if self._runs(n, prompt)]
        for exercise in self.exercises:
            if exercise.id in waiting & self.late:
                place = self.own[exercise.id]
                nothing = [-1, "", False, self.cell_seconds, exercise.id]
                found.append(nothing if place is None else self._cell(place, exercise.id))
        return found

    def _runs(self, n: int, prompt: dict) -> bool:
        return n not in self.submission.banned and (n in prompt or n not in self.submission.slow)

    def _cell(self, n: int, stop: str) -> list:
        id, source = self.submission.cells[n]
        return [n, source, id in self.asked.exercises, self.cell_seconds, stop]

    def _hear_of(self, sitting: Sitting, say: Any, exercise: Exercise, cells: int) -> None:
        """Lets the worker go on until it stands behind the exercise's cell, ready to be asked.

        cells: how many it may run until then.
        """
        position: Any = -1
        until = self.submission.until
        try:
            message = sitting.exchange(say, self.cell_seconds, until)
            for _ in range(cells):  # each is told of once, so that nobody can go on telling
                if not _is_cell(message):
                    break
                position = message[1]
                message = sitting.hear(self.cell_seconds, until)
        except (Late, Ended, Overfull, ProtocolError) as error:
            self._ban(position, exercise, _misfortune(error, sitting))
            raise Again from None
        if not _is_ready(message, exercise.id):
            self._ban(position, exercise, Misfortune("not allowed", TALE))
            raise Again
        self._look(exercise, message[2], message[3])

    def _ban(self, position: Any, exercise: Exercise, error: Misfortune) -> None:
        """The cell that did it is left out from now on; an exercise's own ends the exercise."""
        known = type(position) is int and 0 <= position < len(self.submission.cells)
        if not known or position in self.submission.banned | {self.own[exercise.id]}:
            raise error
        self.submission.banned.add(position)
        for other in self._open():
            if self.own[other.id] == position:
                self._all(other, error.outcome)

    def _look(self, exercise: Exercise, missing: list, slow: list) -> None:
        """Whether there is something to ask. Raises Skip or Misfortune where there is not."""
        self.submission.slow |= {n for n in slow if type(n) is int}
        if not missing:
            return
        if self.own[exercise.id] in self.submission.slow:
            words = f"The cell took longer than {self.cell_seconds:g} s and was stopped."
            self._all(exercise, Outcome("too slow", sentence=words))
        elif exercise.id in self.late:
            names = " and ".join(f"`{name}`" for name in exercise.entry if name in missing)
            words = f"{names or 'The answer'} is not defined."
            self._all(exercise, Outcome("missing", sentence=words))
        self.late.add(exercise.id)
        raise Skip

    def _ask_part(self, sitting: Sitting, exercise: Exercise, part: Part) -> bool:
        """Asks one part. Returns whether the worker can be asked more."""
        draws = self.asked.draws(exercise, part)
        broken: list[Misfortune] = []

        def ask(part: Part, number: int) -> Outcome:
            try:
                return self._ask(sitting, exercise, part, draws.inputs(number))
            except Misfortune as error:
                broken.append(error)
                return error.outcome

        before = sitting.spent()
        result = judge_part(part, draws, ask)
        if exercise.id not in self.late and result.outcomes[-1].error == "NameError":
            self.late.add(exercise.id)  # it may be defined in a cell further down
            raise Skip
        result.seconds = sitting.spent() - before
        if not broken and not sitting.is_silent():
            broken.append(Misfortune("not allowed", TALE))
            result.status, result.sentence = "not allowed", TALE
        self.results[exercise.id, part.id] = result
        return not broken

    def _ask(self, sitting: Sitting, exercise: Exercise, part: Part, inputs: Any) -> Outcome:
        """One draw: what came back, or a Misfortune."""
        nonce, limit = secrets.token_hex(8), part.seconds * self.patience
        question = {"nonce": nonce, "part": f"{exercise.id}/{part.id}", "inputs": dict(inputs)}
        question |= {"seconds": limit, "mutates": part.mutates}
        begin, before = time.monotonic(), sitting.seconds
        try:
            message = sitting.exchange(question, limit, self.submission.until)
        except (Late, Ended, Overfull, ProtocolError) as error:
            raise _misfortune(error, sitting) from None
        outcome = _outcome(message, nonce, limit)
        slow = time.monotonic() - begin > SLACK  # whatever its own clock says
        if slow and sitting.spent() - before > limit + SLACK:
            return Outcome("too slow", sentence=_too_slow(limit))
        return outcome


@final
class Skip(Exception):
    """There is nothing (more) to ask about this exercise in this sitting."""


@final
class Again(Exception):
    """The sitting is over; the next one goes on."""


def _is_cell(message: Any) -> bool:
    return isinstance(message, list) and len(message) == 2 and message[0] == "cell"


def _is_ready(message: Any, id: str) -> bool:
    if not (isinstance(message, list) and len(message) == 4 and message[:2] == ["ready", id]):
        return False
    return isinstance(message[2], list) and isinstance(message[3], list)


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
