"""Running averages of gradients and of their squares: what Adam and its kin remember."""

from typing import Any

from .. import ops
from ..creation import zeros_like
from ..tensors import Tensor
from .optimizer import check_range


def check_moment_options(lr: float, betas: tuple[float, float], eps: float, decay: float) -> None:
    """Refuses options outside their range."""
    check_range("lr", lr)
    check_range("eps", eps)
    check_range("betas[0]", betas[0], below=1.0)
    check_range("betas[1]", betas[1], below=1.0)
    check_range("weight_decay", decay)


def descend(
    parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
) -> None:
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - lr m' / (sqrt(v') + eps)

    with m' = m / (1 - b1^t) and v' = v / (1 - b2^t), since both averages begin at 0; with amsgrad,
    v' is the largest so far.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1; Reddi,
    Kale, Kumar, "On the Convergence of Adam and Beyond" (2018), algorithm 2 (amsgrad).
    """
    if not state:
        state.update(step=0, exp_avg=zeros_like(parameter), exp_avg_sq=zeros_like(parameter))
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zeros_like(parameter)
    state["step"] += 1
    beta1, beta2 = group["betas"]
    mean = state["exp_avg"].lerp_(gradient, 1 - beta1)
    squares = state["exp_avg_sq"].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
    if group["amsgrad"]:
        largest = state["max_exp_avg_sq"]
        squares = largest.copy_(ops.maximum(largest, squares))
    correction1, correction2 = 1 - beta1 ** state["step"], 1 - beta2 ** state["step"]
    scale = ops.sqrt(squares).mul_(correction2**-0.5).add_(group["eps"])
    parameter.addcdiv_(mean, scale, value=-group["lr"] / correction1)
