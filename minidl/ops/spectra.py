"""Eigenvalues of symmetric matrices, and singular values of all.

A primitive gives one array, so the parts of a decomposition come stacked, each as rows over the
same columns, and are cut apart afterwards. Derivatives exist where the parts do not depend on an
arbitrary choice: of the sign of a vector, or of a basis where two values are equal.
"""

from typing import Any, NamedTuple, final

from ..backend import finfo, int64
from ..precision import in_single
from ..primitive import primitive
from ..tape import Outline
from .diagonals import diag_embed
from .elementwise import where_
from .factors import qr_
from .lapack import across, down, matrices, row, rows, treating, wide
from .linear import matmul_, swap
from .movement import cast, cat_, crop
from .reduction import amax_, sum_


def _ratio(x: Any, y: Any) -> Any:
    """x / y, where 0 / 0 is 0: what nothing depends on has no slope."""
    none = (x == 0) & (y == 0)
    return where_(none, 0, x) / where_(none, 1, y)


# A = V diag(L) V^T ------------------------------------------------------------------------------


@primitive(lambda a, *, uplo: Outline((*a.shape[:-2], a.shape[-1] + 1, a.shape[-1]), a.dtype))
def eigh_(xp, a, *, uplo):
    """[l; v]: eigenvalues, rising, above the eigenvectors, which are columns"""
    with treating("eigh: the eigenvalues of input were not found; does it hold nan or inf?"):
        l, v = xp.linalg.eigh(wide(a), uplo)
    return xp.concatenate([across(l), v], -2).astype(a.dtype, copy=False)


@eigh_.vjp
def _(g, z, a, uplo):
    """v (diag(gl) + skew(v^T gv)[i, j] / (l[j] - l[i])) v^T, with skew(x) = (x - x^T) / 2

    Source: M. Giles, "An extended collection of matrix derivative results for forward and reverse
    mode algorithmic differentiation" (2008), section 3.1.
    """
    l, v, gl, gv = row(z, 0), rows(z, 1, None), row(g, 0), rows(g, 1, None)
    along = matmul_(swap(v), gv)
    inner = _ratio((along - swap(along)) * 0.5, across(l) - down(l)) + diag_embed(gl)
    return matmul_(matmul_(v, inner), swap(v))


# A = U diag(S) V^T ------------------------------------------------------------------------------


@primitive(lambda a: Outline((*a.shape[:-2], sum(a.shape[-2:]) + 1, min(a.shape[-2:])), a.dtype))
def svd_(xp, a):
    """[u; s; v]: singular values, falling, between the vectors, which are columns"""
    with treating("svd: the singular values of A were not found; does it hold nan or inf?"):
        u, s, vt = xp.linalg.svd(wide(a), full_matrices=False)
    return xp.concatenate([u, across(s), swap(vt)], -2).astype(a.dtype, copy=False)


@svd_.vjp
def _(g, z, a):
    """u (skew(u^T gu) / e s + s skew(v^T gv) / e + diag(gs)) v^T, with skew(x) = x - x^T and
    e[i, j] = s[j]^2 - s[i]^2, and what gu and gv have outside the span of u and v.

    Source: as for eigh, section 3.2.
    """
    m = a.shape[-2]
    u, s, v = rows(z, 0, m), row(z, m), rows(z, m + 1, None)
    gu, gs, gv = rows(g, 0, m), row(g, m), rows(g, m + 1, None)
    along_u, along_v = matmul_(swap(u), gu), matmul_(swap(v), gv)
    e = (across(s) - down(s)) * (across(s) + down(s))
    inner = _ratio(along_u - swap(along_u), e) * across(s)
    inner = inner + down(s) * _ratio(along_v - swap(along_v), e) + diag_embed(gs)
    result = matmul_(matmul_(u, inner), swap(v))
    if a.shape[-2] > a.shape[-1]:
        result = result + matmul_(_ratio(gu - matmul_(u, along_u), across(s)), swap(v))
    if a.shape[-2] < a.shape[-1]:
        result = result + matmul_(u, swap(_ratio(gv - matmul_(v, along_v), across(s))))
    return result


# PyTorch's names --------------------------------------------------------------------------------


@final
class Eigen(NamedTuple):
    """Eigenvalues, and eigenvectors as columns."""

    eigenvalues: Any
    eigenvectors: Any


@final
class SVD(NamedTuple):
    """Left singular vectors as columns, singular values, right singular vectors as rows."""

    U: Any
    S: Any
    Vh: Any


@in_single("cpu")
def eigh(input: Any, UPLO: str = "L") -> Eigen:
    """The eigenvalues (..., n), rising, and eigenvectors (..., n, n) of symmetric matrices.

    The sign of a vector is arbitrary: a loss should not depend on it.

    Args:
        UPLO: which triangle is read, "L" or "U".
    """
    matrices("eigh", "input", input, square=True, real=True)
    if UPLO not in ("L", "U", "l", "u"):
        raise ValueError(f"eigh: UPLO must be 'L' or 'U', got {UPLO!r}.")
    z = eigh_(input, uplo=UPLO.upper())
    return Eigen(row(z, 0), rows(z, 1, None))


def eigvalsh(input: Any, UPLO: str = "L") -> Any:
    """The eigenvalues that `eigh` gives."""
    return eigh(input, UPLO).eigenvalues


@in_single("cpu")
def svd(A: Any, full_matrices: bool = True) -> SVD:
    """A = U diag(S) Vh for A (..., m, n): S (..., k), falling, with k = min(m, n).

    With full_matrices U is (..., m, m) and Vh (..., n, n), whose further vectors only fill the
    space and carry no gradient; without, (..., m, k) and (..., k, n). The sign of a pair of
    vectors is arbitrary: a loss should not depend on it.
    """
    matrices("svd", "A", A, real=True)
    z, m = svd_(A), A.shape[-2]
    u, s, v = rows(z, 0, m), row(z, m), rows(z, m + 1, None)
    if full_matrices:
        u, v = _filled_up(u), _filled_up(v)
    return SVD(u, s, swap(v))


def _filled_up(q: Any) -> Any:
    """Orthonormal columns, with more of them until they span the whole space."""
    m, k = q.shape[-2:]
    if m == k:
        return q
    settled = q.detach() if hasattr(q, "detach") else q
    more = crop(qr_(settled, complete=True), key=(..., slice(0, m), slice(k, None)))
    return cat_(q, more, dim=q.ndim - 1)


@in_single("cpu")
def svdvals(A: Any) -> Any:
    """The singular values that `svd` gives."""
    return svd(A, False).S


@in_single("cpu")
def matrix_rank(input: Any, *, rtol: float | None = None) -> Any:
    """How many singular values are above rtol times the largest: the rows that say something new.

    Args:
        rtol: max(m, n) eps by default.
    """
    matrices("matrix_rank", "input", input, real=True)
    if rtol is None:
        rtol = max(input.shape[-2:]) * float(finfo(input.dtype).eps)
    s = svdvals(input)
    if not s.shape[-1]:
        return sum_(cast(s, dtype=int64), dims=(s.ndim - 1,), keepdim=False)
    largest = amax_(s, dims=(s.ndim - 1,), keepdim=True)
    return sum_(s > largest * rtol, dims=(s.ndim - 1,), keepdim=False)
