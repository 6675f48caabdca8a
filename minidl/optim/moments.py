"""Running averages of gradients and of their squares: what Adam and its kin remember."""

from abc import ABC
from collections.abc import Iterable
from typing import Any

from .. import ops
from ..creation import zeros_like
from ..tensors import Tensor
from .optimizer import Optimizer, check_range


class MomentOptimizer(Optimizer, ABC):
    """What Adam and its kin are made of: two averages per parameter, m of g and v of g^2."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
        **options: Any,
    ):
        check_range("lr", lr)
        check_range("eps", eps)
        check_range("betas[0]", betas[0], below=1.0)
        check_range("betas[1]", betas[1], below=1.0)
        check_range("weight_decay", weight_decay)
        shared = dict(lr=lr, betas=tuple(betas), eps=eps, weight_decay=weight_decay)
        super().__init__(params, {**shared, **options})

    def begin(self, parameter: Tensor) -> dict[str, Any]:
        return begun(parameter, self.group_of(parameter).get("amsgrad", False))


def exact(count: Any) -> Any:
    """A count of steps to compute with: a tensor of one, as a compiled step has it, as float64.

    So 1 - b2^t keeps its digits; in float32 it would lose most of them in the first steps.
    """
    return count.double() if isinstance(count, Tensor) else count


def shrink(parameter: Tensor, lr: float, weight_decay: float) -> None:
    """Weight decay apart from the gradient: p <- p - lr weight_decay p

    Source: Loshchilov, Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2.
    """
    if weight_decay:
        parameter.mul_(1 - lr * weight_decay)


def begun(parameter: Tensor, amsgrad: bool = False) -> dict[str, Any]:
    """No step yet, and averages of nothing."""
    averages = ["exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if amsgrad else [])]
    return {"step": 0, **{name: zeros_like(parameter) for name in averages}}


def average(
    parameter: Tensor,
    gradient: Tensor,
    state: dict[str, Any],
    betas: tuple[float, float],
    amsgrad: bool = False,
) -> tuple[Tensor, Tensor, Any]:
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2

    Returns:
        (m, v, t): the averages, which began at 0, and the number of this step, from 1.
    """
    if "step" not in state:
        state.update(begun(parameter, amsgrad))
    state["step"] += 1
    beta1, beta2 = betas
    mean = state["exp_avg"].lerp_(gradient, 1 - beta1)
    squares = state["exp_avg_sq"].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
    return mean, squares, exact(state["step"])


def adam_step(
    parameter: Tensor,
    gradient: Tensor,
    state: dict[str, Any],
    lr: float,
    betas: tuple[float, float],
    eps: float,
    amsgrad: bool = False,
) -> None:
    """p <- p - lr m' / (sqrt(v') + eps)

    with m' = m / (1 - b1^t) and v' = v / (1 - b2^t), since both averages begin at 0; with amsgrad,
    v' is the largest so far.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1; Reddi,
    Kale, Kumar, "On the Convergence of Adam and Beyond" (2018), algorithm 2 (amsgrad).
    """
    mean, squares, step = average(parameter, gradient, state, betas, amsgrad)
    if amsgrad:
        if "max_exp_avg_sq" not in state:  # asked for since the last step
            state["max_exp_avg_sq"] = zeros_like(parameter)
        largest = state["max_exp_avg_sq"]
        squares = largest.copy_(ops.maximum(largest, squares))
    beta1, beta2 = betas
    correction1, correction2 = 1 - beta1**step, 1 - beta2**step
    scale = ops.sqrt(squares).mul_(correction2**-0.5).add_(eps)
    parameter.addcdiv_(mean, scale, value=-lr / correction1)
