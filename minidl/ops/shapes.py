"""PyTorch's names for giving the same numbers another shape; what it can, comes as a view.

A view shares memory with the tensor it is of: what is written into one is seen in the other.
Cutting and joining are in pieces.py, copies in repeating.py.
"""

from collections.abc import Sequence
from math import prod
from typing import Any

from ..errors import ShapeError
from .dims import existing, many, numpy_words, one, sizes
from .movement import permute_, reshape_

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "flatten",
    "movedim",
    "permute",
    "ravel",
    "reshape",
    "squeeze",
    "swapaxes",
    "t",
    "transpose",
    "unflatten",
    "unsqueeze",
]

# The same order, other sizes ------------------------------------------------------------------


def reshape(input: Any, *numbers: Any, shape: Any = None) -> Any:
    """The same numbers in another shape; one size may be -1 and is worked out.

    Raises:
        ShapeError: the shapes hold different amounts of numbers.
    """
    return reshape_(input, shape=inferred("reshape", tuple(input.shape), sizes(numbers, shape)))


def inferred(name: str, old: tuple[int, ...], new: tuple[int, ...]) -> tuple[int, ...]:
    """A new shape for numbers of an old one, with the size that stands for -1.

    Raises:
        ShapeError: two sizes are -1, one is less, or the amounts differ.
    """
    total = prod(old)
    if -1 in new:
        rest = prod(n for n in new if n != -1)
        if new.count(-1) > 1:
            raise ShapeError(f"{name}: only one size of the shape may be -1, got {new}.")
        if rest == 0:
            raise ShapeError(f"{name}: beside a size of 0, -1 could be any size in shape {new}.")
        new = tuple(total // rest if n == -1 else n for n in new)
    if prod(new) != total or min(new, default=0) < 0:
        raise ShapeError(f"{name}: the shape {old} holds {total} numbers, which do not fit {new}.")
    return new


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Dimensions start_dim to end_dim as one."""
    start, end = one(start_dim, input.ndim), one(end_dim, input.ndim)
    if start > end:
        raise ShapeError(f"flatten: start_dim={start_dim} comes after end_dim={end_dim}.")
    shape = tuple(input.shape)
    if start == end and shape:
        return input
    middle = prod(shape[start : end + 1])
    return reshape_(input, shape=(*shape[:start], middle, *shape[end + 1 :]))


def ravel(input: Any) -> Any:
    """All numbers in one row."""
    return reshape_(input, shape=(prod(input.shape),))


@numpy_words
def unflatten(input: Any, dim: int, sizes: Sequence[int]) -> Any:
    """One dimension as several; the opposite of flatten.

    Raises:
        ShapeError: `sizes` do not multiply to the size of the dimension.
    """
    dim, shape = existing(dim, input.ndim, "unflatten"), tuple(input.shape)
    if not sizes:
        raise ShapeError("unflatten: sizes must name at least one size, got none.")
    try:
        parts = inferred("unflatten", (shape[dim],), tuple(sizes))
    except ShapeError as error:
        raise ShapeError(f"{error} Those are the sizes for dimension {dim}.") from None
    return reshape_(input, shape=(*shape[:dim], *parts, *shape[dim + 1 :]))


@numpy_words
def squeeze(input: Any, dim: int | Sequence[int] | None = None) -> Any:
    """Without its dimensions of size 1 (or those named, where they are of size 1)."""
    dims = many(dim, input.ndim)
    shape = tuple(n for d, n in enumerate(input.shape) if n != 1 or d not in dims)
    return reshape_(input, shape=shape)


@numpy_words
def unsqueeze(input: Any, dim: int) -> Any:
    """With a new dimension of size 1 before position dim."""
    dim = one(dim, input.ndim + 1)
    return reshape_(input, shape=(*input.shape[:dim], 1, *input.shape[dim:]))


def atleast_1d(*tensors: Any) -> Any:
    """Each with one dimension or more; a number becomes a row of one."""
    return _each(tensors, lambda x: x if x.ndim else reshape_(x, shape=(1,)))


def atleast_2d(*tensors: Any) -> Any:
    """Each with two dimensions or more; a vector becomes a matrix of one row."""
    return _each(tensors, lambda x: x if x.ndim > 1 else unsqueeze(atleast_1d(x), 0))


def atleast_3d(*tensors: Any) -> Any:
    """Each with three dimensions or more; new ones of size 1 come behind a matrix."""
    return _each(tensors, lambda x: x if x.ndim > 2 else unsqueeze(atleast_2d(x), -1))


def _each(tensors: tuple, function: Any) -> Any:
    """One result for one tensor, a tuple for several or for a list."""
    if len(tensors) == 1 and not isinstance(tensors[0], (list, tuple)):
        return function(tensors[0])
    return tuple(function(x) for x in listed(tensors))


def listed(tensors: tuple) -> Sequence[Any]:
    """Tensors given as f(x, y) or as f([x, y])."""
    return tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors


# The same sizes, another order ----------------------------------------------------------------


def permute(input: Any, *order: Any, dims: Any = None) -> Any:
    """Dimensions in another order: z.shape[i] = x.shape[dims[i]]."""
    new = sizes(order, dims)
    if len(new) != input.ndim:
        raise ShapeError(
            f"permute: dims must name each of the {input.ndim} dimensions once, got {new}."
        )
    return permute_(input, dims=many(new, input.ndim))


def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """Two dimensions exchanged."""
    order = list(range(input.ndim))
    a, b = one(dim0, input.ndim), one(dim1, input.ndim)
    if order:
        order[a], order[b] = b, a
    return permute_(input, dims=tuple(order))


def swapaxes(input: Any, axis0: int, axis1: int) -> Any:
    """As transpose, under NumPy's name."""
    return transpose(input, axis0, axis1)


def t(input: Any) -> Any:
    """The transpose of a matrix; vectors and numbers stay as they are.

    Raises:
        ShapeError: more than two dimensions.
    """
    if input.ndim > 2:
        raise ShapeError(f"t: input must be a matrix, got {input.ndim} dimensions; use transpose.")
    return transpose(input, 0, 1) if input.ndim == 2 else input


def movedim(input: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Some dimensions at other places, the rest in their order."""
    sources, targets = many(source, input.ndim), many(destination, input.ndim)
    if len(sources) != len(targets):
        raise ShapeError(
            f"movedim: source and destination must name equally many dimensions, got {source} "
            f"and {destination}."
        )
    rest = iter(d for d in range(input.ndim) if d not in sources)
    placed = dict(zip(targets, sources, strict=True))
    order = tuple(placed[d] if d in placed else next(rest) for d in range(input.ndim))
    return permute_(input, dims=order)
