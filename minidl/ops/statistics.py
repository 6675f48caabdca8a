"""PyTorch's names for reductions, composed of the reduction primitives."""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple, final

from ..dtypes import get_default_dtype, is_floating
from ..errors import ShapeError
from .dims import many, one
from .elementwise import abs_, exp, log, maximum, minimum, ne, pow_, sqrt, where_
from .movement import cast, reshape_
from .reduction import all_, amax_, amin_, any_, argmax_, argmin_, argsort_, cumsum_, sum_
from .selection import take_along_dim
from .shapes import narrow

__all__ = [
    "all",
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "argsort",
    "count_nonzero",
    "cumsum",
    "log_softmax",
    "logsumexp",
    "max",
    "mean",
    "min",
    "norm",
    "softmax",
    "sort",
    "std",
    "std_mean",
    "sum",
    "topk",
    "var",
    "var_mean",
]

_INFINITY = float("inf")

Dim = int | Sequence[int] | None


@final
class Extreme(NamedTuple):
    """Values, and the positions along one dimension where they stand."""

    values: Any
    indices: Any


def sum(input: Any, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum over dimensions (all of them without `dim`); integers and bools sum to int64."""
    x = input if dtype is None else cast(input, dtype=dtype)
    return sum_(x, dims=many(dim, x.ndim), keepdim=keepdim)


def mean(input: Any, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean over dimensions.

    Raises:
        TypeError: integers or bools, whose mean needs a dtype of real numbers.
    """
    kind = dtype or input.dtype
    if not is_floating(kind):
        raise TypeError(f"mean needs real numbers, got {kind}; call x.float().mean().")
    return sum(input, dim, keepdim, dtype=dtype) / _count(input, dim)


def _count(input: Any, dim: Dim) -> int:
    return prod(input.shape[d] for d in many(dim, input.ndim))


def var(input: Any, dim: Dim = None, *, correction: float = 1, keepdim: bool = False) -> Any:
    """The variance, sum of (x - mean)^2 / (n - correction); correction 1 makes it unbiased."""
    centred = input - mean(input, dim, keepdim=True)
    degrees = _count(input, dim) - correction
    return sum(centred * centred, dim, keepdim) * (1 / degrees if degrees > 0 else float("nan"))


def std(input: Any, dim: Dim = None, *, correction: float = 1, keepdim: bool = False) -> Any:
    """The square root of the variance."""
    return sqrt(var(input, dim, correction=correction, keepdim=keepdim))


def var_mean(input: Any, dim: Dim = None, *, correction: float = 1, keepdim: bool = False) -> tuple:
    """Variance and mean."""
    spread = var(input, dim, correction=correction, keepdim=keepdim)
    return spread, mean(input, dim, keepdim)


def std_mean(input: Any, dim: Dim = None, *, correction: float = 1, keepdim: bool = False) -> tuple:
    """Standard deviation and mean."""
    spread = std(input, dim, correction=correction, keepdim=keepdim)
    return spread, mean(input, dim, keepdim)


def amax(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    """The largest over dimensions; equals share the gradient."""
    return amax_(_filled(input, "amax"), dims=many(dim, input.ndim), keepdim=keepdim)


def amin(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    """The smallest over dimensions; equals share the gradient."""
    return amin_(_filled(input, "amin"), dims=many(dim, input.ndim), keepdim=keepdim)


def _filled(input: Any, name: str) -> Any:
    """Raises where there is nothing to choose from."""
    if 0 in input.shape:
        raise ShapeError(f"{name} of nothing: the shape is {tuple(input.shape)}.")
    return input


def max(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Without `dim`, the largest number; with it, values and indices; with a tensor, maximum."""
    if dim is None:
        return amax(input)
    return maximum(input, dim) if hasattr(dim, "shape") else _extreme(input, argmax_, dim, keepdim)


def min(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Without `dim`, the smallest number; with it, values and indices; with a tensor, minimum."""
    if dim is None:
        return amin(input)
    return minimum(input, dim) if hasattr(dim, "shape") else _extreme(input, argmin_, dim, keepdim)


def _extreme(input: Any, position: Any, dim: int, keepdim: bool) -> Extreme:
    dim = one(dim, input.ndim)
    indices = position(_filled(input, position.name[3:]), dim=dim, keepdim=True)
    values = take_along_dim(input, indices, dim)
    if keepdim:
        return Extreme(values, indices)
    shape = input.shape[:dim] + input.shape[dim + 1 :]
    return Extreme(reshape_(values, shape=shape), reshape_(indices, shape=shape))


def argmax(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The position of the largest: along a dimension, or in the flattened tensor."""
    return _position(input, argmax_, dim, keepdim)


def argmin(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The position of the smallest: along a dimension, or in the flattened tensor."""
    return _position(input, argmin_, dim, keepdim)


def _position(input: Any, position: Any, dim: int | None, keepdim: bool) -> Any:
    _filled(input, position.name)
    if dim is not None:
        return position(input, dim=one(dim, input.ndim), keepdim=keepdim)
    flat = position(reshape_(input, shape=(prod(input.shape),)), dim=0, keepdim=False)
    return reshape_(flat, shape=(1,) * input.ndim) if keepdim else flat


def argsort(input: Any, dim: int = -1, descending: bool = False) -> Any:
    """The positions that sort a tensor along a dimension; equals keep their order."""
    return argsort_(input, dim=one(dim, input.ndim), descending=descending)


def sort(input: Any, dim: int = -1, descending: bool = False) -> Extreme:
    """Sorted values along a dimension, and where they stood."""
    indices = argsort(input, dim, descending)
    return Extreme(take_along_dim(input, indices, dim), indices)


def topk(input: Any, k: int, dim: int = -1, largest: bool = True) -> Extreme:
    """The k largest (or smallest) along a dimension, in order, and where they stood."""
    ordered = sort(input, dim, descending=largest)
    return Extreme(narrow(ordered.values, dim, 0, k), narrow(ordered.indices, dim, 0, k))


def all(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    """Whether all are true."""
    return all_(input, dims=many(dim, input.ndim), keepdim=keepdim)


def any(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    """Whether any is true."""
    return any_(input, dims=many(dim, input.ndim), keepdim=keepdim)


def count_nonzero(input: Any, dim: Dim = None) -> Any:
    """How many are not 0."""
    return sum(ne(input, 0), dim)


def cumsum(input: Any, dim: int) -> Any:
    """Running sums along a dimension."""
    return cumsum_(input, dim=one(dim, input.ndim))


def logsumexp(input: Any, dim: Dim, keepdim: bool = False) -> Any:
    """ln of the sum of e^x, safe for large x because the largest is taken out first."""
    top = _top(input, dim)
    top = where_((top == _INFINITY) | (top == -_INFINITY), 0.0, top)  # inf - inf would be nan
    z = log(sum(exp(input - top), dim, keepdim=True)) + top
    return z if keepdim else reshape_(z, shape=_shape_left(input, dim))


def _shape_left(input: Any, dim: Dim) -> tuple[int, ...]:
    """The shape a reduction leaves without keepdim."""
    dims = many(dim, input.ndim)
    return tuple(n for d, n in enumerate(input.shape) if d not in dims)


def _top(input: Any, dim: Dim) -> Any:
    """The largest along a dimension as a constant: the results below are the same whatever
    constant is taken out, so no gradient belongs to it."""
    top = amax(input, dim, keepdim=True)
    return top.detach() if hasattr(top, "detach") else top


def softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    """e^x / sum of e^x along a dimension: positive numbers that add up to 1."""
    x = input if dtype is None else cast(input, dtype=dtype)
    x = x if is_floating(x.dtype) else cast(x, dtype=get_default_dtype())
    weights = exp(x - _top(x, dim))
    return weights / sum(weights, dim, keepdim=True)


def log_softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    """ln softmax(x), without ever taking the logarithm of a rounded 0."""
    x = input if dtype is None else cast(input, dtype=dtype)
    shifted = x - _top(x, dim)
    return shifted - log(sum(exp(shifted), dim, keepdim=True))


def norm(input: Any, p: float = 2, dim: Dim = None, keepdim: bool = False) -> Any:
    """(sum of |x|^p)^(1/p); p may be infinite. The slope of the 2-norm at 0 is taken as 0."""
    if p == float("inf"):
        return amax(abs_(input), dim, keepdim)
    if p == 1:
        return sum(abs_(input), dim, keepdim)
    if p != 2:
        return pow_(sum(pow_(abs_(input), p), dim, keepdim), 1 / p)
    squares = sum(input * input, dim, keepdim)
    zero = squares == 0
    return where_(zero, 0.0, sqrt(where_(zero, 1.0, squares)))
