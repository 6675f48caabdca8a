"""Finds a part of the running minidl by name, and puts something else in its every place."""

from __future__ import annotations

import functools
import importlib
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

ROOM = __name__.rsplit(".", 2)[0]  # minidl.grading
PACKAGE = ROOM.rpartition(".")[0]


def find(name: str) -> Any:
    """The part of minidl under a dotted path ("nn.functional.cross_entropy").

    Raises LookupError when there is none.
    """
    parts = name.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        try:
            holder = importlib.import_module(".".join([PACKAGE, *parts[:cut]]))
            return functools.reduce(getattr, parts[cut:], holder)
        except (ModuleNotFoundError, AttributeError):
            continue
    raise LookupError(f"minidl has no part called {name!r}.")


def find_primitive(name: str) -> Any:
    """The primitive meant by "primitive:NAME.vjp" or "primitive:NAME.forward".

    Raises LookupError when there is none.
    """
    key = name.removeprefix("primitive:").removesuffix(".vjp").removesuffix(".forward")
    table = find("primitive.TABLE")
    if key not in table:
        raise LookupError(f"minidl has no primitive called {key!r}.")
    return table[key]


def short(name: str) -> str:
    """How the badge names a part: "nn.Linear", "the derivative of exp"."""
    if name.startswith("primitive:") and name.endswith(".forward"):
        return name.removeprefix("primitive:").removesuffix(".forward")
    if name.startswith("primitive:"):
        return f"the derivative of {name.removeprefix('primitive:').removesuffix('.vjp')}"
    return name


def replace(original: Any, new: Any) -> Callable[[], None]:
    """Puts `new` wherever minidl's modules and classes hold `original`; returns the way back.

    A function goes by several names (its own module's, the package's, a Tensor's method): whoever
    calls it by any of them should meet the new one.
    """
    places = [
        (holder, key)
        for holder in _holders()
        for key, value in list(vars(holder).items())
        if value is original
    ]
    for holder, key in places:
        setattr(holder, key, new)

    def put_back() -> None:
        for holder, key in places:
            if vars(holder).get(key) is new:
                setattr(holder, key, original)

    return put_back


def replace_rules(primitive: Any, rules: Sequence[Callable]) -> Callable[[], None]:
    """Puts derivative rules into a primitive of the table; returns the way back."""
    old, shapes_only = primitive.rules, primitive.shapes_only
    if len(rules) != len(old):
        raise ValueError(f"'{primitive.name}' has {len(old)} rules; {len(rules)} came.")
    if not primitive.joint:
        primitive.vjp(*rules)
        return lambda: primitive.vjp(*old)
    primitive.joint_vjp(*rules)  # the learner's may read numbers where minidl's reads shapes only
    return lambda: primitive.joint_vjp(*old, shapes_only=shapes_only)


def replace_forward(primitive: Any, forward: Callable) -> Callable[[], None]:
    """Puts a forward rule into a primitive of the table; returns the way back."""
    old, primitive.forward = primitive.forward, forward

    def put_back() -> None:
        primitive.forward = old

    return put_back


def _holders() -> list[Any]:
    """Every module of the running package but this room, and the classes they define."""
    modules = [
        module
        for key, module in list(sys.modules.items())
        if isinstance(module, types.ModuleType)
        and (key == PACKAGE or key.startswith(PACKAGE + "."))
        and not key.startswith(ROOM)
    ]
    classes = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__.startswith(PACKAGE + ".")
    }
    return [*modules, *classes]
