"""Scores a notebook: its exercise cells are played in a process of their own, under a time limit.

This is the lesson builder's and the course's own measure. It runs the notebook's code as it is: the
judge for notebooks of people one does not know needs a sandbox and is another room.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from ..compare import number
from ..course import PACKAGE, Lesson, find_lesson


@final
@dataclass(frozen=True)
class LessonScore:
    """Points per exercise and part, and what was said about each.

    exercises: {id: {"points", "possible", "diagnosis", "parts": {part: {"status", "points",
        "possible", "sentence"}}}}
    """

    lesson: str
    exercises: dict[str, dict[str, Any]]

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(exercise["points"] for exercise in self.exercises.values())

    @property
    def possible(self) -> float:
        """Points there are."""
        return sum(exercise["possible"] for exercise in self.exercises.values())

    def __repr__(self) -> str:
        lines = [f"{self.lesson}: {number(float(self.points))} of {number(float(self.possible))}"]
        for id, exercise in self.exercises.items():
            parts = ", ".join(
                f"{name} {part['status']}" for name, part in exercise["parts"].items()
            )
            lines.append(f"  {id}: {exercise['points']} of {exercise['possible']} ({parts})")
        return "\n".join(lines)


def score(
    notebook: str | Path | Mapping[str, Any],
    lesson: str | Path | Lesson | None = None,
    *,
    seconds: float = 120.0,
) -> LessonScore:
    """Scores a notebook against its lesson's exercises.

    notebook: a path, or the notebook itself as a dictionary.
    lesson: its name; read from the notebook when not given.
    seconds: time for the whole notebook; parts not reached by then are "too slow".
    Raises LookupError when the lesson is unknown, ValueError when the notebook cannot be read.
    """
    notebook = _read(notebook)
    if not isinstance(lesson, Lesson):
        named = lesson or notebook.get("metadata", {}).get("minidl", {}).get("lesson")
        if named is None:
            raise LookupError("This notebook does not say which lesson it is; name the lesson.")
        lesson = find_lesson(named)
    found = play_apart(_code_cells(notebook), lesson, seconds)
    late = {"status": "too slow", "points": 0, "sentence": "The notebook took too long."}
    exercises = {}
    for id, exercise in lesson.exercises().items():
        parts = {part.id: {**late, "possible": part.points} for part in exercise.parts}
        blank = {"points": 0, "possible": exercise.points, "diagnosis": "", "parts": parts}
        exercises[id] = found.get(id, blank)
    return LessonScore(lesson.name, exercises)


def _read(notebook: str | Path | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(notebook, Mapping):
        return notebook
    try:
        return json.loads(Path(notebook).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{notebook} cannot be read as a notebook: {error}") from None


def _code_cells(notebook: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(exercise id or "", source) of each code cell."""
    cells = []
    for cell in notebook.get("cells", ()):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            source = source if isinstance(source, str) else "".join(source)
            cells.append((cell.get("metadata", {}).get("exercise", ""), source))
    return cells


def play_apart(cells: list[tuple[str, str]], lesson: Lesson, seconds: float) -> dict[str, Any]:
    """Runs the player. What it had finished counts even when it was stopped or died."""
    with tempfile.TemporaryDirectory() as folder:
        task, answer = Path(folder, "task.json"), Path(folder, "answer.jsonl")
        task.write_text(json.dumps({"lesson": str(lesson.folder), "cells": cells}))
        path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
        try:
            subprocess.run(
                [sys.executable, "-m", f"{__package__}.player", str(task), str(answer)],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": path, "MPLBACKEND": "agg"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            pass
        lines = answer.read_text(encoding="utf-8").splitlines() if answer.is_file() else []
    return dict(json.loads(line) for line in lines if line.endswith("]"))
