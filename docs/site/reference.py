"""Pages of public names: for each face of minidl the names it shows, room by room."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from .docstrings import _inline

FACES = (
    "minidl",
    "minidl.nn",
    "minidl.nn.functional",
    "minidl.nn.init",
    "minidl.nn.utils",
    "minidl.nn.utils.parametrizations",
    "minidl.nn.utils.parametrize",
    "minidl.nn.utils.rnn",
    "minidl.optim",
    "minidl.optim.lr_scheduler",
    "minidl.data",
    "minidl.data.datasets",
    "minidl.data.transforms",
    "minidl.data.text",
    "minidl.training",
    "minidl.linalg",
    "minidl.fft",
    "minidl.distributions",
    "minidl.autograd",
    "minidl.amp",
    "minidl.cuda",
    "minidl.grading",
    "minidl_widgets",
)


def pages() -> Iterator[tuple[str, str]]:
    """(name of the page, its text in reStructuredText)."""
    told: set[int] = set()
    for face in FACES:
        yield face, _page(importlib.import_module(face), told)
    rows = "\n".join(f"   {face}" for face in FACES)
    yield "index", f"{_title('Every name')}\n.. toctree::\n   :maxdepth: 1\n\n{rows}\n"


def public(face: ModuleType) -> list[str]:
    """What a face shows: its `__all__`, or else what it holds of ours without an underscore."""
    names = getattr(face, "__all__", None) or [n for n in vars(face) if not n.startswith("_")]
    return sorted((name for name in names if _told(getattr(face, name))), key=str.lower)


def _told(piece: Any) -> bool:
    """Functions and classes of ours."""
    room = getattr(piece, "__module__", None) or ""
    ours = room.startswith(("minidl.", "minidl_widgets"))
    return ours and (inspect.isclass(piece) or inspect.isroutine(piece))


def _page(face: ModuleType, told: set[int]) -> str:
    """A face's names, gathered by the file in which they are written, its door sentence above."""
    rooms: dict[str, list[str]] = {}
    for name in public(face):
        piece = getattr(face, name)
        if id(piece) not in told:
            rooms.setdefault(piece.__module__, []).append(name)
            told.add(id(piece))
    text = [_title(face.__name__), _inline(_door(face)), ""]
    for room in sorted(rooms):
        text += ["", _title(room.removeprefix(face.__name__ + "."), "-")]
        text += [_inline(_door(sys.modules[room])), ""]
        text += [line for name in rooms[room] for line in _entry(face, name)]
    return "\n".join(text) + "\n"


def _entry(face: ModuleType, name: str) -> list[str]:
    piece = getattr(face, name)
    full = f"{face.__name__}.{name}"
    if not inspect.isclass(piece):
        return [f".. autofunction:: {full}", ""]
    return [f".. autoclass:: {full}", "   :members:", ""]


def _title(text: str, line: str = "=") -> str:
    return f"{text}\n{line * len(text)}\n"


def _door(module: ModuleType) -> str:
    """The sentence at the door of a file."""
    return " ".join((module.__doc__ or "").strip().split("\n\n")[0].split())
