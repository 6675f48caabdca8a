"""A lesson solved from its first cell to its last, as a learner would."""

from __future__ import annotations

from typing import Any

from minidl.grading import check
from minidl.grading.course import Lesson, builder
from minidl.grading.pieces import yours
from minidl.grading.worker.cells import CELL_SECONDS, run_cell


def solved(lesson: Lesson) -> dict[str, Any]:
    """The names of a notebook in which every exercise was solved and checked."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    for i, cell in enumerate(builder.unsolved(lesson)["cells"]):
        id = cell["metadata"].get("exercise")
        if cell["cell_type"] == "code":
            run_cell(cell["source"], i, scope, bool(id), CELL_SECONDS)
        if id:
            assert check(id, scope).passed
    return scope


def declined(lesson: Lesson, id: str) -> list[str]:
    """Solves a lesson and then fails one exercise: which of its parts are minidl's own again."""
    exercise, scope = lesson.exercises()[id], solved(lesson)
    exec(exercise.wrong[0].cell(exercise.solution), scope)
    assert not check(id, scope).passed
    names = [name for name in exercise.replaced if name]
    assert names and not any(yours.is_yours(name) for name in names)
    return names
