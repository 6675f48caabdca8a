"""Reads where the numbers of any array stand in memory: buffer, shape, strides, offset."""

from dataclasses import dataclass
from itertools import islice, product
from typing import Any, final

import numpy as np

import minidl
from minidl import backend

PARTS = ("buffer", "shape", "strides", "offset")  # what a learner's own array is known by


@final
@dataclass(frozen=True)
class Window:
    """An array as a window onto its buffer; strides and offset count numbers, not bytes."""

    buffer: np.ndarray
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int
    whose: str  # "yours", "NumPy's" or "minidl's"

    def place(self, index: tuple[int, ...]) -> int:
        """Where in the buffer the number with this index is read."""
        return self.offset + sum(i * s for i, s in zip(index, self.strides, strict=True))

    def number(self, index: tuple[int, ...]) -> Any:
        """The number with this index; None where its place lies outside the buffer."""
        place = self.place(index)
        return self.buffer[place] if 0 <= place < len(self.buffer) else None

    def indices(self, most: int) -> list[tuple[int, ...]]:
        """The first indices in the order of reading."""
        return list(islice(product(*map(range, self.shape)), most))


def look(x: Any) -> Window:
    """The window that an array is.

    x: an object with a buffer, a shape, strides and an offset (a learner's); a tensor; or whatever
        NumPy makes an array of.
    Raises TypeError for what is no array.
    """
    if all(hasattr(x, part) for part in PARTS):
        return _learners(x)
    if isinstance(x, minidl.Tensor):
        return _in_memory(x.array, "minidl's")
    array = x if backend.device_of(x) is not None else np.asarray(x)
    if getattr(array, "dtype", np.dtype(object)).kind not in "biufc":
        raise TypeError(f"An array of numbers was expected, got {type(x).__name__}: {x!r:.60}")
    return _in_memory(array, "NumPy's")


def _learners(x: Any) -> Window:
    shape, strides = (tuple(int(n) for n in part) for part in (x.shape, x.strides))
    if len(shape) != len(strides):
        raise ValueError(f"{len(shape)} sizes, but {len(strides)} strides: {shape} and {strides}.")
    return Window(np.asarray(x.buffer).reshape(-1), shape, strides, int(x.offset), "yours")


def _in_memory(array: Any, whose: str) -> Window:
    """NumPy and CuPy hand out views that know whose memory they look at."""
    if isinstance(array, backend.SCALAR):
        array = np.asarray(array)
    place, root = backend.device_of(array) or backend.cpu, _root(array)
    if not (root.flags.c_contiguous or root.flags.f_contiguous):
        array = root = array.copy()  # memory with holes that nobody owns whole
    step = array.dtype.itemsize
    whole = place.to_host(root.T if root.flags.f_contiguous else root)
    whole = np.ascontiguousarray(whole).reshape(-1).view(array.dtype)
    offset = (place.address(array) - place.address(root)) // step if array.size else 0
    strides = tuple(int(jump) // step for jump in array.strides)
    return Window(whole, tuple(array.shape), strides, offset, whose)


def _root(array: Any) -> Any:
    """The array whose memory this one looks at."""
    root, base = array, getattr(array, "base", None)
    while base is not None:
        if type(base) is type(array):
            root = base
        base = getattr(base, "base", None)
    return root
