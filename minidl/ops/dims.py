"""How PyTorch's `dim` and size arguments are read; the only place that reads them."""

from collections.abc import Sequence
from typing import Any

from ..errors import ShapeError


def one(dim: int, ndim: int) -> int:
    """A dimension counted from the front.

    Raises:
        IndexError: there is no such dimension.
    """
    size = max(ndim, 1)
    if not -size <= dim < size:
        raise IndexError(
            f"dim={dim} is out of range: a tensor with {ndim} dimensions has {-size} to {size - 1}."
        )
    return dim % size


def many(dim: int | Sequence[int] | None, ndim: int) -> tuple[int, ...]:
    """Dimensions counted from the front; None means all."""
    if dim is None:
        return tuple(range(ndim))
    if isinstance(dim, int):
        return (one(dim, ndim),) if ndim else ()
    dims = tuple(one(d, ndim) for d in dim)
    if len(set(dims)) != len(dims):
        raise ShapeError(f"dim={tuple(dim)} names a dimension twice.")
    return dims if ndim else ()


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Sizes given as f(2, 3) or f((2, 3))."""
    if len(shape) == 1 and not isinstance(shape[0], int) and hasattr(shape[0], "__iter__"):
        shape = tuple(shape[0])
    return tuple(int(n) for n in shape)
