"""PyTorch's names for order; gradients follow the numbers to where they stood."""

from typing import Any

from ..backend import bool_
from ..errors import ShapeError
from .dims import numpy_words, one, whole
from .extremes import Extreme
from .movement import crop, reshape_
from .reduction import argsort_
from .selection import look_along
from .shapes import atleast_1d

__all__ = [
    "argsort",
    "sort",
    "topk",
]


@numpy_words
def argsort(input: Any, dim: int = -1, descending: bool = False, *, stable: bool = False) -> Any:
    """The positions that sort a tensor along a dimension.

    Equals keep their order whether `stable` or not; PyTorch promises that only where it is set.
    nan counts as the largest.
    """
    dim = one(dim, input.ndim)
    order = argsort_(atleast_1d(input), dim=dim, descending=descending)
    return order if input.ndim else reshape_(order, shape=())


@numpy_words
def sort(input: Any, dim: int = -1, descending: bool = False, *, stable: bool = False) -> Extreme:
    """Sorted values along a dimension, and where they stood; equals as in argsort."""
    indices = argsort(input, dim, descending)
    return Extreme(look_along(input, indices, one(dim, input.ndim)), indices)


@numpy_words
def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Extreme:
    """The k largest (or smallest) along a dimension, and where they stood.

    They come in order, whether `sorted` or not. Which of several equals is taken is the first
    here; PyTorch leaves it open.

    Raises:
        ShapeError: there are fewer than k.
    """
    dim, k = one(dim, input.ndim), whole(k, "topk: k")
    size = input.shape[dim] if input.ndim else 1
    if not 0 <= k <= size:
        raise ShapeError(f"topk: k must be from 0 to {size}, the size of dimension {dim}, got {k}.")
    if input.dtype == bool_:
        raise TypeError("topk: input must hold numbers, got bool.")
    indices = argsort(input, dim, descending=largest)
    if input.ndim:
        indices = crop(indices, key=(slice(None),) * dim + (slice(0, k),))
    return Extreme(look_along(input, indices, dim), indices)
