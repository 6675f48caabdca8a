"""Linear equations: solving them, the inverse, and what is nearest to one where there is none.

The rules hold for complex matrices too; none of them conjugates (see complexes.py).
"""

from typing import Any

from ..backend import finfo
from ..errors import ShapeError
from ..precision import in_single
from ..primitive import broadcast, primitive
from ..tape import Outline
from .diagonals import diag_embed, diagonal_, tril, triu
from .elementwise import fill, sub_
from .lapack import matrices, treating, wide
from .linear import matmul_, swap
from .movement import reshape_

__all__ = ["inverse", "matrix_power", "pinverse"]


# A X = B ----------------------------------------------------------------------------------------


def _solved(a, b):
    return Outline((*broadcast(a.shape[:-2], b.shape[:-2]), *b.shape[-2:]), b.dtype)


@primitive(_solved)
def solve_(xp, a, b):
    """x with a @ x = b"""
    with treating("solve: A is singular: some rows are combinations of others, so A X = B has no "
                  "solution, or many."):  # fmt: skip
        return xp.linalg.solve(wide(a), wide(b)).astype(b.dtype, copy=False)


@solve_.joint_vjp
def _(g, x, a, b):
    """From da x + a dx = db."""
    gb = solve_(swap(a), g)
    return -matmul_(gb, swap(x)), gb


@primitive(lambda a: Outline(tuple(a.shape), a.dtype))
def inv_(xp, a):
    """z = a^-1"""
    with treating("inv: A is singular: some rows are combinations of others; nothing undoes it."):
        return xp.linalg.inv(wide(a)).astype(a.dtype, copy=False)


inv_.vjp(lambda g, z, a: -matmul_(matmul_(swap(z), g), swap(z)))


# The pseudo-inverse -----------------------------------------------------------------------------


@primitive(lambda a, *, rtol: Outline((*a.shape[:-2], a.shape[-1], a.shape[-2]), a.dtype))
def pinv_(xp, a, *, rtol):
    """p: the inverse where a is not 0, taking singular values below rtol s_max as 0"""
    with treating("pinv: the singular values of input were not found; does it hold nan or inf?"):
        return xp.linalg.pinv(wide(a), rtol).astype(a.dtype, copy=False)


@pinv_.vjp
def _(g, p, a, rtol):
    """dp = -p da p + p p^T da^T (1 - a p) + (1 - p a) da^T p^T p

    Source: Golub, Pereyra, "The Differentiation of Pseudo-Inverses and Nonlinear Least Squares
    Problems Whose Variables Separate" (1973), equation 4.12.
    """
    pt, gt = swap(p), swap(g)
    left, right = matmul_(gt, matmul_(p, pt)), matmul_(matmul_(pt, p), gt)
    left = sub_(left, matmul_(a, matmul_(p, left)))
    right = sub_(right, matmul_(matmul_(right, p), a))
    return left + right - matmul_(matmul_(pt, g), pt)


# PyTorch's names --------------------------------------------------------------------------------


@in_single("cpu")
def solve(A: Any, B: Any, *, left: bool = True) -> Any:
    """The X with A X = B, or with X A = B where `left` is false.

    Args:
        A: (..., n, n).
        B: (..., n, k); (n,) or (..., n) beside A's own stack counts as columns.

    Raises:
        LinAlgError: A is singular.
        ShapeError: A is not square, or B has another size.
        TypeError: integers, or two dtypes.
    """
    matrices("solve", "A", A, square=True)
    if A.dtype != B.dtype:
        raise TypeError(f"solve: A and B must have one dtype, got {A.dtype} and {B.dtype}.")
    column = B.ndim == 1 or B.ndim == A.ndim - 1 and tuple(B.shape) == tuple(A.shape[:-1])
    x = reshape_(B, shape=(*B.shape, 1)) if column else B
    if column and not left:
        raise ShapeError("solve: B must be a matrix where left=False, got vectors.")
    if x.shape[-2 if left else -1] != A.shape[-1]:
        raise ShapeError(
            f"solve: {'A X = B' if left else 'X A = B'} needs {A.shape[-1]} "
            f"{'rows' if left else 'columns'} in B, got A {tuple(A.shape)} and B {tuple(B.shape)}."
        )
    z = solve_(A, x) if left else swap(solve_(swap(A), swap(x)))
    return reshape_(z, shape=z.shape[:-1]) if column else z


def solve_triangular(
    input: Any, B: Any, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Any:
    """As `solve`, with the matrix A, `input`, taken as triangular: its other triangle is not read.

    Args:
        input: (..., n, n).
        B: (..., n, k), or (..., k, n) where `left` is false.
        upper: whether the numbers stand on and above the diagonal, or on and below it.
        unitriangular: take the diagonal as 1 without reading it.
    """
    matrices("solve_triangular", "input", input, square=True)
    if B.ndim < 2:
        raise ShapeError(f"solve_triangular: B must be a matrix, got shape {tuple(B.shape)}.")
    triangle = (triu if upper else tril)(input)
    if unitriangular:
        triangle = triangle - diag_embed(diagonal_(input, offset=0) - 1)
    stacked = reshape_(B, shape=(1,) * (input.ndim - B.ndim) + tuple(B.shape))  # never vectors
    return solve(triangle, stacked, left=left)


@in_single("cpu")
def inv(A: Any) -> Any:
    """The inverse of a square matrix, or of each in a stack: A^-1 A = 1. To solve, use `solve`.

    Raises:
        LinAlgError: a matrix is singular.
    """
    matrices("inv", "A", A, square=True)
    return inv_(A)


def inverse(input: Any) -> Any:
    """As linalg.inv."""
    return inv(input)


def pinv(input: Any, *, rtol: float | None = None) -> Any:
    """The pseudo-inverse (..., n, m) of (..., m, n): pinv(A) @ b is the least-squares solution.

    Args:
        rtol: singular values below rtol times the largest count as 0; max(m, n) eps by default.
    """
    matrices("pinv", "input", input, real=True)
    if rtol is None:
        rtol = max(input.shape[-2:]) * float(finfo(input.dtype).eps)
    return pinv_(input, rtol=rtol)


def pinverse(input: Any, rcond: float = 1e-15) -> Any:
    """As linalg.pinv, with `rcond` for rtol."""
    return pinv(input, rtol=rcond)


def matrix_power(input: Any, n: int) -> Any:
    """A times itself n times, by repeated squaring; the inverse's power where n is negative.

    Raises:
        LinAlgError: n is negative and a matrix singular.
    """
    matrices("matrix_power", "input", input, square=True)
    if not isinstance(n, int):
        raise TypeError(f"matrix_power: n must be an integer, got {n!r}.")
    base, power = (inv_(input), -n) if n < 0 else (input, n)
    z = None
    while power:
        if power % 2:
            z = base if z is None else matmul_(z, base)
        base, power = (matmul_(base, base) if power > 1 else base), power // 2
    return diag_embed(fill(diagonal_(input, offset=0), value=1)) if z is None else z
