"""Losses for numbers: how far predictions are from targets."""

from ... import ops
from ...tensors import Tensor
from .reduction import reduced, warn_of_broadcast


def mse_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """(x - y)^2

    Args:
        input: predictions, any shape.
        target: the same shape; another that broadcasts is taken, with a warning.
        reduction: "mean", "sum" or "none".
    """
    warn_of_broadcast("mse_loss", input, target)
    difference = input - target
    return reduced("mse_loss", difference * difference, reduction)


def l1_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """|x - y|; arguments as for `mse_loss`"""
    warn_of_broadcast("l1_loss", input, target)
    return reduced("l1_loss", ops.abs(input - target), reduction)


def smooth_l1_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """(x - y)^2 / (2 beta) where |x - y| < beta, else |x - y| - beta / 2

    Source: Girshick, "Fast R-CNN" (2015), equation 3.
    """
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must not be negative, got {beta}.")
    warn_of_broadcast("smooth_l1_loss", input, target)
    distance = ops.abs(input - target)
    if beta > 0:
        near = 0.5 / beta * (distance * distance)
        distance = ops.where(distance < beta, near, distance - 0.5 * beta)
    return reduced("smooth_l1_loss", distance, reduction)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0
) -> Tensor:
    """(x - y)^2 / 2 where |x - y| <= delta, else delta (|x - y| - delta / 2)

    Source: Huber, "Robust Estimation of a Location Parameter" (1964).
    """
    if delta <= 0:
        raise ValueError(f"huber_loss: delta must be positive, got {delta}.")
    warn_of_broadcast("huber_loss", input, target)
    distance = ops.abs(input - target)
    near, far = 0.5 * (distance * distance), delta * (distance - 0.5 * delta)
    return reduced("huber_loss", ops.where(distance <= delta, near, far), reduction)
