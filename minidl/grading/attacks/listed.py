"""The list of attacks: notebooks that try to gain points, to get out, or to hold the judge up.

Each is a file FAMILY/NAME.py in percent format. Its docstring says what it tries; then, by line:

    exercise: 01.mul            which exercises it answers (01.mul when nothing is said)
    earns: numbers zero         the parts that it answers well by honest work; "all", or nothing
    status: timeout, crashed    what the other parts may end as

Those of the family "benign" try nothing: they are odd and right, and must keep every point. A line
that no Python file could hold, such as `%time`, stands behind `#| `. Capital names are filled in
before it is judged, see `canaries`. None of them takes more than a few gigabytes, a few hundred
processes or one signal, so that where the judge fails, a test fails and the machine does not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from ..course import PACKAGE
from ..marks import STATUSES, PartMark

HEAD = re.compile(r"^# %%(?= |$)(.*)$", re.MULTILINE)
NAMED = re.compile(r'\bexercise="(.+?)"')
HIDDEN = re.compile(r"^#\| ", re.MULTILINE)
USUAL = "01.mul"


@final
@dataclass(frozen=True)
class Attack:
    """One notebook of the list.

    name: "FAMILY/NAME". tries: what it does and hopes for.
    exercises: whose parts are looked at. earns: the parts it answers honestly, or ("all",).
    statuses: how the other parts may end.
    cells: (kind, exercise id or "", source), kind "code" or "markdown".
    """

    name: str
    tries: str
    exercises: Sequence[str]
    earns: Sequence[str]
    statuses: Sequence[str]
    cells: Sequence[tuple[str, str, str]]

    @property
    def benign(self) -> bool:
        """Whether it is only odd, and must keep every point."""
        return self.name.startswith("benign/")

    @property
    def lesson(self) -> str:
        """The number of its lesson, "01"."""
        return self.exercises[0].partition(".")[0]

    def earned(self, id: str) -> bool:
        """Whether the part "EXERCISE/PART" is answered by honest work."""
        exercise, _, part = id.partition("/")
        return exercise in self.exercises and ("all" in self.earns or part in self.earns)

    def code(self, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(exercise id or "", source) of each code cell, the capital names filled in."""
        return [(id, _given(source, given)) for kind, id, source in self.cells if kind == "code"]

    def notebook(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The same as a notebook, as a learner would hand it in."""
        cells = [_cell(place, *cell, given) for place, cell in enumerate(self.cells)]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}

    def complaints(self, marks: Sequence[PartMark]) -> Iterator[str]:
        """A sentence for each mark that it should not have: a point gained, lost, or misnamed."""
        for mark in marks:
            asked, earned = mark.id.partition("/")[0] in self.exercises, self.earned(mark.id)
            how = f"{self.name}: {mark.id} is {mark.status} ({mark.message})"
            if mark.points and not earned:
                yield f"{how}: it gained {mark.points:g} points that it did not earn."
            elif mark.points > mark.max_points:
                yield f"{how}: it gained {mark.points:g} of {mark.max_points:g} points."
            elif self.benign and earned and mark.points != mark.max_points:
                yield f"{how}: a right answer lost its points."
            elif asked and not earned and mark.status not in self.statuses:
                yield f"{how}: that is none of {', '.join(self.statuses)}."


def attacks(folder: Path | None = None) -> list[Attack]:
    """The whole list, by name. Raises LookupError where there is none."""
    place = folder or _place()
    found = [read(path) for path in sorted(place.glob("*/*.py"))]
    if not found:
        raise LookupError(f"There is no list of attacks in {place}.")
    return found


def read(path: Path) -> Attack:
    """One attack from its file. Raises ValueError where its docstring says what nobody knows."""
    name = f"{path.parent.name}/{path.stem}"
    door, *pieces = HEAD.split(path.read_text(encoding="utf-8"))
    words, _, rest = ast.literal_eval(door.strip()).partition("\n\n")
    said = dict(line.split(": ", 1) for line in rest.split("\n") if line)
    if strange := set(said) - {"exercise", "earns", "status"}:
        raise ValueError(f"{name} says {', '.join(strange)}, which no attack has.")
    statuses = tuple(re.split(r",\s*", said["status"])) if "status" in said else ("passed",)
    if strange := set(statuses) - set(STATUSES):
        raise ValueError(f"{name}: there is no status {', '.join(strange)}.")
    heads = zip(pieces[::2], pieces[1::2], strict=True)
    return Attack(
        name,
        " ".join(words.split()),
        tuple(said.get("exercise", USUAL).split()),
        tuple(said.get("earns", "").split()),
        statuses,
        tuple(_read_cell(head, body) for head, body in heads),
    )


def _place() -> Path:
    """The clone's list when there is one, the wheel's otherwise."""
    clone = PACKAGE.parent / "tests" / "grading" / "attacks"
    return clone if clone.is_dir() else PACKAGE / "_attacks"


def _read_cell(head: str, body: str) -> tuple[str, str, str]:
    named = NAMED.search(head)
    source = HIDDEN.sub("", body.strip("\n"))
    if "[markdown]" in head:
        return "markdown", "", re.sub(r"^# ?", "", source, flags=re.MULTILINE)
    return "code", named[1] if named else "", source


def _given(source: str, given: Mapping[str, Any]) -> str:
    """The source, below lines that define the capital names which it uses."""
    if source.startswith("%%"):
        return source
    used = [name for name in given if re.search(rf"\b{name}\b", source)]
    lines = "".join(f"{name} = {given[name]!r}\n" for name in used)
    first = "from __future__ import annotations\n"
    return first + lines + source.removeprefix(first) if first in source else lines + source


def _cell(place: int, kind: str, id: str, source: str, given: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {"exercise": id} if id else {}
    cell = {"cell_type": kind, "id": f"cell-{place}", "metadata": metadata, "source": source}
    if kind == "markdown":
        return cell
    return {**cell, "source": _given(source, given), "execution_count": None, "outputs": []}
