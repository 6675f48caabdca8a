"""Stochastic gradient descent: downhill, with a memory of where it was going."""

from collections.abc import Iterable
from typing import Any, final

from ..creation import zeros_like
from ..tensors import Tensor
from .optimizer import Optimizer, check_range, decayed


@final
class SGD(Optimizer):
    """v <- momentum v + (1 - dampening) g;  p <- p - lr v

    with g + weight_decay p for g; the first v is g; with `nesterov`, p <- p - lr (g + momentum v).

    Args:
        params: tensors, or groups of them with options.
        lr: the size of a step.
        momentum: how much of the last step is kept.
        dampening: how much of the gradient is held back.
        weight_decay: pulls weights towards 0 (a penalty weight_decay p^2 / 2).
        nesterov: look ahead along the momentum.
        maximize: climb instead.

    Source: Sutskever et al., "On the Importance of Initialization and Momentum in Deep Learning"
    (2013), section 2.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ):
        check_range("lr", lr)
        check_range("momentum", momentum)
        check_range("weight_decay", weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum needs a momentum above 0 and no dampening.")
        super().__init__(
            params,
            dict(
                lr=lr,
                momentum=momentum,
                dampening=dampening,
                weight_decay=weight_decay,
                nesterov=nesterov,
                maximize=maximize,
            ),
        )

    def begin(self, parameter: Tensor) -> dict[str, Any]:
        group = self.group_of(parameter)
        zeros = group["momentum"] and not group["dampening"]  # the first g is then as any other
        return {"momentum_buffer": zeros_like(parameter)} if zeros else {}

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        gradient = decayed(parameter, gradient, group["weight_decay"])
        options = group["momentum"], group["dampening"], group["nesterov"]
        sgd_step(parameter, gradient, state, group["lr"], *options)


def sgd_step(
    parameter: Tensor,
    gradient: Tensor,
    state: dict[str, Any],
    lr: float,
    momentum: float = 0,
    dampening: float = 0,
    nesterov: bool = False,
) -> None:
    """v <- momentum v + (1 - dampening) g;  p <- p - lr v

    The first v is g; with `nesterov`, p <- p - lr (g + momentum v).
    """
    if momentum:
        velocity = state.get("momentum_buffer")
        if velocity is None:
            velocity = state["momentum_buffer"] = gradient.clone()
        else:
            velocity.mul_(momentum).add_(gradient, alpha=1 - dampening)
        gradient = gradient + momentum * velocity if nesterov else velocity
    parameter.add_(gradient, alpha=-lr)
