"""PyTorch's names for looking numbers up, composed of the indexing primitives."""

from math import prod
from typing import Any

from ..backend import bool_, category, device_of
from ..errors import ShapeError
from ..tape import Traced
from .dims import one
from .indexing import Slot, gather_at, put_at, scatter_at
from .movement import crop, reshape_
from .shapes import expand

__all__ = [
    "gather",
    "index_select",
    "masked_select",
    "scatter",
    "scatter_add",
    "take",
    "take_along_dim",
]


def getitem(input: Any, key: Any) -> Any:
    """input[key]: integers, slices, None, Ellipsis, lists, integer tensors and masks.

    Without arrays in the key the result is a view: it shares memory with `input`.

    Raises:
        IndexError: too many indices, or one out of range.
    """
    template, indices = split_key(input, key)
    if indices:
        return gather_at(input, *indices, key=template)
    return crop(input, key=template)


def setitem(input: Any, key: Any, value: Any) -> Any:
    """A copy of input with copy[key] = value; both keep their gradients."""
    template, indices = split_key(input, key)
    return put_at(input, value, *indices, key=template)


def split_key(input: Any, key: Any) -> tuple[tuple, tuple]:
    """A key as a template and the arrays that belong in its slots."""
    template, indices, used = [], [], 0
    for k in key if isinstance(key, tuple) else (key,):
        used += 0 if k is None or k is Ellipsis else 1
        if isinstance(k, bool):
            raise IndexError("True and False are no positions; use a mask tensor or an integer.")
        if k is None or k is Ellipsis or isinstance(k, slice):
            template.append(_plain(k) if isinstance(k, slice) else k)
        elif isinstance(k, (Traced, list)) or hasattr(k, "dtype") and k.shape:
            array = _positions(input, k)
            used += array.ndim - 1 if array.dtype == bool_ else 0
            template.append(Slot.ARRAY)
            indices.append(array)
        else:
            template.append(k.__index__())
    if used > input.ndim:
        raise IndexError(
            f"Too many indices: a tensor with {input.ndim} dimensions was given {used}."
        )
    _in_range(input, tuple(template))
    return tuple(template), tuple(indices)


def _plain(k: slice) -> slice:
    """A slice with Python numbers, so that it can be compared and printed."""
    bounds = (n if n is None else n.__index__() for n in (k.start, k.stop, k.step))
    start, stop, step = bounds
    if step is not None and step <= 0:
        raise ValueError(f"A slice's step must be positive, got {step}; use flip to reverse.")
    return slice(start, stop, step)


def _positions(input: Any, k: Any) -> Any:
    """An index as an integer or bool array, on the input's device."""
    array: Any = k.array if isinstance(k, Traced) else k
    if isinstance(array, list):
        place = device_of(input.array if isinstance(input, Traced) else input)
        array = place.asarray(array) if place is not None else array
        if array.size == 0:
            array = array.astype("int64")
    if category(array.dtype) > 1:
        raise IndexError(f"Positions must be integers or a mask of bools, got {array.dtype}.")
    return array


def _in_range(input: Any, template: tuple) -> None:
    """Raises for an integer position that does not exist."""
    if Slot.ARRAY in template:
        return
    before = [k for k in template if k is not None]
    if Ellipsis in before:
        cut = before.index(Ellipsis)
        places = [*range(cut), 0, *range(input.ndim - (len(before) - cut - 1), input.ndim)]
    else:
        places = list(range(len(before)))
    for dim, k in zip(places, before, strict=True):
        if isinstance(k, int) and not -input.shape[dim] <= k < input.shape[dim]:
            raise IndexError(
                f"index {k} is out of range for dimension {dim}, whose size is {input.shape[dim]}."
            )


def _grid(index: Any, dim: int) -> tuple[tuple, tuple]:
    """The key that reads input[i, ..., index[i, ..., k], ...] along one dimension."""
    array = index.array if isinstance(index, Traced) else index
    place = device_of(array)
    assert place is not None
    key = []
    for d, n in enumerate(array.shape):
        if d == dim:
            key.append(array)
        else:
            shape = [1] * array.ndim
            shape[d] = n
            key.append(place.asarray(range(n)).reshape(shape) if n else place.asarray([], "int64"))
    return (Slot.ARRAY,) * len(key), tuple(key)


def gather(input: Any, dim: int, index: Any) -> Any:
    """z[i][j] = input[index[i][j]][j] for dim 0, and so on for others.

    Raises:
        ShapeError: `index` has another number of dimensions than `input`.
        IndexError: a position is out of range.
    """
    dim = one(dim, input.ndim)
    if index.ndim != input.ndim:
        raise ShapeError(
            f"gather: index has {index.ndim} dimensions, input {input.ndim}; they must agree."
        )
    template, arrays = _grid(index, dim)
    return gather_at(input, *arrays, key=template)


def take_along_dim(input: Any, indices: Any, dim: int) -> Any:
    """As gather, for positions as argsort and argmax give them."""
    return gather(input, dim, indices)


def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """A copy of input with src added at the positions of gather: its adjoint."""
    template, arrays = _grid(index, one(dim, input.ndim))
    part = crop(src, key=tuple(slice(0, n) for n in index.shape))
    return input + scatter_at(part, *arrays, key=template, shape=tuple(input.shape))


def scatter(input: Any, dim: int, index: Any, src: Any) -> Any:
    """A copy of input with src written at the positions of gather."""
    template, arrays = _grid(index, one(dim, input.ndim))
    part = src
    if hasattr(src, "shape") and src.shape:
        part = crop(src, key=tuple(slice(0, n) for n in index.shape))
    return put_at(input, part, *arrays, key=template)


def index_select(input: Any, dim: int, index: Any) -> Any:
    """The listed positions along a dimension."""
    dim = one(dim, input.ndim)
    return getitem(input, (slice(None),) * dim + (index,))


def masked_select(input: Any, mask: Any) -> Any:
    """The numbers where a mask is true, in a row."""
    return getitem(expand(input, mask.shape) if input.shape != mask.shape else input, mask)


def take(input: Any, index: Any) -> Any:
    """Positions in the flattened tensor."""
    return getitem(reshape_(input, shape=(prod(input.shape),)), index)
