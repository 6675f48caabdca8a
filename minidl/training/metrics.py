"""How good is an output? Numbers for people to read; nothing here is differentiated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

from ..dtypes import is_floating
from ..tensors import Tensor

Metric = Callable[[Tensor, Tensor], Any]  # (output, target) -> the mean over the batch


def accuracy(output: Tensor, target: Tensor) -> float:
    """The share of samples whose class is right, 0..1.

    output: (n, classes, ...) scores, of which the largest decides; or, shaped as the target, one
    logit per sample, where a positive one says class 1. target: (n, ...) labels.
    """
    return float((predicted_class(output, target) == target).float().mean().item())


def top_k_accuracy(k: int) -> Metric:
    """The share of samples whose class is among the k of largest score; output (n, classes)."""

    def top_k(output: Tensor, target: Tensor) -> float:
        right = output.gather(1, target.reshape(-1, 1))
        better = (output > right).sum(dim=1)
        return float((better < k).float().mean().item())

    top_k.__name__ = f"top_{k}_accuracy"
    return top_k


def mean_absolute_error(output: Tensor, target: Tensor) -> float:
    """mean |output - target|, in the target's unit."""
    return float((output - target).abs().mean().item())


def confusion_matrix(output: Tensor, target: Tensor, classes: int) -> list[list[int]]:
    """Row: the true class; column: the class that the output names; entry: how many samples."""
    counts = [[0] * classes for _ in range(classes)]
    named = predicted_class(output, target).reshape(-1).tolist()
    for true, guess in zip(target.reshape(-1).tolist(), named, strict=True):
        counts[int(true)][int(guess)] += 1
    return counts


def predicted_class(output: Tensor, target: Tensor) -> Tensor:
    """The class that an output names, shaped as the target."""
    if output.shape == target.shape:
        return (output > 0).to(target.dtype)
    if output.ndim == target.ndim + 1:
        return output.argmax(dim=1)
    raise ValueError(
        f"cannot tell classes from an output of shape {output.shape} for labels of shape "
        f"{target.shape}; expected (n, classes, ...) for (n, ...), or equal shapes"
    )


@final
class RunningMean:
    """The mean of numbers that come a batch at a time, each with its weight."""

    def __init__(self) -> None:
        self.total = 0.0
        self.weight = 0.0

    def add(self, value: float, weight: float = 1) -> None:
        self.total += value * weight
        self.weight += weight

    @property
    def value(self) -> float:
        """The mean so far; nan before the first number."""
        return self.total / self.weight if self.weight else float("nan")


def named(metrics: Mapping[str, Metric] | Sequence[Metric] | None) -> dict[str, Metric] | None:
    """Metrics by name; a function that comes without one goes by its own."""
    if metrics is None or isinstance(metrics, Mapping):
        return None if metrics is None else dict(metrics)
    return {getattr(metric, "__name__", type(metric).__name__): metric for metric in metrics}


def usual(metrics: dict[str, Metric] | None, target: Tensor) -> dict[str, Metric]:
    """The metrics asked for; if none were named, accuracy where the targets are labels."""
    if metrics is not None:
        return metrics
    return {} if is_floating(target.dtype) else {"accuracy": accuracy}
