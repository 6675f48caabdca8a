"""Sums of exponentials: logsumexp, softmax and its logarithm, the last two fused primitives."""

from typing import Any

from ..dtypes import get_default_dtype, is_differentiable
from ..precision import in_single
from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks, row_sums
from .dims import many, numpy_words, one
from .elementwise import exp, log, where_
from .movement import cast, reshape_
from .reduction import amax_, in_dtype, sum_

__all__ = ["log_softmax", "logsumexp", "softmax"]

_INFINITY = float("inf")


@in_single("cuda")
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


# Softmax, fused ---------------------------------------------------------------------------------


def _same(x, *more, dim):
    return Outline(tuple(x.shape), x.dtype)


_NEAR = (
    60.0  # e^-60 is far from where float32 ends, so numbers that near may share what is taken out
)


def highest(xp, x, dim):
    """What to take out of x before e^x: the largest along a dimension, with True; or the largest of
    all, with False, where that is as safe, since it is found three times as fast."""
    if x.size > 1 << 12:
        top = xp.maximum.reduce(x, axis=None)
        if top - xp.minimum.reduce(x, axis=None) < _NEAR:
            return top, False
    return xp.maximum.reduce(x, axis=dim, keepdims=True), True


def without_top(xp, x, dim):
    """x less its largest, in fresh memory."""
    return x - highest(xp, x, dim)[0]


def totals(xp, x, dim):
    """The sums along a dimension, kept as 1."""
    if dim == x.ndim - 1 and x.size > 1 << 12:
        return row_sums(xp, x)
    return xp.add.reduce(x, axis=dim, keepdims=True)


def _blockwise(xp, rule, dim, *inputs):
    """A rule on blocks of the first dimension, where `dim` is another."""
    z = xp.empty(inputs[0].shape, inputs[0].dtype)

    def work(part):
        z[part] = rule(xp, *(x[part] for x in inputs), dim)

    if z.size:
        by_blocks(xp, z, work, 8) if dim else work(slice(None))
    return z


@primitive(_same, quiet=True)
def softmax_(xp, x, *, dim):
    """z = e^x / sum of e^x along a dimension"""
    return _blockwise(xp, _softmax, dim, x)


def _softmax(xp, x, dim):
    z = without_top(xp, x, dim)
    xp.exp(z, out=z)
    z *= 1 / totals(xp, z, dim)
    return z


@softmax_.composed
def _(x, dim):
    top = _top(x, (dim,))
    weights = exp(x if top is None else x - top)
    return weights / sum_(weights, dims=(dim,), keepdim=True)


softmax_.vjp(lambda g, z, x, dim: softmax_slope(g, z, dim=dim))


@primitive(_same, quiet=True)
def softmax_slope(xp, g, z, *, dim):
    """dL/dx of z = softmax(x): z (g - sum of g z)"""
    return _blockwise(xp, _softmax_slope, dim, g, z)


def _softmax_slope(xp, g, z, dim):
    d = g * z
    share = totals(xp, d, dim)
    xp.subtract(g, share, out=d)
    d *= z
    return d


@softmax_slope.composed
def _(g, z, dim):
    return z * (g - sum_(g * z, dims=(dim,), keepdim=True))


@primitive(_same, quiet=True)
def log_softmax_(xp, x, *, dim):
    """z = x - ln sum of e^x along a dimension"""
    return _blockwise(xp, _log_softmax, dim, x)


def _log_softmax(xp, x, dim):
    z = without_top(xp, x, dim)
    z -= xp.log(totals(xp, xp.exp(z), dim))
    return z


@log_softmax_.composed
def _(x, dim):
    top = _top(x, (dim,))
    shifted = x if top is None else x - top
    return shifted - log(sum_(exp(shifted), dims=(dim,), keepdim=True))


log_softmax_.vjp(lambda g, z, x, dim: log_softmax_slope(g, z, dim=dim))


@primitive(_same, quiet=True)
def log_softmax_slope(xp, g, z, *, dim):
    """dL/dx of z = ln softmax(x): g - e^z sum of g"""
    return _blockwise(xp, _log_softmax_slope, dim, g, z)


def _log_softmax_slope(xp, g, z, dim):
    d = xp.exp(z)
    d *= totals(xp, g, dim)
    xp.subtract(g, d, out=d)
    return d


@log_softmax_slope.composed
def _(g, z, dim):
    return g - exp(z) * sum_(g, dims=(dim,), keepdim=True)


# PyTorch's names --------------------------------------------------------------------------------


@numpy_words
def softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    """e^x / sum of e^x along a dimension: positive numbers that add up to 1.

    Raises:
        TypeError: integers, without a `dtype` of real numbers.
    """
    x, dims = _logits("softmax", input, dim, dtype)
    return softmax_(x, dim=dims[0]) if dims else exp(x - x)


@numpy_words
def log_softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    """ln softmax(x), without ever taking the logarithm of a rounded 0.

    Raises:
        TypeError: integers, without a `dtype` of real numbers.
    """
    x, dims = _logits("log_softmax", input, dim, dtype)
    return log_softmax_(x, dim=dims[0]) if dims else x - x


def _logits(name: str, input: Any, dim: int, dtype: Any) -> tuple[Any, tuple[int, ...]]:
    """The numbers that are turned into probabilities, and the dimension along which they add up."""
    x = in_dtype(input, dtype)
    if not is_differentiable(x.dtype):
        raise TypeError(
            f"{name}: input must hold real numbers, got {x.dtype}; give dtype=minidl.float32."
        )
    along = one(dim, x.ndim)
    return x, (along,) if x.ndim else ()
