"""The tour: a map of the house, which lesson visits which room, how long each takes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..notebook.progress import title
from .finding import Lesson

FACTS = "tour.toml"  # beside the lessons
FLOORS = (  # the roof first; imports run down
    ("lessons/", "minidl_widgets/", "cli.py"),
    ("training/", "grading/"),
    ("nn/", "optim/", "data/", "compiler/", "transforms.py"),
    ("tensors.py",),
    ("ops/",),
    ("primitive.py",),
    ("tape.py",),
    ("backend.py",),
)
TIME = re.compile(r"\bAllow ((?:about )?[^.]+)\.")
DOOR = """# The tour

Each lesson is one room of the house: you read what stands there, write the heart of it yourself,
and from then on minidl runs on your code. Take them in order: each uses what earlier ones named."""
LEGEND = (
    "In brackets: the lessons that visit the room. What stands on a floor uses only what is below."
)


def facts(lesson: Lesson) -> dict[str, Any]:
    """{"rooms": [...], "ends": "..."} of a lesson; empty where the course has no such file."""
    path = lesson.folder.parent / FACTS
    known = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return known.get(lesson.number, {})


def minutes(lesson: Lesson) -> str:
    """How long it takes, in the lesson's own words: "about twenty minutes"; empty if unsaid."""
    try:
        cells = json.loads(lesson.student.read_text(encoding="utf-8"))["cells"]
        text = " ".join("".join(cells[0]["source"]).split())
    except (OSError, ValueError, LookupError, TypeError):
        return ""
    found = TIME.search(text)
    return found[1] if found else ""


def house(lessons: Sequence[Lesson]) -> str:
    """The floors with their rooms, the lessons that visit a room behind it, as plain text."""
    visits: dict[str, list[str]] = {}
    for lesson in lessons:
        for room in facts(lesson).get("rooms", ()):
            visits.setdefault(room, []).append(str(int(lesson.number)))
    rows = []
    for floor, rooms in zip(range(len(FLOORS), 0, -1), FLOORS, strict=True):
        named = [f"{room} [{' '.join(visits[room])}]" if room in visits else room for room in rooms]
        rows.append(f"floor {floor}   " + "   ".join(named))
    return "\n".join(rows)


def table(lessons: Sequence[Lesson], more: Sequence[str] = (), notebook: str = "") -> str:
    """The lessons as a table in Markdown, a row each.

    more: the cells of one column more, by lesson, after its heading.
    notebook: where a lesson's title leads, "{name}.ipynb".
    """
    head = ["lesson", "rooms", "allow", "it ends in", *more[:1]]
    rows = [head, ["---"] * len(head)]
    for number, lesson in enumerate(lessons, 1):
        known = facts(lesson)
        name = f"[{title(lesson)}]({notebook.format(name=lesson.name)})"
        rooms = ", ".join(f"`{room}`" for room in known.get("rooms", ()))
        row = [name, rooms, minutes(lesson), known.get("ends", "")]
        rows.append(row + ([more[number]] if more else []))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def page(lessons: Sequence[Lesson]) -> str:
    """`lessons/README.md`, which `minidl build` writes."""
    return (
        f"{DOOR}\n`minidl lab` opens the course in JupyterLab; in a clone, `make lab` does.\n\n"
        f"```\n{house(lessons)}\n```\n\n{LEGEND}\n\n"
        f"{table(lessons, notebook='{name}/student.ipynb')}\n\n"
        "This page is made by `minidl build` from the lessons and `tour.toml`.\n"
    )


def stale(lessons: Sequence[Lesson]) -> bool:
    """Whether the page is there and says something else than `page` would."""
    path = _place(lessons)
    return path is not None and (not path.is_file() or path.read_text("utf-8") != page(lessons))


def write(lessons: Sequence[Lesson]) -> None:
    """Writes the page beside the lessons, in a course that has a tour."""
    path = _place(lessons)
    if path is not None and stale(lessons):
        path.write_text(page(lessons), encoding="utf-8")


def _place(lessons: Sequence[Lesson]) -> Path | None:
    folder = lessons[0].folder.parent if lessons else None
    return folder / "README.md" if folder and (folder / FACTS).is_file() else None
