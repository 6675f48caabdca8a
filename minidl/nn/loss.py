"""Losses as modules; the formulas and their errors stand in functional/."""

from abc import ABC
from typing import final

from ..tensors import Tensor
from . import functional as F
from .functional.reduction import check_reduction
from .module import Module


class Loss(Module, ABC):
    """Compares an input with a target; `reduction` is "mean", "sum" or "none".

    It is always given by name: PyTorch keeps two older arguments before it.
    """

    def __init__(self, *, reduction: str = "mean"):
        super().__init__()
        check_reduction(type(self).__name__, reduction, "batchmean")
        self.reduction = reduction


@final
class MSELoss(Loss):
    """(x - y)^2"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


@final
class L1Loss(Loss):
    """|x - y|"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


@final
class SmoothL1Loss(Loss):
    """(x - y)^2 / (2 beta) where |x - y| < beta, else |x - y| - beta / 2"""

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0):
        super().__init__(reduction=reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


@final
class HuberLoss(Loss):
    """(x - y)^2 / 2 where |x - y| <= delta, else delta (|x - y| - delta / 2)"""

    def __init__(self, reduction: str = "mean", delta: float = 1.0):
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, self.reduction, self.delta)


@final
class CrossEntropyLoss(Loss):
    """-w_y ln softmax(x)_y

    Args:
        weight: (C), how much each class counts.
        ignore_index: a label that counts nothing.
        reduction: "mean", "sum" or "none".
        label_smoothing: in [0, 1], the share of the target spread over all classes.
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


@final
class NLLLoss(Loss):
    """-w_y x_y, for an input that went through LogSoftmax"""

    def __init__(
        self, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean"
    ):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


@final
class BCELoss(Loss):
    """-w (y ln x + (1 - y) ln(1 - x)), for probabilities x"""

    def __init__(self, weight: Tensor | None = None, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


@final
class BCEWithLogitsLoss(Loss):
    """-w (p y ln s + (1 - y) ln(1 - s)) with s = sigmoid(x)"""

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


@final
class KLDivLoss(Loss):
    """y (ln y - x), for log-probabilities x"""

    def __init__(self, *, reduction: str = "mean", log_target: bool = False):
        super().__init__(reduction=reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)
