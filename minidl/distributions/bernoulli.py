"""Yes or no."""

from collections.abc import Sequence
from typing import final

from ..nn.functional import binary_cross_entropy_with_logits
from ..ops import bernoulli, expand, log, log1p, sigmoid
from ..tensors import Tensor
from .distribution import Distribution, either, together


@final
class Bernoulli(Distribution):
    """P(1) = probs, or sigmoid(logits)

    Args:
        probs: in [0, 1], any shape.
        logits: any numbers, any shape.
    """

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None):
        either("Bernoulli", probs, logits)
        (given,) = together(probs if logits is None else logits)
        self.batch_shape = given.shape
        self.probs = given if logits is None else sigmoid(given)
        self.logits = given if logits is not None else log(given) - log1p(-given)

    def sample(self, sample_shape: Sequence[int] = ()) -> Tensor:
        """0 and 1 in the parameters' dtype, shape sample_shape + batch_shape."""
        return bernoulli(expand(self.probs.detach(), self._extended(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        logits, value = together(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Tensor:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")
