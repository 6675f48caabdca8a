"""Losses that say how unlikely a number is under a distribution that the network predicts."""

import math

from ... import ops
from ...errors import ShapeError
from ...precision import in_single
from ...tensors import Tensor
from .reduction import check_reduction, reduced


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """(ln v + (x - y)^2 / v) / 2: how unlikely y is under N(x, v)

    Args:
        input: x, the predicted means, any shape.
        target: y, the same shape, or one that broadcasts.
        var: v, the predicted variances: of the input's shape, or with one (or no) last dimension
            where all of a row share theirs; or one number.
        full: add the constant ln(2 pi) / 2.
        eps: no smaller variance is used; the gradient does not know of this bound.
        reduction: "mean", "sum" or "none".

    Raises:
        ShapeError: var has another shape. ValueError: a variance is negative.

    Source: Nix, Weigend, "Estimating the Mean and Variance of the Target Probability Distribution"
    (1994), equation 6.
    """
    check_reduction("gaussian_nll_loss", reduction)
    v = _variance(input, var, eps)
    losses = 0.5 * (ops.log(v) + (input - target) ** 2 / v)
    losses = losses + 0.5 * math.log(2 * math.pi) if full else losses
    return reduced("gaussian_nll_loss", losses, reduction)


def _variance(input: Tensor, var: Tensor | float, eps: float) -> Tensor:
    """The variances, no smaller than eps, in a shape that broadcasts to the input's."""
    if not isinstance(var, Tensor):
        if var < 0:
            raise ValueError(f"gaussian_nll_loss: var must not be negative, got {var}.")
        return ops.fill(input.detach(), value=max(var, eps))
    v = var
    if v.shape == input.shape[:-1] and input.ndim:
        v = ops.unsqueeze(v, -1)
    elif v.shape not in (input.shape, (*input.shape[:-1], 1)):
        raise ShapeError(
            f"gaussian_nll_loss: var must be {input.shape}, or with a last size of 1 or none, got "
            f"{v.shape}."
        )
    if v.device.type != "paper" and (v.array < 0).any():
        raise ValueError("gaussian_nll_loss: var has negative entries; predict its logarithm.")
    return v + (ops.clamp(v, min=eps) - v).detach()


@in_single("cpu", "cuda")
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    *,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Tensor:
    """e^x - y x: how unlikely the count y is if e^x are expected, but for ln(y!)

    Args:
        input: x, logarithms of expected counts, any shape; the counts themselves, for the loss
            x - y ln(x + eps), without `log_input`.
        target: y, counts; broadcasts.
        log_input: whether the input holds logarithms.
        full: add Stirling's formula for ln(y!), y ln y - y + ln(2 pi y) / 2, where y > 1.
        eps: keeps the logarithm of an expected 0 finite.
        reduction: "mean", "sum" or "none".
    """
    check_reduction("poisson_nll_loss", reduction)
    if log_input:
        losses = ops.exp(input) - target * input
    else:
        losses = input - target * ops.log(input + eps)
    if full:
        losses = losses + _stirling(target)
    return reduced("poisson_nll_loss", losses, reduction)


def _stirling(y: Tensor) -> Tensor:
    """ln(y!) for y > 1, else 0."""
    many = y > 1
    y = ops.where(many, y, 1)
    logs = y * ops.log(y) - y + 0.5 * ops.log(2 * math.pi * y)
    return ops.where(many, logs, 0.0)
