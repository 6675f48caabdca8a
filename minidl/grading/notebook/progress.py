"""How far a learner has come: every check leaves a line in a small file, which stays with them.

The file is `.minidl/progress.sqlite` in the folder they work in. Nothing is sent anywhere, and a
check never fails because its line could not be written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, final

from ..course import Lesson, lessons
from ..judging import Verdict
from ..watching import Watchers
from ..workplace import workplace

try:
    import sqlite3
except ImportError:  # some browsers' Pythons come without it: then nothing is kept
    sqlite3 = None

FILE = ".minidl/progress.sqlite"
TABLE = """CREATE TABLE IF NOT EXISTS checks (
    time TEXT NOT NULL, exercise TEXT NOT NULL, points REAL NOT NULL, passed INTEGER NOT NULL)"""
BEST = "SELECT exercise, COUNT(*), MAX(points), MAX(passed) FROM checks GROUP BY exercise"
PATIENCE = 1.0  # seconds to wait for another notebook that is writing

_watchers = Watchers()


@final
@dataclass(frozen=True)
class Standing:
    """One exercise: the best points so far, how many there are, and how many checks it took."""

    id: str
    title: str
    points: float
    possible: float
    attempts: int
    passed: bool

    @property
    def state(self) -> str:
        """One of "done", "begun" and "new"."""
        return "done" if self.passed else "begun" if self.attempts else "new"


@final
@dataclass(frozen=True)
class LessonStanding:
    """One lesson of the course: its title and its exercises, in order."""

    name: str
    title: str
    exercises: tuple[Standing, ...]

    @property
    def done(self) -> int:
        """How many exercises are passed."""
        return sum(exercise.passed for exercise in self.exercises)

    @property
    def points(self) -> float:
        """The best points of all its exercises."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def possible(self) -> float:
        """Points there are."""
        return sum(exercise.possible for exercise in self.exercises)


def record(verdict: Verdict) -> None:
    """Writes a check down and tells who watches; where nothing is written yet, it is no attempt."""
    if all(part.status in ("missing", "not written") for part in verdict.parts):
        return
    row = (
        datetime.now(UTC).isoformat(timespec="seconds"),
        verdict.exercise.id,
        float(verdict.points),
        int(verdict.passed),
    )
    folder = workplace()
    if folder is not None and _write(folder / FILE, row):
        _watchers.tell()


def watch(look: Callable[[], None]) -> None:
    """Calls this bound method after each check that was kept, as long as its owner lives."""
    _watchers.add(look)


def standing(folder: Path | None = None) -> list[LessonStanding]:
    """Every lesson of the course with what was reached so far in this folder, or in ours."""
    folder = folder or workplace()
    found = _read(folder / FILE) if folder is not None else {}
    return [
        LessonStanding(lesson.name, title(lesson), tuple(_exercises(lesson, found)))
        for lesson in lessons()
    ]


def title(lesson: Lesson) -> str:
    """A lesson's own title, the first heading of its notebook; its name where there is none."""
    try:
        cells = json.loads(lesson.student.read_text(encoding="utf-8"))["cells"]
        first = "".join(cells[0]["source"]).splitlines()[0]
    except (OSError, ValueError, LookupError, TypeError):
        return lesson.name
    return first.lstrip("#").strip() or lesson.name


def _exercises(lesson: Lesson, found: dict[str, tuple[int, float, bool]]) -> Iterator[Standing]:
    for id, exercise in lesson.exercises().items():
        attempts, points, passed = found.get(id, (0, 0.0, False))
        most = float(exercise.points)
        yield Standing(id, exercise.title, min(points, most), most, attempts, passed)


def _write(path: Path, row: tuple[Any, ...]) -> bool:
    """Whether the line is written. A file that is no database is laid aside for a new one."""
    if sqlite3 is None:
        return False
    for _ in range(2):
        try:
            path.parent.mkdir(exist_ok=True)
            with closing(sqlite3.connect(path, timeout=PATIENCE)) as notes, notes:
                notes.execute(TABLE)
                notes.execute("INSERT INTO checks VALUES (?, ?, ?, ?)", row)
            return True
        except (sqlite3.OperationalError, OSError):
            return False
        except sqlite3.DatabaseError:
            with suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
    return False


def _read(path: Path) -> dict[str, tuple[int, float, bool]]:
    """Attempts, best points and whether it passed, by exercise; empty where nothing can be read."""
    if sqlite3 is None or not path.is_file():
        return {}
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, timeout=PATIENCE, uri=True)) as db:
            return {id: (n, points, bool(passed)) for id, n, points, passed in db.execute(BEST)}
    except (sqlite3.Error, OSError):
        return {}
