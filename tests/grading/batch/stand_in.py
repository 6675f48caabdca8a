"""A judge that reads marks out of the learner's words, and fails in whatever way they ask for.

`one = "failed"` earns a "failed". "# die" ends the judge's process, "# die once" only the first
time; so do "# fault", "# fault once" raise InfrastructureError and "# bug" a plain error;
"# slow" takes a while. Each call is written down beside the lesson.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

from minidl.grading.course import Lesson
from minidl.grading.judge.examining import Conditions, InfrastructureError
from minidl.grading.marks import STATUSES, PartMark

from .notebooks import code, notebook

CALLS = "calls.txt"


def handed_in(name: str, one: str = "passed", two: str = "passed", doing: str = "") -> bytes:
    """A notebook with these answers; `name` makes it one's own."""
    return notebook(
        code(f"# {name}\n{doing}"),
        code(f'one = "{one}"', exercise="01.one"),
        code(f'two = "{two}"', exercise="01.two"),
    )


def examine(
    cells: Sequence[tuple[str, str]], lesson: Lesson, conditions: Conditions
) -> list[PartMark]:
    """The marks that the cells ask for."""
    text = "\n".join(source for _, source in cells)
    (name,) = re.findall(r"^# (.*)$", text, re.MULTILINE)[:1] or ["?"]
    again = name in calls(lesson)
    _note(lesson, name)
    for act, what in (("# die", _die), ("# fault", _fault), ("# bug", _bug)):
        if act in text and not (again and f"{act} once" in text):
            what()
    time.sleep(0.03 if "# slow" in text else 0)
    answers = {id: source.rpartition("= ")[2].strip('"') for id, source in cells if id}
    return [
        _mark(f"{id}/{part.id}", part.points, answers.get(id, "missing"))
        for id, exercise in lesson.exercises().items()
        for part in exercise.parts
    ]


def calls(lesson: Lesson) -> list[str]:
    """Whose notebooks were judged, call by call."""
    place = lesson.folder / CALLS
    return place.read_text(encoding="utf-8").splitlines() if place.exists() else []


def _note(lesson: Lesson, name: str) -> None:
    handle = os.open(Path(lesson.folder, CALLS), os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    os.write(handle, f"{name}\n".encode())
    os.close(handle)


def _mark(id: str, points: float, answer: str) -> PartMark:
    status = answer if answer in STATUSES else "failed"
    earned = points if status == "passed" else 0
    message = "" if status == "passed" else f"It is {answer}."
    return PartMark(id, f"the {id}", earned, points, status, message, 0.25, ("1.",) * (not earned))


def _die() -> None:
    os._exit(9)


def _fault() -> None:
    raise InfrastructureError("the sandbox would not start")


def _bug() -> None:
    raise ZeroDivisionError("a mistake of the judge's")
