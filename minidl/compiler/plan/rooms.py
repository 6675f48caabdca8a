"""Forward rules that are more than ufuncs: they run as they are, into memory that is there already.

Most of them begin with `z = xp.zeros(...)` or end with a product. So they are given an array module
that is NumPy, but for the memory of the result: who first asks for as much gets it.
"""

from collections.abc import Callable
from math import prod
from typing import Any, final

import numpy as np

from ... import backend


def into(forward: Callable, params: dict[str, Any], *inputs: Any, out: Any) -> None:
    """Runs a forward rule and leaves its result in an array."""
    xp = Rooms(out)
    z = forward(xp, *inputs, **params)
    there = not xp.free and z.shape == out.shape and z.strides == out.strides
    if not (there and np.may_share_memory(z, out)):
        np.copyto(out, z, casting="unsafe")


def as_eager(primitive: Any, params: dict[str, Any], *inputs: Any, out: Any) -> None:
    """Computes as eager mode does, which widens halves; and leaves the result in an array."""
    np.copyto(out, backend.run(primitive, inputs, params), casting="unsafe")


@final
class Rooms:
    """NumPy with one array to give away.

    A rule may ask from several threads at once; taking from a list is one step for all of them.
    """

    def __init__(self, out: Any):
        self.free = [out]
        self.size, self.dtype = out.size, out.dtype

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def _room(self, shape: Any, dtype: Any) -> Any:
        """The result's memory, if it is free and fits; else None."""
        if dtype != self.dtype or prod(shape) != self.size:
            return None
        try:
            return self.free.pop().reshape(shape)
        except IndexError:
            return None

    def empty(self, shape: Any, dtype: Any = float) -> Any:
        shape = (shape,) if isinstance(shape, int) else shape
        room = self._room(shape, dtype)
        return np.empty(shape, dtype) if room is None else room

    def zeros(self, shape: Any, dtype: Any = float) -> Any:
        shape = (shape,) if isinstance(shape, int) else shape
        room = self._room(shape, dtype)
        if room is None:
            return np.zeros(shape, dtype)
        room.fill(0)
        return room

    def matmul(self, x: Any, y: Any, **options: Any) -> Any:
        if options or x.ndim < 2 or y.ndim < 2 or x.dtype != y.dtype:
            return np.matmul(x, y, **options)
        lead = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
        return np.matmul(x, y, out=self._room((*lead, x.shape[-2], y.shape[-1]), x.dtype))

    def concatenate(self, arrays: Any, axis: int = 0) -> Any:
        shape = list(arrays[0].shape)
        shape[axis] = sum(x.shape[axis] for x in arrays)
        return np.concatenate(arrays, axis, out=self._room(shape, np.result_type(*arrays)))

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        shape = np.broadcast_shapes(*(np.shape(z) for z in (condition, x, y)))
        room = self._room(shape, np.result_type(x, y))
        if room is None:
            return np.where(condition, x, y)
        np.copyto(room, y)
        np.copyto(room, x, where=condition)
        return room
