"""PyTorch's names for running sums and products, and for the product of everything.

A product has no primitive: its derivative, "the product of all the others", must not divide by an
element that is 0. A tree of plain multiplications gets that right, in every order of derivative.
"""

from math import prod as count_of
from typing import Any

from ..backend import bool_, int64
from ..dtypes import is_differentiable
from ..errors import ShapeError
from ..precision import in_single
from .dims import numpy_words, one
from .elementwise import fill, sub_
from .movement import cat_, crop, reshape_
from .questions import ne
from .reduction import cumsum_, in_dtype, sum_

__all__ = ["cumprod", "cumsum", "diff", "prod"]


@numpy_words
def cumsum(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """z[i] = x[0] + ... + x[i] along a dimension; integers and bools run as int64."""
    x = _accumulated(input, dim, dtype)
    return in_dtype(cumsum_(x, dim=one(dim, x.ndim)) if x.ndim else x, dtype)


@in_single("cuda")
@numpy_words
def cumprod(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """z[i] = x[0] * ... * x[i] along a dimension; integers and bools run as int64.

    Each pass multiplies in what stands 1, 2, 4, ... places before, so log2(n) passes do.

    Source: Hillis, Steele, "Data Parallel Algorithms" (1986), section "Sum of an Array".
    """
    x = _accumulated(input, dim, dtype)
    if not x.ndim:
        return in_dtype(x, dtype)
    dim = one(dim, x.ndim)
    reach, n = 1, x.shape[dim]
    while reach < n:
        rest, before = _part(x, dim, reach, n), _part(x, dim, 0, n - reach)
        x = cat_(_part(x, dim, 0, reach), rest * before, dim=dim)
        reach *= 2
    return in_dtype(x, dtype)


@in_single("cpu", "cuda")
@numpy_words
def prod(input: Any, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The product along a dimension, or of all numbers; of none, 1. Integers and bools: int64.

    Halves are multiplied with each other until one number is left.
    """
    x = input
    if dim is None:
        x, dim, keepdim = reshape_(x, shape=(count_of(x.shape),)), 0, False
    x = _accumulated(x, dim, dtype)
    if not x.ndim:
        return in_dtype(x, dtype)
    dim = one(dim, x.ndim)
    shape = tuple(n for d, n in enumerate(x.shape) if d != dim)
    if keepdim:
        shape = (*x.shape[:dim], 1, *x.shape[dim + 1 :])
    if x.shape[dim] == 0:
        whole = fill(sum_(x, dims=(dim,), keepdim=True), value=1)
    else:
        whole = _folded(x, dim)
    return in_dtype(reshape_(whole, shape=shape), dtype)


def _folded(x: Any, dim: int) -> Any:
    """The product along a dimension, which keeps size 1."""
    n, odd = x.shape[dim], None
    while n > 1:
        half = n // 2
        if n % 2:
            last = _part(x, dim, n - 1, n)
            odd = last if odd is None else odd * last
        x, n = _part(x, dim, 0, half) * _part(x, dim, half, 2 * half), half
    return x if odd is None else x * odd


def _part(x: Any, dim: int, start: int, end: int) -> Any:
    return crop(x, key=(slice(None),) * dim + (slice(start, end),))


def _accumulated(input: Any, dim: int, dtype: Any) -> Any:
    """input in the dtype in which sums and products run, after a look at dim."""
    one(dim, input.ndim)
    x = in_dtype(input, dtype)
    return x if is_differentiable(x.dtype) else in_dtype(x, int64)


@numpy_words
def diff(input: Any, n: int = 1, dim: int = -1) -> Any:
    """z[i] = x[i + 1] - x[i] along a dimension, n times over; bools differ by logical_xor.

    Raises:
        ShapeError: input has no dimensions. ValueError: n is negative.
    """
    if not input.ndim:
        raise ShapeError("diff: input needs at least one dimension, got a single number.")
    if n < 0:
        raise ValueError(f"diff: n must not be negative, got {n}.")
    d = one(dim, input.ndim)
    before = (slice(None),) * d
    for _ in range(min(n, input.shape[d])):
        ahead, behind = (crop(input, key=(*before, s)) for s in (slice(1, None), slice(None, -1)))
        input = ne(ahead, behind) if input.dtype == bool_ else sub_(ahead, behind)
    return input
