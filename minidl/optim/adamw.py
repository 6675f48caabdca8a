"""AdamW: Adam whose weight decay acts on the weights, not on the gradient."""

from collections.abc import Iterable
from typing import Any, final

from ..tensors import Tensor
from .moments import MomentOptimizer, adam_step, shrink


@final
class AdamW(MomentOptimizer):
    """p <- p - lr weight_decay p, then p <- p - lr m' / (sqrt(v') + eps), see `moments.adam_step`

    Args:
        params: tensors, or groups of them with options.
        lr: about how far each weight moves in a step.
        betas: how slowly the averages of g and of g^2 forget.
        eps: keeps the division finite.
        weight_decay: the share of each weight, times lr, that a step takes away.
        amsgrad: measure against the largest average of g^2 so far.
        maximize: climb instead.

    Source: Loshchilov, Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad=amsgrad, maximize=maximize)

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        options = group["lr"], group["betas"], group["eps"], group["weight_decay"]
        adamw_step(parameter, gradient, state, *options, group["amsgrad"])


def adamw_step(
    parameter: Tensor,
    gradient: Tensor,
    state: dict[str, Any],
    lr: float,
    betas: tuple[float, float],
    eps: float,
    weight_decay: float,
    amsgrad: bool = False,
) -> None:
    """p <- p - lr weight_decay p, then a step of Adam, which never hears of the decay."""
    shrink(parameter, lr, weight_decay)
    adam_step(parameter, gradient, state, lr, betas, eps, amsgrad)
