"""PyTorch's names for changing the order along dimensions."""

from collections.abc import Sequence
from typing import Any

from ..errors import ShapeError
from .dims import existing, many, sizes
from .joining import cat
from .movement import clone, flip_, reshape_
from .pieces import narrow
from .shapes import ravel, transpose

__all__ = [
    "flip",
    "fliplr",
    "flipud",
    "roll",
    "rot90",
]


def flip(input: Any, *order: Any, dims: Any = None) -> Any:
    """A copy reversed along some dimensions. (A slice with a negative step is refused instead.)"""
    if not order and dims is None:
        raise TypeError("flip: dims must say along which dimensions to reverse.")
    found = many(sizes(order, dims), input.ndim)
    return flip_(input, dims=found) if found else clone(input)


def fliplr(input: Any) -> Any:
    """A copy with left and right exchanged: reversed along the second dimension."""
    return flip_(input, dims=(existing(1, input.ndim, "fliplr"),))


def flipud(input: Any) -> Any:
    """A copy with up and down exchanged: reversed along the first dimension."""
    return flip_(input, dims=(existing(0, input.ndim, "flipud"),))


def roll(input: Any, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Any:
    """Every number so many places further; what leaves at the end comes in at the beginning.

    Without `dims`, along the flattened tensor.

    Raises:
        ShapeError: another number of shifts than dimensions.
    """
    places, ways = sizes((() if dims is None else dims,)), sizes((shifts,))
    if dims is None and len(ways) == 1:
        return reshape_(roll(ravel(input), ways, (0,)), shape=tuple(input.shape))
    if len(places) != len(ways):
        raise ShapeError(
            f"roll: shifts={shifts} and dims={dims} must name equally many dimensions."
        )
    for way, place in zip(ways, places, strict=True):
        dim = existing(place, input.ndim, "roll")
        size = input.shape[dim]
        cut = -way % size if size else 0
        if cut:
            pieces = narrow(input, dim, cut, size - cut), narrow(input, dim, 0, cut)
            input = cat(pieces, dim)
    return input


def rot90(input: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    """Turned k times by 90 degrees in the plane of two dimensions, from the first to the second."""
    if len(tuple(dims)) != 2:
        raise ShapeError(f"rot90: dims must name two dimensions, got {tuple(dims)}.")
    a, b = many(dims, max(input.ndim, 1))
    if input.ndim < 2:
        raise ShapeError(f"rot90: input must have two dimensions or more, got {input.ndim}.")
    if k % 4 == 1:
        return transpose(flip_(input, dims=(b,)), a, b)
    if k % 4 == 3:
        return flip_(transpose(input, a, b), dims=(b,))
    return flip_(input, dims=(a, b)) if k % 4 else clone(input)
