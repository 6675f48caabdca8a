"""Matrices as products with a triangular one: Cholesky's factor, and QR.

A primitive gives one array, so the parts of a decomposition come stacked, each as rows over the
same columns, and are cut apart afterwards.
"""

from math import prod
from typing import Any, NamedTuple, final

from ..errors import GradientError
from ..precision import in_single
from ..primitive import primitive
from ..tape import Outline
from .diagonals import diagonal_, on_diagonal, tril
from .lapack import matrices, rows, treating, wide
from .linear import matmul_, swap
from .movement import cat_, crop, reshape_
from .solving import solve_

# A = L L^T --------------------------------------------------------------------------------------


@primitive(lambda a: Outline(tuple(a.shape), a.dtype))
def cholesky_(xp, a):
    """l: lower triangular with l @ l^T = a; only the lower triangle of a is read"""
    with treating("cholesky: input is not positive definite: x^T A x is not above 0 for some x."):
        return xp.linalg.cholesky(wide(a)).astype(a.dtype, copy=False)


@cholesky_.vjp
def _(g, l, a):
    """l^-T half(l^T g) l^-1 made symmetric, as a is, with half the lower triangle of a matrix and
    half its diagonal.

    Source: I. Murray, "Differentiation of the Cholesky decomposition" (2016), section 3.1.
    """
    m = matmul_(swap(l), g)
    diagonal = on_diagonal(diagonal_(m, offset=0), shape=tuple(m.shape), offset=0)
    half = tril(m) - diagonal * 0.5
    z = solve_(swap(l), swap(solve_(swap(l), swap(half))))
    return (z + swap(z)) * 0.5


# A = Q R ----------------------------------------------------------------------------------------


def _columns(a, complete):
    return a.shape[-2] if complete else min(a.shape[-2:])


@primitive(lambda a, *, complete: Outline(
    (*a.shape[:-2], a.shape[-2] + a.shape[-1], _columns(a, complete)), a.dtype
))  # fmt: skip
def qr_(xp, a, *, complete):
    """[q; r^T], for a with at least as many rows as columns: a = q r"""
    q, r = xp.linalg.qr(wide(a), "complete" if complete else "reduced")
    return xp.concatenate([q, swap(r)], -2).astype(a.dtype, copy=False)


@qr_.vjp
def _(g, z, a, complete):
    """(gq + q sym(r gr^T - gq^T q)) r^-T, with sym the lower triangle mirrored.

    Source: Walter, Lehmann, "Algorithmic Differentiation of Linear Algebra Functions with
    Application in Optimum Experimental Design" (2010), section 4.
    """
    m, n = a.shape[-2:]
    if complete and m > n:
        raise GradientError(
            f"qr: mode='complete' adds {m - n} columns to Q, any of which would do, so Q has no "
            "derivative; use mode='reduced'."
        )
    q, rt, gq, grt = rows(z, 0, m), rows(z, m, None), rows(g, 0, m), rows(g, m, None)
    lower = matmul_(swap(rt), grt) - matmul_(swap(gq), q)
    mirrored = tril(lower) + swap(tril(lower, -1))
    return swap(solve_(swap(rt), swap(gq + matmul_(q, mirrored))))


# PyTorch's names --------------------------------------------------------------------------------


@final
class QR(NamedTuple):
    """A factor with orthonormal columns, and an upper triangular one."""

    Q: Any
    R: Any


@in_single("cpu")
def cholesky(input: Any, *, upper: bool = False) -> Any:
    """The lower triangular L with L L^T = A, or the upper L^T, of which only that triangle is read.

    Raises:
        LinAlgError: the symmetric matrix of that triangle is not positive definite.
    """
    matrices("cholesky", "input", input, square=True, real=True)
    return swap(cholesky_(swap(input))) if upper else cholesky_(input)


@in_single("cpu")
def qr(A: Any, mode: str = "reduced") -> QR:
    """A = Q R for A (..., m, n), with k = min(m, n).

    Args:
        mode: "reduced" gives Q (..., m, k) and R (..., k, n), "complete" (..., m, m) and
            (..., m, n), "r" an empty Q and the R of "reduced".

    Raises:
        GradientError: the gradient of a complete Q with m > n.
    """
    matrices("qr", "A", A, real=True)
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"qr: mode must be 'reduced', 'complete' or 'r', got {mode!r}.")
    m, n = A.shape[-2:]
    tall = A if m >= n else crop(A, key=(..., slice(0, m)))
    z = qr_(tall, complete=mode == "complete")
    q, r = rows(z, 0, m), swap(rows(z, m, None))
    if m < n:  # the columns beyond the square are only turned
        rest = matmul_(swap(q), crop(A, key=(..., slice(m, None))))
        r = cat_(r, rest, dim=A.ndim - 1)
    if mode == "r":
        q = crop(reshape_(q, shape=(prod(q.shape),)), key=(slice(0, 0),))
    return QR(q, r)
