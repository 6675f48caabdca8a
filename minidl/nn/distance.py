"""How alike two vectors are, and how far apart, as modules."""

from typing import final

from ..tensors import Tensor
from . import functional as F
from .module import Module


@final
class CosineSimilarity(Module):
    """x1 . x2 / (|x1| |x2|) along dim, with lengths no smaller than eps"""

    def __init__(self, dim: int = 1, eps: float = 1e-8):
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


@final
class PairwiseDistance(Module):
    """||x1 - x2 + eps||_p over the last dimension"""

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False):
        super().__init__()
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
