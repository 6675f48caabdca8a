"""Makes the notebook that learners are given, marked so that a course on nbgrader can take it.

nbgrader keeps what it knows of a cell in the cell's metadata (its schema, version 3). Cells of
exercises are for the learner to write. Cells that check are locked and worth the exercise's points:
nbgrader takes a cell's last number for its grade, so each ends in one. Text and cells that only
define something are locked too, and nbgrader restores them; in all others one may play.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from ..worker.cells import DEFINITIONS, without_magics
from .builder import MARK, as_text
from .finding import Lesson

SCHEMA = 3
CHECK = re.compile(r"""^check\(\s*["'](.+?)["']\s*\)$""")
GRADED = """\
result = check({id!r})
display(result)
result.points  # nbgrader reads this number"""


def release(lesson: Lesson, folder: Path) -> Path:
    """Writes the lesson's notebook for learners into the folder; returns its path.

    Raises LookupError where the lesson has no notebook yet, ValueError where it cannot be marked,
    FileExistsError where the folder holds another notebook of this name.
    """
    path = folder / f"{lesson.name}.ipynb"
    text = as_text(marked(lesson))
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise FileExistsError(f"{path} is there already and differs; move it away first.")
    path.write_text(text, encoding="utf-8")
    return path


def marked(lesson: Lesson) -> dict[str, Any]:
    """The lesson's student notebook with nbgrader's metadata.

    Raises LookupError where it has none, ValueError where an exercise has no cell, or nothing
    that checks it.
    """
    if not lesson.student.is_file():
        raise LookupError(f"{lesson.name} has no notebook yet; make it with: minidl build")
    notebook = json.loads(lesson.student.read_text(encoding="utf-8"))
    points = {id: exercise.points for id, exercise in lesson.exercises().items()}
    written, checked = set(), set()
    for place, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        id = cell["metadata"].get("exercise", "")
        check = CHECK.match(source.strip())
        if id in points and id not in written:
            written.add(id)
            _mark(cell, source, grade_id(id), solution=True)
        elif check and check[1] in points and check[1] not in checked:
            checked.add(check[1])
            name, worth = f"check-{grade_id(check[1])}", points[check[1]]
            _mark(cell, GRADED.format(id=check[1]), name, points=worth)
        elif cell["cell_type"] == "markdown" or _only_defines(source):
            _mark(cell, source, f"given-{place}")
    for what, there in (("cell", written), ("cell that is check(...) alone", checked)):
        if missing := [id for id in points if id not in there]:
            raise ValueError(f"{lesson.name}: no {what} for {', '.join(missing)}.")
    known = notebook["metadata"].get(MARK, {})
    notebook["metadata"][MARK] = {key: known[key] for key in known if key != "content"}
    return notebook


def grade_id(exercise: str) -> str:
    """An exercise's name in nbgrader, which allows letters, digits, _ and -: "01-mul"."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", exercise)


def checksum(cell: dict[str, Any]) -> str:
    """What nbgrader knows a cell by: MD5 of its source and of all that makes it count."""
    known = cell["metadata"]["nbgrader"]
    locked = not known["solution"] and (known["grade"] or known["locked"])
    told = [cell["source"], cell["cell_type"]]
    told += [str(known["grade"]), str(known["solution"]), str(locked), known["grade_id"]]
    told += [str(float(known["points"]))] if known["grade"] else []
    return hashlib.md5("".join(told).encode(), usedforsecurity=False).hexdigest()


def _mark(
    cell: dict[str, Any],
    source: str,
    name: str,
    *,
    solution: bool = False,
    points: float | None = None,
) -> None:
    """Writes nbgrader's metadata into a cell; a locked one cannot be edited or deleted."""
    cell["source"] = source
    known: dict[str, Any] = {
        "schema_version": SCHEMA,
        "cell_type": cell["cell_type"],
        "grade": points is not None,
        "grade_id": name,
        "locked": not solution,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        known["points"] = points
    cell["metadata"] |= {"deletable": False, "nbgrader": known}
    if not solution:
        cell["metadata"]["editable"] = False
    known["checksum"] = checksum(cell)


def _only_defines(source: str) -> bool:
    """Whether a code cell is nothing but imports, functions and classes."""
    try:
        body = ast.parse(without_magics(source)).body
    except SyntaxError:
        return False
    return bool(body) and all(isinstance(node, DEFINITIONS) for node in body)
