"""How large a vector or a matrix is."""

from collections.abc import Sequence
from math import inf
from typing import Any

from ..dtypes import is_differentiable, is_floating
from ..errors import ShapeError
from .complexes import is_complex, modulus
from .dims import many, one
from .elementwise import abs_, mul, pow_, sqrt, where_
from .movement import cast, permute_, reshape_
from .reduction import amax_, amin_, sum_
from .spectra import svdvals

__all__: list[str] = []

Dim = int | Sequence[int] | None


def vector_norm(
    x: Any, ord: float = 2, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """(sum of |x|^ord)^(1/ord) over dimensions (all without `dim`).

    Where a norm has a corner, as at 0, its slope is taken as 0.

    Args:
        ord: inf gives the largest |x|, -inf the smallest, 0 how many are not 0.
        dtype: convert x to this first; it may not be narrower.

    Raises:
        ShapeError: there is nothing to choose from: no numbers, and ord is infinite or negative.
        TypeError: integers.
    """
    x = _of_numbers("vector_norm", "x", x, dtype)
    if isinstance(ord, (str, bool)):
        raise TypeError(f"vector_norm: ord must be a number, got {ord!r}.")
    dims = many(None if dim == () or dim == [] else dim, x.ndim)
    if (ord < 0 or ord == inf) and any(x.shape[d] == 0 for d in dims):
        raise ShapeError(f"vector_norm: of no numbers there is no norm of ord={ord}.")
    return p_norm(x, ord, dims, keepdim)


def _of_numbers(name: str, word: str, x: Any, dtype: Any) -> Any:
    """x in the dtype asked for."""
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


def matrix_norm(
    input: Any,
    ord: float | str = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Any:
    """A norm of the matrices that lie in two dimensions.

    Args:
        ord: "fro", the root of the sum of squares; "nuc", the sum of the singular values; 2 and -2,
            the largest and the smallest of them; 1 and -1, the largest and smallest column sum of
            |input|; inf and -inf, row sum.
    """
    x = _of_numbers("matrix_norm", "input", input, dtype)
    if x.ndim < 2 or isinstance(dim, int) or len(dim) != 2:
        raise ShapeError(
            f"matrix_norm: dim must name two dimensions, got {dim} for shape {tuple(x.shape)}."
        )
    row, column = (one(d, x.ndim) for d in dim)
    if row == column:
        raise ShapeError(f"matrix_norm: dim must name two dimensions, got {tuple(dim)}.")
    known = ("fro", "nuc", 2, -2, 1, -1, inf, -inf)
    if ord not in known:
        raise ValueError(f"matrix_norm: ord must be one of {known}, got {ord!r}.")
    if ord == "fro":
        return p_norm(x, 2, (row, column), keepdim)
    if ord in ("nuc", 2, -2):
        return _spectral(x, ord, (row, column), keepdim)
    first, second = (row, column) if abs(ord) == 1 else (column, row)
    size = modulus(x) if is_complex(x) else abs_(x)
    lines = sum_(size, dims=(first,), keepdim=True)
    z = (amax_ if ord > 0 else amin_)(lines, dims=(second,), keepdim=True)
    return z if keepdim else _without(z, (row, column))


def _spectral(x: Any, ord: float | str, dims: tuple[int, int], keepdim: bool) -> Any:
    """A norm made of singular values."""
    rest = tuple(d for d in range(x.ndim) if d not in dims)
    values = svdvals(permute_(x, dims=(*rest, *dims)))
    over = {"dims": (values.ndim - 1,), "keepdim": False}
    z = sum_(values, **over) if ord == "nuc" else (amax_ if ord == 2 else amin_)(values, **over)
    kept = tuple(1 if d in dims else n for d, n in enumerate(x.shape))
    return reshape_(z, shape=kept) if keepdim else z


def _without(x: Any, dims: tuple[int, ...]) -> Any:
    """Without some dimensions of size 1."""
    return reshape_(x, shape=tuple(n for d, n in enumerate(x.shape) if d not in dims))


def norm(
    input: Any,
    ord: float | str | None = None,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Any:
    """A vector's or a matrix's norm.

    Without `ord` the 2-norm of all numbers in `dim`. With it: for one dimension in `dim` (or a
    tensor of one) as vector_norm, for two as matrix_norm. So norm(x, 2) of a matrix is its
    largest singular value, not the root of the sum of squares.
    """
    if dim is not None and not isinstance(dim, int) and len(dim) not in (1, 2):
        raise ShapeError(f"norm: dim must name 1 or 2 dimensions, got {dim}.")
    if ord is None:
        return vector_norm(input, 2, dim, keepdim, dtype=dtype)
    if dim is None and input.ndim not in (1, 2):
        raise ShapeError(
            f"norm: without dim, ord={ord!r} is for 1 or 2 dimensions, got {input.ndim}."
        )
    dims = tuple(range(input.ndim)) if dim is None else dim
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(dims) == 2 or isinstance(ord, str):
        return matrix_norm(input, ord, dims, keepdim, dtype=dtype)
    return vector_norm(input, ord, dims, keepdim, dtype=dtype)
