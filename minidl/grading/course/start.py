"""The first page of the learner's folder: the map, what is done, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..notebook.progress import LessonStanding, standing
from . import tour
from .finding import Lesson
from .working_copy import fingerprint, given, note

NAME = "start.ipynb"
PICTURE = """from minidl_widgets import Progress

Progress()"""
LIVE = """Run the cell below (Shift+Enter) for the same, exercise by exercise. It is kept beside
your notebooks and nowhere else."""
YOURS = """And these parts of minidl run on your code, here and in the lessons. They stand in
`my_minidl.py` beside this page: read it, change it. Each has a switch."""
SWITCHES = """from minidl.grading import load_mine
from minidl_widgets import Pieces

load_mine()
Pieces()"""


def lay_start(folder: Path, lessons: Sequence[Lesson]) -> Path:
    """Writes the page anew, with what the learner has reached by now. Returns its path.

    A page that the learner has written on stays as it is.
    """
    path, manifest = folder / NAME, given(folder)
    if path.is_file() and fingerprint(path) != manifest.get(NAME):
        return path
    text = json.dumps(page(lessons, standing(folder)), indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    note(folder, {**manifest, NAME: fingerprint(path)})
    return path


def page(lessons: Sequence[Lesson], reached: Sequence[LessonStanding]) -> dict[str, Any]:
    """The page as a notebook."""
    known = {lesson.name: lesson for lesson in reached}
    said = ["done", *(_done(known.get(lesson.name)) for lesson in lessons)]
    words = f"{tour.DOOR}\n\n{_next(lessons, known)}"
    contents = tour.table(lessons, said, "{name}.ipynb")
    plan = f"```\n{tour.house(lessons)}\n```\n\n{tour.LEGEND}"
    cells = [("markdown", f"{words}\n\n{contents}"), ("markdown", LIVE), ("code", PICTURE)]
    cells += [("markdown", YOURS), ("code", SWITCHES)]
    return {
        "cells": [_cell(kind, text) for kind, text in [*cells, ("markdown", plan)]],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _next(lessons: Sequence[Lesson], known: dict[str, LessonStanding]) -> str:
    """Where to go on: the first lesson that is not finished."""
    for lesson in lessons:
        found = known.get(lesson.name)
        if found is None or found.done < len(found.exercises):
            begun = any(one.attempts for each in known.values() for one in each.exercises)
            link = f"[{tour.title(lesson)}]({lesson.name}.ipynb)"
            return f"**{'Go on' if begun else 'Begin'} with {link}**"
    return "**You have passed every exercise. The house is yours.**"


def _done(found: LessonStanding | None) -> str:
    """ "2 of 6 exercises", in the words of the progress picture."""
    if found is None or not found.exercises:
        return ""
    if found.done == len(found.exercises):
        return f"all {found.done}"
    return f"{found.done} of {len(found.exercises)}"


def _cell(kind: str, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": kind,
        "id": sha256(text.encode()).hexdigest()[:12],
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return made if kind == "markdown" else {**made, "execution_count": None, "outputs": []}
