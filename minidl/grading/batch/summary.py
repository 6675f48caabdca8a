"""What a class did, exercise by exercise: who passed, how many points, the commonest errors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import final

from ..compare import number
from .results import Report, by_exercise

COMMONEST = 3
LONGEST = 160  # characters of a message in the summary


@final
@dataclass(frozen=True)
class Row:
    """One exercise over all learners.

    passed: learners with every point. mean: points on average, of `possible`.
    errors: (message, status, how many learners), the commonest first.
    """

    id: str
    title: str
    passed: int
    mean: float
    possible: float
    errors: list[tuple[str, str, int]]


def rows(report: Report) -> list[Row]:
    """A row for each exercise. A message counts once for a learner, however many parts say it."""
    grouped = [by_exercise(marks) for marks in report.marks]
    found = []
    for id, title in report.exercises.items():
        all_parts = [parts[id] for parts in grouped if id in parts]
        points = [sum(part.points for part in parts) for parts in all_parts]
        possible = max((sum(part.max_points for part in parts) for parts in all_parts), default=0)
        errors: Counter[tuple[str, str]] = Counter()
        for parts in all_parts:
            errors.update({(p.message, p.status) for p in parts if p.status != "passed"})
        common = sorted(errors.items(), key=lambda item: (-item[1], not item[0][0], item[0]))[
            :COMMONEST
        ]
        found.append(
            Row(
                id,
                title,
                sum(p >= possible for p in points),
                sum(points) / max(1, len(points)),
                possible,
                [(message, status, count) for (message, status), count in common],
            )
        )
    return found


def text(report: Report) -> str:
    """The summary for a terminal."""
    count = len(report.marks)
    lines = [f"{report.lesson}: {learners_of(count)}, judged in sandbox {report.sandbox}."]
    found = rows(report)
    width = max((len(row.id) for row in found), default=0)
    for row in found:
        mean = f"{number(round(row.mean, 2))} of {number(float(row.possible))} points on average"
        lines.append(f"  {row.id:<{width}}  {row.passed} of {count} passed, {mean}")
        for message, status, learners in row.errors:
            lines.append(f"  {'':<{width}}    {learners} x {status}: {one_line(message)}")
    faults = sum(any(p.status == "infrastructure" for p in marks.parts) for marks in report.marks)
    if faults:
        lines.append(
            f"{faults} of {count} could not be judged, and not by the learner's fault. "
            "The same command tries those again."
        )
    return "\n".join(lines)


def learners_of(count: int) -> str:
    """So many learners, in words."""
    return f"{count} learner{'s' if count != 1 else ''}"


def one_line(message: str) -> str:
    """A message without what a terminal would obey, in one short line."""
    plain = "".join(c if c.isprintable() else " " for c in message)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
