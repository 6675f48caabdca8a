"""Marks as tables for spreadsheets and gradebooks, in which no name is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ..marks import Marks
from .results import Report, by_exercise, put

Rows = list[list[Any]]
BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")  # a formula, or a call of old
BLANK = "\t\r\n \u00a0\u200b\ufeff"


def write_grades(folder: Path, report: Report) -> None:
    """grades.csv: a line for each learner, a column for each exercise."""
    head = ["learner", "file", "score", "max_score", *report.exercises, "faults"]
    put(folder / "grades.csv", as_text([head, *(_line(report, m) for m in report.marks)]))


def write_table(folder: Path, report: Report, kind: str) -> None:
    """KIND.csv, with the columns of that gradebook. kind: one of KINDS."""
    put(folder / f"{kind}.csv", as_text(KINDS[kind](report)))


def as_text(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV. Text that a spreadsheet would calculate gets a ' before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet calculates."""
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\0", "\ufffd")
    begins = cell.lstrip(BLANK)[:1] in BEGINS if cell.strip(BLANK) else False
    return f"'{cell}" if begins or cell[:1] in ("\t", "\r", "\n") else cell


def _line(report: Report, marks: Marks) -> list[Any]:
    """One learner; `faults` counts the parts that the judge could not judge."""
    points = {id: sum(p.points for p in parts) for id, parts in by_exercise(marks).items()}
    faults = sum(part.status == "infrastructure" for part in marks.parts)
    exercises = [points.get(id, 0) for id in report.exercises]
    return [marks.learner, marks.file, marks.score, marks.max_score, *exercises, faults]


def _canvas(report: Report) -> Rows:
    """Canvas's gradebook: learners are known by their login, the second line says the maximum."""
    known = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    top = max((marks.max_score for marks in report.marks), default=0)
    return [
        [*known, report.lesson],
        ["    Points Possible", "", "", "", "", top],
        *([m.learner, "", "", m.learner, "", m.score] for m in report.marks),
    ]


def _moodle(report: Report) -> Rows:
    """Moodle's grade import: map "Username" to the user and the lesson to its grade item."""
    return [
        ["Username", report.lesson, "Feedback comments"],
        *([m.learner, m.score, _in_words(m)] for m in report.marks),
    ]


def _nbgrader(report: Report) -> Rows:
    """The columns of `nbgrader export`."""
    head = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
    return [
        [*head, "raw_score", "late_submission_penalty", "score", "max_score"],
        *(
            [report.lesson, "", "", m.learner, "", "", "", m.score, 0.0, m.score, m.max_score]
            for m in report.marks
        ),
    ]


def _in_words(marks: Marks) -> str:
    """Which parts earned less than there was."""
    lost = [f"{p.id}: {p.status}" for p in marks.parts if p.points < p.max_points]
    return "; ".join(lost) or "all passed"


KINDS: dict[str, Callable[[Report], Rows]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "nbgrader": _nbgrader,
}
