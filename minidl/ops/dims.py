"""How PyTorch's `dim` and size arguments are read; the only place that reads them."""

from collections.abc import Callable, Sequence
from functools import wraps
from operator import index
from typing import Any, TypeVar

from ..errors import ShapeError

F = TypeVar("F", bound=Callable)
_NUMPY = {"axis": "dim", "keepdims": "keepdim"}


def numpy_words(function: F) -> F:
    """Lets a function take NumPy's words for its options, as PyTorch does: sum(x, axis=0)."""

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        if options:
            ours = {_NUMPY.get(name, name): value for name, value in options.items()}
            if len(ours) < len(options):
                raise TypeError(f"{function.__name__}: give dim or axis, not both: {options}.")
            options = ours
        return function(*args, **options)

    return call  # type: ignore[return-value]


def one(dim: int, ndim: int) -> int:
    """A dimension counted from the front.

    Raises:
        IndexError: there is no such dimension.
        TypeError: `dim` is no integer.
    """
    size = ndim or 1
    if type(dim) is not int:
        dim = whole(dim, "dim")
    if not -size <= dim < size:
        raise IndexError(
            f"dim={dim} is out of range: a tensor with {ndim} dimensions has {-size} to {size - 1}."
        )
    return dim % size


def existing(dim: int, ndim: int, name: str) -> int:
    """As `one`, for functions to which a tensor without dimensions has nothing to offer."""
    if ndim == 0:
        raise IndexError(f"{name}: dim={dim} does not exist, the tensor has no dimensions.")
    return one(dim, ndim)


def many(dim: int | Sequence[int] | None, ndim: int) -> tuple[int, ...]:
    """Dimensions counted from the front; None means all."""
    if dim is None:
        return tuple(range(ndim))
    if isinstance(dim, int) or not hasattr(dim, "__iter__"):
        found = one(dim, ndim)  # type: ignore[arg-type]
        return (found,) if ndim else ()
    dims = tuple(one(d, ndim) for d in dim)
    if len(set(dims)) != len(dims):
        raise ShapeError(f"dim={tuple(dim)} names a dimension twice.")
    return dims if ndim else ()


def sizes(shape: tuple[Any, ...], keyword: Any = None) -> tuple[int, ...]:
    """Sizes given as f(2, 3), f((2, 3)), or f(size=(2, 3)) where `keyword` holds them.

    Raises:
        TypeError: one of them is no integer.
    """
    if keyword is not None:
        shape = (keyword,)
    first = shape[0] if len(shape) == 1 else 0
    if not isinstance(first, int) and hasattr(first, "__iter__") and getattr(first, "shape", True):
        shape = tuple(first)
    return tuple(n if type(n) is int else whole(n, "a size") for n in shape)


def whole(n: Any, what: str) -> int:
    """An integer, or a tensor that holds one.

    Raises:
        TypeError: it is none; the message begins with `what`.
    """
    try:
        return index(n)
    except TypeError:
        raise TypeError(f"{what} must be an integer, got {n!r:.60}.") from None
