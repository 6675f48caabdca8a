"""PyTorch's names for joining tensors: along a dimension they have, or along a new one."""

from collections.abc import Sequence
from typing import Any

from ..dtypes import result_type
from ..errors import ShapeError
from .dims import existing, numpy_words, one
from .movement import cast, cat_, pad_
from .repeating import meshgrid
from .shapes import atleast_1d, atleast_2d, atleast_3d, ravel, unsqueeze

__all__ = [
    "block_diag",
    "cartesian_prod",
    "cat",
    "column_stack",
    "dstack",
    "hstack",
    "stack",
    "vstack",
]


@numpy_words
def cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Tensors joined along a dimension they have; the result has the dtype that holds all of them.

    An empty vector, of shape (0,), may stand among tensors of any shape and adds nothing.

    Raises:
        ShapeError: their other sizes differ.
    """
    _some("cat", tensors)
    kind = result_type(*tensors)
    xs = [x if x.dtype == kind else cast(x, dtype=kind) for x in tensors]
    if any(x.shape == (0,) for x in xs):
        xs = [x for x in xs if x.shape != (0,)] or xs[:1]
        dim = 0 if xs[0].shape == (0,) else dim
    dim = existing(dim, xs[0].ndim, "cat")
    for i, x in enumerate(xs):
        if x.ndim != xs[0].ndim:
            raise ShapeError(
                f"cat: tensors must have equally many dimensions, but the first has shape "
                f"{tuple(xs[0].shape)} and number {i} {tuple(x.shape)}."
            )
    return cat_(*xs, dim=dim)


@numpy_words
def stack(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Tensors of one shape joined along a new dimension.

    Raises:
        ShapeError: their shapes differ.
    """
    _some("stack", tensors)
    shape = tuple(tensors[0].shape)
    for i, x in enumerate(tensors):
        if tuple(x.shape) != shape:
            raise ShapeError(
                f"stack: tensors must have one shape, but the first has {shape} and number {i} "
                f"{tuple(x.shape)}."
            )
    dim = one(dim, len(shape) + 1)
    return cat([unsqueeze(x, dim) for x in tensors], dim)


def hstack(tensors: Sequence[Any]) -> Any:
    """Side by side: along the second dimension, vectors along their only one."""
    xs = [atleast_1d(x) for x in _some("hstack", tensors)]
    return cat(xs, 0 if xs[0].ndim == 1 else 1)


def vstack(tensors: Sequence[Any]) -> Any:
    """One below the other: along the first dimension, vectors as rows."""
    return cat([atleast_2d(x) for x in _some("vstack", tensors)], 0)


def dstack(tensors: Sequence[Any]) -> Any:
    """One behind the other: along the third dimension, matrices as layers."""
    return cat([atleast_3d(x) for x in _some("dstack", tensors)], 2)


def column_stack(tensors: Sequence[Any]) -> Any:
    """Side by side, vectors as columns."""
    xs = [atleast_1d(x) for x in _some("column_stack", tensors)]
    return hstack([unsqueeze(x, 1) if x.ndim == 1 else x for x in xs])


def block_diag(*tensors: Any) -> Any:
    """Matrices one after another along the diagonal of a larger one, with 0 elsewhere."""
    kind = result_type(*_some("block_diag", tensors))
    blocks = [cast(atleast_2d(x), dtype=kind) for x in tensors]
    shape = tuple(sum(x.shape[d] for x in blocks) for d in (0, 1))
    rows, start = [], 0
    for x in blocks:
        columns = slice(start, start + x.shape[1])
        rows.append(pad_(x, key=(slice(0, x.shape[0]), columns), shape=(x.shape[0], shape[1])))
        start += x.shape[1]
    return cat_(*rows, dim=0)


def cartesian_prod(*tensors: Any) -> Any:
    """Every way to take one number of each vector, as the rows of a matrix."""
    if len(_some("cartesian_prod", tensors)) == 1:
        return tensors[0]
    return stack([ravel(x) for x in meshgrid(*tensors, indexing="ij")], 1)


def _some(name: str, tensors: Sequence[Any]) -> Sequence[Any]:
    """Raises where there is no list of tensors to join."""
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(f"{name}: tensors must be a list or tuple, got {type(tensors).__name__}.")
    if not tensors:
        raise ValueError(f"{name}: tensors must hold at least one tensor.")
    for i, x in enumerate(tensors):
        if not hasattr(x, "dtype"):
            raise TypeError(f"{name}: number {i} of tensors is no tensor but {x!r:.60}.")
    return tensors
