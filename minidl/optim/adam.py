"""Adam: momentum, and each weight's step measured against its usual gradient."""

from collections.abc import Iterable
from typing import Any, final

from ..tensors import Tensor
from .moments import MomentOptimizer, adam_step
from .optimizer import decayed


@final
class Adam(MomentOptimizer):
    """p <- p - lr m' / (sqrt(v') + eps), see `moments.adam_step`; with g + weight_decay p for g

    Args:
        params: tensors, or groups of them with options.
        lr: about how far each weight moves in a step.
        betas: how slowly the averages of g and of g^2 forget.
        eps: keeps the division finite.
        weight_decay: pulls weights towards 0 through the gradient; AdamW does it apart from it.
        amsgrad: measure against the largest average of g^2 so far.
        maximize: climb instead.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad=amsgrad, maximize=maximize)

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        gradient = decayed(parameter, gradient, group["weight_decay"])
        options = group["lr"], group["betas"], group["eps"], group["amsgrad"]
        adam_step(parameter, gradient, state, *options)
