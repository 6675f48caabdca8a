"""PyTorch's names for products of vectors and matrices, composed of the matrix product."""

from typing import Any

from ..errors import ShapeError
from .linear import matmul_
from .movement import reshape_
from .statistics import sum as total

__all__ = [
    "addmm",
    "bmm",
    "dot",
    "matmul",
    "mm",
    "mv",
    "outer",
]


def matmul(input: Any, other: Any) -> Any:
    """The product of matrices, of stacks of them, or of a matrix and a vector.

    (..., n, k) @ (..., k, m) -> (..., n, m), the stacks broadcast; a vector on the left counts as a
    row, on the right as a column, and its dimension disappears from the result.

    Raises:
        ShapeError: the inner sizes differ, or a number without dimensions was given.
        TypeError: the dtypes differ.
    """
    _comparable(input, other, "matmul")
    x = reshape_(input, shape=(1, *input.shape)) if input.ndim == 1 else input
    y = reshape_(other, shape=(*other.shape, 1)) if other.ndim == 1 else other
    if x.shape[-1] != y.shape[-2]:
        raise ShapeError(
            f"matmul: {tuple(input.shape)} @ {tuple(other.shape)}: the last size of the left, "
            f"{x.shape[-1]}, must equal size {y.shape[-2]} of the right "
            f"(its {'only' if other.ndim == 1 else 'last but one'} dimension)."
        )
    z = matmul_(x, y)
    if input.ndim == 1:
        z = reshape_(z, shape=(*z.shape[:-2], z.shape[-1]))
    return reshape_(z, shape=z.shape[:-1]) if other.ndim == 1 else z


def _comparable(x: Any, y: Any, name: str) -> None:
    if x.ndim == 0 or y.ndim == 0:
        raise ShapeError(f"{name}: {tuple(x.shape)} @ {tuple(y.shape)}: use * with a number.")
    if x.dtype != y.dtype:
        raise TypeError(f"{name}: dtypes differ, {x.dtype} and {y.dtype}; convert one of them.")


def _exactly(dims: int, name: str, *tensors: Any) -> None:
    for x in tensors:
        if x.ndim != dims:
            raise ShapeError(f"{name} wants {dims} dimensions, got shape {tuple(x.shape)}.")


def mm(input: Any, mat2: Any) -> Any:
    """The product of two matrices."""
    _exactly(2, "mm", input, mat2)
    return matmul(input, mat2)


def bmm(input: Any, mat2: Any) -> Any:
    """The product of two stacks of matrices."""
    _exactly(3, "bmm", input, mat2)
    return matmul(input, mat2)


def mv(input: Any, vec: Any) -> Any:
    """A matrix times a vector."""
    _exactly(2, "mv", input)
    _exactly(1, "mv", vec)
    return matmul(input, vec)


def dot(input: Any, tensor: Any) -> Any:
    """The sum of products of two vectors."""
    _exactly(1, "dot", input, tensor)
    if input.shape != tensor.shape:
        raise ShapeError(f"dot: sizes differ, {tuple(input.shape)} and {tuple(tensor.shape)}.")
    return total(input * tensor)


def outer(input: Any, vec2: Any) -> Any:
    """z[i, j] = input[i] * vec2[j]"""
    _exactly(1, "outer", input, vec2)
    return reshape_(input, shape=(*input.shape, 1)) * vec2


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """beta * input + alpha * (mat1 @ mat2)"""
    product = mm(mat1, mat2)
    product = product if alpha == 1 else product * alpha
    return product + (input if beta == 1 else input * beta)
