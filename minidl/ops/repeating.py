"""PyTorch's names for laying copies of numbers beside each other."""

from collections.abc import Sequence
from typing import Any

from ..backend import category, int64
from ..errors import ShapeError
from ..primitive import broadcast
from .dims import numpy_words, one, sizes, whole
from .indexing import Slot, gather_at, numbers_of, positions, scatter_at
from .movement import cast, crop, expand_, reshape_
from .reduction import cumsum_
from .shapes import listed, ravel, unsqueeze

__all__ = [
    "broadcast_shapes",
    "broadcast_tensors",
    "broadcast_to",
    "expand",
    "meshgrid",
    "repeat",
    "repeat_interleave",
    "tile",
]

# Without copying ------------------------------------------------------------------------------


def expand(input: Any, *numbers: Any, size: Any = None) -> Any:
    """Dimensions of size 1 repeated without copying; -1 keeps a size.

    Raises:
        ShapeError: a dimension of another size than 1 was to be repeated.
    """
    old, new = tuple(input.shape), sizes(numbers, size)
    front = len(new) - len(old)
    full = new
    if -1 in new:
        full = tuple(old[i - front] if n == -1 and i >= front else n for i, n in enumerate(new))
    if front < 0 or min(full, default=0) < 0 or any(map(_kept, old, full[front:])):
        raise ShapeError(
            f"expand: size={new} must have at least the {len(old)} dimensions of {old}, and may "
            "differ only where a size is 1 or new."
        )
    return expand_(input, shape=full)


def _kept(old: int, new: int) -> bool:
    """Whether a size is one that cannot be repeated, and another was asked for."""
    return old != 1 and old != new


def broadcast_to(input: Any, size: Sequence[int]) -> Any:
    """As expand."""
    return expand(input, tuple(size))


def broadcast_tensors(*tensors: Any) -> tuple:
    """Each in the shape they have in common, without copying."""
    tensors = tuple(listed(tensors))
    shape = broadcast(*(tuple(x.shape) for x in tensors))
    return tuple(expand_(x, shape=shape) for x in tensors)


def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape that tensors of these shapes have in common.

    Raises:
        ShapeError: from the right, two sizes differ and neither is 1.
    """
    return broadcast(*(tuple(shape) for shape in shapes))


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple:
    """The coordinates of all points of a grid, one tensor per axis: z_k[i_0, i_1, ...] = x_k[i_k].

    Args:
        tensors: vectors (or single numbers) of one dtype.
        indexing: "ij" counts rows first, as matrices do; "xy" exchanges the first two dimensions,
            as plots do.

    Raises:
        ShapeError: one of them has more than one dimension.
    """
    axes = [x if x.ndim else reshape_(x, shape=(1,)) for x in listed(tensors)]
    if not axes:
        raise ValueError("meshgrid needs at least one tensor in tensors.")
    if len({x.dtype for x in axes}) > 1:
        raise TypeError(f"meshgrid: tensors must share a dtype, got {[x.dtype for x in axes]}.")
    if any(x.ndim > 1 for x in axes):
        raise ShapeError(f"meshgrid: tensors must be vectors, got {[x.shape for x in axes]}.")
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid: indexing must be 'ij' or 'xy', got {indexing!r}.")
    places = list(range(len(axes)))
    if indexing == "xy" and len(axes) > 1:
        places[:2] = 1, 0
    shape = [0] * len(axes)
    for place, x in zip(places, axes, strict=True):
        shape[place] = x.shape[0]
    grids = []
    for place, x in zip(places, axes, strict=True):
        column = reshape_(x, shape=(x.shape[0],) + (1,) * (len(axes) - 1 - place))
        grids.append(expand_(column, shape=tuple(shape)))
    return tuple(grids)


# As copies ------------------------------------------------------------------------------------


def repeat(input: Any, *counts: Any, repeats: Any = None) -> Any:
    """Copies laid one after another, so many along each dimension.

    Raises:
        ShapeError: fewer counts than dimensions, or one below 0.
    """
    times = sizes(counts, repeats)
    front = len(times) - input.ndim
    if front < 0 or min(times, default=0) < 0:
        raise ShapeError(
            f"repeat: repeats must be {input.ndim} or more counts from 0 up, got {times}."
        )
    shape = (1,) * front + tuple(input.shape)
    spread = tuple(n for size, k in zip(shape, times, strict=True) for n in (k, size))
    paired = tuple(n for size in shape for n in (1, size))
    whole = tuple(size * k for size, k in zip(shape, times, strict=True))
    return reshape_(expand_(reshape_(input, shape=paired), shape=spread), shape=whole)


def tile(input: Any, *counts: Any, dims: Any = None) -> Any:
    """As repeat, with counts of 1 put in front where there are too few."""
    times = sizes(counts, dims)
    return repeat(input, (1,) * (input.ndim - len(times)) + times)


@numpy_words
def repeat_interleave(
    input: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Every element so many times in a row: [a, b] with repeats 2 gives [a, a, b, b].

    Args:
        repeats: one count, or an integer vector with a count per element. Without it, `input` is
            that vector, and the result is which element each place shows.
        dim: along this dimension; None repeats the elements of the flattened tensor.
        output_size: the sum of `repeats`, so that nobody need look at them to know the shape.

    Raises:
        ShapeError: another number of counts than elements, or an `output_size` that differs.
    """
    if repeats is None:
        return _shown(input, input.shape[0], output_size)
    if dim is None:
        input, dim = ravel(input), 0
    elif input.ndim == 0:
        input = unsqueeze(input, one(dim, 0))
    dim = one(dim, input.ndim)
    if hasattr(repeats, "shape"):
        shown = _shown(repeats, input.shape[dim], output_size)
        return gather_at(input, shown, key=(slice(None),) * dim + (Slot.ARRAY,))
    count, shape = whole(repeats, "repeats"), tuple(input.shape)
    if count < 0:
        raise ShapeError(f"repeat_interleave: repeats must be from 0 up, got {count}.")
    spread = expand_(unsqueeze(input, dim + 1), shape=(*shape[: dim + 1], count, *shape[dim + 1 :]))
    return reshape_(spread, shape=(*shape[:dim], shape[dim] * count, *shape[dim + 1 :]))


def _shown(repeats: Any, length: int, total: int | None) -> Any:
    """Which of `length` elements each place shows: a running count of the elements begun so far."""
    if category(repeats.dtype) != 1:
        raise TypeError(f"repeat_interleave: repeats must be integers, got {repeats.dtype}.")
    if repeats.ndim > 1 or repeats.ndim == 1 and repeats.shape[0] not in (1, length):
        raise ShapeError(
            f"repeat_interleave: repeats must be one count or {length}, got {tuple(repeats.shape)}."
        )
    ends = cumsum_(expand(cast(repeats, dtype=int64), (length,)), dim=0)
    known = numbers_of(repeats)
    if known is not None and known.size and known.min() < 0:
        raise ShapeError(f"repeat_interleave: repeats must be from 0 up, got {known.min()}.")
    if total is None or known is not None:
        found = int(ends[-1]) if length else 0
        if total not in (None, found):
            raise ShapeError(f"repeat_interleave: output_size={total}, but repeats sum to {found}.")
        total = found
    begun = scatter_at(
        expand_(positions(2, repeats)[1:], shape=(length,)), ends, key=(Slot.ARRAY,),
        shape=(total + 1,),
    )  # fmt: skip
    return cumsum_(crop(begun, key=(slice(0, total),)), dim=0)
