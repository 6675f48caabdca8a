"""PyTorch's names for cutting a tensor along one dimension; every piece is a view."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from ..errors import ShapeError
from .dims import existing, numpy_words, one, whole
from .movement import crop
from .shapes import atleast_1d, movedim
from .sliding import windows

__all__ = [
    "chunk",
    "narrow",
    "select",
    "split",
    "tensor_split",
    "unbind",
]


@numpy_words
def narrow(input: Any, dim: int, start: int, length: int) -> Any:
    """Positions start to start + length - 1 of a dimension; a negative start counts from the end.

    Raises:
        IndexError: there are no such positions.
    """
    dim, start = existing(dim, input.ndim, "narrow"), whole(start, "narrow: start")
    size = input.shape[dim]
    first = start + size if start < 0 else start
    if length < 0 or not 0 <= first <= size - length:
        raise IndexError(
            f"narrow: start={start} with length={length} leaves dimension {dim}, whose size is "
            f"{size}."
        )
    return _cut(input, dim, first, length)


def _cut(input: Any, dim: int, start: int, length: int) -> Any:
    return crop(input, key=(slice(None),) * dim + (slice(start, start + length),))


@numpy_words
def select(input: Any, dim: int, index: int) -> Any:
    """One position along a dimension, which disappears.

    Raises:
        IndexError: there is no such position.
    """
    dim, index = existing(dim, input.ndim, "select"), whole(index, "select: index")
    size = input.shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select: index {index} is out of range for dimension {dim}, whose size is {size}."
        )
    return crop(input, key=(slice(None),) * dim + (index,))


@numpy_words
def unbind(input: Any, dim: int = 0) -> tuple:
    """Every position along a dimension."""
    dim = existing(dim, input.ndim, "unbind")
    before = (slice(None),) * dim
    return tuple(crop(input, key=(*before, i)) for i in range(input.shape[dim]))


@numpy_words
def split(tensor: Any, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple:
    """Pieces along a dimension: of one size (the last may be smaller), or of the sizes listed.

    Raises:
        ShapeError: a size below 0, or sizes that do not add up to the dimension's.
    """
    dim = existing(dim, tensor.ndim, "split")
    length, asked = tensor.shape[dim], split_size_or_sections
    if isinstance(asked, (list, tuple)):
        parts = [whole(n, "split: split_size_or_sections") for n in asked]
        if sum(parts) != length or min(parts, default=0) < 0:
            raise ShapeError(
                f"split: split_size_or_sections={parts} must be sizes that add up to {length}, the "
                f"size of dimension {dim}."
            )
    else:
        step = whole(asked, "split: split_size_or_sections")
        if step < 0 or step == 0 != length:
            raise ShapeError(f"split: split_size_or_sections must be positive, got {step}.")
        parts = [min(step, length - i) for i in range(0, length, step or 1)] or [0]
    return _pieces(tensor, dim, parts)


def _pieces(input: Any, dim: int, parts: Sequence[int]) -> tuple:
    """One after the other, pieces of these sizes."""
    starts = accumulate(parts, initial=0)
    return tuple(_cut(input, dim, i, n) for i, n in zip(starts, parts, strict=False))


@numpy_words
def chunk(input: Any, chunks: int, dim: int = 0) -> tuple:
    """At most so many pieces of one size along a dimension; the last may be smaller.

    There may be fewer: 5 positions in 4 chunks are pieces of 2, 2 and 1. `tensor_split` always
    gives as many as were asked for.
    """
    dim, chunks = existing(dim, input.ndim, "chunk"), whole(chunks, "chunk: chunks")
    if chunks <= 0:
        raise ValueError(f"chunk: chunks must be positive, got {chunks}.")
    if input.shape[dim] == 0:
        return _pieces(input, dim, [0] * chunks)
    return split(input, -(-input.shape[dim] // chunks), dim)


@numpy_words
def tensor_split(input: Any, indices_or_sections: int | Sequence[int], dim: int = 0) -> tuple:
    """So many pieces, as equal as can be, the larger ones first; or cuts at the positions listed.

    Positions beyond the end leave empty pieces.
    """
    dim = existing(dim, input.ndim, "tensor_split")
    size = input.shape[dim]
    if isinstance(indices_or_sections, (list, tuple)):
        cuts = [range(size)[:n].stop for n in indices_or_sections]
    else:
        count = whole(indices_or_sections, "tensor_split: indices_or_sections")
        if count <= 0:
            raise ValueError(f"tensor_split: indices_or_sections must be positive, got {count}.")
        small, larger = divmod(size, count)
        cuts = [small * i + min(i, larger) for i in range(1, count)]
    ends = zip([0, *cuts], [*cuts, size], strict=True)
    return tuple(_cut(input, dim, start, max(end - start, 0)) for start, end in ends)


def unfold(input: Any, dimension: int, size: int, step: int) -> Any:
    """All windows of a size along a dimension, `step` apart; their insides as a new last dimension.

    z[..., i, ..., j] = x[..., i * step + j, ...]. The windows are a view: where they overlap they
    share numbers, and gradients add up.

    Raises:
        ShapeError: the window is longer than the dimension.
    """
    dim, x = one(dimension, input.ndim), atleast_1d(input)
    length = x.shape[dim]
    if not 0 <= size <= length:
        raise ShapeError(f"unfold: size must be from 0 to {length}, got {size}.")
    if step <= 0:
        raise ValueError(f"unfold: step must be positive, got {step}.")
    if input.ndim == 0:
        return _cut(x, 0, 0, size)
    last = movedim(x, dim, -1)
    return movedim(windows(last, sizes=(size,), steps=(step,), gaps=(1,)), (0, -1), (-1, dim))
