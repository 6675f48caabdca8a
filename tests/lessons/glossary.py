"""What a lesson introduces: its words, symbols and functions, each with the sentence that does it.

Beside each lesson lies `glossary.toml`. Its values are quotations, word for word, from the cell
that introduces the name; so the cell is found again after every edit, or the quotation is reported.

    [words]
    slope = "divided by movement in, is the **slope**"

    [forms]             # besides the plural in -s, which goes without saying
    leaf = ["leaves"]

    [symbols]           # letters and commands in formulas
    x = "You set the dial to a number $x$"

    [functions]         # only where no text before names it in `code`: the sentence that explains
    "numpy.linspace" = "evenly spaced numbers"

    [everyday]          # phrases in which a word is not the term
    loss = ["at a loss"]

    [stressed]          # bold, and no term
    words = ["Start"]
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, final

from minidl.grading.course import Lesson, builder, lessons

FILE = "glossary.toml"
SECTIONS = {"words", "forms", "symbols", "functions", "everyday", "stressed"}
ROOM = Path(__file__).parent
COMMENT = re.compile(r"^\s*#", re.MULTILINE)
SPOKEN = (tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1))


@final
@dataclass(frozen=True)
class Cell:
    """One cell of the course, with the answers in it."""

    lesson: str
    place: int  # counted in the lesson from 0
    kind: str  # markdown or code
    source: str

    @property
    def flat(self) -> str:
        """Its text on one line, without the signs of comments, to find quotations in."""
        text = COMMENT.sub("", self.source) if self.kind == "code" else self.source
        return one_line(re.sub(r"^> ?", "", text, flags=re.MULTILINE))

    @property
    def words(self) -> str:
        """What is to be understood: a text whole; of code its comments, strings and plain names."""
        return self.source if self.kind == "markdown" else " ".join(_spoken(self.source))

    @property
    def name(self) -> str:
        """How a person finds it."""
        return f"{self.lesson}, cell {self.place} ({one_line(self.source)[:50]!r})"


@final
@dataclass
class Glossary:
    """One lesson's file, with the cell of each quotation; `faults` are sentences about the file."""

    lesson: str
    words: dict[str, int] = field(default_factory=dict)  # name -> place of its cell
    symbols: dict[str, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    forms: dict[str, list[str]] = field(default_factory=dict)
    everyday: dict[str, list[str]] = field(default_factory=dict)
    stressed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def _spoken(source: str) -> Iterator[str]:
    """The comments, strings and plain names of code: no keyword, attribute, argument or import."""
    source = without_magics(source)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    imports = {line for node in ast.walk(ast.parse(source)) for line in _import_lines(node)}
    for before, token in zip([None, *tokens], tokens, strict=False):
        plain = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
        plain &= token.start[0] not in imports
        attribute = before is not None and before.string == "."
        if token.type in SPOKEN or (plain and not attribute and not _is_argument(token)):
            yield token.string


def _import_lines(node: ast.AST) -> range:
    """The lines of an import."""
    is_import = isinstance(node, (ast.Import, ast.ImportFrom))
    return range(node.lineno, (node.end_lineno or 0) + 1) if is_import else range(0)


def _is_argument(token: tokenize.TokenInfo) -> bool:
    """Whether `name=` is an argument: our formatter sets blanks around any other `=`."""
    return token.line[token.end[1] : token.end[1] + 1] == "="


def without_magics(source: str) -> str:
    """The cell with `pass` for lines that only IPython reads (`%matplotlib inline`, `!ls`)."""
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)


def one_line(text: str) -> str:
    """The text with every run of blanks as one."""
    return " ".join(text.split())


@cache
def course_cells() -> tuple[tuple[Lesson, tuple[Cell, ...]], ...]:
    """Each lesson's cells, in the course's order."""
    return tuple((lesson, tuple(_cells(lesson))) for lesson in lessons())


def _cells(lesson: Lesson) -> Iterator[Cell]:
    for place, cell in enumerate(builder.unsolved(lesson)["cells"]):
        yield Cell(lesson.name, place, cell["cell_type"], cell["source"])


@cache
def glossaries() -> dict[str, Glossary]:
    """Each lesson's glossary by the lesson's name; an empty one where there is no file."""
    return {lesson.name: _read(lesson, cells) for lesson, cells in course_cells()}


def _read(lesson: Lesson, cells: tuple[Cell, ...]) -> Glossary:
    path, found = lesson.folder / FILE, Glossary(lesson.name)
    if not path.is_file():
        found.faults.append(f"{lesson.name} has no {FILE}.")
        return found
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    for odd in sorted(written.keys() - SECTIONS):
        found.faults.append(f"{lesson.name}/{FILE}: there is no section [{odd}].")
    for section in ("words", "symbols", "functions"):
        places = _places(written.get(section, {}), cells, found.faults)
        setattr(found, section, places)
    found.forms = written.get("forms", {})
    found.everyday = written.get("everyday", {})
    found.stressed = written.get("stressed", {}).get("words", [])
    for name in found.forms.keys() - found.words.keys():
        found.faults.append(f"{lesson.name}/{FILE}: [forms] of {name!r}, which is not in [words].")
    return found


def _places(said: Mapping[str, Any], cells: tuple[Cell, ...], faults: list[str]) -> dict[str, int]:
    """Where each quotation stands. It must name what it introduces, and stand in one cell only."""
    places = {}
    for name, quotation in said.items():
        holds = [cell.place for cell in cells if one_line(quotation) in cell.flat]
        if len(holds) != 1:
            where = f"in {len(holds)} cells" if holds else "nowhere"
            faults.append(f"{cells[0].lesson}/{FILE}: {name}: {quotation!r} stands {where}.")
        if holds:
            places[name] = holds[0]
    return places
