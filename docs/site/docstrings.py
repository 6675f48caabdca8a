"""Makes reStructuredText of our docstrings, which are plain text with `code` between backticks.

A paragraph stays one. Indented lines are a formula or an example, and keep their form. A line that
begins with a name and a colon opens an entry of a list: that is how arguments are told, with a head
such as `Args:` or without.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

CODE = re.compile(r"`+([^`]+?)`+")
ENTRY = re.compile(r"^(\*{0,2}\w+(?:(?:, | and )\*{0,2}\w+)*(?: \([^)]*\))?): (?=\S)")
HEAD = re.compile(r"^(Args|Returns|Raises|Yields|Attributes):$")  # over indented entries
WORD = re.compile(r"^(Source|Sources|Returns|Raises|Note): ")  # in bold before what it says
SPECIAL = re.compile(r"([\\*|_])")


def process(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Sphinx's hook: changes the lines in place."""
    lines[:] = as_rst(inspect.cleandoc("\n".join(lines)).splitlines())


def as_rst(lines: list[str]) -> list[str]:
    """The docstring's lines as reStructuredText."""
    blocks = _blocks(list(_without_heads(lines)))
    return [line for block in blocks for line in [*_written(block), ""]]


def _without_heads(lines: list[str]) -> Iterator[str]:
    """The lines below a head such as `Args:` without their indent, the head a paragraph."""
    below = False
    for line in lines:
        head = HEAD.match(line)
        if head:
            yield from ("", f"{head[1]}:", "")
        below = bool(head) or (below and line.startswith("    "))
        if not head:
            yield line.removeprefix("    ") if below else line


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines without an empty one between; indented ones apart from others."""
    block: list[str] = []
    for line in [*lines, ""]:
        deeper = line.startswith("    ")
        entry = bool(block) and bool(ENTRY.match(block[0]))
        if block and (not line.strip() or (deeper != block[0].startswith("    ") and not entry)):
            yield block
            block = []
        if line.strip():
            block.append(line)


def _written(block: list[str]) -> list[str]:
    if block[0].startswith("    "):
        return ["::", "", *block]
    if block[0].startswith(">>>"):
        return ["::", "", *(f"    {line}" for line in block)]
    if HEAD.match(block[0]):
        return [f"**{block[0]}**"]
    if WORD.match(block[0]):
        word, _, rest = " ".join(block).partition(": ")
        return [f"**{word}:** " + _inline(rest)]
    if not any(ENTRY.match(line) for line in block):
        return [" ".join(_inline(line.removesuffix("::").strip()) for line in block)]
    return _entries(block)


def _entries(block: list[str]) -> list[str]:
    """A list of the entries; lines before the first are a paragraph, deeper ones belong to it."""
    written: list[str] = []
    for line in block:
        entry = ENTRY.match(line)
        if entry:
            text = _inline(line[entry.end() :].strip())
            written += [f"* ``{entry[1]}``: {text}"]
        elif written and written[-1].startswith(("* ", "  ")):
            written.append("  " + _inline(line.strip()))
        else:
            written.append(_inline(line.strip()))
    first = next((i for i, line in enumerate(written) if line.startswith("* ")), 0)
    return [*written[:first], *([""] if first else []), *written[first:]]


def _inline(line: str) -> str:
    """Code between double backticks; what reStructuredText would read as a sign is plain."""
    pieces, end = [], 0
    for code in CODE.finditer(line):
        pieces += [SPECIAL.sub(r"\\\1", line[end : code.start()]), f"``{code[1].strip()}``"]
        following = line[code.end() : code.end() + 1]
        pieces.append("\\ " if following.isalnum() else "")
        end = code.end()
    return "".join([*pieces, SPECIAL.sub(r"\\\1", line[end:])])
