"""Guards as Python code: the conditions under which a program is still the function's meaning."""

from operator import is_
from typing import Any, final

import numpy

from .. import dtypes, precision, tape
from ..nn.edits import edits
from ..nn.hooks import everywhere
from .arguments import Arguments
from .boxes import EMPTY, Box, Check

MISS = object()  # what a call gives whose conditions do not hold


@final
class Names:
    """Gives values names under which code can speak of them."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._known: dict[tuple[str, int], str] = {}
        self._counts: dict[str, int] = {}

    def name(self, value: Any, kind: str = "c") -> str:
        """A name for a value; the same again for the same value."""
        key = (kind, id(value))
        if key not in self._known:
            number = self._counts[kind] = self._counts.get(kind, -1) + 1
            self._known[key] = f"{kind}{number}"
            self.values[self._known[key]] = value
        return self._known[key]

    def set(self, name: str, value: Any) -> str:
        """Fixes a name."""
        self.values[name] = value
        return name


def same_array(a: Any, b: Any) -> bool:
    """Whether an array still holds the same numbers."""
    return a.shape == b.shape and numpy.array_equal(a, b)


def conditions(arguments: Arguments, checks: list[Check], names: Names) -> list[str]:
    """All conditions on arguments, settings and containers, as expressions."""
    names.set("thread", tape._recording)
    names.set("default_dtype", dtypes.get_default_dtype)
    names.set("everywhere", everywhere)
    names.set("edits", edits)
    found = [
        "thread.watch is None",
        f"thread.on is {tape.is_recording()}",
        f"default_dtype() is {names.name(dtypes.get_default_dtype())}",
        f"edits.count == {edits.count}",
        *(
            _same_hooks(f"everywhere.{when}", getattr(everywhere, when), names)
            for when in ("before", "after")
        ),
    ]
    if precision.used:  # else no program of this process need ask
        names.set("regions", precision.here)
        found.append(f"regions.kinds == {names.name(precision.here.kinds)}")
    for test in arguments.tests:
        plain = type(test.value) in (bool, int, str, tuple, type(None))
        value = repr(test.value) if plain else names.name(test.value)
        found.append(test.text.format(test.expression, value))
    parts = [check for check in checks if check.kind == "parts"]
    if parts:  # one comparison for all: modules are equal only if they are the same
        now, then = [check.holder for check in parts], [check.value for check in parts]
        found.append(f"{names.name(now, 'b')} == {names.name(then)}")
    found += [_condition(check, names) for check in checks if check.kind != "parts"]
    return [text for text in dict.fromkeys(found) if text != "True"]


def _same_hooks(expression: str, hooks: dict[int, Any], names: Names) -> str:
    """The condition that hooks of every module are those that the trace ran."""
    if not hooks:
        return f"not {expression}"
    return f"[*{expression}.values()] == {names.name([*hooks.values()])}"


def _condition(check: Check, names: Names) -> str:
    kind, holder, key, value, _ = check
    box = names.name(holder, "b")
    if kind == "item":
        word = repr(key) if type(key) in (str, int) else names.name(key)
        return f"{box}[{word}] is {_shown(value, names)}"
    if kind == "missing":
        return f"{key!r} not in {box}"
    if kind == "cell":
        if value is EMPTY:
            return f"{names.set('content', Box.content)}({box}) is {names.name(EMPTY)}"
        return f"{box}.cell_contents is {_shown(value, names)}"
    if kind == "attribute":
        return f"{box}.{key} is {_shown(value, names)}"
    if kind == "set":
        return f"{box} == {names.name(value)}"
    if kind == "size":
        return f"len({box}) == {value}"
    if kind == "key":
        return f"{key!r} in {box}"
    if kind == "empty":
        return f"not any({box})" if holder else "True"
    if kind == "array":
        return f"{names.set('same_array', same_array)}({box}, {names.name(value)})"
    if not value:
        return f"not {box}"
    if kind == "keys" and all(type(key) is str for key in value):
        return f"[*{box}] == {names.name(value)}"
    if len(value) == 1 and kind == "list":
        return f"len({box}) == 1 and {box}[0] is {_shown(value[0], names)}"
    names.set("is_", is_)
    return f"len({box}) == {len(value)} and all(map(is_, {box}, {names.name(value)}))"


def _shown(value: Any, names: Names) -> str:
    return repr(value) if value is None or type(value) is bool else names.name(value)
