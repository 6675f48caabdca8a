"""RMSprop: each weight's step is measured against its usual gradient."""

from collections.abc import Iterable
from typing import Any, final

from .. import ops
from ..creation import zeros_like
from ..tensors import Tensor
from .optimizer import Optimizer, check_range, decayed


@final
class RMSprop(Optimizer):
    """s <- alpha s + (1 - alpha) g^2;  p <- p - lr g / (sqrt(s) + eps)

    with g + weight_decay p for g; `centered` takes the variance s - m^2 for s, where m is the
    running mean of g; `momentum` adds up the steps, b <- momentum b + g / (sqrt(s) + eps).

    Args:
        params: tensors, or groups of them with options.
        lr: the size of a step.
        alpha: how slowly the average of squares forgets.
        eps: keeps the division finite.
        weight_decay: pulls weights towards 0.
        momentum: how much of the last step is kept.
        centered: measure against the variance.
        maximize: climb instead.

    Source: Tieleman, Hinton, "Lecture 6.5: RMSProp" (2012); Graves, "Generating Sequences with
    Recurrent Neural Networks" (2013), equation 38 (centred).
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ):
        for name, value in dict(lr=lr, eps=eps, weight_decay=weight_decay).items():
            check_range(name, value)
        check_range("alpha", alpha)
        check_range("momentum", momentum)
        super().__init__(
            params,
            dict(
                lr=lr,
                momentum=momentum,
                alpha=alpha,
                eps=eps,
                centered=centered,
                weight_decay=weight_decay,
                maximize=maximize,
            ),
        )

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        gradient = decayed(parameter, gradient, group["weight_decay"])
        options = group["alpha"], group["eps"], group["momentum"], group["centered"]
        rmsprop_step(parameter, gradient, state, group["lr"], *options)


def rmsprop_step(
    parameter: Tensor,
    gradient: Tensor,
    state: dict[str, Any],
    lr: float,
    alpha: float,
    eps: float,
    momentum: float = 0,
    centered: bool = False,
) -> None:
    """s <- alpha s + (1 - alpha) g^2;  p <- p - lr g / (sqrt(s) + eps)"""
    if "square_avg" not in state:
        state["square_avg"] = zeros_like(parameter)
        if momentum > 0:
            state["momentum_buffer"] = zeros_like(parameter)
        if centered:
            state["grad_avg"] = zeros_like(parameter)
    state["step"] = state.get("step", 0) + 1
    squares = state["square_avg"].mul_(alpha).addcmul_(gradient, gradient, value=1 - alpha)
    if centered:
        mean = state["grad_avg"].lerp_(gradient, 1 - alpha)
        squares = squares - mean * mean
    step = gradient / ops.sqrt(squares).add_(eps)
    if momentum > 0:
        step = state["momentum_buffer"].mul_(momentum).add_(step)
    parameter.add_(step, alpha=-lr)
