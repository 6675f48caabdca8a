"""The teacher's page: the class by exercise, its commonest errors, and the way to every learner."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from ..compare import number
from ..report import marked
from .pages import WORDS, page, shortened
from .results import Report, file_names, put
from .summary import Row, learners_of, rows

LONGEST = 300  # characters of a message
BAR = 120  # pixels


def write_class(folder: Path, report: Report) -> None:
    """class.html."""
    found = rows(report)
    count = len(report.marks)
    tiers = f"{learners_of(count)}. Judged in sandbox {escape(report.sandbox)}."
    content = [
        f"<h1>{escape(report.lesson)}</h1>",
        f'<p class="soft">{tiers} Spec {escape(report.spec_version)}.</p>',
        "<h2>Exercises</h2>",
        _exercises(found, count),
        "<h2>Commonest errors</h2>",
        "".join(_errors(row) for row in found) or "<p>None.</p>",
        "<h2>Learners</h2>",
        _learners(report),
    ]
    put(folder / "class.html", page(f"{report.lesson}: the class", "\n".join(content)))


def _exercises(found: list[Row], count: int) -> str:
    lines = [
        f'<tr><th scope="row">{escape(row.id)} {escape(row.title)}</th>'
        f"<td>{_bar(row.passed, count)}{row.passed} of {count}</td>"
        f'<td class="number">{_number(row.mean)} of {_number(row.possible)}</td></tr>'
        for row in found
    ]
    return _table(("Exercise", "Passed whole", "Points on average"), lines)


def _bar(part: int, whole: int) -> str:
    """A bar; the number stands beside it, so it says nothing to a reader who cannot see it."""
    full = BAR * part // max(1, whole)
    return (
        f'<svg aria-hidden="true" width="{BAR}" height="10" viewBox="0 0 {BAR} 10">'
        f'<rect class="bar" width="{full}" height="10"/>'
        f'<rect class="rest" width="{BAR}" height="10"/></svg>'
    )


def _errors(row: Row) -> str:
    if not row.errors:
        return ""
    items = "".join(
        f'<li><span class="points">{learners_of(count)}</span>'
        f'<span class="status failed">{WORDS[status]}</span> '
        f"{marked(shortened(message, LONGEST)) or 'without a message'}</li>"
        for message, status, count in row.errors
    )
    return f"<h3>{escape(row.id)}</h3><ul>{items}</ul>"


def _learners(report: Report) -> str:
    names = file_names([marks.learner for marks in report.marks])
    lines = [
        f'<tr><th scope="row"><a href="feedback/{quote(names[m.learner])}.html">'
        f"{escape(shortened(m.learner, 200))}</a></th>"
        f'<td class="number">{_number(m.score)} of {_number(m.max_score)}</td></tr>'
        for m in report.marks
    ]
    return _table(("Learner", "Points"), lines)


def _table(heads: tuple[str, ...], lines: list[str]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _number(value: float) -> str:
    return number(round(float(value), 2))
