"""How large a matrix is, and the norms that take vectors and matrices alike."""

from collections.abc import Sequence
from math import inf
from typing import Any

from ..errors import ShapeError
from ..precision import in_single
from .complexes import is_complex, modulus
from .dims import one
from .elementwise import abs_
from .movement import permute_, reshape_
from .norms import Dim, of_numbers, p_norm, vector_norm
from .reduction import amax_, amin_, sum_
from .spectra import svdvals

__all__: list[str] = []


@in_single("cuda")
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
    x = of_numbers("matrix_norm", "input", input, dtype)
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


def linalg_norm(
    input: Any,
    ord: float | str | None = None,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Any:
    """A vector's or a matrix's norm: what PyTorch calls linalg.norm.

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
