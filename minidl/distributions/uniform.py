"""Every number of an interval alike."""

from collections.abc import Sequence
from typing import Any, final

from ..ops import default_generator, expand, log, uniform_like, where
from ..tensors import Tensor
from .distribution import Distribution, together


@final
class Uniform(Distribution):
    """p(x) = 1 / (high - low) where low <= x < high, else 0

    Args:
        low, high: the interval's ends; they broadcast.

    Raises:
        ValueError: an interval is empty.
    """

    def __init__(self, low: Any, high: Any):
        self.low, self.high = together(low, high)
        if not bool((self.low < self.high).all()):
            raise ValueError("Uniform: low must be below high everywhere.")
        self.batch_shape = self.low.shape

    def rsample(self, sample_shape: Sequence[int] = ()) -> Tensor:
        like = expand(self.low.detach(), self._extended(sample_shape))
        share = uniform_like(like, generator=default_generator)
        return self.low + (self.high - self.low) * share

    def log_prob(self, value: Tensor) -> Tensor:
        inside = (value >= self.low) & (value < self.high)
        return where(inside, -log(self.high - self.low), -float("inf"))

    def entropy(self) -> Tensor:
        return log(self.high - self.low)
