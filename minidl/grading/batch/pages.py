"""A page for each learner: what they earned, what went wrong, and pictures of where.

Each page is one small file without a script: it may be mailed, and whatever a learner or their
code wrote stands in it as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from ..compare import number
from ..maps import picture
from ..marks import Marks, PartMark
from ..report import marked
from .results import Report, by_exercise, file_names, put

STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
MOST = 48_000  # bytes of a learner's page
MESSAGE = 600  # characters of a part's message; fewer where a page grows too large
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing is loaded, nothing is run
WORDS = {
    "passed": "passed",
    "failed": "not right",
    "missing": "missing",
    "error": "error",
    "timeout": "too slow",
    "crashed": "crashed",
    "not_allowed": "not allowed",
    "infrastructure": "not judged",
}


def write_feedback(folder: Path, report: Report) -> None:
    """feedback/LEARNER.html for each learner."""
    names = file_names([marks.learner for marks in report.marks])
    for marks in report.marks:
        put(folder / "feedback" / f"{names[marks.learner]}.html", feedback(report, marks))


def feedback(report: Report, marks: Marks) -> str:
    """One learner's page, under 50 kB: pictures, then long messages give way."""
    text = ""
    for pictures, longest in ((99, MESSAGE), (4, MESSAGE), (1, MESSAGE), (0, 200), (0, 40), (0, 0)):
        text = _feedback(report, marks, pictures, longest)
        if len(text.encode()) <= MOST:
            break
    return text


def page(title: str, content: str) -> str:
    """A whole page; `content` is HTML already, `title` text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>\n{STYLE}</style></head>\n"
        f"<body><main>{content}</main></body></html>\n"
    )


def _feedback(report: Report, marks: Marks, pictures: int, longest: int) -> str:
    """The page with at most so many pictures, and messages of at most so many characters."""
    earned = f"{_points(marks.score)} of {_points(marks.max_score)} points"
    out = [
        f"<h1>{escape(report.lesson)}: {earned}</h1>",
        f"<p>{escape(shortened(marks.learner, 200))}</p>",
        f'<p class="soft"><code>{escape(shortened(marks.file, 300))}</code> '
        f"sha256 <code>{escape(marks.sha256[:16])}</code></p>",
    ]
    for id, parts in by_exercise(marks).items():
        out.append(f"<h2>{escape(id)} {escape(report.exercises.get(id, ''))}</h2><ul>")
        for part, message in _said_once(parts):
            drawn = picture(part.map) if pictures > 0 else ""
            pictures -= bool(drawn)
            out.append(_part(part, shortened(message, longest), drawn))
        out.append("</ul>")
    return page(f"{report.lesson}: {earned}", "\n".join(out))


def _part(part: PartMark, message: str, drawn: str) -> str:
    tone = {"passed": "passed", "missing": "soft"}.get(part.status, "failed")
    said = f'<p class="say">{marked(message)}</p>' if message else ""
    return (
        f'<li><span class="points">{_points(part.points)} of {_points(part.max_points)}</span>'
        f'<span class="status {tone}">{WORDS[part.status]}</span> '
        f"{marked(part.title)}{said}{drawn}</li>"
    )


def _said_once(parts: list[PartMark]) -> Iterator[tuple[PartMark, str]]:
    """Each part with its message, unless the part before said the same."""
    before = ""
    for part in parts:
        yield part, "" if part.message == before else part.message
        before = part.message


def shortened(text: str, longest: int) -> str:
    """The text, cut where it is too long, without what no page can show."""
    text = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
    return text if len(text) <= longest else text[: max(0, longest - 1)] + "…" * (longest > 0)


def _points(points: float) -> str:
    return number(float(points))
