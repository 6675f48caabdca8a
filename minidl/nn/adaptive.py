"""Pooling to a size, as modules; what each does stands in functional/adaptive.py."""

from abc import ABC
from typing import Any, final

from ..tensors import Tensor
from . import functional as F
from .module import Module


class AdaptiveAvgPool(Module, ABC):
    """The mean of each of so many windows; see `functional.adaptive_avg_pool1d`."""

    pool: Any

    def __init__(self, output_size: Any):
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return self.pool(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


@final
class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """(N, C, L) to (N, C, output_size), by means."""

    pool = staticmethod(F.adaptive_avg_pool1d)


@final
class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """(N, C, H, W) to (N, C, *output_size), by means; with 1, the mean of each channel."""

    pool = staticmethod(F.adaptive_avg_pool2d)


@final
class AdaptiveAvgPool3d(AdaptiveAvgPool):
    """(N, C, D, H, W) to (N, C, *output_size), by means."""

    pool = staticmethod(F.adaptive_avg_pool3d)


class AdaptiveMaxPool(Module, ABC):
    """The largest number of each of so many windows; see `functional.adaptive_max_pool1d`."""

    pool: Any

    def __init__(self, output_size: Any, return_indices: bool = False):
        super().__init__()
        self.output_size, self.return_indices = output_size, return_indices

    def forward(self, input: Tensor) -> Any:
        return self.pool(input, self.output_size, self.return_indices)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


@final
class AdaptiveMaxPool1d(AdaptiveMaxPool):
    """(N, C, L) to (N, C, output_size), by the largest."""

    pool = staticmethod(F.adaptive_max_pool1d)


@final
class AdaptiveMaxPool2d(AdaptiveMaxPool):
    """(N, C, H, W) to (N, C, *output_size), by the largest."""

    pool = staticmethod(F.adaptive_max_pool2d)


@final
class AdaptiveMaxPool3d(AdaptiveMaxPool):
    """(N, C, D, H, W) to (N, C, *output_size), by the largest."""

    pool = staticmethod(F.adaptive_max_pool3d)
