"""What LAPACK takes and refuses, and the rows of stacked matrices."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..backend import UNSOLVABLE, float32, is_half
from ..dtypes import is_differentiable, is_floating
from ..errors import LinAlgError, ShapeError
from .movement import crop, reshape_


@contextmanager
def treating(what: str) -> Iterator[None]:
    """Turns LAPACK's refusal of a matrix into ours."""
    try:
        yield
    except UNSOLVABLE:
        raise LinAlgError(what) from None


def wide(x: Any) -> Any:
    """A matrix as LAPACK and cuSOLVER take it, which know no half precision. On a processor halves
    come widened; on a card they do not, where a primitive has a rule of its own."""
    return x.astype(float32) if is_half(x.dtype) else x


def matrices(name: str, word: str, x: Any, square: bool = False, real: bool = False) -> None:
    """Raises unless the argument `word` is a matrix, or a stack of them, of fractions."""
    if x.ndim < 2:
        raise ShapeError(
            f"{name}: {word} must have at least 2 dimensions, got shape {tuple(x.shape)}."
        )
    if square and x.shape[-1] != x.shape[-2]:
        raise ShapeError(
            f"{name}: {word} must be square, got {x.shape[-2]} x {x.shape[-1]} matrices."
        )
    if not is_differentiable(x.dtype):
        raise TypeError(f"{name}: {word} must hold real or complex numbers, got {x.dtype}.")
    if real and not is_floating(x.dtype):
        raise TypeError(f"{name}: {word} must be real, got {x.dtype}.")


def rows(z: Any, start: int, stop: int | None) -> Any:
    """Some rows of each matrix in a stack."""
    return crop(z, key=(..., slice(start, stop), slice(None)))


def row(z: Any, i: int) -> Any:
    """One row of each matrix in a stack, without its dimension."""
    return crop(z, key=(..., i, slice(None)))


def across(x: Any) -> Any:
    """A stack of vectors as a stack of rows, which scale the columns of a matrix."""
    return reshape_(x, shape=(*x.shape[:-1], 1, x.shape[-1]))


def down(x: Any) -> Any:
    """A stack of vectors as a stack of columns, which scale the rows of a matrix."""
    return reshape_(x, shape=(*x.shape, 1))
