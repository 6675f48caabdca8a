"""The broadcasting rule told a dimension at a time, and where a number of the result comes from."""

from itertools import zip_longest
from typing import Any

from .arrays import Window
from .cells import sizes


def columns_of(x: tuple[int, ...], y: tuple[int, ...]) -> list[dict[str, Any]]:
    """The dimensions, left to right: both sizes (None: missing), and what becomes of them."""
    made = []
    for a, b in zip_longest(reversed(x), reversed(y)):
        one, other = (1 if n is None else n for n in (a, b))
        fits = one == other or 1 in (one, other)
        state = "clash" if not fits else "same" if one == other else "repeat"
        result = (other if one == 1 else one) if fits else None
        made.append({"sizes": [a, b], "result": result, "state": state})
        if not fits:
            break
    for d in range(len(made) + 1, max(len(x), len(y)) + 1):  # left of a clash nobody looks
        pair = [shape[-d] if len(shape) >= d else None for shape in (x, y)]
        made.append({"sizes": pair, "result": None, "state": "waiting"})
    return made[::-1]


def steps_of(columns: list[dict[str, Any]], first: str) -> list[dict[str, Any]]:
    """An opening sentence, then one for each dimension, from the right, up to a clash."""
    made: list[dict[str, Any]] = [{"column": None, "say": first}]
    for i in reversed(range(len(columns))):
        if columns[i]["state"] == "waiting":
            break
        made.append({"column": i, "say": _say(columns[i])})
    return made


def _say(column: dict[str, Any]) -> str:
    """One dimension in a sentence."""
    a, b = column["sizes"]
    if column["state"] == "clash":
        return f"{a} and {b} differ, and neither is 1: these shapes do not fit. Here it ends."
    missing = [name for name, n in (("x", a), ("y", b)) if n is None]
    opening = f"{missing[0]} has no size here, which counts as 1. " if missing else ""
    one, other = (1 if n is None else n for n in (a, b))
    if one == other:
        return f"{opening}{one} and {other} are equal: {one}."
    name, size = ("x", other) if one == 1 else ("y", one)
    many = {0: "no times: nothing is left", 2: "twice"}.get(size, f"{size} times")
    return f"{opening}{one} and {other}: the 1 fits, {name} is repeated {many}."


def stretched(window: Window, common: tuple[int, ...]) -> str:
    """How an array is seen in the common shape: its strides there, or that nothing changes."""
    if window.shape == common:
        return "is seen as it is"
    new = len(common) - len(window.shape)
    kept = zip(window.shape, common[new:], window.strides, strict=True)
    strides = [*[0] * new, *(s if n == m else 0 for n, m, s in kept)]
    return f"is seen with strides {sizes(strides)}"


def home(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index in an array of this shape of what stands at an index of the result."""
    own = index[len(index) - len(shape) :]
    return tuple(0 if n == 1 else i for i, n in zip(own, shape, strict=True))


def repeats(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a number at this index of the result stood already at an earlier one."""
    new = len(index) - len(shape)
    own = zip(index[new:], shape, strict=True)
    return any(index[:new]) or any(i > 0 for i, n in own if n == 1)
