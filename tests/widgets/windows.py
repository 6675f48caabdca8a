"""Learners' arrays of lesson 02: a right one, one that forgets its strides, one not yet written."""

from __future__ import annotations

from functools import cache
from typing import Any

from minidl.grading.course import find_lesson
from minidl.grading.running import execute


@cache
def solution() -> dict[str, Any]:
    """The names of lesson 02 with every exercise solved."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec("import math\nfrom itertools import product\nimport numpy as np", scope)
    for exercise in find_lesson("02").exercises().values():
        execute(exercise.solution, f"<{exercise.id}>", scope)
    return scope


def forgetful() -> type:
    """Its permute leaves the strides where they were."""
    exercise, scope = find_lesson("02").exercises()["02.views"], dict(solution())
    wrong = next(wrong for wrong in exercise.wrong if wrong.id == "strides_stay")
    exec(wrong.cell(exercise.solution), scope)
    return scope["Array"]


def unfinished() -> type:
    """Its permute raises NotImplementedError, as in the student's notebook."""

    class Array(solution()["Array"]):
        def permute(self, *dims):
            raise NotImplementedError("02.views: write your lines here")

    return Array
