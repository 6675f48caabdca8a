"""Plays a notebook's exercise cells in order and judges each exercise right after its cell.

Exercise cells run whole. Of the others only what defines something runs (imports, functions,
classes, literals), so that a notebook that trains for minutes is scored in a moment.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .course import find_lesson
from .judging import Verdict, judge
from .limits import OutOfTime, time_limit
from .running import Silence, execute, quiet
from .spec import Exercise

CELL_SECONDS = 20.0
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SILENT = ("check", "hint", "predict", "reveal", "score", "badge", "load_mine", "switch")


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
        _run_cell(source if id in exercises else definitions(source), position, namespace)
        if id in exercises and last[id] == position and only in (None, id):
            yield id, judge(exercises[id], namespace)
            if only:
                return
    for id, exercise in exercises.items():
        if id not in last and only in (None, id):
            yield id, judge(exercise, {})


def definitions(source: str) -> str:
    """The statements of a cell that define something and compute nothing."""
    try:
        tree = ast.parse(without_magics(source))
    except SyntaxError:
        return ""
    kept = [node for node in tree.body if isinstance(node, DEFINITIONS) or _is_constant(node)]
    return ast.unparse(ast.Module(kept, []))


def without_magics(source: str) -> str:
    """The cell without lines that only IPython reads (`%matplotlib inline`, `!ls`)."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    return "\n".join(lines)


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


def _run_cell(source: str, position: int, namespace: dict[str, Any]) -> None:
    """Runs one cell. An error ends the cell, not the play."""
    silent = {name: _nothing for name in SILENT if name in namespace}
    namespace.update(silent)
    try:
        with quiet(Silence()), time_limit(CELL_SECONDS):
            execute(without_magics(source), f"<cell {position}>", namespace)
    except (Exception, OutOfTime, SystemExit):
        pass


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    """Stands in for `check` and its like: the player judges by itself."""


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(target, (ast.Subscript, ast.Attribute)) for target in targets):
        return False  # `x[0] = 1` needs an x, which may not have been made
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


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
