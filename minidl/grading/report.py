"""Shows a verdict: a short text, the same on every machine, and a fragment of a page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import final

import numpy as np

from .compare import Gap, number
from .judging import PartResult, Verdict
from .running import shorten

MARKS = {"passed": "ok", "not written": "to do", "missing": "to do", "recursion": "too deep"}
ROWS, COLUMNS = 16, 32  # the largest map that is drawn; a larger array is gathered into blocks

STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


@final
class Card:
    """What a cell shows: the text for every reader, the fragment for those who can draw it."""

    def __init__(self, text: str, html: str):
        self.text = text
        self.html = f'<style>{STYLE}</style><div class="minidl-card" role="status">{html}</div>'

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def card(verdict: Verdict, hint: str = "", notes: tuple[str, ...] = ()) -> Card:
    """The verdict as a card: the gap first, then the mistake it looks like, then a hint."""
    return Card(_text(verdict, hint, notes), _html(verdict, hint, notes))


def _text(verdict: Verdict, hint: str, notes: tuple[str, ...]) -> str:
    lines = [f"{_heading(verdict)}: {_score(verdict)}"]
    for result, sentence, gap in _rows(verdict):
        lines.append(f"  {_mark(result):<9} {result.part.title}")
        lines += [f"            {sentence}"] if sentence else []
        lines += [f"            {row}" for row in text_map(gap)] if gap else []
    printed = _printed(verdict)
    if printed:
        lines += ["  It printed:", *(f"    {line}" for line in printed)]
    if verdict.diagnosis:
        lines.append(f"  Why: {verdict.diagnosis}")
    return "\n".join([*lines, *([f"  {hint}"] if hint else []), *(f"  {note}" for note in notes)])


def _html(verdict: Verdict, hint: str, notes: tuple[str, ...]) -> str:
    tone = "good" if verdict.passed else "soft"
    score = f'<span class="{tone}">{_score(verdict)}</span>'
    out = [f'<p class="head">{escape(_heading(verdict))} {score}</p><ul>']
    for result, sentence, gap in _rows(verdict):
        tone = "good" if result.passed else "soft" if _mark(result) == "to do" else "bad"
        mark = f'<span class="mark {tone}">{_mark(result)}</span>'
        out.append(f"<li>{mark}{marked(result.part.title)}")
        out.append(f"<p>{marked(sentence)}</p>" if sentence else "")
        out.append((svg_map(gap) if gap else "") + "</li>")
    out.append("</ul>")
    printed = "\n".join(_printed(verdict))
    if printed:
        out.append(f'<p class="soft">It printed:</p><pre>{escape(printed)}</pre>')
    why = f"Why: {verdict.diagnosis}" if verdict.diagnosis else ""
    out += [f'<p class="say">{marked(words)}</p>' for words in (why, hint) if words]
    out += [f'<p class="soft">{marked(note)}</p>' for note in notes]
    return "".join(out)


def _rows(verdict: Verdict) -> Iterator[tuple[PartResult, str, Gap | None]]:
    """Each part with its sentence, said once, and the gap of the first that failed."""
    said: set[str] = set()
    for result in verdict.parts:
        sentence = "" if result.sentence in said else result.sentence
        yield result, sentence, None if said else result.gap
        if result.sentence:
            said.add(result.sentence)


def text_map(gap: Gap) -> list[str]:
    """A wrong 2-D answer as rows of characters: `x` where it is wrong, `.` where it is right."""
    if gap.wrong is None or gap.wrong.ndim != 2:
        return []
    return ["".join("x" if bad else "." for bad in row) for row in blocks(gap.wrong)]


def svg_map(gap: Gap) -> str:
    """The same as a picture: the darker a square, the larger its error; wrong ones are crossed."""
    if gap.wrong is None or gap.error is None or gap.wrong.ndim != 2:
        return ""
    wrong, error = blocks(gap.wrong), blocks(gap.error)
    finite = error[np.isfinite(error)]
    top = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    squares = []
    for (i, j), bad in np.ndenumerate(wrong):
        depth = min(float(error[i, j]) / top, 1.0) if bad else 0.0
        fill = f"fill='#d1495b' fill-opacity='{0.2 + 0.6 * depth if bad else 0:.2g}'"
        place = f"x='{12 * j}' y='{12 * i}' width='12' height='12'"
        squares.append(f"<rect {place} {fill} stroke='#8888'/>")
        if bad:
            squares.append(f"<text x='{12 * j + 6}' y='{12 * i + 9}'>x</text>")
    rows, columns = wrong.shape
    count = f"{int(gap.wrong.sum())} of {gap.wrong.size} numbers are wrong"
    label = f"{count}; crosses mark them, darker is a larger error"
    return (
        f"<svg role='img' aria-label='{label}' width='{12 * columns + 1}' height='{12 * rows + 1}' "
        f"viewBox='0 0 {12 * columns + 1} {12 * rows + 1}'>{''.join(squares)}</svg>"
    )


def blocks(array: np.ndarray) -> np.ndarray:
    """The array, gathered into blocks by their largest element when it is too large to draw."""
    for axis, most in ((0, ROWS), (1, COLUMNS)):
        if array.shape[axis] > most:
            starts = np.linspace(0, array.shape[axis], most, endpoint=False).astype(int)
            array = np.maximum.reduceat(array, starts, axis=axis)
    return array


def _heading(verdict: Verdict) -> str:
    return f"{verdict.exercise.id} {verdict.exercise.title}"


def _score(verdict: Verdict) -> str:
    return f"{number(float(verdict.points))} of {number(float(verdict.exercise.points))} points"


def _mark(result: PartResult) -> str:
    return MARKS.get(result.status, result.status)


def _printed(verdict: Verdict) -> list[str]:
    """What the first failing part printed: often the learner's own search for the mistake."""
    first = next((result for result in verdict.parts if not result.passed), None)
    return list(shorten(first.outcomes[-1].printed)) if first and first.outcomes else []


def marked(text: str) -> str:
    """Escapes text, with `code` between backticks."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))
