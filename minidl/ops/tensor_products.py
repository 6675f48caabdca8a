"""Products over any dimensions of two tensors: contracted, in blocks, at right angles."""

from collections.abc import Sequence
from math import prod
from typing import Any

from ..errors import ShapeError
from ..precision import in_half
from .complexes import conj
from .dims import numpy_words, one
from .movement import permute_, reshape_
from .products import matmul
from .reduction import sum_
from .turning import roll

__all__ = ["cross", "inner", "kron", "tensordot"]


def inner(input: Any, other: Any) -> Any:
    """The sum of products over the last dimension of both: (..., k), (..., k) -> (..., ...)

    A number without dimensions multiplies.
    """
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    return tensordot(input, other, dims=([-1], [-1]))


@in_half
def vecdot(x: Any, y: Any, *, dim: int = -1) -> Any:
    """The sum of conj(x) * y over one dimension."""
    z = conj(x) * y
    return sum_(z, dims=(one(dim, z.ndim),), keepdim=False)


def tensordot(a: Any, b: Any, dims: int | Sequence[Any] = 2) -> Any:
    """The sum of products over some dimensions of a and b; the result has a's others, then b's.

    Args:
        dims: how many: the last of a with the first of b; or two lists, which of a with which of b.
    """
    if isinstance(dims, int):
        if not 0 <= dims <= min(a.ndim, b.ndim):
            raise ShapeError(f"tensordot: dims={dims}, but a has {a.ndim} and b {b.ndim}.")
        dims = (list(range(a.ndim - dims, a.ndim)), list(range(dims)))
    over = [[one(d, x.ndim) for d in named] for x, named in zip((a, b), dims, strict=True)]
    if len(over[0]) != len(over[1]) or any(len(set(o)) != len(o) for o in over):
        raise ShapeError(f"tensordot: dims must name as many of a as of b, each once, got {dims}.")
    a, b = _matched(a, b, over)
    free = [[d for d in range(x.ndim) if d not in o] for x, o in zip((a, b), over, strict=True)]
    sizes = [[x.shape[d] for d in f] for x, f in zip((a, b), free, strict=True)]
    inside = prod(a.shape[d] for d in over[0])
    x = reshape_(permute_(a, dims=(*free[0], *over[0])), shape=(prod(sizes[0]), inside))
    y = reshape_(permute_(b, dims=(*over[1], *free[1])), shape=(inside, prod(sizes[1])))
    return reshape_(matmul(x, y), shape=(*sizes[0], *sizes[1]))


def _matched(a: Any, b: Any, over: list[list[int]]) -> tuple[Any, Any]:
    """Both with equal sizes over the contracted dimensions: beside a 1, the other is summed."""
    for i, j in zip(*over, strict=True):
        if a.shape[i] == b.shape[j]:
            continue
        if a.shape[i] == 1:
            b = sum_(b, dims=(j,), keepdim=True)
        elif b.shape[j] == 1:
            a = sum_(a, dims=(i,), keepdim=True)
        else:
            raise ShapeError(
                f"tensordot: dims pairs size {a.shape[i]} (dimension {i} of a) with size "
                f"{b.shape[j]} (dimension {j} of b)."
            )
    return a, b


def kron(input: Any, other: Any) -> Any:
    """Kronecker's product: every number of `input` times all of `other`, in blocks.

    Sizes multiply, dimension by dimension; missing ones count as 1, from the left.
    """
    ndim = max(input.ndim, other.ndim)
    m = (1,) * (ndim - input.ndim) + tuple(input.shape)
    n = (1,) * (ndim - other.ndim) + tuple(other.shape)
    x = reshape_(input, shape=tuple(size for k in m for size in (k, 1)))
    y = reshape_(other, shape=tuple(size for k in n for size in (1, k)))
    return reshape_(x * y, shape=tuple(k * l for k, l in zip(m, n, strict=True)))


@numpy_words
def cross(input: Any, other: Any, dim: int | None = None) -> Any:
    """The vector at right angles to two vectors of 3 numbers, as long as the area they span.

    Args:
        dim: where the 3 numbers lie; by default the first dimension of size 3 (in linalg.cross the
            last dimension).
    """
    if input.ndim != other.ndim:
        raise ShapeError(
            f"cross: input and other must have as many dimensions, got {tuple(input.shape)} and "
            f"{tuple(other.shape)}."
        )
    if input.dtype != other.dtype:
        raise TypeError(f"cross: input is {input.dtype}, other {other.dtype}; convert one.")
    if dim is None:
        dim = next((d for d, n in enumerate(input.shape) if n == 3), -1)
    dim = one(dim, input.ndim)
    if not input.ndim or input.shape[dim] != 3 or other.shape[dim] != 3:
        raise ShapeError(
            f"cross: dim must be one of size 3, got input {tuple(input.shape)}, other "
            f"{tuple(other.shape)}, dim {dim}."
        )

    return roll(input, -1, dim) * roll(other, -2, dim) - roll(input, -2, dim) * roll(other, -1, dim)


def cross_last(input: Any, other: Any, *, dim: int = -1) -> Any:
    """As `cross`, by default along the last dimension: linalg.cross."""
    return cross(input, other, dim)
