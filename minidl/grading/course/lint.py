"""Reads a lesson as a strict editor would, and says in sentences what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import fences
from .builder import student, unsolved
from .finding import Lesson

CELLS = (25, 40)
WRONG = 3  # wrong answers that each exercise ships
EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")


def lint(lesson: Lesson) -> Iterator[str]:
    """A sentence for each thing the lesson lacks."""
    exercises = lesson.exercises()
    cells = student(lesson)["cells"]
    answers = unsolved(lesson)["cells"]
    marked = [cell["metadata"].get("exercise") for cell in answers]
    marked = [id for id in marked if id]
    text = "\n".join(cell["source"] for cell in answers)

    for id in dict.fromkeys(marked):
        if id not in exercises:
            yield f"{lesson.name}: the cell of exercise {id} has no spec."
        if marked.count(id) > 1:
            yield f"{lesson.name}: {marked.count(id)} cells are called exercise {id}."
    for id, exercise in exercises.items():
        if id not in marked:
            yield f"{lesson.name}: exercise {id} has a spec and no cell."
        if not re.search(rf"\bcheck\(\s*[\"']{re.escape(id)}[\"']", text):
            yield f'{lesson.name}: nothing calls check("{id}").'
        if len(exercise.wrong) < WRONG:
            few = len(exercise.wrong)
            yield f"{lesson.name}: exercise {id} has {few} wrong answers, not {WRONG}."
        if not exercise.hints:
            yield f"{lesson.name}: exercise {id} has no hint."
    if not CELLS[0] <= len(cells) <= CELLS[1]:
        yield f"{lesson.name}: {len(cells)} cells; a lesson has {CELLS[0]} to {CELLS[1]}."
    yield from _lint_text(lesson)


def _lint_text(lesson: Lesson) -> Iterator[str]:
    for path in (lesson.source, lesson.spec):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = EMOJI.search(line)
            if found:
                yield f"{lesson.name}/{path.name}, line {number}: no emoji ({found[0]!r})."
    open_text = "\n".join(cell["source"] for cell in student(lesson)["cells"])
    if any(fences.BEGIN.match(line) or fences.END.match(line) for line in open_text.splitlines()):
        yield f"{lesson.name}: a fence is left in the student notebook."
