"""Losses between probabilities: yes or no, and one distribution against another."""

import warnings

from ... import ops
from ...errors import ShapeError
from ...tensors import Tensor
from .reduction import check_reduction, reduced, warn_of_broadcast


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """-w (y ln x + (1 - y) ln(1 - x)), with logarithms no lower than -100

    Args:
        input: probabilities, any shape, 0 to 1; `binary_cross_entropy_with_logits` takes scores.
        target: the same shape, 0 to 1, floats.
        weight: broadcasts to that shape.

    Raises:
        ShapeError: shapes differ. ValueError: a probability lies outside 0 to 1.
    """
    _check_pair("binary_cross_entropy", input, target)
    _check_probabilities(input)
    losses = -(target * _log(input) + (1 - target) * _log(1 - input))
    return reduced("binary_cross_entropy", losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """-w (p y ln s + (1 - y) ln(1 - s)) with s = sigmoid(x), without overflow

    Args:
        input: scores, any shape.
        target: the same shape, 0 to 1, floats.
        weight: broadcasts to that shape.
        pos_weight: broadcasts to that shape; p, how much a yes counts.
    """
    _check_pair("binary_cross_entropy_with_logits", input, target)
    surprise = ops.softplus(-input)  # -ln sigmoid(x)
    if pos_weight is not None:
        surprise = surprise * (1 + (pos_weight - 1) * target)
    losses = (1 - target) * input + surprise
    losses = losses if weight is None else losses * weight
    return reduced("binary_cross_entropy_with_logits", losses, reduction)


def kl_div(
    input: Tensor, target: Tensor, reduction: str = "mean", log_target: bool = False
) -> Tensor:
    """y (ln y - x): the Kullback-Leibler divergence of e^x from y

    Args:
        input: log-probabilities, any shape.
        target: probabilities of that shape; their logarithms if `log_target`.
        reduction: "batchmean" is the divergence per row; "mean" divides by all elements.
    """
    check_reduction("kl_div", reduction, "batchmean")
    warn_of_broadcast("kl_div", input, target)
    if log_target:
        losses = ops.exp(target) * (target - input)
    else:  # 0 ln 0 = 0
        logs = ops.log(ops.where(target > 0, target, 1.0))
        losses = target * logs - target * input
    if reduction == "batchmean":
        return losses.sum() / (input.shape[0] if input.ndim else 1)
    if reduction == "mean":
        warnings.warn(
            "kl_div: reduction='mean' divides by every element; 'batchmean', by the rows, is the "
            "mathematical divergence.",
            stacklevel=2,
        )
    return reduced("kl_div", losses, reduction)


def _log(x: Tensor) -> Tensor:
    """ln x, no lower than -100; the inner `where` keeps a slope of infinity out of backward."""
    return ops.where(x > 0, ops.clamp(ops.log(ops.where(x > 0, x, 1.0)), min=-100.0), -100.0)


def _check_pair(name: str, input: Tensor, target: Tensor) -> None:
    if input.shape != target.shape:
        raise ShapeError(
            f"{name}: input {input.shape} and target {target.shape} must have one shape; "
            f"for example target.reshape({input.shape})."
        )
    if target.dtype.kind != "f":
        raise TypeError(f"{name}: target must be floats, got {target.dtype}: use target.float().")


def _check_probabilities(input: Tensor) -> None:
    if input.device.type == "paper":
        return
    p = input.array
    bad = ~((p >= 0) & (p <= 1))
    if bad.any():
        first = tuple(int(axis[0]) for axis in bad.nonzero())
        raise ValueError(
            f"binary_cross_entropy: input{list(first)} = {float(p[first]):g} is no probability; "
            "scores go through sigmoid first, or to binary_cross_entropy_with_logits."
        )
