"""The reference solutions as text, which lines are the learner's, and what is right besides.

`mutants.toml` beside a lesson lists mutants that no check can refuse, because they are as right as
the answer: by exercise, {"line before  =>  line after": why}.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import final

from minidl.grading.course import Lesson, builder, fences, lessons
from minidl.grading.spec import Exercise

FILE = "mutants.toml"


@final
@dataclass(frozen=True)
class Answer:
    """One exercise's cell with the right answer in it.

    before: the code cells above it, (exercise id or "", source).
    lines: numbers of the lines, from 1, that stand between the fences.
    """

    exercise: Exercise
    lesson: Lesson
    source: str
    lines: frozenset[int]
    before: tuple[tuple[str, str], ...]

    @property
    def equivalents(self) -> dict[str, str]:
        """{mutant's change: why it is as right as the answer}."""
        path = self.lesson.folder / FILE
        if not path.is_file():
            return {}
        return tomllib.loads(path.read_text(encoding="utf-8")).get(self.exercise.id, {})


@cache
def answers() -> dict[str, Answer]:
    """Every exercise of the course by its id."""
    return {found.exercise.id: found for lesson in lessons() for found in _of_lesson(lesson)}


def _of_lesson(lesson: Lesson) -> Iterator[Answer]:
    exercises, before = lesson.exercises(), []
    for cell, solved in zip(_fenced(lesson), builder.unsolved(lesson)["cells"], strict=True):
        if solved["cell_type"] != "code":
            continue
        id, source = solved["metadata"].get("exercise", ""), solved["source"]
        if id in exercises:
            yield Answer(exercises[id], lesson, source, answered(cell), tuple(before))
        before.append((id, source))


def _fenced(lesson: Lesson) -> list[str]:
    """The cells' sources with their fences."""
    return [cell.source for cell in builder._cells(lesson)]


def answered(fenced: str) -> frozenset[int]:
    """Which lines of `fences.solution(fenced)` are the answer's."""
    kinds = [kind for kind, _, _ in fences._read(fenced) if kind in ("open", "answer")]
    texts = [text for kind, _, text in fences._read(fenced) if kind in ("open", "answer")]
    blank = next((i for i, text in enumerate(texts) if text), 0)  # `solution` strips these
    return frozenset(i - blank + 1 for i, kind in enumerate(kinds) if kind == "answer")
