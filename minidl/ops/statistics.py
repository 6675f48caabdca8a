"""PyTorch's names for sums, means, spreads, norms and questions about all numbers.

`dim` is one dimension, a tuple of them, or None for all; with keepdim they stay, with size 1.
"""

from collections.abc import Sequence
from math import inf, prod
from typing import Any

from ..backend import uint8
from ..dtypes import is_differentiable
from ..errors import ShapeError
from ..precision import in_single
from .dims import many, numpy_words
from .matrix_norms import matrix_norm
from .movement import cast
from .norms import p_norm, root
from .questions import ne
from .reduction import all_, any_, in_dtype, sum_

__all__ = [
    "all",
    "any",
    "count_nonzero",
    "mean",
    "norm",
    "std",
    "std_mean",
    "sum",
    "var",
    "var_mean",
]

Dim = int | Sequence[int] | None


def _over(dim: Dim, ndim: int) -> tuple[int, ...]:
    """The dimensions to go over; None means all, and so does () in most of PyTorch."""
    return many(dim, ndim) or tuple(range(ndim))


@numpy_words
def sum(input: Any, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum over dimensions (all of them without `dim`); integers and bools sum to int64."""
    x = in_dtype(input, dtype)
    return in_dtype(sum_(x, dims=_over(dim, x.ndim), keepdim=keepdim), dtype)


@numpy_words
def mean(input: Any, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean over dimensions; of no numbers, nan.

    Raises:
        TypeError: integers or bools, whose mean needs a dtype of real numbers.
    """
    x = in_dtype(input, dtype)
    if not is_differentiable(x.dtype):
        raise TypeError(f"mean: input must hold real numbers, got {x.dtype}; use x.float().mean().")
    dims = _over(dim, x.ndim)
    return sum_(x, dims=dims, keepdim=keepdim) / _count(x, dims)


def _count(input: Any, dims: tuple[int, ...]) -> int:
    return prod(input.shape[d] for d in dims)


# Spread ---------------------------------------------------------------------------------------


@numpy_words
def var(
    input: Any, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False,
    *, correction: float | None = None,
) -> Any:  # fmt: skip
    """The variance, sum of (x - mean)^2 / (n - correction).

    Args:
        unbiased: another word for correction=1; False for correction=0. var(x, False) has no dim.
        correction: 1 by default, which makes the variance of a sample unbiased (Bessel's
            correction). NumPy's default is 0.

    Where n <= correction the result is nan or inf.

    Raises:
        TypeError: integers or bools; or both `unbiased` and `correction` were given.
    """
    return _spread("var", input, dim, unbiased, keepdim, correction)[0]


@numpy_words
def std(
    input: Any, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False,
    *, correction: float | None = None,
) -> Any:  # fmt: skip
    """The square root of the variance, with `var`'s arguments; at 0 its slope is taken as 0."""
    return root(_spread("std", input, dim, unbiased, keepdim, correction)[0], 2)


@numpy_words
def var_mean(
    input: Any, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False,
    *, correction: float | None = None,
) -> tuple:  # fmt: skip
    """Variance and mean, with the arguments of `var`."""
    return _spread("var_mean", input, dim, unbiased, keepdim, correction)


@numpy_words
def std_mean(
    input: Any, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False,
    *, correction: float | None = None,
) -> tuple:  # fmt: skip
    """Standard deviation and mean, with the arguments of `var`."""
    spread, centre = _spread("std_mean", input, dim, unbiased, keepdim, correction)
    return root(spread, 2), centre


def _spread(
    name: str, input: Any, dim: Any, unbiased: Any, keepdim: bool, correction: Any
) -> tuple:
    """Variance and mean."""
    if not is_differentiable(input.dtype):
        raise TypeError(f"{name}: input must hold real numbers, got {input.dtype}; use x.float().")
    if unbiased is not None and correction is not None:
        raise TypeError(f"{name}: unbiased and correction say the same; give one of them.")
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if correction is None:
        correction = 0 if unbiased is False else 1
    dims = _over(dim, input.ndim)
    centre = mean(input, dims, keepdim=True)
    centred = input - centre
    freedom = _count(input, dims) - correction
    spread = sum_(centred * centred, dims=dims, keepdim=keepdim) / (freedom if freedom > 0 else 0)
    return spread, centre if keepdim else mean(input, dims)


# Size -----------------------------------------------------------------------------------------


@in_single("cuda")
def norm(
    input: Any, p: Any = "fro", dim: Dim = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """(sum of |x|^p)^(1/p), over dimensions or over all numbers; see also linalg.vector_norm.

    Args:
        p: 2 or "fro" for the length; inf and -inf for the largest and smallest |x|; 0 counts the
            numbers that are not 0; "nuc", of two dimensions, the sum of the singular values.

    Where the norm is 0 its slope is taken as 0.

    Raises:
        TypeError: integers or bools.
        ValueError: another word for `p`.
        ShapeError: p is infinite, and there is nothing to choose from.
    """
    if not is_differentiable(input.dtype):
        raise TypeError(f"norm: input must hold real numbers, got {input.dtype}; use x.float().")
    x = in_dtype(input, dtype)
    dims = _over(dim, x.ndim)
    if p == "nuc":
        return matrix_norm(x, "nuc", dims, keepdim)
    if isinstance(p, str) and p != "fro":
        raise ValueError(f"norm: p must be a number, 'fro' or 'nuc', got {p!r}.")
    if p in (inf, -inf) and not _count(x, dims):
        raise ShapeError(f"norm: p={p} of nothing: input has shape {tuple(x.shape)}.")
    return p_norm(x, 2 if p is None or p == "fro" else p, dims, keepdim)


# Questions ------------------------------------------------------------------------------------


@numpy_words
def all(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    """Whether all are true; of nothing, True. As in PyTorch, uint8 answers in uint8."""
    answer = all_(input, dims=many(dim, input.ndim), keepdim=keepdim)
    return cast(answer, dtype=uint8) if input.dtype == uint8 else answer


@numpy_words
def any(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    """Whether any is true; of nothing, False. As in PyTorch, uint8 answers in uint8."""
    answer = any_(input, dims=many(dim, input.ndim), keepdim=keepdim)
    return cast(answer, dtype=uint8) if input.dtype == uint8 else answer


@numpy_words
def count_nonzero(input: Any, dim: Dim = None) -> Any:
    """How many are not 0."""
    return sum_(ne(input, 0), dims=_over(dim, input.ndim), keepdim=False)
