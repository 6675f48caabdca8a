"""otter's own API on the same class: an autograder with one test for each exercise."""

from __future__ import annotations

import json
import os
import statistics
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from otter.api import grade_submission  # type: ignore[import-not-found]

from minidl.grading.course import Lesson

TEST = '''
OK_FORMAT = True
test = {{"name": {name!r}, "points": {points}, "suites": [{{"type": "doctest", "scored": True,
"setup": "", "teardown": "", "cases": [{{"locked": False, "hidden": False, "code": r"""
>>> from minidl.grading.course import find_exercise
>>> from minidl.grading.judging import judge
>>> judge(find_exercise({id!r}), globals()).passed
True
"""}}]}}]}}
'''
CONFIG = {"lang": "python", "show_hidden": True, "logo": False, "print_summary": False}


def measure(lesson: Lesson, notebooks: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Submissions a second, one after the other, and the points each got."""
    grader = _autograder(lesson, folder / "autograder.zip")
    seconds, points, before = [], [], sum(os.times()[:4])
    for notebook in notebooks:
        start = time.perf_counter()
        found = grade_submission(str(notebook), str(grader), quiet=True)
        seconds.append(time.perf_counter() - start)
        points.append(found.total)
    spent = sum(os.times()[:4]) - before
    return {"submissions": len(seconds), "per second": round(1 / statistics.median(seconds), 3),
            "processor ms each": round(1e3 * spent / len(seconds)), "points": points}  # fmt: skip


def _autograder(lesson: Lesson, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("otter_config.json", json.dumps(CONFIG))
        for id, exercise in lesson.exercises().items():
            name = id.replace(".", "_")
            test = TEST.format(name=name, id=id, points=exercise.points)
            file.writestr(f"tests/{name}.py", test)
    return path
