"""What is remembered of a learner's pieces from day to day: which passed, which are off."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ..course import find_lesson
from ..workplace import workplace

FILE = ".minidl/pieces.json"

_off_here: set[str] = set()  # where nothing may be written, a switch holds for this kernel


def is_off(name: str) -> bool:
    """Whether the learner has switched this part of minidl back to minidl's own."""
    return name in (_read().get("off", []) if workplace() else _off_here)


def switch_off(name: str, off: bool) -> None:
    """Keeps where a switch stands."""
    if workplace() is None:
        (_off_here.add if off else _off_here.discard)(name)
        return
    kept = _read()
    others = [one for one in kept.get("off", []) if one != name]
    _write({**kept, "off": sorted([*others, name] if off else others)})


def has_passed(id: str, source: str) -> bool:
    """Whether this very text has passed this exercise's check, as the check is today."""
    return _read().get("passed", {}).get(id) == _seal(id, source)


def remember(id: str, source: str | None) -> None:
    """Notes that this text has passed; None forgets the exercise."""
    kept = _read()
    passed = {name: seal for name, seal in kept.get("passed", {}).items() if name != id}
    _write({**kept, "passed": passed if source is None else {**passed, id: _seal(id, source)}})


def _seal(id: str, source: str) -> str:
    """A hash of the text and of the spec that judged it."""
    spec = find_lesson(id.partition(".")[0]).spec.read_bytes()
    return hashlib.sha256(spec + b"\0" + source.encode()).hexdigest()


def _place() -> Path | None:
    folder = workplace()
    return folder / FILE if folder else None


def _read() -> dict[str, Any]:
    """What was kept; a damaged file counts as none, so that every piece is checked again."""
    path = _place()
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path else {}
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _write(kept: dict[str, Any]) -> None:
    path = _place()
    if path is None:
        return
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(path)
