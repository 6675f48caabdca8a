"""Where the lessons are: beside the code in a clone, inside the package in an installed wheel."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

from ..spec import Exercise
from . import fences

CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)  # the head of a cell in `lesson.py`
NAMED = re.compile(r'\bexercise="(.+?)"')
PACKAGE = Path(__file__).resolve().parents[2]


@final
@dataclass(frozen=True)
class Lesson:
    """One folder `NN_name` of the course."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name, "01_value"."""
        return self.folder.name

    @property
    def number(self) -> str:
        """The digits that begin it, "01"."""
        return self.name.partition("_")[0]

    @property
    def source(self) -> Path:
        """The hand-written lesson (only in a clone)."""
        return self.folder / "lesson.py"

    @property
    def student(self) -> Path:
        """The notebook with the questions."""
        return self.folder / "student.ipynb"

    @property
    def solution(self) -> Path:
        """The notebook with the answers (only in a clone)."""
        return self.folder / "solution.ipynb"

    @property
    def spec(self) -> Path:
        """The exercises' specs."""
        return self.folder / "spec.py"

    @property
    def answers(self) -> Path:
        """The lesson as far as the specs need it: a wheel keeps it under a name of its own."""
        return self.source if self.source.is_file() else self.folder / "answers.py"

    def solutions(self) -> dict[str, str]:
        """The right answers by exercise id: the lesson's own cells without their fences."""
        return {name: source for name, source in self.cells() if name}

    def cells(self) -> list[tuple[str, str]]:
        """(exercise id or "", source) of the lesson's code cells, answers in, fences out."""
        if not self.answers.is_file():
            return []
        _, *pieces = CELL.split(self.answers.read_text(encoding="utf-8"))
        named = [(NAMED.search(head), head, body) for head, body in _pairs(pieces)]
        return [
            (name[1] if name else "", fences.solution(body.strip("\n")))
            for name, head, body in named
            if "[markdown]" not in head
        ]

    def exercises(self) -> dict[str, Exercise]:
        """The exercises by id, in the order in which the spec lists them, each with its answer."""
        if not self.spec.is_file():
            return {}
        exercises = list(_load(self.spec, self.name).EXERCISES)
        ids = [exercise.id for exercise in exercises]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.spec} uses an exercise id twice: {ids}")
        for name in ids:
            if not name.startswith(self.number + "."):
                raise ValueError(f"{self.spec}: the id {name!r} should begin with '{self.number}.'")
        solutions = self.solutions()
        return {x.id: replace(x, solution=solutions.get(x.id, "")) for x in exercises}


def _pairs(pieces: list[str]) -> Iterator[tuple[str, str]]:
    return zip(pieces[::2], pieces[1::2], strict=True)


def lessons() -> list[Lesson]:
    """Every lesson that is here, in order: the clone's when there is one, the wheel's otherwise.

    MINIDL_COURSE names another folder of lessons, such as a teacher's own.
    """
    named = os.environ.get("MINIDL_COURSE")
    places = [Path(named)] if named else [PACKAGE.parent / "lessons", PACKAGE / "_course"]
    for place in places:
        found = sorted(
            folder for folder in place.glob("[0-9]*_*") if (folder / "spec.py").is_file()
        )
        if found:
            return [Lesson(folder) for folder in found]
    return []


def find_lesson(name: str | Path) -> Lesson:
    """The lesson called "01_value", "01", "value" or by its folder.

    Raises LookupError, listing the lessons there are.
    """
    if (Path(name) / "spec.py").is_file():
        return Lesson(Path(name).resolve())
    here = lessons()
    for lesson in here:
        if str(name) in (lesson.name, lesson.number, lesson.name.partition("_")[2]):
            return lesson
    names = ", ".join(lesson.name for lesson in here) or "none"
    raise LookupError(f"There is no lesson {str(name)!r}. The lessons here are: {names}.")


def find_exercise(id: str) -> Exercise:
    """The exercise with this id, "01.mul". Raises LookupError, listing the lesson's exercises."""
    exercises = find_lesson(id.partition(".")[0]).exercises()
    if id not in exercises:
        raise LookupError(f"There is no exercise {id!r}. This lesson has: {', '.join(exercises)}.")
    return exercises[id]


_loaded: dict[tuple[Path, str], types.ModuleType] = {}


def _load(path: Path, name: str) -> types.ModuleType:
    """Runs a spec file as a module, once for each version of its text."""
    text = path.read_text(encoding="utf-8")
    key = (path, hashlib.sha256(text.encode()).hexdigest())
    if key not in _loaded:
        module = types.ModuleType(f"minidl_spec_{name}")
        module.__file__ = str(path)
        sys.modules[module.__name__] = module
        exec(compile(text, str(path), "exec"), module.__dict__)
        _loaded[key] = module
    return _loaded[key]
