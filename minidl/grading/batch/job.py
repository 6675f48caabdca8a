"""One submission as a job: what a worker is given, does with it and gives back."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

from ..course import Lesson
from ..judge.examining import Conditions, InfrastructureError
from ..marks import PartMark
from ..spec import Exercise
from . import extraction

Examine = Callable[[Sequence[extraction.Cell], Lesson, Conditions], Sequence[PartMark]]
LONGEST = 2_000  # characters of a message
ALARM = 70  # the exit status of a worker that was stopped because its judge stood still


@final
@dataclass(frozen=True)
class Job:
    """What is to be judged. It travels to other processes and machines, so it is data alone.

    learner, content: who handed it in, and the hash of it. data: the notebook's bytes.
    examine: the judge; a function of a module, since it travels by name.
    """

    learner: str
    content: str
    data: bytes
    lesson: Lesson
    conditions: Conditions
    examine: Examine


@final
@dataclass(frozen=True)
class Outcome:
    """What came of a job: a mark for every part; or none, and whose fault that is not."""

    parts: Sequence[PartMark]
    fault: str = ""


def judge(job: Job) -> Outcome:
    """Judges one submission. Whatever goes wrong is an outcome, and no other job hears of it."""
    try:
        exercises = job.lesson.exercises()
        try:
            cells = extraction.cells(job.data, exercises.values(), _blanks(job.lesson.student))
        except extraction.Unreadable as refusal:
            return Outcome(unmarked(exercises, "missing", str(refusal)))
        return Outcome(_complete(exercises, job.examine(cells, job.lesson, job.conditions)))
    except InfrastructureError as error:
        return Outcome((), str(error))
    except Exception as error:
        return Outcome((), f"{type(error).__name__}: {error}")


def unmarked(exercises: Mapping[str, Exercise], status: str, message: str) -> list[PartMark]:
    """A mark of no points for every part, all for the same reason."""
    return [
        PartMark(f"{id}/{part.id}", part.title, 0, part.points, status, message)
        for id, exercise in exercises.items()
        for part in exercise.parts
    ]


def _complete(exercises: Mapping[str, Exercise], parts: Sequence[PartMark]) -> list[PartMark]:
    """The marks in the spec's order, with messages that every report can hold.

    Raises InfrastructureError where a part has no mark, or one that the lesson has not.
    """
    found = {part.id: part for part in parts}
    wanted = [f"{id}/{part.id}" for id, exercise in exercises.items() for part in exercise.parts]
    if set(found) != set(wanted) or len(found) != len(parts):
        odd = sorted(set(found) ^ set(wanted)) or ["a part twice"]
        raise InfrastructureError(f"the judge's marks are not the lesson's: {', '.join(odd[:3])}")
    return [_plain(found[id]) for id in wanted]


def _plain(part: PartMark) -> PartMark:
    """The mark without half characters, in a length that can be read, in hundredths of seconds."""
    message = part.message.encode("utf-8", "replace").decode("utf-8")
    if len(message) > LONGEST:
        message = message[: LONGEST - 1] + "…"
    return replace(part, message=message, seconds=round(float(part.seconds), 2))


@functools.lru_cache(maxsize=16)
def _blanks(handed_out: Path) -> tuple[str, ...]:
    """The cells as learners are given them; none where the lesson has no notebook."""
    if not handed_out.is_file():
        return ()
    return tuple(extraction.blanks(handed_out.read_bytes()))


def judge_or_stop(job: Job) -> Outcome:
    """`judge`, in a process that ends where the judge itself stands still beyond its deadline."""
    alarm = threading.Timer(2 * job.conditions.deadline + 60, os._exit, [ALARM])
    alarm.daemon = True
    alarm.start()
    try:
        return judge(job)
    finally:
        alarm.cancel()
