"""What a piece of code reads and writes by name, found in its bytecode before it runs."""

import dis
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import NamedTuple, final

import numpy

_PACKAGE = str(Path(__file__).parent.parent)
_LIBRARIES = tuple(
    {_PACKAGE, "<frozen", os.path.dirname(os.__file__), str(Path(numpy.__file__).parent.parent)}
    | {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
)


@final
class Names(NamedTuple):
    """The names of one code object and of those inside it.

    Attributes:
        read: globals, and whatever else is loaded by a bare name.
        attributes: what stands behind a dot.
        stored: globals it assigns or deletes, each with its line.
        loaded: (global, what stands behind its dot or "", line), of this code object alone.
    """

    read: frozenset[str]
    attributes: frozenset[str]
    stored: tuple[tuple[str, int], ...]
    loaded: tuple[tuple[str, str, int], ...]


@lru_cache(maxsize=4096)
def names_of(code: CodeType) -> Names:
    """What a function's code and the functions in it name."""
    read, attributes, stored, loaded = set(), set(), [], []
    line, steps = code.co_firstlineno, list(dis.get_instructions(code))
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        line = step.positions and step.positions.lineno or line
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            read.add(step.argval)
            dotted = after is not None and after.opname.endswith(("ATTR", "METHOD"))
            loaded.append((step.argval, after.argval if after and dotted else "", line))
        elif step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            stored.append((step.argval, line))
        elif isinstance(step.argval, str) and step.opname.endswith(("ATTR", "METHOD")):
            attributes.add(step.argval)
        elif step.opname == "IMPORT_FROM":
            attributes.add(step.argval)
    for part in code.co_consts:
        if isinstance(part, CodeType):
            inner = names_of(part)
            read |= inner.read
            attributes |= inner.attributes
    return Names(frozenset(read), frozenset(attributes), tuple(stored), tuple(loaded))


def is_users(filename: str) -> bool:
    """Whether a file is the user's own: no part of Python, of an installed package, of minidl.

    Named tuples and dataclasses write functions of their own, in a file "<string>".
    """
    return filename != "<string>" and not filename.startswith(_LIBRARIES)


def is_ours(filename: str) -> bool:
    """Whether a file is part of minidl."""
    return filename.startswith(_PACKAGE)


@lru_cache(maxsize=4096)
def class_of(kind: type) -> str:
    """Where a class, or the nearest of those it is made from, was written: "user", "minidl" or
    "elsewhere"."""
    return next((place for c in kind.__mro__ if (place := _place(c)) != "elsewhere"), "elsewhere")


def _place(kind: type) -> str:
    module = sys.modules.get(kind.__module__)
    if kind.__module__ == "builtins":
        return "elsewhere"
    filename = getattr(module, "__file__", None) or ""
    if is_ours(filename):
        return "minidl"
    return "user" if is_users(filename) else "elsewhere"


def user_classes(kind: type) -> Iterator[type]:
    """The classes among an object's that the user wrote."""
    return (c for c in kind.__mro__ if _place(c) == "user")
