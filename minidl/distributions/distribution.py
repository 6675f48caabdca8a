"""What all distributions share: a batch of them, from which samples of any shape are drawn."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from ..creation import as_tensor
from ..ops import broadcast, expand
from ..tape import no_grad
from ..tensors import Tensor


class Distribution(ABC):
    """A batch of distributions of one kind, one for each number of its parameters.

    Attributes:
        batch_shape: the parameters' common shape.
    """

    batch_shape: tuple[int, ...] = ()

    @abstractmethod
    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the probability (or density) of values that broadcast with the batch."""

    @abstractmethod
    def entropy(self) -> Tensor:
        """The expected surprise -E[log p], in nats; shape batch_shape."""

    def rsample(self, sample_shape: Sequence[int] = ()) -> Tensor:
        """A sample through which gradients flow to the parameters; sample_shape + batch_shape.

        Raises:
            NotImplementedError: draws of this kind jump, so they have no slope.
        """
        raise NotImplementedError(
            f"A draw from {type(self).__name__} jumps from value to value, so no gradient flows "
            "through it; use sample() and log_prob() (the score function), as REINFORCE does."
        )

    def sample(self, sample_shape: Sequence[int] = ()) -> Tensor:
        """A sample without a history, shape sample_shape + batch_shape."""
        with no_grad():
            return self.rsample(sample_shape)

    def _extended(self, sample_shape: Sequence[int]) -> tuple[int, ...]:
        return (*sample_shape, *self.batch_shape)


def together(*parameters: Any) -> tuple[Tensor, ...]:
    """Parameters as tensors of one shape."""
    tensors = [p if isinstance(p, Tensor) else as_tensor(float(p)) for p in parameters]
    shape = broadcast(*(t.shape for t in tensors))
    return tuple(t if t.shape == shape else expand(t, shape) for t in tensors)


def either(name: str, probs: Any, logits: Any) -> None:
    """Refuses two descriptions of one distribution, or none."""
    if (probs is None) == (logits is None):
        raise ValueError(f"{name} takes either probs or logits: exactly one of the two.")
