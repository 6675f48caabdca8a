"""Dropout: while learning, parts of the signal are left out at random."""

from typing import final

from ..tensors import Tensor
from . import functional as F
from .module import Module


@final
class Dropout(Module):
    """Each element is 0 with probability p, else x / (1 - p); after `eval()` nothing happens.

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
    (2014).
    """

    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p is a probability, between 0 and 1, got {p}.")
        self.p, self.inplace = p, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"
