"""Losses as modules that say how unlikely a number or a sequence is; formulas in functional/."""

from typing import Any, final

from ..tensors import Tensor
from . import functional as F
from .loss import Loss


@final
class GaussianNLLLoss(Loss):
    """(ln v + (x - y)^2 / v) / 2, for predicted means x and variances v"""

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.full, self.eps = full, eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)


@final
class PoissonNLLLoss(Loss):
    """e^x - y x, for logarithms x of expected counts"""

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        *,
        eps: float = 1e-8,
        reduction: str = "mean",
    ):
        super().__init__(reduction=reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(
            input, target, self.log_input, self.full, eps=self.eps, reduction=self.reduction
        )


@final
class CTCLoss(Loss):
    """-ln of the summed chances of all ways to write the target in the steps of a signal

    Args:
        blank: the class that writes nothing.
        reduction: "mean", "sum" or "none".
        zero_infinity: a target too long for its signal counts nothing.
    """

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False):
        super().__init__(reduction=reduction)
        self.blank, self.zero_infinity = blank, zero_infinity

    def forward(
        self, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any
    ) -> Tensor:
        return F.ctc_loss(
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )
