"""Losses between probabilities: yes or no, and one distribution against another."""

import warnings

from ... import ops
from ...errors import ShapeError
from ...precision import in_single
from ...tensors import Tensor
from .activations import logsigmoid
from .arguments import check_alike, check_real, fits
from .reduction import check_reduction, reduced, warn_of_broadcast


@in_single("cpu")
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """-w (y ln x + (1 - y) ln(1 - x)), with logarithms no lower than -100

    Args:
        input: probabilities, any shape, 0 to 1; `binary_cross_entropy_with_logits` takes scores.
        target: the same shape and dtype, 0 to 1.
        weight: broadcasts to that shape.
        reduction: "mean", "sum" or "none".

    Raises:
        ShapeError: shapes differ. TypeError: dtypes differ. ValueError: a number of input or target
            lies outside 0 to 1.
    """
    name = "binary_cross_entropy"
    check_reduction(name, reduction)
    check_alike(name, input=input, target=target, weight=weight)
    _check_shapes(name, input, target, weight=weight)
    _check_probabilities("input", input)
    _check_probabilities("target", target)
    losses = _surprise(input, target)
    return reduced(name, losses if weight is None else losses * weight, reduction)


def _surprise(x: Tensor, y: Tensor) -> Tensor:
    """-(y ln x + (1 - y) ln(1 - x)), whose slope (x - y) / (x (1 - x)) is finite at 0 and 1, too

    As in PyTorch, x (1 - x) counts as at least 1e-12 there: a straight line takes over.
    """
    fixed = x.detach()
    flat = fixed * (1 - fixed) < 1e-12
    bent = ops.where(flat, fixed, x)
    slope = ops.where(flat, (fixed - y.detach()) / 1e-12, 0.0)
    return (x - fixed) * slope - (y * _log(bent) + (1 - y) * _log(1 - bent))


@in_single("cpu", "cuda")
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """-w (p y ln s + (1 - y) ln(1 - s)) with s = sigmoid(x), without overflow

    Args:
        input: scores, any shape.
        target: the same shape, 0 to 1, floats.
        weight: broadcasts to that shape.
        reduction: "mean", "sum" or "none".
        pos_weight: broadcasts to that shape; p, how much a yes counts.

    Raises:
        ShapeError: shapes differ. TypeError: input or target holds integers.
    """
    name = "binary_cross_entropy_with_logits"
    check_reduction(name, reduction)
    check_real(name, input=input, target=target)
    _check_shapes(name, input, target, weight=weight, pos_weight=pos_weight)
    surprise = -logsigmoid(input)
    if pos_weight is not None:
        surprise = surprise * (1 + (pos_weight - 1) * target)
    losses = (1 - target) * input + surprise
    losses = losses if weight is None else losses * weight
    return reduced(name, losses, reduction)


@in_single("cpu", "cuda")
def kl_div(
    input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False
) -> Tensor:
    """y (ln y - x): the Kullback-Leibler divergence of e^x from y

    Args:
        input: log-probabilities, any shape.
        target: probabilities of that shape; their logarithms if `log_target`.
        reduction: "batchmean" is the divergence per row; "mean" divides by all elements.
        log_target: whether the target, too, holds logarithms.

    Raises:
        TypeError: input or target holds integers.
    """
    check_reduction("kl_div", reduction, "batchmean")
    check_real("kl_div", input=input, target=target)
    warn_of_broadcast("kl_div", input, target)
    if log_target:
        losses = ops.exp(target) * (target - input)
    else:  # 0 ln 0 = 0
        logs = ops.log(ops.where(target == 0, 1.0, target))
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


def _check_shapes(name: str, input: Tensor, target: Tensor, **weights: Tensor | None) -> None:
    if input.shape != target.shape:
        raise ShapeError(
            f"{name}: input {input.shape} and target {target.shape} must have one shape; "
            f"for example target.reshape({input.shape})."
        )
    for word, x in weights.items():
        if x is not None and not fits(x.shape, input.shape):
            raise ShapeError(f"{name}: {word} {x.shape} does not broadcast to {input.shape}.")


def _check_probabilities(word: str, x: Tensor) -> None:
    if x.device.type == "paper":
        return
    p = x.array
    bad = ~((p >= 0) & (p <= 1))
    if bad.any():
        first = tuple(int(axis[0]) for axis in bad.nonzero())
        raise ValueError(
            f"binary_cross_entropy: {word}{list(first)} = {float(p[first]):g} is no probability; "
            "scores go through sigmoid first, or to binary_cross_entropy_with_logits."
        )
