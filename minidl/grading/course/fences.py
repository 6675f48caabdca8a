"""The two faces of an exercise cell: the answer, and the place where the student writes one."""

from __future__ import annotations

import re
import textwrap

BEGIN = re.compile(r"^(\s*)### BEGIN SOLUTION\s*$")
STUDENT = re.compile(r"^\s*### STUDENT(?: (.*))?$")
END = re.compile(r"^\s*### END SOLUTION\s*$")


def fenced(source: str) -> bool:
    """Whether the cell has an answer between fences."""
    return any(BEGIN.match(line) for line in source.splitlines())


def solution(source: str) -> str:
    """The cell with the answers and without the fences."""
    lines = []
    for kind, _, text in _read(source):
        if kind in ("open", "answer"):
            lines.append(text)
    return "\n".join(lines).strip("\n")


def student(source: str, exercise: str = "") -> str:
    """The cell with each answer replaced by what `### STUDENT` offers, or by a raise."""
    lines: list[str] = []
    offered: list[str] = []
    for kind, indent, text in _read(source):
        if kind == "open":
            lines.append(text)
        elif kind == "offer":
            offered.append(text)
        elif kind == "end":
            name = f"{exercise}: " if exercise else ""
            default = f'raise NotImplementedError("{name}write your lines here")'
            lines += textwrap.indent(_uncommented(offered) or default, indent).splitlines()
            offered = []
    return "\n".join(lines).strip("\n")


def _read(source: str) -> list[tuple[str, str, str]]:
    """(kind, indent of the fence, line): open text, answer, offer to the student, end of a fence.

    Raises ValueError where fences do not match.
    """
    found, state, indent = [], "open", ""
    for number, line in enumerate(source.splitlines(), 1):
        begin, offer = BEGIN.match(line), STUDENT.match(line)
        if begin or offer or END.match(line):
            if (state == "open") != bool(begin) or (offer and state == "offer"):
                raise ValueError(f"line {number} of the cell: {line.strip()!r} is out of place")
        if begin:
            state, indent = "answer", begin[1]
        elif offer:
            state = "offer"
            found += [("offer", indent, offer[1])] if offer[1] else []
        elif END.match(line):
            state = "open"
            found.append(("end", indent, ""))
        else:
            found.append((state, indent, line))
    if state != "open":
        raise ValueError("a cell opens '### BEGIN SOLUTION' and never closes it")
    return found


def _uncommented(lines: list[str]) -> str:
    """What is offered: lines of code, which the lesson may hold as comments to stay runnable."""
    text = textwrap.dedent("\n".join(lines))
    if all(line.startswith("#") for line in text.splitlines() if line.strip()):
        text = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
    return text.strip("\n")
