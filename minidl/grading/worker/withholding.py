"""Takes operations out of the worker's minidl: who is asked to write one must not find it there.

Every name of an operation leads to one function object, so its code is taken out of that object:
whoever held it before, by whatever name, now holds a function that refuses. minidl's source files
are not in the sandbox, so nothing can bring it back.
"""

from __future__ import annotations

import functools
import gc
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, final

from ..pieces.replacing import find, find_primitive, short


@final
class Withheld(RuntimeError):
    """minidl's own operation was called where the exercise asks the learner to write it."""


def withhold(names: Iterable[str]) -> None:
    """Empties the operations of these names.

    names: dotted paths inside minidl ("nn.Linear"), "primitive:NAME.vjp" for derivative rules
        alone, "primitive:NAME.forward" for what it computes, "primitive:NAME" for both.
    Raises LookupError when minidl has no such part.
    """
    for name in names:
        for function in _functions(name):
            empty(function, name)
    gc.collect()


def _functions(name: str) -> Iterator[types.FunctionType]:
    if not name.startswith("primitive:"):
        yield from _within(find(name), set())
        return
    primitive = find_primitive(name)
    if not name.endswith(".forward"):
        yield from _all_within(primitive.rules or ())
    if not name.endswith(".vjp"):
        yield from _all_within(
            [primitive.forward, primitive.composition, *primitive.overrides.values()]
        )


def _all_within(things: Iterable[Any]) -> Iterator[types.FunctionType]:
    for thing in things:
        yield from _within(thing, set())


def _within(thing: Any, seen: set[int]) -> Iterator[types.FunctionType]:
    """The functions of a function, a method, a class or a primitive, the wrapped ones too."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, types.FunctionType):
        inner = [cell.cell_contents for cell in thing.__closure__ or () if _is_filled(cell)]
        for value in [*inner, *vars(thing).values()]:
            if isinstance(value, types.FunctionType) and value.__name__ == thing.__name__:
                yield from _within(value, seen)
        yield thing
    elif isinstance(thing, (staticmethod, classmethod)):
        yield from _within(thing.__func__, seen)
    elif isinstance(thing, property):
        for function in (thing.fget, thing.fset, thing.fdel):
            yield from _within(function, seen)
    elif isinstance(thing, type):
        for value in list(vars(thing).values()):
            yield from _within(value, seen)
    elif hasattr(thing, "rules") and hasattr(thing, "forward"):
        for part in (*(thing.rules or ()), thing.forward, thing.composition):
            yield from _within(part, seen)


def _is_filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018  (an empty cell raises here)
    except ValueError:
        return False
    return True


def empty(function: types.FunctionType, name: str) -> None:
    """Takes a function's code out and lets it refuse instead."""
    count = len(function.__code__.co_freevars)
    words = f"minidl's own `{short(name)}` is not here: this exercise asks you to write it."
    function.__code__ = _refusal(count)(*range(count)).__code__
    function.__defaults__, function.__kwdefaults__ = None, {"_refusal": Withheld(words)}
    vars(function).clear()


@functools.lru_cache
def _refusal(count: int) -> Callable[..., Any]:
    """Makes functions that raise, with as many closed-over names as the one to be emptied has."""
    names = ", ".join(f"_{i}" for i in range(count))
    made: dict[str, Any] = {}
    exec(
        f"def make({names}):\n"
        f"    def withheld(*_args, _refusal, **_kwargs):\n"
        f"        ({names}{',' * (count == 1)})\n"
        f"        raise _refusal\n"
        f"    return withheld\n",
        made,
    )
    return made["make"]
