"""PyTorch's names for products of vectors and matrices, composed of the matrix product."""

from typing import Any

from ..backend import bool_
from ..dtypes import is_differentiable
from ..errors import ShapeError
from ..precision import alike
from .complexes import conj
from .linear import matmul_
from .movement import reshape_
from .reduction import sum_

__all__ = [
    "addbmm",
    "addmm",
    "addmv",
    "addr",
    "baddbmm",
    "bmm",
    "dot",
    "matmul",
    "mm",
    "mv",
    "outer",
    "vdot",
]


def matmul(input: Any, other: Any) -> Any:
    """The product of matrices, of stacks of them, or of a matrix and a vector.

    (..., n, k) @ (..., k, m) -> (..., n, m), the stacks broadcast; a vector on the left counts as a
    row, on the right as a column, and its dimension disappears from the result.

    Raises:
        ShapeError: the inner sizes differ, or a number without dimensions was given.
        TypeError: the dtypes differ, or are bool.
    """
    x, y = input.shape, other.shape
    if len(x) > 1 and len(y) > 1 and x[-1] == y[-2] and input.dtype == other.dtype != bool_:
        return matmul_(input, other)
    input, other = _comparable(input, other, "matmul")
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


def _comparable(x: Any, y: Any, name: str) -> tuple[Any, Any]:
    """Both, of one dtype; a region of `autocast` makes them so."""
    if x.ndim == 0 or y.ndim == 0:
        raise ShapeError(
            f"{name}: {tuple(x.shape)} @ {tuple(y.shape)}: input and other must have dimensions; "
            "use * with a number."
        )
    if x.dtype != y.dtype:
        cast = alike(x, y)
        if cast is None:
            raise TypeError(f"{name}: dtypes differ, {x.dtype} and {y.dtype}; convert one of them.")
        return cast
    if x.dtype.kind == "b":
        raise TypeError(f"{name}: bools cannot be multiplied and added; convert them with .int().")
    return x, y


def _exactly(name: str, **wanted: tuple[Any, int]) -> None:
    """Raises unless each argument has so many dimensions."""
    for word, (x, ndim) in wanted.items():
        if x.ndim != ndim:
            kind = {1: "a vector", 2: "a matrix", 3: "a stack of matrices"}[ndim]
            raise ShapeError(f"{name}: {word} must be {kind}, got shape {tuple(x.shape)}.")


def mm(input: Any, mat2: Any) -> Any:
    """The product of two matrices: (n, k), (k, m) -> (n, m)"""
    _exactly("mm", input=(input, 2), mat2=(mat2, 2))
    return matmul(input, mat2)


def bmm(input: Any, mat2: Any) -> Any:
    """The products of two stacks of matrices: (b, n, k), (b, k, m) -> (b, n, m)

    Raises:
        ShapeError: the stacks differ in size; matmul would broadcast them.
    """
    _exactly("bmm", input=(input, 3), mat2=(mat2, 3))
    if input.shape[0] != mat2.shape[0]:
        raise ShapeError(f"bmm: input holds {input.shape[0]} matrices, mat2 {mat2.shape[0]}.")
    return matmul(input, mat2)


def mv(input: Any, vec: Any) -> Any:
    """A matrix times a vector: (n, k), (k,) -> (n,)"""
    _exactly("mv", input=(input, 2), vec=(vec, 1))
    return matmul(input, vec)


def dot(input: Any, tensor: Any) -> Any:
    """The sum of products of two vectors: (n,), (n,) -> ()"""
    _exactly("dot", input=(input, 1), tensor=(tensor, 1))
    if input.shape != tensor.shape:
        raise ShapeError(
            f"dot: input and tensor must have one size, got {input.shape[0]} and {tensor.shape[0]}."
        )
    return matmul(input, tensor)


def vdot(input: Any, other: Any) -> Any:
    """As dot, with the complex conjugate of `input`."""
    return dot(conj(input), other)


def outer(input: Any, vec2: Any) -> Any:
    """z[i, j] = input[i] * vec2[j]"""
    _exactly("outer", input=(input, 1), vec2=(vec2, 1))
    return reshape_(input, shape=(*input.shape, 1)) * vec2


# A product added to something -------------------------------------------------------------------


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """beta * input + alpha * (mat1 @ mat2), where input broadcasts to the product.

    With beta 0 `input` is ignored, even its nan. Among integers beta and alpha lose their fraction.
    """
    _exactly("addmm", mat1=(mat1, 2), mat2=(mat2, 2))
    return _plus("addmm", input, matmul(mat1, mat2), beta, alpha)


def addmv(input: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """beta * input + alpha * (mat @ vec); see addmm."""
    _exactly("addmv", mat=(mat, 2), vec=(vec, 1))
    return _plus("addmv", input, matmul(mat, vec), beta, alpha)


def addr(input: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """beta * input + alpha * outer(vec1, vec2); see addmm."""
    _exactly("addr", vec1=(vec1, 1), vec2=(vec2, 1))
    return _plus("addr", input, outer(vec1, vec2), beta, alpha)


def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """beta * input + alpha * bmm(batch1, batch2); see addmm."""
    _exactly("baddbmm", batch1=(batch1, 3), batch2=(batch2, 3))
    return _plus("baddbmm", input, bmm(batch1, batch2), beta, alpha)


def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """beta * input + alpha * the sum of bmm(batch1, batch2) over the stack; see addmm."""
    _exactly("addbmm", batch1=(batch1, 3), batch2=(batch2, 3))
    product = sum_(bmm(batch1, batch2), dims=(0,), keepdim=False)
    return _plus("addbmm", input, product, beta, alpha)


def _plus(name: str, input: Any, product: Any, beta: float, alpha: float) -> Any:
    cast = alike(input, product) if input.dtype != product.dtype else (input, product)
    if cast is None:
        raise TypeError(f"{name}: input is {input.dtype}, the product {product.dtype}.")
    input, product = cast
    front = product.ndim - input.ndim
    fits = front >= 0 and all(
        n in (1, k) for n, k in zip(input.shape, product.shape[front:], strict=True)
    )
    if not fits:
        raise ShapeError(
            f"{name}: input {tuple(input.shape)} does not broadcast to {tuple(product.shape)}."
        )
    if not is_differentiable(product.dtype):
        beta, alpha = int(beta), int(alpha)
    product = product if alpha == 1 else product * alpha
    if beta == 0:
        return product
    return product + (input if beta == 1 else input * beta)
