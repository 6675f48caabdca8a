"""What a learner built in one lesson is what the next one runs, in any notebook, on any day.

`load_mine()` in a lesson's first cell brings the pieces in `my_minidl.py` along. A text is asked
once whether it passes by itself, outside its notebook, and again when it was edited. `switch` puts
minidl's own back, and it stays there until it is switched again.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..course import find_exercise
from ..judging import judge
from ..report import Card
from . import my_code, remembered, yours

OWNERS = ("yours", "minidl's")


def load_mine(path: str | Path | None = None) -> Card:
    """Puts the pieces kept in `my_minidl.py` to work; one that fails its check stays out.

    path: another file than the one beside the notebook.
    """
    sections = my_code.sections(path)
    module, broken = my_code.load(path)
    lines = []
    for id, text in sections.items():
        why = _put_to_work(id, text, vars(module), broken.get(id, ""))
        lines.append(f"{id}: minidl's, because {why}." if why else f"{id}: {_whose(id)}.")
    nothing = f"There is no {my_code.FILE} here yet: it begins with the first exercise you pass."
    return _said(lines or [nothing])


def switch(name: str, whose: str) -> Card:
    """Lets a part of minidl run on your piece, or on minidl's own, from now on.

    name: the part as `badge()` names it ("nn.Linear"), or an exercise ("04.linear").
    whose: "yours" or "minidl's".

    Raises LookupError when there is no such piece, listing those there are.
    """
    if whose not in OWNERS:
        raise ValueError(f"""whose is {whose!r}: write "yours" or "minidl's".""")
    names = _parts(name)
    lines = []
    for part in names:
        remembered.switch_off(part, whose != "yours")
        lines.append(yours.switched(part))
    return _said(lines)


def _parts(name: str) -> list[str]:
    """The parts of minidl meant by a badge's name or an exercise."""
    known = yours.known()
    found = [part for part in known if name in (part, yours.short(part))]
    if not found and "." in name and name[0].isdigit():
        found = [part for part in yours.parts(find_exercise(name)) if part in known]
    if not found:
        listed = ", ".join(yours.short(part) for part in known) or "none yet"
        raise LookupError(
            f"There is no piece of yours called {name!r}. There are: {listed}. "
            "load_mine() brings along what other notebooks built."
        )
    return found


def _put_to_work(id: str, text: str, namespace: Mapping[str, Any], broken: str) -> str:
    """Checks one kept piece, unless this text has passed before, and offers it. Returns why not.

    broken: why its text cannot be run; empty where it can.
    """
    try:
        exercise = find_exercise(id)
    except LookupError:
        return broken or "the course has no such exercise any more"
    if broken:
        remembered.remember(id, None)
        yours.decline(exercise)
        return broken
    if not remembered.has_passed(id, text):
        yours.set_aside(exercise)
        if not judge(exercise, namespace).passed:
            remembered.remember(id, None)
            yours.decline(exercise)
            return "it does not pass its check any more"
        remembered.remember(id, text)
    missing = [name for name in exercise.entry if name not in namespace]
    if missing:
        return f"`{missing[0]}` is not in it"
    for name, piece in yours.replacements(exercise, namespace):
        yours.offer(name, piece)
    return ""


def _whose(id: str) -> str:
    """Whose an exercise's parts are now."""
    exercise = find_exercise(id)
    off = [yours.short(part) for part in yours.parts(exercise) if remembered.is_off(part)]
    if not off:
        return "yours"
    return f"minidl's, for you switched {' and '.join(off)} off"


def _said(lines: list[str]) -> Card:
    return Card("\n".join(lines), "".join(f"<p>{escape(line)}</p>" for line in lines))
