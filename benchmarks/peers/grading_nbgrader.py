"""nbgrader's own API on the same class: the released notebook's cells, its own check cells."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI  # type: ignore[import-not-found]
from traitlets.config import Config

from minidl.grading.course import Lesson
from minidl.grading.course.release import release


def measure(lesson: Lesson, notebooks: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Submissions a second, one after the other, and the points each got."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # alembic
    course = folder / "course"
    released = release(lesson, course / "source" / lesson.name)
    api = NbGraderAPI(config=_config(course))
    made = api.generate_assignment(lesson.name, force=True)
    if not made["success"]:
        return {"missing": str(made["error"])[-300:]}
    for notebook in notebooks:
        place = course / "submitted" / notebook.stem / lesson.name
        place.mkdir(parents=True)
        _fill(released, notebook, place / released.name)
    seconds, failed, before = [], 0, sum(os.times()[:4])
    for notebook in notebooks:
        start = time.perf_counter()
        failed += not api.autograde(lesson.name, notebook.stem, force=True)["success"]
        seconds.append(time.perf_counter() - start)
    spent = sum(os.times()[:4]) - before
    points = [s["score"] for s in api.get_submissions(lesson.name)]
    shutil.rmtree(course)
    return {"submissions": len(seconds), "per second": round(1 / statistics.median(seconds), 3),
            "processor ms each": round(1e3 * spent / len(seconds)),
            "refused": failed, "points": points}  # fmt: skip


def _config(course: Path) -> Config:
    config = Config()
    config.CourseDirectory.root = str(course)
    config.ExecutePreprocessor.timeout = 120
    return config


def _fill(released: Path, notebook: Path, target: Path) -> None:
    """The released notebook with a learner's answers in it."""
    answers = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        answers[cell["metadata"].get("exercise")] = cell["source"]
    text = json.loads(released.read_text(encoding="utf-8"))
    for cell in text["cells"]:
        id = cell["metadata"].get("exercise")
        cell["source"] = answers[id] if id else cell["source"]
    target.write_text(json.dumps(text), encoding="utf-8")
