"""NAdam: Adam that looks ahead along its momentum, as Nesterov did."""

from collections.abc import Iterable
from typing import Any, final

from .. import ops
from ..tensors import Tensor
from .moments import MomentOptimizer, average, shrink
from .optimizer import decayed


@final
class NAdam(MomentOptimizer):
    """p <- p - lr (mu_(t+1) m / (1 - prod mu_1..(t+1)) + (1 - mu_t) g / (1 - prod mu_1..t)) / scale

    with m and v as in Adam, scale = sqrt(v / (1 - b2^t)) + eps, and a momentum that warms up:
    mu_t = b1 (1 - 0.96^(t momentum_decay) / 2).

    Args:
        params: tensors, or groups of them with options.
        lr: about how far each weight moves in a step.
        betas: how slowly the averages of g and of g^2 forget.
        eps: keeps the division finite.
        weight_decay: pulls weights towards 0.
        momentum_decay: how fast mu_t rises.
        decoupled_weight_decay: decay acts on the weights, as in AdamW, not on the gradient.
        maximize: climb instead.

    Source: Dozat, "Incorporating Nesterov Momentum into Adam" (2016), algorithm 2.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay,
            maximize=maximize,
        )

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if group["decoupled_weight_decay"]:
            shrink(parameter, group["lr"], group["weight_decay"])
        else:
            gradient = decayed(parameter, gradient, group["weight_decay"])
        mean, squares, step = average(parameter, gradient, state, group["betas"])
        now, ahead = _momentum(step, group), _momentum(step + 1, group)
        product = state["mu_product"] = state.get("mu_product", 1.0) * now
        correction = 1 - group["betas"][1] ** step
        scale = ops.sqrt(squares / correction).add_(group["eps"])
        rate = group["lr"]
        parameter.addcdiv_(gradient, scale, value=-rate * (1 - now) / (1 - product))
        parameter.addcdiv_(mean, scale, value=-rate * ahead / (1 - product * ahead))


def _momentum(step: Any, group: dict[str, Any]) -> Any:
    return group["betas"][0] * (1 - 0.5 * 0.96 ** (step * group["momentum_decay"]))
