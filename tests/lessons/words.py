"""Finds words and symbols that a lesson uses before the cell that introduces them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .glossary import FILE, ROOM, Cell, Glossary, course_cells, glossaries, one_line

BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
RUN_IN = re.compile(r"[.:?]$|^Exercise \d|^Guess|^\d")  # headings within a text, set in bold
MATH = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+(?:\n[^$\n]+)*?)\$", re.DOTALL)
UPRIGHT = re.compile(r"\\(?:text|mathrm|operatorname|begin|end)\s*\{[^{}]*\}")
TOKEN = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
SCHOOL = set(  # what everybody has met at school, and what only arranges a formula
    "cdot times frac tfrac dfrac sqrt le ge leq geq ne neq approx dots ldots cdots vdots pi pm to "
    "left right big Big bigl bigr Bigl Bigr quad qquad infty".split()
)


@cache
def matcher(name: str, forms: tuple[str, ...] = ()) -> re.Pattern:
    """Whole words only, `_` and `-` being letters. A name in small letters is met in large ones."""
    every = {name, *forms} | ({f"{name}s"} if name[-1:].isalpha() else set())
    listed = "|".join(r"\s+".join(map(re.escape, one.split())) for one in sorted(every))
    flags = 0 if any(letter.isupper() for letter in name) else re.IGNORECASE
    return re.compile(rf"(?<![\w\\-])(?:{listed})(?![\w-])", flags)


def field_words() -> dict[str, tuple[str, ...]]:
    """Words of the field and their forms: whoever uses one must have introduced it."""
    lines = (ROOM / "field_words.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(", ") for line in lines if line and not line.startswith("#")]
    return {name: tuple(forms) for name, *forms in rows}


def introductions() -> dict[str, tuple[int, int]]:
    """word -> (number of the lesson in the course, cell) of its first introduction.

    Whoever introduces one form of a word of the field ("broadcasting") introduces them all.
    """
    found: dict[str, tuple[int, int]] = {}
    of_field = {form: name for name, forms in field_words().items() for form in forms}
    for number, (lesson, _) in enumerate(course_cells()):
        for word, place in glossaries()[lesson.name].words.items():
            found.setdefault(word, (number, place))
            found.setdefault(of_field.get(word, word), (number, place))
    return found


def too_early(lesson_number: int) -> Iterator[str]:
    """A sentence for each word of a glossary or of the field that one lesson uses too soon."""
    known, forms = introductions(), dict(field_words())
    for glossary in glossaries().values():
        for word in glossary.words:
            extra = glossary.forms.get(word, ())
            forms[word] = tuple(dict.fromkeys((*forms.get(word, ()), *extra)))
    lesson, cells = course_cells()[lesson_number]
    everyday = glossaries()[lesson.name].everyday
    for word, others in forms.items():
        since = known.get(word)
        for cell in cells:
            if since and since <= (lesson_number, cell.place):
                break
            found = matcher(word, others).search(_without(cell.words, everyday.get(word, ())))
            if found:
                until = _where(since) if since else f"in no {FILE}"
                yield f"{cell.name} says {found[0]!r}; it is introduced {until}."
                break


def _where(since: tuple[int, int]) -> str:
    lesson, cells = course_cells()[since[0]]
    return f"only in {cells[since[1]].name}"


def _without(text: str, phrases: tuple[str, ...] | list[str]) -> str:
    """The text less the phrases in which a word has its everyday sense."""
    for phrase in phrases:
        text = re.sub(r"\s+".join(map(re.escape, phrase.split())), " ", text, flags=re.IGNORECASE)
    return text


def unlisted_bold(lesson_number: int) -> Iterator[str]:
    """A sentence for each bold expression that is neither in a glossary nor called a stress."""
    here = [glossaries()[lesson.name] for lesson, _ in course_cells()[: lesson_number + 1]]
    lesson, cells = course_cells()[lesson_number]
    for cell in cells:
        for bold in BOLD.findall(cell.source) if cell.kind == "markdown" else ():
            if RUN_IN.search(bold) or len(bold.split()) > 3 or _listed(bold, here):
                continue
            yield f"{cell.name} has **{bold}**: a word for {FILE}, or a [stressed] one?"


def _listed(bold: str, here: list[Glossary]) -> bool:
    """Whether a glossary up to here has the bold expression, in any form."""
    text = one_line(bold).strip("`")
    terms = [(word, glossary.forms.get(word, ())) for glossary in here for word in glossary.words]
    return bold in here[-1].stressed or any(
        matcher(word, tuple(forms)).fullmatch(text) for word, forms in terms
    )


def symbols(cell: Cell) -> set[str]:
    """The letters and commands in a cell's formulas."""
    if cell.kind != "markdown":
        return set()
    text = re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL))
    formulas = " ".join(UPRIGHT.sub(" ", one or other) for one, other in MATH.findall(text))
    return {token for token in TOKEN.findall(formulas) if token.lstrip("\\") not in SCHOOL}


def unnamed_symbols(lesson_number: int) -> Iterator[str]:
    """A sentence for each symbol in a formula that no cell has named up to there."""
    named: set[str] = set()
    for number, (lesson, cells) in enumerate(course_cells()[: lesson_number + 1]):
        places = glossaries()[lesson.name].symbols
        for cell in cells:
            named |= {name for name, place in places.items() if place == cell.place}
            if number == lesson_number:
                for symbol in sorted(symbols(cell) - named):
                    yield f"{cell.name} has {symbol} in a formula, and nothing has named it."
                    named.add(symbol)
