"""PyTorch's names for whole rows along one dimension by a vector of positions, and for masks."""

from collections.abc import Sequence
from typing import Any

from ..backend import bool_, int32, int64
from ..errors import ShapeError
from ..primitive import broadcast
from .dims import numpy_words, one
from .elementwise import where_
from .indexing import Slot, gather_at, positions, put_at, scatter_at
from .keys import ALL, getitem, setitem, split_key
from .movement import cast, expand_, reshape_
from .questions import lt
from .selection import from_front
from .shapes import atleast_1d

__all__ = [
    "index_add",
    "index_copy",
    "index_fill",
    "index_put",
    "index_select",
    "masked_select",
]


@numpy_words
def index_select(input: Any, dim: int, index: Any) -> Any:
    """The listed positions along a dimension; index is a vector and counts from 0."""
    x, index, key = _rows("index_select", input, dim, index)
    if not input.ndim and index.shape != (1,):
        raise ShapeError(f"index_select: index may list one position of a number, got {index}.")
    z = gather_at(x, index, key=key)
    return z if input.ndim else reshape_(z, shape=())


@numpy_words
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    """A copy of input with alpha * source[i] added to z[index[i]], for positions i along dim."""
    x, index, key = _rows("index_add", input, dim, index)
    part = _source("index_add", input, dim, index, source)
    z = x + scatter_at(part * alpha if alpha != 1 else part, index, key=key, shape=tuple(x.shape))
    return z if input.ndim else reshape_(z, shape=())


@numpy_words
def index_copy(input: Any, dim: int, index: Any, source: Any) -> Any:
    """A copy of input with z[index[i]] = source[i], for positions i along dim."""
    x, index, key = _rows("index_copy", input, dim, index, kinds=(int64,))
    z = put_at(x, _source("index_copy", input, dim, index, source), index, key=key)
    return z if input.ndim else reshape_(z, shape=())


@numpy_words
def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """A copy of input with one number at the listed positions along a dimension."""
    if getattr(value, "shape", ()):
        raise ShapeError(f"index_fill: value must be one number, got shape {tuple(value.shape)}.")
    x, index, key = _rows("index_fill", input, dim, index, kinds=(int64,), ends=True)
    rows = [1] * x.ndim
    rows[len(key) - 1] = x.shape[len(key) - 1]
    named = put_at(expand_(lt(positions(1, x), 0), shape=tuple(rows)), True, index, key=key)
    z = where_(named, value, x)  # so that a row named twice counts once in the value's gradient
    z = z if z.dtype == input.dtype else cast(z, dtype=input.dtype)
    return z if input.ndim else reshape_(z, shape=())


def _rows(
    name: str, input: Any, dim: int, index: Any, kinds: tuple = (int64, int32), ends: bool = False
) -> tuple[Any, Any, tuple]:
    """A tensor with dimensions, positions as a vector, and the key that picks them.

    Args:
        kinds: the dtypes that positions may have.
        ends: whether they may count from the end.
    """
    dim = one(dim, input.ndim)
    x, index = atleast_1d(input), atleast_1d(index)
    if index.ndim > 1:
        raise ShapeError(f"{name}: index must be a vector, got shape {tuple(index.shape)}.")
    if index.dtype not in kinds:
        raise TypeError(f"{name}: index must be {kinds[0]}, got {index.dtype}.")
    if not ends:
        from_front(name, index, dim, x.shape[dim])
    return x, index, (ALL,) * dim + (Slot.ARRAY,)


def _source(name: str, input: Any, dim: int, index: Any, source: Any) -> Any:
    """The rows to be written, one per position.

    Raises:
        ShapeError: another number of rows than positions, or rows of another shape.
        TypeError: another dtype than the input's.
    """
    dim, shape = one(dim, input.ndim), list(input.shape)
    if shape:
        shape[dim] = index.shape[0]
    if tuple(source.shape) != tuple(shape):
        raise ShapeError(f"{name}: source must have shape {tuple(shape)}, got {source.shape}.")
    if source.dtype != input.dtype:
        raise TypeError(f"{name}: source must have dtype {input.dtype}, got {source.dtype}.")
    return atleast_1d(source)


def index_put(input: Any, indices: Sequence[Any], values: Any, accumulate: bool = False) -> Any:
    """A copy of input with z[indices] = values; added to what is there where `accumulate`."""
    if not accumulate:
        return setitem(input, tuple(indices), values)
    _, template, arrays = split_key(input, tuple(indices))
    room = tuple(gather_at(input, *arrays, key=template).shape)
    part = expand_(values, shape=room) if tuple(values.shape) != room else values
    return input + scatter_at(part, *arrays, key=template, shape=tuple(input.shape))


def masked_select(input: Any, mask: Any) -> Any:
    """The numbers where a mask is true, in a row; the two broadcast."""
    if mask.dtype != bool_:
        raise TypeError(f"masked_select: mask must be bool, got {mask.dtype}.")
    shape = broadcast(tuple(input.shape), tuple(mask.shape))
    x = input if tuple(input.shape) == shape else expand_(input, shape=shape)
    mask = mask if tuple(mask.shape) == shape else expand_(mask, shape=shape)
    return getitem(x, mask)
