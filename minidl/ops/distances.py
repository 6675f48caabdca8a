"""How far points lie apart: two of them, or every one from every other."""

from typing import Any

from ..dtypes import is_floating
from ..errors import ShapeError
from ..precision import in_single
from .elementwise import sub_, where_
from .linear import matmul_, swap
from .movement import reshape_
from .norms import p_norm, root
from .reduction import sum_

__all__ = ["cdist", "dist"]

_MODES = {
    "use_mm_for_euclid_dist_if_necessary": None,
    "use_mm_for_euclid_dist": True,
    "donot_use_mm_for_euclid_dist": False,
}


@in_single("cuda")
def dist(input: Any, other: Any, p: float = 2.0) -> Any:
    """The p-norm of input - other, over all numbers."""
    return p_norm(sub_(input, other), p, tuple(range(max(input.ndim, other.ndim))), False)


@in_single("cpu", "cuda")
def cdist(
    x1: Any,
    x2: Any,
    p: float = 2.0,
    compute_mode: str = "use_mm_for_euclid_dist_if_necessary",
) -> Any:
    """The p-norm distance of every row of x1 (..., n, k) to every row of x2 (..., m, k).

    Where two rows are equal the slope is taken as 0.

    Args:
        compute_mode: whether for p=2 it comes from |a|^2 + |b|^2 - 2 a b, which is quicker and
            keeps less memory, but loses digits for rows close together; by default, for more
            than 25 rows.

    Returns:
        (..., n, m)
    """
    for word, x in (("x1", x1), ("x2", x2)):
        if x.ndim < 2 or not is_floating(x.dtype):
            raise (ShapeError if x.ndim < 2 else TypeError)(
                f"cdist: {word} must be real with at least 2 dimensions, got {x.dtype} of shape "
                f"{tuple(x.shape)}."
            )
    if x1.shape[-1] != x2.shape[-1] or x1.dtype != x2.dtype:
        raise ShapeError(
            f"cdist: the rows of x1 and x2 must have one length and dtype, got {x1.shape[-1]} of "
            f"{x1.dtype} and {x2.shape[-1]} of {x2.dtype}."
        )
    if p < 0 or compute_mode not in _MODES:
        raise ValueError(
            f"cdist: p must not be negative, compute_mode one of {list(_MODES)}; got p={p}, "
            f"{compute_mode!r}."
        )
    products = _MODES[compute_mode]
    if products is None:
        products = max(x1.shape[-2], x2.shape[-2]) > 25
    if p == 2 and products:
        return _euclidean(x1, x2)
    a = reshape_(x1, shape=(*x1.shape[:-1], 1, x1.shape[-1]))
    b = reshape_(x2, shape=(*x2.shape[:-2], 1, *x2.shape[-2:]))
    difference = a - b
    last = difference.ndim - 1
    if not x1.shape[-1]:  # points without coordinates lie all in one place
        return sum_(difference, dims=(last,), keepdim=False)
    return p_norm(difference, p, (last,), False)


def _euclidean(x: Any, y: Any) -> Any:
    """sqrt(|x|^2 + |y|^2 - 2 x y), never of less than 0."""
    over = {"dims": (x.ndim - 1,), "keepdim": True}
    squares = sum_(x * x, **over) + swap(sum_(y * y, dims=(y.ndim - 1,), keepdim=True))
    squares = squares - matmul_(x, swap(y)) * 2
    return root(where_(squares > 0, squares, 0.0), 2)
