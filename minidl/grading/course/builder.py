"""Makes the student's notebook and the solved one from `lesson.py`, the same bytes every time.

Each notebook records the hashes of the lesson and the spec it was made from, and of itself: so a
changed lesson and a notebook edited by hand are both found without running anything.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, final

from . import fences
from .finding import Lesson

MARK = "minidl"  # the notebook metadata that holds the hashes
UNSTABLE = "nbval-ignore-output"  # the tag of a cell whose output differs from run to run
SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")


@final
class BuildError(Exception):
    """A lesson that cannot be built; the message says why."""


def build(lesson: Lesson) -> list[Path]:
    """Writes both notebooks of a lesson. Returns the files that changed.

    Raises BuildError when a cell of the solution fails.
    """
    changed = []
    for path, notebook in ((lesson.student, student(lesson)), (lesson.solution, solved(lesson))):
        text = as_text(seal(notebook))
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def stale(lesson: Lesson) -> Iterator[str]:
    """A sentence for each notebook that is not what `build` would write; nothing is executed."""
    for path, wanted in ((lesson.student, student(lesson)), (lesson.solution, unsolved(lesson))):
        name = f"{lesson.name}/{path.name}"
        if not path.is_file():
            yield f"{name} is missing."
            continue
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            mark = found["metadata"].get(MARK, {})
            cells = [(cell["id"], _joined(cell["source"])) for cell in found["cells"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            yield f"{name} is not a readable notebook."
            continue
        if mark.get("sources") != wanted["metadata"][MARK]["sources"]:
            yield f"{name} was made from another lesson.py or spec.py."
        elif mark.get("content") != content_hash(found):
            yield f"{name} was edited by hand."
        elif cells != [(cell["id"], cell["source"]) for cell in wanted["cells"]]:
            yield f"{name} was made by another version of minidl."


def student(lesson: Lesson) -> dict[str, Any]:
    """The notebook with the places to write, and no outputs."""
    cells = []
    for cell in _cells(lesson):
        if "solution-only" in cell.metadata.get("tags", ()):
            continue
        source = cell.source
        if cell.cell_type == "code" and fences.fenced(source):
            source = _faced(lesson, fences.student, source, cell.metadata.get("exercise", ""))
        cells.append((cell, source))
    return _notebook(lesson, cells)


def unsolved(lesson: Lesson) -> dict[str, Any]:
    """The notebook with the answers, not yet run."""
    return _notebook(
        lesson, [(cell, _faced(lesson, fences.solution, cell.source)) for cell in _cells(lesson)]
    )


def solved(lesson: Lesson, timeout: int = 300) -> dict[str, Any]:
    """The notebook with the answers and their outputs, run in an empty folder."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook: Any = nbformat.from_dict(unsolved(lesson))
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            store_widget_state=False,
        )
        try:
            client.execute()
        except CellExecutionError as error:
            words = COLOUR.sub("", str(error))
            raise BuildError(f"{lesson.name}: a cell of the solution fails.\n{words}") from None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _settled(cell)
            cell.metadata = {k: v for k, v in cell.metadata.items() if k in ("exercise", "tags")}
    notebook.metadata = nbformat.from_dict(unsolved(lesson)["metadata"])
    return json.loads(nbformat.writes(notebook))


def seal(notebook: dict[str, Any]) -> dict[str, Any]:
    """Records the hash of the notebook's own content in it."""
    notebook["metadata"][MARK]["content"] = content_hash(notebook)
    return notebook


def content_hash(notebook: dict[str, Any]) -> str:
    """A hash of everything but the hash."""
    metadata = dict(notebook["metadata"])
    mark = {key: value for key, value in metadata.get(MARK, {}).items() if key != "content"}
    plain = {**notebook, "metadata": {**metadata, MARK: mark}}
    return hashlib.sha256(json.dumps(_flat(plain), sort_keys=True).encode()).hexdigest()


def as_text(notebook: dict[str, Any]) -> str:
    """The notebook as a file: sorted keys, each line of source on its own, so diffs are short."""
    for cell in notebook["cells"]:
        cell["source"] = _joined(cell["source"]).splitlines(keepends=True)
    return json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _cells(lesson: Lesson) -> list[Any]:
    import jupytext

    return jupytext.reads(lesson.source.read_text(encoding="utf-8"), fmt="py:percent").cells


def _faced(lesson: Lesson, face: Any, source: str, *names: str) -> str:
    try:
        return face(source, *names)
    except ValueError as error:
        raise BuildError(f"{lesson.name}/lesson.py: {error}:\n{source}") from None


def _notebook(lesson: Lesson, cells: list[tuple[Any, str]]) -> dict[str, Any]:
    made = []
    for position, (cell, source) in enumerate(cells):
        key = f"{lesson.name}/{position}/{source}"
        metadata = {k: cell.metadata[k] for k in ("exercise", "tags") if k in cell.metadata}
        new = {
            "cell_type": cell.cell_type,
            "id": hashlib.sha256(key.encode()).hexdigest()[:12],
            "metadata": metadata,
            "source": source,
        }
        if cell.cell_type == "code":
            new |= {"execution_count": None, "outputs": []}
        made.append(new)
    sources = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (lesson.source, lesson.spec)
        if path.is_file()
    }
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        MARK: {"lesson": lesson.name, "sources": sources},
    }
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _settled(cell: Any) -> list[Any]:
    """A cell's outputs as they are on every run: streams joined, pictures of pixels left out."""
    if UNSTABLE in cell.metadata.get("tags", ()):
        return []
    kept: list[Any] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += output.text
                continue
        elif output.output_type == "error":  # of a cell tagged raises-exception
            output.traceback = [f"{output.ename}: {output.evalue}"]
        else:
            output.data = {kind: output.data[kind] for kind in sorted(output.data) if kind in SHOWN}
            output.metadata = {}
        kept.append(output)
    found = ADDRESS.search(json.dumps(kept))
    if found:
        raise BuildError(f"An output holds a memory address ({found[0]}):\n{cell.source}")
    return kept


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def _flat(value: Any) -> Any:
    """Text in one piece, however the file splits it into lines."""
    if isinstance(value, dict):
        return {
            key: _joined(item) if key in ("source", "text") else _flat(item)
            for key, item in value.items()
        }
    return [_flat(item) for item in value] if isinstance(value, list) else value
