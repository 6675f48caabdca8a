"""What a row of the table is, and how its numbers are made."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Row(NamedTuple):
    """One way to call a primitive.

    inputs: arrays (float64 unless the primitive wants others).
    reference: NumPy arrays -> NumPy array.
    nudge: which inputs are nudged by finite differences; none where there is no derivative.
    through: what nudged inputs pass first, where a primitive is for some of them only.
    """

    name: str
    inputs: list[Any]
    reference: Callable[..., Any]
    params: dict[str, Any] = {}
    nudge: tuple[int, ...] | None = None
    through: Callable[[Any], Any] = lambda x: x


NO = ()  # no derivative, or a derivative that is 0 everywhere
_rng = np.random.default_rng(7)


def real(*shape: int, low: float = -2.0, high: float = 2.0) -> np.ndarray:
    """Numbers that keep a distance from each other and from 0, so that no corner is nudged over."""
    count = int(np.prod(shape))
    steps = np.linspace(low, high, count + 2)[1:-1] if count else np.zeros(0)
    steps = np.where(np.abs(steps) < 0.05, 0.11, steps)
    return _rng.permutation(steps).reshape(shape)


def complexes(*shape: int) -> np.ndarray:
    """Complex numbers of two `real` parts."""
    return real(*shape) + 1j * real(*shape)


def positive(*shape: int) -> np.ndarray:
    """As `real`, above 0."""
    return real(*shape, low=0.3, high=3.0)
