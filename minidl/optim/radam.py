"""RAdam: Adam that goes by momentum alone until its measure of the gradients can be trusted."""

from collections.abc import Iterable
from typing import Any, final

from .. import ops
from ..tensors import Tensor
from .moments import MomentOptimizer, average, shrink
from .optimizer import decayed


@final
class RAdam(MomentOptimizer):
    """p <- p - lr r_t m' / (sqrt(v') + eps) once rho_t > 5, before that p <- p - lr m'

    with rho_t = R - 2 t b2^t / (1 - b2^t), R = 2 / (1 - b2) - 1, and
    r_t^2 = (rho_t - 4)(rho_t - 2) R / ((R - 4)(R - 2) rho_t): in the first steps v is an average of
    too few numbers to divide by.

    Args:
        params: tensors, or groups of them with options.
        lr: about how far each weight moves in a step.
        betas: how slowly the averages of g and of g^2 forget.
        eps: keeps the division finite.
        weight_decay: pulls weights towards 0.
        decoupled_weight_decay: decay acts on the weights, as in AdamW, not on the gradient.
        maximize: climb instead.

    Source: Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond" (2020),
    algorithm 2.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
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
        beta1, beta2 = group["betas"]
        rate, correction = group["lr"] / (1 - beta1**step), 1 - beta2**step
        longest = 2 / (1 - beta2) - 1
        length = longest - 2 * step * beta2**step / correction
        trusted = length > 5
        if trusted is False:  # a number; in a compiled step it is a tensor, and `where` decides
            parameter.add_(mean, alpha=-rate)
            return
        trust = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        scale = ops.sqrt(squares).add_(group["eps"])
        measured = (mean / scale).mul_((trust * correction) ** 0.5)
        chosen = measured if trusted is True else ops.where(trusted, measured, mean)
        parameter.add_(chosen, alpha=-rate)
