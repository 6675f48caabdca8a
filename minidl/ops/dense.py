"""The fused primitives of dense layers: a product of matrices, its bias added where it lies."""

from ..primitive import primitive
from ..tape import Outline
from .linear import matmul_, row_products, rows, swap


def _outputs(x, w, *bias):
    return Outline((*x.shape[:-1], w.shape[0]), x.dtype)


def _stacked(z, x):
    """Rows in the stack in which they were x's."""
    return z if x.ndim == 2 else z.reshape(*x.shape[:-1], z.shape[-1])


@primitive(_outputs)
def linear_(xp, x, w):
    """z[..., j] = sum over i of x[..., i] * w[j, i], as one product of two matrices"""
    return _stacked(xp.matmul(rows(x), w.T), x)


@linear_.composed
def _(x, w):
    return matmul_(x, swap(w))


linear_.vjp(
    lambda g, z, x, w: matmul_(g, w),
    lambda g, z, x, w: row_products(g, x),
)


@primitive(_outputs)
def affine(xp, x, w, b):
    """z[..., j] = b[j] + sum over i of x[..., i] * w[j, i]"""
    z = xp.matmul(rows(x), w.T)
    z += b
    return _stacked(z, x)


@affine.composed
def _(x, w, b):
    return matmul_(x, swap(w)) + b


affine.vjp(
    lambda g, z, x, w, b: matmul_(g, w),
    lambda g, z, x, w, b: row_products(g, x),
    lambda g, z, x, w, b: g,
)
