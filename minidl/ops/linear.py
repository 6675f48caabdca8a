"""The matrix product, on stacks of matrices.

A stack of matrices times one matrix is many small products to NumPy. Its rows, of all matrices
under each other, make it one large product, of which a processor does far more in a second.
"""

from math import prod

from ..errors import ShapeError
from ..primitive import broadcast, primitive
from ..tape import Outline
from .movement import permute_, reshape_


def _multiplied(x, y):
    if x.shape[-1] != y.shape[-2]:
        raise ShapeError(
            f"matmul: {tuple(x.shape)} @ {tuple(y.shape)}: the last size of the left, "
            f"{x.shape[-1]}, must be the last but one of the right, {y.shape[-2]}."
        )
    return Outline((*broadcast(x.shape[:-2], y.shape[:-2]), x.shape[-2], y.shape[-1]), x.dtype)


@primitive(_multiplied, onnx="MatMul")
def matmul_(xp, x, y):
    """z[..., i, k] = sum over j of x[..., i, j] * y[..., j, k]"""
    if y.ndim == 2 and x.ndim > 2 and x.size:
        return xp.matmul(rows(x), y).reshape(*x.shape[:-1], y.shape[1])
    return xp.matmul(x, y)


matmul_.vjp(
    lambda g, z, x, y: matmul_(g, swap(y)),  # dL/dx = dL/dz y^T
    # dL/dy = x^T dL/dz, for all rows that one y met at once
    lambda g, z, x, y: row_products(x, g) if y.ndim == 2 else matmul_(swap(x), g),
)


def swap(x):
    """The transpose of each matrix in a stack."""
    return permute_(x, dims=(*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def rows(x):
    """The rows of all matrices of a stack under each other, as one matrix."""
    return x if x.ndim == 2 else x.reshape(prod(x.shape[:-1]), x.shape[-1])


# Products of rows -------------------------------------------------------------------------------


@primitive(lambda x, y: Outline((x.shape[-1], y.shape[-1]), x.dtype))
def row_products(xp, x, y):
    """z[i, j] = sum over all rows r of x[r, i] * y[r, j], however the rows are stacked"""
    return xp.matmul(rows(x).T, rows(y))


@row_products.composed
def _(x, y):
    x, y = (reshape_(a, shape=(prod(a.shape[:-1]), a.shape[-1])) for a in (x, y))
    return matmul_(swap(x), y)
