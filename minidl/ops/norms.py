"""How large a vector is: sums of powers, and the roots of them."""

from collections.abc import Sequence
from math import inf
from typing import Any

from ..dtypes import is_differentiable, is_floating
from ..errors import ShapeError
from ..precision import in_single
from .complexes import is_complex, modulus
from .dims import many
from .elementwise import abs_, mul, pow_, sqrt, where_
from .movement import cast
from .reduction import amax_, amin_, sum_

__all__: list[str] = []

Dim = int | Sequence[int] | None


@in_single("cuda")
def vector_norm(
    x: Any, ord: float = 2, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """(sum of |x|^ord)^(1/ord) over dimensions, all without `dim`.

    Where the norm is 0 its slope is taken as 0.

    Args:
        ord: inf gives the largest |x|, -inf the smallest, 0 how many are not 0.
        dtype: convert x to this first.

    Raises:
        ShapeError: there is nothing to choose from: no numbers, and ord is infinite or negative.
        TypeError: integers.
    """
    x = of_numbers("vector_norm", "x", x, dtype)
    if isinstance(ord, (str, bool)):
        raise TypeError(f"vector_norm: ord must be a number, got {ord!r}.")
    dims = many(dim, x.ndim) or tuple(range(x.ndim))  # () means all, too
    if (ord < 0 or ord == inf) and any(x.shape[d] == 0 for d in dims):
        raise ShapeError(f"vector_norm: ord={ord} of nothing: x has shape {tuple(x.shape)}.")
    return p_norm(x, ord, dims, keepdim)


def of_numbers(name: str, word: str, x: Any, dtype: Any) -> Any:
    """x in the dtype asked for, which may not be narrower."""
    if not is_differentiable(x.dtype):
        raise TypeError(f"{name}: {word} must hold real or complex numbers, got {x.dtype}.")
    if dtype is None or x.dtype == dtype:
        return x
    if not is_differentiable(dtype) or dtype.itemsize < x.dtype.itemsize:
        raise TypeError(f"{name}: dtype={dtype} is narrower than {word}, of {x.dtype}.")
    return cast(x, dtype=dtype)


def p_norm(x: Any, p: float, dims: tuple[int, ...], keepdim: bool) -> Any:
    """The p-norm of real or complex numbers."""
    over = {"dims": dims, "keepdim": keepdim}
    if p == 2:
        squares = mul(x, x) if is_floating(x.dtype) else _squared(x)
        return root(sum_(squares, **over), 2)
    size = modulus(x) if is_complex(x) else abs_(x)
    if p in (inf, -inf):
        return (amax_ if p > 0 else amin_)(size, **over)
    if p == 1:
        return sum_(size, **over)
    if p < 1:  # |x|^p is infinitely steep at 0
        none = size == 0
        powers = where_(none, 0.0 if p >= 0 else inf, pow_(where_(none, 1.0, size), p))
    else:
        powers = pow_(size, p)
    total = sum_(powers, **over)
    return root(total, p) if p else total


def _squared(z: Any) -> Any:
    """|z|^2 of complex numbers, which unlike |z| has a slope at 0."""
    size = modulus(z)
    return mul(size, size)


def root(total: Any, p: float) -> Any:
    """total^(1/p), whose slope at 0 is taken as 0."""
    zero = total == 0
    safe = where_(zero, 1.0, total)
    return where_(zero, 0.0, sqrt(safe) if p == 2 else pow_(safe, 1 / p))
