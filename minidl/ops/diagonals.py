"""Diagonals and triangles; batches of matrices have them in two of their dimensions.

An `offset` (or `diagonal`) of 0 means the main diagonal, 1 the one above it, -1 the one below.
"""

from typing import Any

from ..backend import bool_
from ..errors import ShapeError
from ..precision import in_single
from ..primitive import primitive
from ..tape import Outline
from .dims import one
from .elementwise import where_
from .indexing import positions
from .movement import permute_, reshape_
from .questions import ge, le
from .reduction import sum_
from .shapes import movedim

__all__ = [
    "diag",
    "diag_embed",
    "diagonal",
    "trace",
    "tril",
    "triu",
]

# Read and written: each the other's adjoint ---------------------------------------------------


def _length(shape: tuple[int, ...], offset: int) -> int:
    """How many numbers a diagonal of the last two dimensions has."""
    height, width = shape[-2:]
    return max(min(height + min(offset, 0), width - max(offset, 0)), 0)


def _walk(xp: Any, x: Any, offset: int) -> Any:
    """A view along a diagonal of the last two dimensions: a step goes down and right at once."""
    down, right = x.strides[-2:]
    length = _length(x.shape, offset)
    first = x[..., max(-offset, 0) :, max(offset, 0) :]
    shape, strides = (*x.shape[:-2], length), (*x.strides[:-2], down + right)
    return xp.lib.stride_tricks.as_strided(first, shape, strides)


@primitive(
    lambda x, *, offset: Outline((*x.shape[:-2], _length(x.shape, offset)), x.dtype), view=True
)
def diagonal_(xp, x, *, offset):
    """z[..., i] = x[..., i, i + offset] (for an offset below 0, x[..., i - offset, i])"""
    return _walk(xp, x, offset)


@primitive(lambda x, *, shape, offset: Outline(tuple(shape), x.dtype))
def on_diagonal(xp, x, *, shape, offset):
    """Zeros of a shape with x on a diagonal of the last two dimensions: the adjoint of diagonal"""
    z = xp.zeros(shape, x.dtype)
    _walk(xp, z, offset)[...] = x
    return z


diagonal_.vjp(lambda g, z, x, offset: on_diagonal(g, shape=tuple(x.shape), offset=offset))
on_diagonal.vjp(lambda g, z, x, shape, offset: diagonal_(g, offset=offset))


# PyTorch's names ------------------------------------------------------------------------------


def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """z[..., i] = x[i, i + offset, ...]: the diagonal over dim1 and dim2, as a new last dimension.

    It is a view, so writing into it writes into the matrix.

    Raises:
        ShapeError: dim1 and dim2 are one dimension.
    """
    a, b = _two("diagonal", dim1, dim2, input.ndim)
    rest = tuple(d for d in range(input.ndim) if d not in (a, b))
    return diagonal_(permute_(input, dims=(*rest, a, b)), offset=offset)


def _two(name: str, dim1: int, dim2: int, ndim: int) -> tuple[int, int]:
    """Two different dimensions."""
    a, b = one(dim1, ndim), one(dim2, ndim)
    if a == b:
        raise ShapeError(f"{name}: dim1={dim1} and dim2={dim2} must be two dimensions.")
    return a, b


def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices of zeros with the last dimension of `input` on a diagonal: diagonal's adjoint."""
    a, b = _two("diag_embed", dim1, dim2, input.ndim + 1)
    size = input.shape[-1] + abs(offset)
    z = on_diagonal(input, shape=(*input.shape[:-1], size, size), offset=offset)
    return movedim(z, (-2, -1), (a, b))


def diag(input: Any, diagonal: int = 0) -> Any:
    """Of a matrix, its diagonal; of a vector, the matrix with it on the diagonal.

    Raises:
        ShapeError: neither a vector nor a matrix.
    """
    if input.ndim not in (1, 2):
        raise ShapeError(f"diag: input must be a vector or a matrix, got {input.ndim} dimensions.")
    return diag_embed(input, diagonal) if input.ndim == 1 else diagonal_(input, offset=diagonal)


@in_single("cpu")
def trace(input: Any) -> Any:
    """The sum of a matrix's diagonal; integers sum to int64.

    Raises:
        ShapeError: not a matrix.
        TypeError: bools, which PyTorch does not sum here.
    """
    if input.ndim != 2:
        raise ShapeError(f"trace: input must be a matrix, got {input.ndim} dimensions.")
    if input.dtype == bool_:
        raise TypeError("trace: input must hold numbers, got bool.")
    return sum_(diagonal_(input, offset=0), dims=(0,), keepdim=False)


def tril(input: Any, diagonal: int = 0) -> Any:
    """The lower triangle, up to and with a diagonal; 0 above it."""
    rows, columns = _grid("tril", input)
    return where_(le(columns, rows + diagonal), input, False)


def triu(input: Any, diagonal: int = 0) -> Any:
    """The upper triangle, from a diagonal on; 0 below it."""
    rows, columns = _grid("triu", input)
    return where_(ge(columns, rows + diagonal), input, False)


def _grid(name: str, input: Any) -> tuple[Any, Any]:
    """The row and the column of every number of a matrix, to be broadcast."""
    if input.ndim < 2:
        raise ShapeError(f"{name}: input must have two dimensions or more, got {input.ndim}.")
    height, width = input.shape[-2:]
    return reshape_(positions(height, input), shape=(height, 1)), positions(width, input)
