"""The determinant, its derivative the cofactors, and its logarithm.

Source: C. G. J. Jacobi, "De formatione et proprietatibus determinantium" (1841): d det a = sum of
cofactors times da.
"""

from typing import Any, NamedTuple, final

from ..primitive import primitive
from ..tape import Outline
from .elementwise import div_, mul, sub_, where_
from .lapack import matrices, wide
from .linear import matmul_, swap
from .movement import crop, reshape_
from .reduction import sum_
from .solving import inv_

__all__ = ["det", "logdet", "slogdet"]


@primitive(lambda a: Outline(tuple(a.shape[:-2]), a.dtype), onnx="Det")
def det_(xp, a):
    """z = det a"""
    return xp.asarray(xp.linalg.det(wide(a))).astype(a.dtype, copy=False)


@primitive(lambda a: Outline(tuple(a.shape), a.dtype))
def cofactors(xp, a):
    """c[i, j] = d det a / d a[i, j] = det(a) a^-T, which exists for singular matrices too.

    By a = u s v^T: there it is det(u) det(v) u c' v^T, with c' the products of all but one s.
    """
    u, s, vt = xp.linalg.svd(wide(a))
    others = xp.where(xp.eye(a.shape[-1], dtype=bool), 1, s[..., None, :]).prod(-1)
    sign = xp.linalg.det(u) * xp.linalg.det(vt)
    c = sign[..., None, None] * xp.conj((u * others[..., None, :]) @ vt)
    return c.astype(a.dtype, copy=False)


det_.vjp(lambda g, z, a: mul(_as_matrices(g), cofactors(a)))


@cofactors.vjp
def _(g, c, a):
    """From c = det(a) a^-T; where det a is 0 this second derivative is nan."""
    along = mul(sum_(mul(g, c), dims=(a.ndim - 2, a.ndim - 1), keepdim=True), c)
    across = matmul_(matmul_(c, swap(g)), c)
    return div_(sub_(along, across), _as_matrices(det_(a)))


def _as_matrices(x):
    """A stack of numbers that broadcasts against a stack of matrices."""
    return reshape_(x, shape=(*x.shape, 1, 1))


@primitive(lambda a: Outline((*a.shape[:-2], 2), a.dtype))
def slogdet_(xp, a):
    """z[..., 0] = the sign of det a, z[..., 1] = ln |det a|"""
    return xp.stack(xp.linalg.slogdet(wide(a)), -1).astype(a.dtype, copy=False)


@slogdet_.vjp
def _(g, z, a):
    return mul(_as_matrices(crop(g, key=(..., 1))), swap(inv_(a)))


# PyTorch's names --------------------------------------------------------------------------------


@final
class SignLog(NamedTuple):
    """A determinant as its sign (-1, 0 or 1) and the logarithm of its size."""

    sign: Any
    logabsdet: Any


def det(A: Any) -> Any:
    """The determinant of a square matrix, or of each in a stack: (..., n, n) -> (...)"""
    matrices("det", "A", A, square=True)
    return det_(A)


def slogdet(A: Any) -> SignLog:
    """The sign of the determinant and ln |det A|, where det A itself would overflow.

    A singular matrix gives 0 and -inf.
    """
    matrices("slogdet", "A", A, square=True, real=True)
    z = slogdet_(A)
    return SignLog(crop(z, key=(..., 0)), crop(z, key=(..., 1)))


def logdet(input: Any) -> Any:
    """ln det A; nan where the determinant is negative."""
    sign, logarithm = slogdet(input)
    return where_(sign < 0, float("nan"), logarithm)
