"""What the judge asks about a lesson: its exercises, secret draws, right and mistaken answers.

All of it stays on the judge's side. The draws are the same for every learner, so an answer that the
reference or an expected mistake gives is worked out once and kept.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from ..course import Lesson
from ..judging import Draws, Suspect, suspect_code
from ..running import Outcome, attempt, kept_classes
from ..spec import Exercise, Part, Wrong
from ..worker.cells import CELL_SECONDS, run_cell
from .cutting import Cut
from .draws import secret_inputs

PREPARED = 8  # lessons with their secret that are kept ready
PATIENCE = 1.0  # seconds an expected mistake may take, where the learner's code was not too slow


@final
class Questions:
    """A lesson's exercises, asked with one secret."""

    def __init__(self, lesson: Lesson, stamp: str, secret: bytes):
        self.lesson = lesson
        self.secret = secret
        self.version = stamp
        self.exercises = lesson.exercises()
        self.groups = list(_groups(self.exercises))
        self.cuts = {group[0].id: Cut(*group) for group in self.groups}
        self.imports = tuple(_imports(lesson))
        self._draws: dict[tuple[str, str], Draws] = {}
        self._mistakes: dict[tuple, Outcome] = {}
        self._namespaces: dict[str, dict[str, Any]] = {}

    def setting(self, group: Sequence[Exercise], cells: list[list]) -> dict[str, Any]:
        """What the worker is told before the first question."""
        cut = self.cuts[group[0].id]
        return {
            "withheld": withheld(group[0]),
            "runs": cut.runs,
            "files": cut.files,
            "cells": cells,
            "entries": {exercise.id: list(exercise.entry) for exercise in group},
        }

    def draws(self, exercise: Exercise, part: Part) -> Draws:
        """The part's secret draws, each worked out once."""
        key = (exercise.id, part.id)
        if key not in self._draws:
            self._draws[key] = Draws(part, functools.partial(self._inputs, exercise.id, part))
        return self._draws[key]

    def _inputs(self, exercise: str, part: Part, number: int) -> Mapping[str, Any]:
        return secret_inputs(self.secret, self.version, exercise, part, number)

    def suspects(self, exercise: Exercise) -> Iterator[tuple[Wrong, Suspect]]:
        """The expected mistakes, which answer on this side of the sandbox."""
        for wrong in exercise.wrong:
            yield wrong, functools.partial(self._mistaken, exercise, wrong)

    def _mistaken(
        self, exercise: Exercise, wrong: Wrong, part: Part, number: int, seconds: float
    ) -> Outcome:
        patience = seconds if seconds >= part.seconds else min(part.seconds, PATIENCE)
        key = (exercise.id, wrong.id, part.id, number, patience)
        if key not in self._mistakes:
            self._mistakes[key] = self._work_out(exercise, wrong, part, number, patience)
        return self._mistakes[key]

    def _work_out(
        self, exercise: Exercise, wrong: Wrong, part: Part, number: int, seconds: float
    ) -> Outcome:
        namespace = self._solved(exercise)
        with kept_classes(namespace):
            code = suspect_code(exercise, wrong, namespace)
            if code is None:
                return Outcome("missing")
            inputs = self.draws(exercise, part).inputs(number)
            return attempt(part, code, inputs, seconds)

    def _solved(self, exercise: Exercise) -> dict[str, Any]:
        """What the lesson's own solution defines up to this exercise."""
        if exercise.id not in self._namespaces:
            self._namespaces[exercise.id] = self._solve(exercise)
        return self._namespaces[exercise.id]

    def _solve(self, exercise: Exercise) -> dict[str, Any]:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for position, (id, source) in enumerate(self.lesson.cells()):
            run_cell(source, position, namespace, id in self.exercises, CELL_SECONDS)
            if id == exercise.id:
                break
        return namespace


def _groups(exercises: Mapping[str, Exercise]) -> Iterator[list[Exercise]]:
    """The exercises in groups for which minidl must lack the same; a sitting serves one group."""
    found: dict[tuple[str, ...], list[Exercise]] = {}
    for exercise in exercises.values():
        found.setdefault(tuple(withheld(exercise)), []).append(exercise)
    yield from found.values()


def withheld(exercise: Exercise) -> list[str]:
    """The names of the operations that the worker's minidl must lack."""
    return [name for name in dict.fromkeys([*exercise.replaced, *exercise.withholds]) if name]


@functools.lru_cache(maxsize=PREPARED)
def questions(lesson: Lesson, stamp: str, secret: bytes) -> Questions:
    """The questions about a lesson. `stamp`: its version."""
    return Questions(lesson, stamp, secret)


def _imports(lesson: Lesson) -> Iterator[str]:
    """The modules that the lesson's cells import, in order, for the server to have ready."""
    seen: set[str] = set()
    for _, source in lesson.cells():
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except SyntaxError:
            continue
        for node in nodes:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                if name not in seen:
                    seen.add(name)
                    yield name
