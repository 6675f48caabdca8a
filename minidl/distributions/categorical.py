"""One of several classes, each with its probability."""

from collections.abc import Sequence
from math import prod
from typing import final

from ..errors import ShapeError
from ..ops import broadcast, exp, expand, gather, log, log_softmax, multinomial
from ..tensors import Tensor
from .distribution import Distribution, either


@final
class Categorical(Distribution):
    """P(k) = probs[..., k], or softmax(logits)[..., k]

    Args:
        probs: (..., classes), not negative; scaled to sum to 1.
        logits: (..., classes), any numbers; log-probabilities up to a constant.
    """

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None):
        either("Categorical", probs, logits)
        given = probs if logits is None else logits
        if given is None or given.ndim < 1:
            raise ShapeError("Categorical needs at least one dimension: the classes.")
        self.batch_shape = given.shape[:-1]
        if probs is not None:
            self.logits = log(probs / probs.sum(-1, keepdim=True))
        else:
            self.logits = log_softmax(given, -1)

    @property
    def probs(self) -> Tensor:
        """(..., classes), sums to 1."""
        return exp(self.logits)

    @property
    def mode(self) -> Tensor:
        """The most likely class, batch_shape."""
        return self.logits.argmax(-1)

    def sample(self, sample_shape: Sequence[int] = ()) -> Tensor:
        """Classes as int64, shape sample_shape + batch_shape."""
        classes = self.logits.shape[-1]
        flat = self.probs.detach().reshape(-1, classes)
        draws = multinomial(flat, max(prod(sample_shape), 1), replacement=True)
        return draws.T.reshape(self._extended(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        """log P(value) for classes `value` (integers) that broadcast with the batch."""
        labels = value.long()
        shape = broadcast(labels.shape, self.batch_shape)
        logits = expand(self.logits, *shape, self.logits.shape[-1])
        return gather(logits, -1, expand(labels, shape).unsqueeze(-1)).squeeze(-1)

    def entropy(self) -> Tensor:
        lowest = self.logits.clamp(min=-1e30)  # 0 * log 0 counts as 0
        return -(self.probs * lowest).sum(-1)
