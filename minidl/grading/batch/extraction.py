"""Takes the code cells out of a notebook's bytes, whatever those are, and names the exercises.

Nothing of the learner's is run, parsed as Python or unpacked here: attachments, outputs and magics
are text like any other. What can go wrong ends in `Unreadable`, with a sentence for the learner.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, final

from ..spec import Exercise

MOST_CELLS = 5_000
MOST_CODE = 2_000_000  # characters in all code cells together
Cell = tuple[str, str]  # (exercise id or "", source)


@final
class Unreadable(ValueError):
    """These bytes are no notebook, or one beyond all measure."""


def cells(data: bytes, exercises: Iterable[Exercise], blanks: Collection[str] = ()) -> list[Cell]:
    """The code cells in order, each with the id of the exercise that it answers, or "".

    blanks: the exercises' cells as they were handed out (`blanks` below); none is an answer where
        there is another.

    A cell answers the exercise that its metadata name (`exercise`, or nbgrader's `grade_id` with
    any signs between the letters). Of several, the last that defines what is asked for counts,
    and the others are ordinary cells. An exercise that no such cell answers is found by what it
    asks for: the last cell that defines it, and where several define a piece each, those together.
    A cell that answers two exercises is there twice.
    Raises Unreadable.
    """
    found = _code_cells(_parse(data))
    answers: dict[int, list[Cell]] = {}  # the place of a cell -> what stands there in its stead
    for exercise in exercises:
        places = _answer(exercise, found, {blank.strip() for blank in blanks})
        if places:
            joined = "\n\n".join(found[place][1] for place in places)
            answers.setdefault(places[-1], []).append((exercise.id, joined))
    given = (answers.get(i, [("", source)]) for i, (_, source) in enumerate(found))
    return [cell for group in given for cell in group]


def blanks(handed_out: bytes) -> list[str]:
    """The exercises' cells of the notebook that learners are given. Raises Unreadable."""
    return [source for name, source in _code_cells(_parse(handed_out)) if name]


def _answer(exercise: Exercise, found: list[Cell], blank: Collection[str]) -> list[int]:
    """The places of the cells that answer the exercise; mostly one, none where it is missing."""
    wanted = _letters(exercise.id)
    named = [i for i, (name, _) in enumerate(found) if name and name == wanted]
    written = [i for i, (_, source) in enumerate(found) if source.strip() not in blank]
    defined = {i: _defined(exercise.entry, found[i][1]) for i in written}
    own = [i for i in named if defined.get(i)]
    last = {entry: i for i, entries in defined.items() for entry in entries}
    return own[-1:] or sorted(set(last.values())) or named[-1:]


def _defined(names: Iterable[str], source: str) -> list[str]:
    """Which names the cell defines at its left margin, even where the rest of it is no Python."""
    form = r"^(?:(?:(?:async[ \t]+)?def|class)[ \t]+{0}\b|{0}[ \t]*(?:=(?!=)|:))"
    return [name for name in names if re.search(form.format(re.escape(name)), source, re.MULTILINE)]


def _letters(name: Any) -> str:
    """An id without the signs between its letters, since nbgrader allows no dot: 01-mul."""
    return re.sub(r"[^0-9A-Za-z]+", "-", name).strip("-").lower() if isinstance(name, str) else ""


def _code_cells(notebook: Any) -> list[Cell]:
    """(the name in its metadata, source) of each code cell; a cell of any other make is skipped."""
    listed = notebook.get("cells") if isinstance(notebook, Mapping) else None
    if isinstance(notebook, Mapping) and "worksheets" in notebook and listed is None:
        raise Unreadable("This notebook has a format of before 2015. Save it with a newer Jupyter.")
    if not isinstance(listed, list):
        raise Unreadable("This file is no notebook: it has no list of cells.")
    if len(listed) > MOST_CELLS:
        raise Unreadable(
            f"This notebook has {len(listed)} cells; more than {MOST_CELLS} is too many."
        )
    found = []
    for cell in listed:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = _text(cell.get("source"))
            if source is not None:
                found.append((_name(cell.get("metadata")), source))
    if sum(len(source) for _, source in found) > MOST_CODE:
        raise Unreadable(f"This notebook has more than {MOST_CODE} characters of code.")
    return found


def _name(metadata: Any) -> str:
    if not isinstance(metadata, dict):
        return ""
    own = _letters(metadata.get("exercise"))
    nbgrader = metadata.get("nbgrader")
    return own or (_letters(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else "")


def _text(source: Any) -> str | None:
    """A cell's source: a string, or a list of them; None where it is neither."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    # Halves of a character are joined; one without the other becomes a replacement character.
    return source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _parse(data: bytes) -> Any:
    """The bytes as JSON. Numbers are not looked at, so that none is too large."""
    if not data.strip():
        raise Unreadable("This file is empty.")
    try:
        text = data.decode(json.detect_encoding(data))
        return json.loads(text, parse_int=len, parse_float=len, parse_constant=len)
    except json.JSONDecodeError as error:
        ends = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        how = "it ends too early" if ends else f"line {error.lineno} is not JSON"
        raise Unreadable(f"This file cannot be read as a notebook: {how}.") from None
    except UnicodeDecodeError:
        raise Unreadable("This file cannot be read as a notebook: it is not text.") from None
    except (RecursionError, MemoryError):
        raise Unreadable(
            "This file cannot be read as a notebook: it is too large or too deep."
        ) from None
