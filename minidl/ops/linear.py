"""The matrix product, on stacks of matrices."""

from ..errors import ShapeError
from ..primitive import broadcast, primitive
from ..tape import Outline
from .movement import permute_


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
    return xp.matmul(x, y)


matmul_.vjp(
    lambda g, z, x, y: matmul_(g, swap(y)),  # dL/dx = dL/dz y^T
    lambda g, z, x, y: matmul_(swap(x), g),  # dL/dy = x^T dL/dz
)


def swap(x):
    """The transpose of each matrix in a stack."""
    return permute_(x, dims=(*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))
