"""Dropout: noise while learning, silence in use."""

from ... import ops
from ...tensors import Tensor


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element is 0 with probability p, else x / (1 - p), so that the mean stays.

    Args:
        input: any shape.
        p: between 0 and 1.
        training: outside training the input passes unchanged.
        inplace: taken for PyTorch's sake; a new tensor is made.

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
    (2014), section 10 (scaling while learning).
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is a probability, between 0 and 1, got {p}.")
    if not training or p == 0:
        return input
    if p == 1:
        return input * 0.0
    kept = ops.uniform_like(input.detach(), generator=ops.default_generator) >= p
    return input * (kept.to(input.dtype) * (1 / (1 - p)))
