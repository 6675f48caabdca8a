"""PyTorch's names for finding places: where a tensor is not 0, and where a number would belong."""

from typing import Any

from ..backend import device_of, int32, int64, is_number
from ..errors import ShapeError
from ..tape import Traced
from .elementwise import where_
from .indexing import Slot, gather_at, positions
from .joining import stack
from .movement import cast, crop
from .questions import eq, ge, gt, le, logical_and, logical_not, lt, ne
from .reduction import any_
from .selection import look_along
from .shapes import atleast_1d, ravel, unsqueeze

__all__ = [
    "argwhere",
    "bucketize",
    "isin",
    "nonzero",
    "searchsorted",
]


def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """The positions of the numbers that are not 0.

    Returns:
        (n, ndim) int64, one row per such number; with `as_tuple` one vector per dimension
        instead, which is a key: x[nonzero(x, as_tuple=True)].
    """
    x = atleast_1d(input) if as_tuple else input
    found = ravel(ne(x, 0))
    flat = gather_at(positions(found.shape[0], x), found, key=(Slot.ARRAY,))
    columns, step = [], 1
    for size in reversed(x.shape):
        columns.append(flat // step % max(size, 1))
        step *= max(size, 1)
    if as_tuple:
        return tuple(reversed(columns))
    if not columns:  # of a single number the position is a row of no coordinates
        return crop(unsqueeze(flat, 1), key=(slice(None), slice(0, 0)))
    return stack(columns[::-1], 1)


def argwhere(input: Any) -> Any:
    """As nonzero: one row per number that is not 0."""
    return nonzero(input)


def searchsorted(
    sorted_sequence: Any,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Any:
    """Where each number would have to be inserted so that a sorted sequence stays sorted.

    Position i means sequence[i - 1] < x <= sequence[i]; with `right`, <= and < change places.
    Found by halving, all numbers at once, in log2(n) rounds.

    Args:
        sorted_sequence: a vector, or rows of which each is sorted.
        input: for a vector, numbers of any shape; for rows, the same shape but in the last
            dimension.
        out_int32: give int32 instead of int64.
        side: "left" or "right", another way to say `right`.
        sorter: the positions that sort the sequence, where it is not sorted itself.

    Raises:
        ShapeError: shapes that do not match so.
        ValueError: a `side` of another name, or one that contradicts `right`.
    """
    if side not in (None, "left", "right"):
        raise ValueError(f"searchsorted: side must be 'left' or 'right', got {side!r}.")
    if right and side == "left":
        raise ValueError("searchsorted: right=True contradicts side='left'.")
    sequence, wanted = sorted_sequence, input
    if is_number(wanted):
        wanted = _number(wanted, sequence)
    shape = tuple(wanted.shape)
    if (
        sequence.ndim == 0
        or sequence.ndim > 1
        and (sequence.ndim != len(shape) or tuple(sequence.shape[:-1]) != shape[:-1])
    ):
        raise ShapeError(
            f"searchsorted: sorted_sequence {tuple(sequence.shape)} must be a vector, or agree "
            f"with input {shape} in all dimensions but the last."
        )
    if sorter is not None:
        sequence = _sorted_by(sequence, sorter)
    z = _counted(sequence, wanted, right or side == "right")
    return cast(z, dtype=int32) if out_int32 else z


def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    """In which of the buckets between sorted boundaries each number falls: searchsorted, turned."""
    if boundaries.ndim != 1:
        raise ShapeError(f"bucketize: boundaries must be a vector, got {boundaries.shape}.")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def isin(elements: Any, test_elements: Any, *, invert: bool = False) -> Any:
    """Whether each number is among others; with `invert`, whether it is not."""
    found = any_(eq(unsqueeze(elements, -1), ravel(test_elements)), dims=(elements.ndim,),
                 keepdim=False)  # fmt: skip
    return logical_not(found) if invert else found


def _number(x: Any, like: Any) -> Any:
    """A Python number as a tensor of no dimensions, where another tensor is."""
    place = device_of(like.array if isinstance(like, Traced) else like)
    assert place is not None
    array = place.asarray(x)
    return like.like(array) if isinstance(like, Traced) else array


def _sorted_by(sequence: Any, sorter: Any) -> Any:
    if sorter.dtype != int64 or tuple(sorter.shape) != tuple(sequence.shape):
        raise ShapeError(
            f"searchsorted: sorter must be int64 of shape {tuple(sequence.shape)}, got "
            f"{sorter.dtype} of {tuple(sorter.shape)}."
        )
    return look_along(sequence, sorter, sequence.ndim - 1)


def _counted(sequence: Any, wanted: Any, right: bool) -> Any:
    """How many numbers of a sorted sequence stand before each wanted one.

    The count is found bit by bit from the top: a bit is set where as many numbers stand before.
    """
    length, after = sequence.shape[-1], gt if right else ge
    count = cast(lt(wanted, wanted), dtype=int64)  # nothing is less than itself: all 0
    for bit in reversed(range(length.bit_length())):
        more = count + (1 << bit)
        last = where_(le(more, length), more, length) - 1
        if sequence.ndim == 1:
            seen = gather_at(sequence, last, key=(Slot.ARRAY,))
        else:
            seen = look_along(sequence, last, sequence.ndim - 1)
        before = logical_and(le(more, length), logical_not(after(seen, wanted)))
        count = where_(before, more, count)
    return count
