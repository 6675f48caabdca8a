"""Losses for numbers: how far predictions are from targets."""

from ... import ops
from ...dtypes import is_floating
from ...precision import in_single
from ...tensors import Tensor
from .arguments import check_shape
from .reduction import check_reduction, reduced, warn_of_broadcast

# The target has the input's shape; another that broadcasts is taken, with a warning. Integers may
# be targets, and are turned into the input's dtype. `reduction` is "mean", "sum" or "none".


@in_single("cpu", "cuda")
def mse_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None
) -> Tensor:
    """w (x - y)^2

    Args:
        input: predictions, any shape.
        target: the same shape.
        reduction: "mean" (divides by the sum of weights), "sum" or "none".
        weight: the same shape, how much each element counts.

    Raises:
        TypeError: both hold integers. ShapeError: `weight` has another shape.
    """
    _check("mse_loss", input, target, reduction, weight)
    difference = input - target
    return _weighted("mse_loss", difference * difference, weight, reduction)


@in_single("cpu", "cuda")
def l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None
) -> Tensor:
    """w |x - y|; arguments and errors as for `mse_loss`"""
    _check("l1_loss", input, target, reduction, weight, integers=reduction != "mean")
    return _weighted("l1_loss", ops.abs(input - target), weight, reduction)


@in_single("cpu", "cuda")
def smooth_l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """(x - y)^2 / (2 beta) where |x - y| < beta, else |x - y| - beta / 2

    Raises:
        ValueError: beta < 0. TypeError: both hold integers.

    Source: Girshick, "Fast R-CNN" (2015), equation 3.
    """
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must not be negative, got {beta}.")
    _check("smooth_l1_loss", input, target, reduction, None)
    distance = ops.abs(input - target)
    if beta > 0:
        near = 0.5 / beta * (distance * distance)
        distance = ops.where(distance < beta, near, distance - 0.5 * beta)
    return reduced("smooth_l1_loss", distance, reduction)


@in_single("cpu", "cuda")
def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """w (x - y)^2 / 2 where |x - y| <= delta, else w delta (|x - y| - delta / 2)

    Here, unlike in `mse_loss`, "mean" divides by the number of elements whatever the weights are.

    Raises:
        ValueError: delta <= 0. TypeError: both hold integers. ShapeError: as `mse_loss`.

    Source: Huber, "Robust Estimation of a Location Parameter" (1964).
    """
    if delta <= 0:
        raise ValueError(f"huber_loss: delta must be positive, got {delta}.")
    _check("huber_loss", input, target, reduction, weight)
    distance = ops.abs(input - target)
    near, far = 0.5 * (distance * distance), delta * (distance - 0.5 * delta)
    losses = ops.where(distance <= delta, near, far)
    return reduced("huber_loss", losses if weight is None else losses * weight, reduction)


def _check(
    name: str,
    input: Tensor,
    target: Tensor,
    reduction: str,
    weight: Tensor | None,
    integers: bool = False,
) -> None:
    check_reduction(name, reduction)
    for word, x in (("input", input), ("target", target)):
        if not isinstance(x, Tensor):
            raise TypeError(f"{name}: {word} must be a Tensor, got {type(x).__name__}: {x!r:.60}")
    if not (integers or is_floating(input.dtype) or is_floating(target.dtype)):
        raise TypeError(
            f"{name}: input must hold real numbers, got {input.dtype} and a target of "
            f"{target.dtype}; convert it with .float()."
        )
    warn_of_broadcast(name, input, target)
    check_shape(name, input.shape, weight=weight)


def _weighted(name: str, losses: Tensor, weight: Tensor | None, reduction: str) -> Tensor:
    if weight is None:
        return reduced(name, losses, reduction)
    losses = losses * weight
    return losses.sum() / weight.sum() if reduction == "mean" else reduced(name, losses, reduction)
