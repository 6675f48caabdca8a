"""PyTorch's names for sums of exponentials: logsumexp, softmax and its logarithm."""

from typing import Any

from ..dtypes import get_default_dtype, is_differentiable
from .dims import many, numpy_words, one
from .elementwise import exp, log, where_
from .movement import cast, reshape_
from .reduction import amax_, in_dtype, sum_

__all__ = ["log_softmax", "logsumexp", "softmax"]

_INFINITY = float("inf")


@numpy_words
def logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Any:
    """ln of the sum of e^x over dimensions; safe for large x: the largest is taken out first.

    Of nothing it is -inf, the logarithm of 0.

    Raises:
        ValueError: `dim` is an empty tuple.
    """
    dims = many(dim, input.ndim)
    if input.ndim and not dims:
        raise ValueError("logsumexp: dim must name at least one dimension, got ().")
    x = input if is_differentiable(input.dtype) else cast(input, dtype=get_default_dtype())
    top = _top(x, dims)
    if top is not None:
        top = where_((top == _INFINITY) | (top == -_INFINITY), 0.0, top)  # inf - inf would be nan
        x = x - top
    z = log(sum_(exp(x), dims=dims, keepdim=True))
    z = z if top is None else z + top
    left = tuple(n for d, n in enumerate(input.shape) if d not in dims)
    return z if keepdim else reshape_(z, shape=left)


def _top(x: Any, dims: tuple[int, ...]) -> Any:
    """The largest over dimensions as a constant: the results here are the same whatever constant is
    taken out, so no gradient belongs to it. None where there is nothing to choose from."""
    if 0 in x.shape:
        return None
    top = amax_(x, dims=dims, keepdim=True)
    return top.detach() if hasattr(top, "detach") else top


@numpy_words
def softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    """e^x / sum of e^x along a dimension: positive numbers that add up to 1.

    Raises:
        TypeError: integers, without a `dtype` of real numbers.
    """
    x, dims = _logits("softmax", input, dim, dtype)
    top = _top(x, dims)
    weights = exp(x if top is None else x - top)
    return weights / sum_(weights, dims=dims, keepdim=True)


@numpy_words
def log_softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    """ln softmax(x), without ever taking the logarithm of a rounded 0.

    Raises:
        TypeError: integers, without a `dtype` of real numbers.
    """
    x, dims = _logits("log_softmax", input, dim, dtype)
    top = _top(x, dims)
    shifted = x if top is None else x - top
    return shifted - log(sum_(exp(shifted), dims=dims, keepdim=True))


def _logits(name: str, input: Any, dim: int, dtype: Any) -> tuple[Any, tuple[int, ...]]:
    """The numbers that are turned into probabilities, and the dimension along which they add up."""
    x = in_dtype(input, dtype)
    if not is_differentiable(x.dtype):
        raise TypeError(
            f"{name}: input must hold real numbers, got {x.dtype}; give dtype=minidl.float32."
        )
    along = one(dim, x.ndim)
    return x, (along,) if x.ndim else ()
