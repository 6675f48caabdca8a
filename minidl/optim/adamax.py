"""Adamax: Adam that measures each weight's step against its largest gradient."""

from collections.abc import Iterable
from typing import Any, final

from .. import ops
from ..creation import zeros_like
from ..tensors import Tensor
from .moments import MomentOptimizer, exact
from .optimizer import decayed


@final
class Adamax(MomentOptimizer):
    """m <- b1 m + (1 - b1) g;  u <- max(b2 u, |g| + eps);  p <- p - lr / (1 - b1^t) m / u

    with g + weight_decay p for g.

    Args:
        params: tensors, or groups of them with options.
        lr: about how far each weight moves in a step.
        betas: how slowly the average m and the maximum u forget.
        eps: keeps the division finite.
        weight_decay: pulls weights towards 0 through the gradient.
        maximize: climb instead.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 2.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, maximize=maximize)

    def begin(self, parameter: Tensor) -> dict[str, Any]:
        return {"step": 0, "exp_avg": zeros_like(parameter), "exp_inf": zeros_like(parameter)}

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if not state:
            state.update(self.begin(parameter))
        state["step"] += 1
        gradient = decayed(parameter, gradient, group["weight_decay"])
        beta1, beta2 = group["betas"]
        mean = state["exp_avg"].lerp_(gradient, 1 - beta1)
        size = ops.abs(gradient).add_(group["eps"])
        largest = state["exp_inf"].copy_(ops.maximum(state["exp_inf"] * beta2, size))
        parameter.addcdiv_(mean, largest, value=-group["lr"] / (1 - beta1 ** exact(state["step"])))
