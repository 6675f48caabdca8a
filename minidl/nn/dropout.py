"""Dropout: while learning, parts of the signal are left out at random; after `eval()` none."""

from abc import ABC
from typing import final

from ..tensors import Tensor
from . import functional as F
from .functional.arguments import check_chance
from .module import Module


class Dropping(Module, ABC):
    """Leaves parts out with probability p; the sources stand in functional/noise.py."""

    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        check_chance(type(self).__name__, p)
        self.p, self.inplace = p, inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


@final
class Dropout(Dropping):
    """Each element is 0 with probability p, else x / (1 - p)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


@final
class Dropout1d(Dropping):
    """Whole channels of (N, C, L) or (C, L) are 0 with probability p, else x / (1 - p)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


@final
class Dropout2d(Dropping):
    """Whole channels of images (N, C, H, W) are 0 with probability p, else x / (1 - p)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)


@final
class Dropout3d(Dropping):
    """Whole channels of volumes (N, C, D, H, W) are 0 with probability p, else x / (1 - p)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout3d(input, self.p, self.training, self.inplace)


@final
class AlphaDropout(Dropping):
    """Each element goes to SELU's lowest value with probability p; mean and variance stay."""

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training, self.inplace)
