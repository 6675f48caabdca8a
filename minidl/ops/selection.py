"""PyTorch's names for picking numbers by an index of the result's shape.

The index says where to look along one dimension; along the others every number stays in its place.
The way back is in scattering.py, whole rows at a time in rows.py.
"""

from typing import Any

from ..backend import int32, int64
from ..errors import ShapeError
from .dims import numpy_words, one
from .indexing import Slot, gather_at, numbers_of, positions, watch_front
from .movement import crop, reshape_
from .shapes import atleast_1d, ravel

__all__ = [
    "gather",
    "take",
    "take_along_dim",
]


@numpy_words
def gather(input: Any, dim: int, index: Any) -> Any:
    """z[i][j] = input[index[i][j]][j] for dim 0, and so on for others.

    Args:
        index: int64 or int32, with as many dimensions as `input`; in all but `dim` it may be
            smaller, and the rest of `input` is not looked at.

    Raises:
        ShapeError: `index` has other dimensions than `input`, or is larger in one but `dim`.
        IndexError: a position is out of range; positions from the end are not understood here.
    """
    dim, shape = one(dim, input.ndim), tuple(index.shape)
    x, index = (y if y.ndim else atleast_1d(y) for y in (input, index))
    index_fits("gather", x, dim, index)
    if 0 in shape:
        return reshape_(crop(ravel(x), key=(slice(0, 0),)), shape=shape)
    template, arrays = grid(index, dim, tuple(index.shape))
    z = gather_at(x, *arrays, key=template)
    return z if shape else reshape_(z, shape=shape)


@numpy_words
def take_along_dim(input: Any, indices: Any, dim: int | None = None) -> Any:
    """As gather, but the other dimensions broadcast: for positions as argsort and argmax give them.

    Without `dim`, positions in the flattened tensor. Positions from the end are understood.
    """
    if dim is None:
        return take(input, ravel(indices))
    if indices.dtype != int64:
        raise TypeError(f"take_along_dim: indices must be int64, got {indices.dtype}.")
    if indices.ndim != input.ndim:
        raise ShapeError(
            f"take_along_dim: indices has {indices.ndim} dimensions, input {input.ndim}; they "
            "must agree."
        )
    return look_along(input, indices, one(dim, input.ndim))


def look_along(input: Any, indices: Any, dim: int) -> Any:
    """take_along_dim for positions that are known to fit."""
    if not input.ndim:
        return reshape_(gather_at(atleast_1d(input), indices, key=(Slot.ARRAY,)), shape=())
    template, arrays = grid(indices, dim, tuple(input.shape))
    return gather_at(input, *arrays, key=template)


def take(input: Any, index: Any) -> Any:
    """Positions in the flattened tensor, in the shape of `index`; they may count from the end."""
    if index.dtype != int64:
        raise TypeError(f"take: index must be int64, got {index.dtype}.")
    return gather_at(ravel(input), index, key=(Slot.ARRAY,))


def grid(index: Any, dim: int, shape: tuple[int, ...]) -> tuple[tuple, tuple]:
    """The key that reads input[i, ..., index[i, ..., k], ...] for all i of a shape."""
    key = []
    for d, n in enumerate(shape):
        if d == dim:
            key.append(index)
        else:
            key.append(positions(n, index).reshape(n, *(1,) * (len(shape) - 1 - d)))
    return (Slot.ARRAY,) * len(key), tuple(key)


def index_fits(name: str, x: Any, dim: int, index: Any, src: Any = None) -> None:
    """Raises where an index cannot say where along a dimension to look, or what to take there."""
    if index.dtype not in (int64, int32):
        raise TypeError(f"{name}: index must be int64 or int32, got {index.dtype}.")
    if 0 in index.shape:
        return
    if (
        not _within(index.shape, x.shape, dim)
        or src is not None
        and not _within(index.shape, src.shape, None)
    ):
        given = "" if src is None else f" and src {tuple(src.shape)}"
        raise ShapeError(
            f"{name}: index has shape {tuple(index.shape)}, input {tuple(x.shape)}{given}; index "
            f"must have as many dimensions and be no larger, except than input in dimension {dim}."
        )
    from_front(name, index, dim, x.shape[dim])


def _within(small: tuple[int, ...], large: tuple[int, ...], free: int | None) -> bool:
    """Whether one shape is nowhere larger than another, but perhaps in one dimension."""
    if len(small) != len(large):
        return False
    for d, n in enumerate(small):
        if n > large[d] and d != free:
            return False
    return True


def from_front(name: str, index: Any, dim: int, size: int) -> None:
    """Raises where a position counts from the end, which PyTorch understands in brackets only."""
    numbers = numbers_of(index)
    if numbers is None:
        watch_front(index, size)
    elif numbers.size and numbers.min() < 0:
        raise IndexError(
            f"{name}: index {numbers.min()} is out of range for dimension {dim}, whose size is "
            f"{size}; here positions count from 0."
        )
