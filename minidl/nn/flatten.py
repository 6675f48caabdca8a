"""Flatten and its opposite: images to rows of numbers, and back."""

from collections.abc import Sequence
from typing import final

from ..tensors import Tensor
from .module import Module


@final
class Flatten(Module):
    """Dimensions start_dim to end_dim as one: (N, 8, 8) becomes (N, 64)."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


@final
class Unflatten(Module):
    """One dimension as several: with dim=1 and (8, 8), (N, 64) becomes (N, 8, 8).

    Args:
        dim: the dimension that is unfolded.
        unflattened_size: the sizes it becomes; one may be -1 and is worked out.
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]):
        super().__init__()
        if not isinstance(unflattened_size, Sequence):
            raise TypeError(
                f"Unflatten: unflattened_size must be a tuple of sizes, got {unflattened_size!r}."
            )
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
