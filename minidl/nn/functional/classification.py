"""Losses for classes: how surprised the network is by the right answer."""

from ... import ops
from ...dtypes import is_floating
from ...errors import ShapeError
from ...precision import in_single, region_of, to_single
from ...tensors import Tensor
from .arguments import check_alike
from .labels import check_class_target, check_labels
from .reduction import check_reduction, reduced


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """-w_y ln softmax(x)_y for the right class y, or -sum_c w_c y_c ln softmax(x)_c

    Args:
        input: logits, (C), (N, C) or (N, C, ...).
        target: labels from 0 to C - 1, (), (N) or (N, ...), int64; or probabilities of the
            input's shape, floats.
        weight: (C), how much each class counts.
        ignore_index: a label that counts nothing.
        reduction: "mean" (over the labels' weights), "sum" or "none".
        label_smoothing: in [0, 1], the share of the target spread over all classes.

    Raises:
        IndexError: a label is no class. TypeError: labels are floats, or scores integers.
        ShapeError: shapes differ. ValueError: ignore_index with probabilities.

    Source: Szegedy et al., "Rethinking the Inception Architecture" (2016), section 7 (smoothing).
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing lies in [0, 1], got {label_smoothing}.")
    check_reduction("cross_entropy", reduction)
    check_alike("cross_entropy", input=input, weight=weight)
    dim = 0 if input.ndim == 1 else 1
    if target.shape == input.shape and is_floating(target.dtype) and input.ndim:
        if ignore_index != -100:
            raise ValueError("cross_entropy: ignore_index is for labels; target is probabilities.")
        input, target, weight = map(to_single, (input, target, weight))
        return _to_probabilities(input, target, weight, reduction, label_smoothing, dim)
    check_class_target("cross_entropy", input, target)
    if input.ndim == 2 and weight is None and label_smoothing == 0 and input.numel():
        options = {"reduction": reduction, "memory": []}
        if input.dtype.itemsize == 2 and region_of(input) is not None:
            options["wide"] = True  # a region's losses are float32
        if not check_labels("cross_entropy", target, input.shape[1], ignore_index):
            options["ignored"] = ignore_index
        return ops.surprise(input, target.long(), **options)
    logs, weight = ops.log_softmax(to_single(input), dim), to_single(weight)
    return _to_labels(
        "cross_entropy", logs, target, weight, ignore_index, reduction, label_smoothing
    )


@in_single("cpu", "cuda")
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """-w_y x_y for the right class y: cross entropy whose input already went through log_softmax

    Args and raises as for `cross_entropy`, with log-probabilities as input.
    """
    check_reduction("nll_loss", reduction)
    check_alike("nll_loss", input=input, weight=weight)
    check_class_target("nll_loss", input, target)
    return _to_labels("nll_loss", input, target, weight, ignore_index, reduction, 0.0)


def _to_labels(
    name: str,
    logs: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    reduction: str,
    smoothing: float,
) -> Tensor:
    dim = 0 if logs.ndim == 1 else 1
    classes = logs.shape[dim]
    _check_weight(name, weight, classes)
    plain = check_labels(name, target, classes, ignore_index)
    counted = None if plain else target != ignore_index
    labels = (target if counted is None else ops.where(counted, target, 0)).long()
    losses = -ops.gather(logs, dim, labels.unsqueeze(dim)).squeeze(dim)
    scale = None if weight is None else weight[labels]
    if counted is not None:
        kept = counted.to(logs.dtype)
        scale = kept if scale is None else scale * kept
    losses = losses if scale is None else losses * scale
    if smoothing > 0:
        spread = -logs.sum(dim) if weight is None else -(logs * _along(weight, logs)).sum(dim)
        spread = spread if counted is None else ops.where(counted, spread, 0.0)
        losses = (1 - smoothing) * losses + smoothing / classes * spread
    if reduction == "mean" and scale is not None:
        return _weighted_mean(losses, scale)
    return reduced(name, losses, reduction)


def _weighted_mean(losses: Tensor, scale: Tensor) -> Tensor:
    """The sum over the sum of weights; where nothing counts it is nan, but its gradient 0."""
    total = scale.sum()
    empty = total == 0
    return ops.where(empty, float("nan"), losses.sum() / ops.where(empty, 1.0, total))


def _to_probabilities(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    reduction: str,
    smoothing: float,
    dim: int,
) -> Tensor:
    _check_weight("cross_entropy", weight, input.shape[dim])
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / input.shape[dim]
    terms = ops.log_softmax(input, dim) * target
    terms = terms if weight is None else terms * _along(weight, input)
    return reduced("cross_entropy", -terms.sum(dim), reduction)


def _along(weight: Tensor, input: Tensor) -> Tensor:
    """Class weights in the place of the input's class dimension."""
    return weight.reshape((-1,) + (1,) * max(input.ndim - 2, 0))


def _check_weight(name: str, weight: Tensor | None, classes: int) -> None:
    if weight is not None and weight.shape != (classes,):
        raise ShapeError(f"{name}: {classes} classes need weight ({classes},), got {weight.shape}.")
