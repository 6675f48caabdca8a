"""PyTorch's names for putting numbers at the positions of gather: copies of the input, changed."""

from typing import Any

from ..backend import bool_, category, largest, uint8
from .arithmetic import div
from .dims import numpy_words, one
from .elementwise import fill, floor_divide, where_
from .indexing import fold_at, put_at, scatter_at
from .movement import cast, clone, crop, reshape_
from .questions import eq
from .selection import grid, index_fits
from .shapes import atleast_1d

__all__ = [
    "scatter",
    "scatter_add",
    "scatter_reduce",
]


@numpy_words
def scatter(
    input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: Any = None
) -> Any:
    """A copy of input with z[index[i][j]][j] = src[i][j] for dim 0, and so on for others.

    Where a place is named twice, one of its values stays. The gradient of `src` is right only
    where no place is.

    Args:
        src: a tensor at least as large as `index`, or a number.
        value: a number, instead of `src`.
        reduce: "add" or "multiply" to work the values into what stands there instead.

    Raises:
        ShapeError, IndexError: as gather; or `src` is smaller than `index`.
    """
    src = value if src is None else src
    if src is None:
        raise TypeError("scatter: src, a tensor, or value, a number, must be given.")
    if reduce is not None:
        if reduce not in ("add", "multiply"):
            raise ValueError(f"scatter: reduce must be 'add' or 'multiply', got {reduce!r}.")
        src = src if hasattr(src, "shape") else fill(cast(index, dtype=input.dtype), value=src)
        return scatter_reduce(input, dim, index, src, "sum" if reduce == "add" else "prod")
    x, part, template, arrays = _places("scatter", input, dim, index, src)
    if not arrays:
        return clone(input)
    z = put_at(x, part, *arrays, key=template)
    return z if input.ndim else reshape_(z, shape=())


@numpy_words
def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """A copy of input to which src is added at the positions of gather: its adjoint."""
    if not hasattr(src, "shape"):
        raise TypeError(f"scatter_add: src must be a tensor, got {src!r:.60}.")
    return scatter_reduce(input, dim, index, src, "sum")


_FOLDS = {"prod": "multiply", "amax": "maximum", "amin": "minimum"}


@numpy_words
def scatter_reduce(
    input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True
) -> Any:
    """As scatter, with all values for one place made one.

    Args:
        reduce: "sum", "prod", "mean", "amax" or "amin". Of equal extremes, all share the gradient.
        include_self: whether what stood in a place counts as one of its values.
    """
    if reduce not in ("sum", "mean", *_FOLDS):
        raise ValueError(
            f"scatter_reduce: reduce must be 'sum', 'prod', 'mean', 'amax' or 'amin', got "
            f"{reduce!r}."
        )
    x, part, template, arrays = _places("scatter_" + reduce, input, dim, index, src)
    if not arrays:
        return clone(input)
    if not include_self:
        ends = {"prod": 1, "amax": _bound(x.dtype, -1), "amin": _bound(x.dtype, 1)}
        x = put_at(x, ends.get(reduce, 0), *arrays, key=template)
    if reduce in _FOLDS:
        z = fold_at(x, part, *arrays, key=template, by=_FOLDS[reduce])
    else:
        z = x + scatter_at(part, *arrays, key=template, shape=tuple(x.shape))
        if reduce == "mean":
            ones = fill(cast(part, dtype=x.dtype), value=1)
            count = scatter_at(ones, *arrays, key=template, shape=tuple(x.shape))
            count = count + 1 if include_self else where_(eq(count, 0), 1, count)
            z = div(z, count) if category(x.dtype) > 1 else floor_divide(z, count)
    return z if input.ndim else reshape_(z, shape=())


def _places(name: str, input: Any, dim: int, index: Any, src: Any) -> tuple[Any, Any, tuple, tuple]:
    """What scatter writes into, what it writes, and the key; no key where there is no index."""
    dim = one(dim, input.ndim)
    x, index = atleast_1d(input), atleast_1d(index)
    part = atleast_1d(src) if hasattr(src, "shape") else src
    tensor = hasattr(part, "shape")
    if tensor and part.dtype != x.dtype:
        raise TypeError(f"{name}: src must have the dtype of input, {x.dtype}, got {part.dtype}.")
    index_fits(name, x, dim, index, part if tensor else None)
    if 0 in index.shape:
        return x, part, (), ()
    if tensor and part.shape != index.shape:
        part = crop(part, key=tuple(slice(0, n) for n in index.shape))
    return x, part, *grid(index, dim, tuple(index.shape))


def _bound(kind: Any, sign: int) -> Any:
    """What every number of a dtype is at most (sign 1) or at least (sign -1)."""
    if category(kind) > 1:
        return sign * float("inf")
    top = largest(kind)
    return top if sign > 0 else 0 if kind in (bool_, uint8) else -top - 1
