"""What a reader may do to an array in the page: permute, reshape, slice, expand.

The array does it itself, by its own methods: NumPy, minidl, or the learner's class.
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

import minidl

WAYS = ("permute", "reshape", "slice", "expand")
EXAMPLES = {"permute": "1, 0", "reshape": "2, 6", "slice": "1:, ::2", "expand": "5, 3, 4"}
WHOLE = re.compile(r"[-\N{MINUS SIGN}]?\d+")


def whole_numbers(text: str) -> tuple[int, ...]:
    """ "(2, 3)" or "2 3" as a tuple.

    Raises ValueError where anything else stands.
    """
    parts = re.split(r"[\s,]+", text.strip().strip("()[]").strip(" ,"))
    if parts == [""]:
        return ()
    if not all(WHOLE.fullmatch(part) for part in parts):
        raise ValueError(f"“{text}” is no list of whole numbers; write one such as 3, 4.")
    return tuple(int(part.replace("\N{MINUS SIGN}", "-")) for part in parts)


def key_of(text: str) -> tuple[Any, ...]:
    """What stands in square brackets, "1:3, ::2, 0", as a key.

    Raises ValueError where a part is neither a whole number nor a slice.
    """
    return tuple(_part(part.strip(), text) for part in text.strip().strip("[]").split(","))


def _part(part: str, text: str) -> Any:
    ends = [end.strip().replace("\N{MINUS SIGN}", "-") for end in part.split(":")]
    fits = len(ends) <= 3 and all(not end or WHOLE.fullmatch(end) for end in ends)
    if part == "..." or (fits and part):
        if part == "...":
            return ...
        numbers = [int(end) if end else None for end in ends]
        return numbers[0] if len(numbers) == 1 else slice(*numbers)
    raise ValueError(f"“{text}” is no slice; write one such as 1:3, ::2 (start:stop:step).")


def written(way: str, text: str) -> str:
    """How the change is written in Python: ".permute(1, 0)", "[1:, ::2]"."""
    inside = ", ".join(part for part in re.split(r"[\s,]+", text.strip(" ()[]")) if part)
    return f"[{inside}]" if way == "slice" else f".{way}({inside})"


def change(x: Any, way: str, text: str) -> Any:
    """The array that the array makes of itself.

    Raises whatever it raises; ValueError for a text that cannot be read, or an unknown way.
    """
    if way == "slice":
        return x[key_of(text)]
    sizes = whole_numbers(text)
    if isinstance(x, np.ndarray):
        return _numpy(way)(x, sizes)
    if way not in WAYS:
        raise ValueError(f"There is no way called {way!r}; there is {', '.join(WAYS)}.")
    ways = getattr(x, way)
    return ways(sizes) if isinstance(x, minidl.Tensor) else ways(*sizes)


def _numpy(way: str) -> Callable[[np.ndarray, tuple[int, ...]], np.ndarray]:
    ways = {"permute": np.transpose, "reshape": np.reshape, "expand": np.broadcast_to}
    if way not in ways:
        raise ValueError(f"There is no way called {way!r}; there is {', '.join(WAYS)}.")
    return ways[way]


def as_changeable(x: Any) -> Any:
    """The array as something that can be changed: tensors without a history, lists as arrays."""
    if isinstance(x, minidl.Tensor):
        return x.detach()
    return x if hasattr(x, "buffer") and hasattr(x, "offset") else np.asarray(x)
