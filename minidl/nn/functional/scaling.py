"""Normalisation: numbers brought to a common scale."""

from ... import ops
from ...tensors import Tensor


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """x / max(||x||_p, eps): each vector along `dim` scaled to length 1

    Args:
        input: any shape.
        p: which norm; `float("inf")` for the largest absolute value.
        dim: the dimension of the vectors.
        eps: keeps a zero vector at zero.
    """
    if p == 2:  # the bound stands inside the root, whose slope at 0 is infinite
        squares = (input * input).sum(dim=dim, keepdim=True)
        return input / ops.sqrt(ops.clamp(squares, min=eps * eps))
    size = ops.abs(input)
    if p == float("inf"):
        norm = ops.amax(size, dim=dim, keepdim=True)
    elif p == 1:
        norm = size.sum(dim=dim, keepdim=True)
    else:
        norm = (size**p).sum(dim=dim, keepdim=True) ** (1 / p)
    return input / ops.clamp(norm, min=eps)
