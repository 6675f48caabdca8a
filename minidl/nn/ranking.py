"""Losses as modules that compare scores or distances; formulas stand in functional/ranking.py."""

from typing import final

from ..tensors import Tensor
from . import functional as F
from .loss import Loss


@final
class MarginRankingLoss(Loss):
    """[margin - y (x1 - x2)]+"""

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, self.margin, reduction=self.reduction)


@final
class HingeEmbeddingLoss(Loss):
    """x where y = 1, [margin - x]+ where y = -1"""

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, self.margin, reduction=self.reduction)


@final
class CosineEmbeddingLoss(Loss):
    """1 - cos(x1, x2) where y = 1, [cos(x1, x2) - margin]+ where y = -1"""

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(
            input1, input2, target, self.margin, reduction=self.reduction
        )


@final
class TripletMarginLoss(Loss):
    """[d(anchor, positive) - d(anchor, negative) + margin]+ with d the p-norm of the difference

    Args:
        margin: by how much nearer the positive should lie; positive.
        p: which norm.
        eps: added to every difference.
        swap: take d(positive, negative) where it is smaller than d(anchor, negative).
    """

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        *,
        reduction: str = "mean",
    ):
        super().__init__(reduction=reduction)
        if margin <= 0:
            raise ValueError(f"TripletMarginLoss: margin must be positive, got {margin}.")
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            self.margin,
            self.p,
            self.eps,
            self.swap,
            reduction=self.reduction,
        )


@final
class MultiMarginLoss(Loss):
    """sum over c != y of w_y [margin - x_y + x_c]+^p / C

    Args:
        p: 1 or 2.
        margin: by how much the right class should score higher.
        weight: (C), how much each class counts.
    """

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        *,
        reduction: str = "mean",
    ):
        super().__init__(reduction=reduction)
        if p not in (1, 2):
            raise ValueError(f"MultiMarginLoss: p must be 1 or 2, got {p}.")
        self.p, self.margin = p, margin
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(
            input, target, self.p, self.margin, self.weight, reduction=self.reduction
        )
