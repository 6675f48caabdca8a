"""Plays a notebook's exercise cells in order and judges each exercise right after its cell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..course import find_lesson
from ..judging import Verdict, judge
from ..spec import Exercise
from ..worker.cells import CELL_SECONDS, run_cell


def play(
    cells: Sequence[tuple[str, str]], exercises: dict[str, Exercise], only: str | None = None
) -> Iterator[tuple[str, Verdict]]:
    """Yields (exercise id, verdict) for each exercise, in the notebook's order.

    cells: (exercise id or "", source) of the code cells; of two cells with one id the last counts.
    only: judge no other exercise than this, and stop there.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    last = {id: position for position, (id, _) in enumerate(cells) if id}
    for position, (id, source) in enumerate(cells):
        run_cell(source, position, namespace, id in exercises, CELL_SECONDS)
        if id in exercises and last[id] == position and only in (None, id):
            yield id, judge(exercises[id], namespace)
            if only:
                return
    for id, exercise in exercises.items():
        if id not in last and only in (None, id):
            yield id, judge(exercise, {})


def as_record(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data."""
    parts = {
        result.part.id: {
            "status": result.status,
            "points": result.points,
            "possible": result.part.points,
            "sentence": result.sentence,
        }
        for result in verdict.parts
    }
    return {
        "points": verdict.points,
        "possible": verdict.exercise.points,
        "diagnosis": verdict.diagnosis,
        "parts": parts,
    }


def main(task: str, answer: str) -> None:
    """Plays what the task file says, and writes a line for each exercise once it is judged."""
    wanted = json.loads(Path(task).read_text(encoding="utf-8"))
    exercises = find_lesson(wanted["lesson"]).exercises()
    with Path(answer).open("w", encoding="utf-8") as file:
        for id, verdict in play([tuple(cell) for cell in wanted["cells"]], exercises):
            file.write(json.dumps([id, as_record(verdict)]) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
