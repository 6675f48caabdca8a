"""PyTorch's names for which numbers there are and how often: unique, unique_consecutive, bincount.

How many results there are depends on the numbers, so none of them works on paper.
"""

from math import prod
from typing import Any

from ..backend import category, float32, float64, int64
from ..errors import ShapeError
from .dims import existing, numpy_words
from .indexing import Slot, gather_at, positions, put_at, scatter_at
from .joining import cat
from .movement import cast, expand_, reshape_
from .questions import ne
from .reduction import any_, cumsum_
from .rows import index_select
from .searching import nonzero
from .shapes import movedim, ravel

__all__ = [
    "bincount",
    "unique",
    "unique_consecutive",
]


def bincount(input: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each of 0, 1, 2, ... occurs in a vector; with weights, how much each weighs.

    Returns:
        A vector of the largest number + 1 entries, or `minlength` if that is more: int64, or with
        weights their dtype (float64 unless float32).

    Raises:
        TypeError: no integers.
        ShapeError: no vector, or weights of another length.
        ValueError: a number below 0.
    """
    if category(input.dtype) != 1:
        raise TypeError(f"bincount: input must hold integers, got {input.dtype}.")
    if input.ndim != 1:
        raise ShapeError(f"bincount: input must be a vector, got {input.ndim} dimensions.")
    if minlength < 0:
        raise ValueError(f"bincount: minlength must be 0 or more, got {minlength}.")
    if weights is not None and tuple(weights.shape) != tuple(input.shape):
        raise ShapeError(
            f"bincount: weights must have the shape of input, {tuple(input.shape)}, got "
            f"{tuple(weights.shape)}."
        )
    count = input.shape[0]
    if count and int(input.min()) < 0:
        raise ValueError(f"bincount: input must hold numbers from 0 up, got {int(input.min())}.")
    length = max(int(input.max()) + 1 if count else 0, minlength)
    if weights is None or count == 0:
        weights = expand_(positions(2, input)[1:], shape=(count,))
    elif weights.dtype != float32:
        weights = cast(weights, dtype=float64)
    return scatter_at(weights, cast(input, dtype=int64), key=(Slot.ARRAY,), shape=(length,))


@numpy_words
def unique(
    input: Any,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Every number once, in order (whether `sorted` or not); with `dim`, every slice once.

    Args:
        return_inverse: give also, in the input's shape, the position of each in the result.
        return_counts: give also how often each occurs.

    Returns:
        The tensor of them, or a tuple with the inverse and the counts behind it. No gradients.
    """
    rows, whole = _rows("unique", input, dim)
    order = _in_order(rows)
    groups, starts = _groups(gather_at(rows, order, key=(Slot.ARRAY,)))
    inverse = put_at(groups, groups, order, key=(Slot.ARRAY,))
    kept = gather_at(order, starts, key=(Slot.ARRAY,))
    return _told(whole, dim, kept, starts, inverse, return_inverse, return_counts)


@numpy_words
def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """Of equals that follow each other, the first: as unique, but without sorting."""
    rows, whole = _rows("unique_consecutive", input, dim)
    groups, starts = _groups(rows)
    return _told(whole, dim, starts, starts, groups, return_inverse, return_counts)


def _rows(name: str, input: Any, dim: int | None) -> tuple[Any, Any]:
    """What is compared, as (n, width), and the tensor to pick the result from."""
    x = input.detach() if hasattr(input, "detach") else input
    if dim is None:
        return reshape_(x, shape=(prod(x.shape), 1)), x
    dim = existing(dim, x.ndim, name)
    width = prod((*x.shape[:dim], *x.shape[dim + 1 :]))
    if width == 0:
        raise ShapeError(f"{name}: along dim={dim} of shape {tuple(x.shape)} there is nothing.")
    return reshape_(movedim(x, dim, 0), shape=(x.shape[dim], width)), x


def _in_order(rows: Any) -> Any:
    """The positions that sort rows by their first number, equal ones by their second, and so on.

    Sorted by the last number first, because a stable sort keeps what was sorted before.
    """
    order = None
    for column in reversed(range(max(rows.shape[1], 1))):
        values = rows[:, column]
        step = (values if order is None else values[order]).argsort(0)
        order = step if order is None else order[step]
    return order


def _groups(rows: Any) -> tuple[Any, Any]:
    """Which group of equal neighbours each row is in, and where each group starts."""
    count = rows.shape[0]
    starts_here = any_(ne(rows[1:], rows[: max(count - 1, 0)]), dims=(1,), keepdim=False)
    first = expand_(rows.like(positions(1, rows)), shape=(min(count, 1),))
    groups = cat([first, cumsum_(starts_here, dim=0)])
    starts = cat([first, nonzero(starts_here, as_tuple=True)[0] + 1])
    return groups, starts


def _told(
    x: Any, dim: int | None, kept: Any, starts: Any, inverse: Any, wants_inverse: bool, wants: bool
) -> Any:
    """What unique gives back, from the positions kept and the starts of the groups."""
    if dim is None:
        values = gather_at(ravel(x), kept, key=(Slot.ARRAY,))
        inverse = reshape_(inverse, shape=tuple(x.shape))
    else:
        values = index_select(x, dim, kept)
    results = (values,)
    if wants_inverse:
        results += (inverse,)
    if wants:
        end = x.like(positions(inverse.numel() + 1, x))[-1:]
        results += (cat([starts[1:], end[: starts.shape[0]]]) - starts,)
    return results if len(results) > 1 else values
