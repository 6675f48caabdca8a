"""Adagrad: each weight's steps shrink by all the gradient it has seen."""

from collections.abc import Iterable
from typing import Any, final

from .. import ops
from ..creation import full_like
from ..tensors import Tensor
from .moments import exact
from .optimizer import Optimizer, check_range, decayed


@final
class Adagrad(Optimizer):
    """s <- s + g^2;  p <- p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)

    with g + weight_decay p for g, and t the number of the step. Since s only grows, the steps die
    out: good where a feature is rare, a trap in long runs (RMSprop forgets instead).

    Args:
        params: tensors, or groups of them with options.
        lr: the size of the first steps.
        lr_decay: how fast the rate falls by the steps alone.
        weight_decay: pulls weights towards 0 through the gradient.
        initial_accumulator_value: what s begins with.
        eps: keeps the division finite.
        maximize: climb instead.

    Source: Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization" (2011), section 1.
    """

    elementwise = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ):
        defaults = dict(
            lr=lr,
            lr_decay=lr_decay,
            eps=eps,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
        )
        for name, value in defaults.items():
            check_range(name, value)
        super().__init__(params, {**defaults, "maximize": maximize})
        for group in self.param_groups:
            start = group["initial_accumulator_value"]
            for p in group["params"]:
                self.state[p] = {"step": 0, "sum": full_like(p.detach(), start)}

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        state["step"] += 1
        gradient = decayed(parameter, gradient, group["weight_decay"])
        rate = group["lr"] / (1 + (exact(state["step"]) - 1) * group["lr_decay"])
        squares = state["sum"].addcmul_(gradient, gradient)
        parameter.addcdiv_(gradient, ops.sqrt(squares).add_(group["eps"]), value=-rate)
