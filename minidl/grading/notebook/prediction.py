"""Guess first, then look: a prediction is written down before the answer is shown beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

import numpy as np

from ..compare import number, plain
from ..report import Card
from ..workplace import workplace

_guesses: dict[str, tuple[Any, str]] = {}  # id -> (guess, question), of this kernel


def predict(id: str, guess: Any, question: str = "") -> Card:
    """Writes a guess down before the cell that gives the answer is run.

    id: the prediction's name, "01.guess"; `reveal` uses the same.
    guess: a number, a word, a shape ...; None or ... while there is none yet.
    """
    if guess is None or guess is Ellipsis:
        return _said(f"{question} Write your guess above, then run this cell again.".strip())
    _guesses[id] = (plain(guess), question)
    _record("predict", id, guess, question)
    return _said(f"{question} You predict {_show(guess)}.".strip())


def reveal(id: str, actual: Any, rtol: float = 1e-2) -> Card:
    """Puts the answer beside the guess. Numbers within `rtol` of the answer count as right."""
    guess, question = _guesses.get(id, (None, ""))
    _record("reveal", id, actual, question)
    if guess is None:
        return _said(f"{question} The answer is {_show(actual)}. There was no prediction.".strip())
    verdict = "as you predicted" if _agree(guess, plain(actual), rtol) else "not as you predicted"
    text = f"{question} You predicted {_show(guess)}; it is {_show(actual)}: {verdict}.".strip()
    cells = f"<td>{escape(_show(guess))}</td><td>{escape(_show(actual))}</td>"
    rows = f"<tr><th>you predicted</th><th>it is</th></tr><tr>{cells}</tr>"
    tone = "good" if verdict.startswith("as") else "note"
    head = f'<p class="head">{escape(question or id)}</p>'
    return Card(text, f'{head}<table>{rows}</table><p class="{tone}">{verdict.capitalize()}.</p>')


def _said(text: str) -> Card:
    return Card(text, f'<p class="say">{escape(text)}</p>')


def _agree(guess: Any, actual: Any, rtol: float) -> bool:
    try:
        return bool(
            np.shape(guess) == np.shape(actual)
            and np.allclose(guess, actual, rtol=rtol, atol=1e-12)
        )
    except (TypeError, ValueError):
        return str(guess).strip().lower() == str(actual).strip().lower()


def _show(value: Any) -> str:
    value = plain(value)
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, threshold=20, separator=", ")
    if isinstance(value, tuple):
        return f"({', '.join(_show(item) for item in value)}{',' if len(value) == 1 else ''})"
    return number(value)


def _record(event: str, id: str, value: Any, question: str) -> None:
    """One line in `.minidl/predictions.jsonl` beside the notebook; no time gets into an output."""
    folder = workplace()
    if folder is None:
        return
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": event,
        "id": id,
        "value": _show(value),
    }
    place = folder / ".minidl"
    place.mkdir(exist_ok=True)
    with (place / "predictions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**line, "question": question}, ensure_ascii=False) + "\n")
