"""Data that a formula draws: two moons, and spirals."""

from __future__ import annotations

import math

from ..backend import int64
from ..chance import randn
from ..creation import full, linspace, tensor
from ..ops import Generator, cat, cos, sin, stack
from ..tensors import Tensor
from .splits import split_indices
from .stacked import TensorDataset
from .transforms import Normalize


def moons(
    split: str = "train",
    *,
    samples: int = 1000,
    noise: float = 0.1,
    normalize: bool = False,
    seed: int = 0,
) -> TensorDataset:
    """Two half circles that reach into one another; no straight line parts them.

    Inputs (n, 2): x and y, with Gaussian noise of standard deviation `noise`. Labels (n,) int64: 0
    for the upper moon, 1 for the lower. `samples` counts both splits together.
    """
    upper = samples // 2
    a, b = linspace(0, math.pi, upper), linspace(0, math.pi, samples - upper)
    arcs = [(cos(a), sin(a)), (1 - cos(b), 0.5 - sin(b))]
    return _part("moons", arcs, noise, split, normalize, seed)


def spirals(
    split: str = "train",
    *,
    samples: int = 1000,
    arms: int = 3,
    turns: float = 0.6,
    noise: float = 0.04,
    normalize: bool = False,
    seed: int = 0,
) -> TensorDataset:
    """`arms` spiral arms that wind out of the origin to radius 1, one class each.

    Inputs (n, 2), labels (n,) int64 in 0..arms-1. More `turns` make it harder.
    """
    arcs = []
    for arm in range(arms):
        count = samples // arms + (arm < samples % arms)
        radius = linspace(0.05, 1, count)
        angle = 2 * math.pi * (turns * radius + arm / arms)
        arcs.append((radius * cos(angle), radius * sin(angle)))
    return _part("spirals", arcs, noise, split, normalize, seed)


def _part(
    name: str,
    arcs: list[tuple[Tensor, Tensor]],
    noise: float,
    split: str,
    normalize: bool,
    seed: int,
) -> TensorDataset:
    """One curve per class, blurred, and of it the samples of the split."""
    x = cat([stack(arc, dim=1) for arc in arcs])
    x = x + noise * randn(*x.shape, generator=Generator().manual_seed(seed))
    y = cat([full((len(arc[0]),), label, dtype=int64) for label, arc in enumerate(arcs)])
    labels = y.tolist()

    def part(which: str) -> TensorDataset:
        chosen = tensor(split_indices(name, labels, which, seed))
        return TensorDataset(x[chosen], y[chosen])

    return Normalize.fit(part("train")).apply(part(split)) if normalize else part(split)
