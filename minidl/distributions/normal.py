"""The bell curve."""

import math
from collections.abc import Sequence
from typing import Any, final

from ..ops import default_generator, expand, log, normal_like
from ..tensors import Tensor
from .distribution import Distribution, together


@final
class Normal(Distribution):
    """p(x) = exp(-((x - loc) / scale)^2 / 2) / (scale sqrt(2 pi))

    Args:
        loc: the mean, any shape.
        scale: the standard deviation, above 0; broadcasts with loc.
    """

    def __init__(self, loc: Any, scale: Any):
        self.loc, self.scale = together(loc, scale)
        self.batch_shape = self.loc.shape

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        return self.scale**2

    def rsample(self, sample_shape: Sequence[int] = ()) -> Tensor:
        """loc + scale * noise: the noise has no parameters, so gradients pass it by.

        Source: Kingma, Welling, "Auto-Encoding Variational Bayes" (2014), section 2.4.
        """
        like = expand(self.loc.detach(), self._extended(sample_shape))
        noise = normal_like(like, generator=default_generator)
        return self.loc + self.scale * noise

    def log_prob(self, value: Tensor) -> Tensor:
        z = (value - self.loc) / self.scale
        return -0.5 * z * z - log(self.scale) - 0.5 * math.log(2 * math.pi)

    def entropy(self) -> Tensor:
        return 0.5 + 0.5 * math.log(2 * math.pi) + log(self.scale)
