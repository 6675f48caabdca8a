"""Adadelta: steps in the unit of the weights, so that no learning rate must be found."""

from collections.abc import Iterable
from typing import Any, final

from .. import ops
from ..creation import zeros_like
from ..tensors import Tensor
from .optimizer import Optimizer, check_range, decayed


@final
class Adadelta(Optimizer):
    """s <- rho s + (1 - rho) g^2;  d = g sqrt(u + eps) / sqrt(s + eps)
    u <- rho u + (1 - rho) d^2;  p <- p - lr d

    with g + weight_decay p for g: the ratio of the usual step to the usual gradient.

    Args:
        params: tensors, or groups of them with options.
        lr: a factor on every step.
        rho: how slowly the averages s and u forget.
        eps: keeps the ratio finite, and sets the size of the first steps.
        weight_decay: pulls weights towards 0 through the gradient.
        maximize: climb instead.

    Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012), algorithm 1.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ):
        if not 0 <= rho <= 1:
            raise ValueError(f"rho must be between 0 and 1, got {rho}.")
        defaults = dict(lr=lr, eps=eps, weight_decay=weight_decay)
        for name, value in defaults.items():
            check_range(name, value)
        super().__init__(params, {**defaults, "rho": rho, "maximize": maximize})

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if not state:
            state.update(step=0, square_avg=zeros_like(parameter), acc_delta=zeros_like(parameter))
        state["step"] += 1
        gradient = decayed(parameter, gradient, group["weight_decay"])
        rho, eps = group["rho"], group["eps"]
        squares = state["square_avg"].mul_(rho).addcmul_(gradient, gradient, value=1 - rho)
        step = ops.sqrt(state["acc_delta"] + eps).div_(ops.sqrt(squares + eps)).mul_(gradient)
        state["acc_delta"].mul_(rho).addcmul_(step, step, value=1 - rho)
        parameter.add_(step, alpha=-group["lr"])
