"""PyTorch's names for the largest, the smallest and the middle, and for where they stand."""

from math import prod
from typing import Any, NamedTuple, final

from ..backend import bool_
from ..dtypes import is_floating
from ..errors import ShapeError
from .dims import many, numpy_words, one
from .elementwise import maximum, minimum, where_
from .movement import cast, crop, reshape_
from .questions import eq, isnan, logical_or
from .reduction import amax_, amin_, any_, argmax_, argmin_, argsort_, sum_
from .selection import look_along

__all__ = ["amax", "amin", "aminmax", "argmax", "argmin", "max", "median", "min"]


@final
class Extreme(NamedTuple):
    """Values, and the positions along one dimension where they stand."""

    values: Any
    indices: Any


@final
class Ends(NamedTuple):
    """The smallest and the largest."""

    min: Any
    max: Any


@numpy_words
def amax(input: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest over dimensions (all of them without `dim`); equals share the gradient.

    Raises:
        ShapeError: there is nothing to choose from.
    """
    return amax_(input, dims=_chosen(input, dim, "amax"), keepdim=keepdim)


@numpy_words
def amin(input: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest over dimensions (all of them without `dim`); equals share the gradient.

    Raises:
        ShapeError: there is nothing to choose from.
    """
    return amin_(input, dims=_chosen(input, dim, "amin"), keepdim=keepdim)


@numpy_words
def aminmax(input: Any, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """(min, max): the smallest and the largest, over a dimension or over all numbers."""
    over = () if dim is None else dim
    return Ends(amin(input, over, keepdim), amax(input, over, keepdim))


def _chosen(input: Any, dim: Any, name: str) -> tuple[int, ...]:
    """The dimensions over which to choose, none of which is empty."""
    dims = many(dim, input.ndim) or tuple(range(input.ndim))
    for d in dims:
        if input.shape[d] == 0:
            raise ShapeError(f"{name}: input is empty along dim {d}: shape {tuple(input.shape)}.")
    return dims


@numpy_words
def max(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The largest of all; along a dimension, values and indices; with a tensor, `maximum`.

    Of equals along a dimension the first is chosen, and it alone gets the gradient; over all
    numbers, equals share it.

    Raises:
        ShapeError: there is nothing to choose from.
        TypeError: `keepdim` without `dim`.
    """
    return _best(input, dim, keepdim, other, (amax_, argmax_, maximum))


@numpy_words
def min(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The smallest of all; along a dimension, values and indices; with a tensor, `minimum`.

    Equals and errors are treated as in `max`.
    """
    return _best(input, dim, keepdim, other, (amin_, argmin_, minimum))


def _best(input: Any, dim: Any, keepdim: bool, other: Any, rules: tuple) -> Any:
    """The three meanings of max and min; rules: over all, the position, of two tensors."""
    over_all, position, of_two = rules
    if other is not None or hasattr(dim, "shape"):
        return of_two(input, dim if other is None else other)
    name = position.name[3:]
    if dim is not None:
        return _along(input, dim, keepdim, lambda x, d: position(x, dim=d, keepdim=True), name)
    if keepdim:
        raise TypeError(f"{name}: keepdim needs a dim; over all numbers use a{name}.")
    return over_all(input, dims=_chosen(input, (), name), keepdim=False)


def _along(input: Any, dim: int, keepdim: bool, position: Any, name: str) -> Extreme:
    """Values at the positions that (x, dim) -> position of size 1 finds, and the positions."""
    along = one(dim, input.ndim)
    if not input.ndim:
        whole = _along(reshape_(input, shape=(1,)), 0, False, position, name)
        return Extreme(reshape_(whole.values, shape=()), reshape_(whole.indices, shape=()))
    _chosen(input, along, name)
    indices = position(input, along)
    values = look_along(input, indices, along)
    if keepdim:
        return Extreme(values, indices)
    shape = tuple(input.shape[:along] + input.shape[along + 1 :])
    return Extreme(reshape_(values, shape=shape), reshape_(indices, shape=shape))


@numpy_words
def argmax(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The first position of the largest: along a dimension, or in the flattened tensor.

    Raises:
        ShapeError: there is nothing to choose from.
        TypeError: bools.
    """
    return _position(input, argmax_, dim, keepdim)


@numpy_words
def argmin(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The first position of the smallest: along a dimension, or in the flattened tensor.

    Raises:
        ShapeError: there is nothing to choose from.
        TypeError: bools.
    """
    return _position(input, argmin_, dim, keepdim)


def _position(input: Any, position: Any, dim: int | None, keepdim: bool) -> Any:
    if input.dtype == bool_:
        raise TypeError(f"{position.name}: input must hold numbers, got bool; call x.int() first.")
    along = None if dim is None else one(dim, input.ndim)
    _chosen(input, () if along is None else along, position.name)
    if along is not None and input.ndim:
        return position(input, dim=along, keepdim=keepdim)
    flat = position(reshape_(input, shape=(prod(input.shape),)), dim=0, keepdim=False)
    return reshape_(flat, shape=(1,) * input.ndim) if keepdim else flat


@numpy_words
def median(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The number in the middle when sorted; along a dimension, with its position.

    Of an even count it is the lower of the two in the middle, not their mean (as in PyTorch, and
    unlike NumPy). One nan makes the result nan. The median of no numbers is nan.

    Raises:
        ShapeError: a dimension of no numbers.
        TypeError: bools.
    """
    if input.dtype == bool_:
        raise TypeError("median: input must hold numbers, got bool; call x.int() first.")
    if dim is not None:
        return _along(input, dim, keepdim, _middle, "median")
    if keepdim:
        raise TypeError("median: keepdim needs a dim.")
    flat = reshape_(input, shape=(prod(input.shape),))
    if flat.shape == (0,):
        return sum_(flat, dims=(0,), keepdim=False) * float("nan")
    value = _along(flat, 0, False, _middle, "median").values
    if not is_floating(flat.dtype):
        return value
    equal = logical_or(eq(flat, value), isnan(flat))
    return amax_(where_(equal, flat, -float("inf")), dims=(0,), keepdim=False)  # equals share


def _middle(x: Any, dim: int) -> Any:
    """The position of the lower median along a dimension, which keeps size 1."""
    order = argsort_(x, dim=dim, descending=False)
    half = (x.shape[dim] - 1) // 2
    found = crop(order, key=(slice(None),) * dim + (slice(half, half + 1),))
    if not is_floating(x.dtype):
        return found
    lost = isnan(x)
    first = argmax_(cast(lost, dtype=order.dtype), dim=dim, keepdim=True)
    return where_(any_(lost, dims=(dim,), keepdim=True), first, found)
