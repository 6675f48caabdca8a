"""Lengths of vectors, and how far apart or how alike two of them are."""

from typing import Any

from ... import ops
from ...dtypes import is_floating, result_type
from ...precision import in_single
from ...tensors import Tensor
from .arguments import check_real


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Tensor:
    """x / max(||x||_p, eps): each vector along `dim` scaled to length 1

    Args:
        input: any shape.
        p: which norm; `float("inf")` for the largest absolute value.
        dim: the dimension of the vectors, or several; None for one vector of all numbers.
        eps: keeps a zero vector at zero.

    Raises:
        TypeError: integers, which have no length 1 to be scaled to. IndexError: no such dimension.
    """
    check_real("normalize", input=input)
    if p != 2:
        return input / ops.clamp(ops.norm(input, p, dim, keepdim=True), min=eps)
    squares = ops.sum(input * input, dim, keepdim=True)  # the bound stands inside the root, whose
    return input / ops.sqrt(ops.clamp(squares, min=eps * eps))  # slope at 0 is infinite


@in_single("cuda")
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """x1 . x2 / (max(|x1|, eps) max(|x2|, eps)): the cosine of the angle between vectors

    Args:
        x1: any shape.
        x2: broadcasts with x1.
        dim: the dimension of the vectors; it disappears.

    Returns:
        Tensor: from -1 (opposite) to 1 (the same direction), in the common shape without `dim`.
    """
    if not is_floating(result_type(x1, x2)):
        raise TypeError(f"cosine_similarity: x1 and x2 must hold real numbers, got {x1.dtype}.")
    shape = ops.broadcast(x1.shape, x2.shape)
    kind = result_type(x1, x2)
    one, other = (ops.expand(x.to(kind), shape) for x in (x1, x2))
    return ops.sum(_direction(one, dim, eps) * _direction(other, dim, eps), dim)


def _direction(x: Tensor, dim: int, eps: float) -> Tensor:
    """x / max(|x|, eps); as in PyTorch the gradient of the length does not know of the bound."""
    length = ops.norm(x, 2, dim, keepdim=True)
    return x / (length + (ops.clamp(length, min=eps) - length).detach())


def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """||x1 - x2 + eps||_p over the last dimension: the distance of row from row

    Args:
        x1: (*, d).
        x2: broadcasts with x1.
        p: which norm.
        eps: added to every difference, so that equal vectors have a gradient.
        keepdim: keep the last dimension, with size 1.
    """
    return ops.norm(x1 - x2 + eps, p, -1, keepdim)
