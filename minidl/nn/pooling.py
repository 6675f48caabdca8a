"""Pooling as modules; what each does stands in functional/pooling.py and functional/adaptive.py."""

from abc import ABC
from typing import Any, final

from ..tensors import Tensor
from . import functional as F
from .module import Module

# The largest of each window ----------------------------------------------------------------------


class MaxPool(Module, ABC):
    """The largest number of each window; arguments as for `functional.max_pool1d`."""

    pool: Any

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input: Tensor) -> Any:
        how = (self.kernel_size, self.stride, self.padding, self.dilation)
        return self.pool(input, *how, self.ceil_mode, self.return_indices)

    def extra_repr(self) -> str:
        shown = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
        return ", ".join(f"{name}={getattr(self, name)}" for name in shown)


@final
class MaxPool1d(MaxPool):
    """The largest of each window of signals (N, C, L); see `functional.max_pool1d`."""

    pool = staticmethod(F.max_pool1d)


@final
class MaxPool2d(MaxPool):
    """The largest of each window of images (N, C, H, W); see `functional.max_pool1d`."""

    pool = staticmethod(F.max_pool2d)


@final
class MaxPool3d(MaxPool):
    """The largest of each window of volumes (N, C, D, H, W); see `functional.max_pool1d`."""

    pool = staticmethod(F.max_pool3d)


# The mean of each window -------------------------------------------------------------------------


@final
class AvgPool1d(Module):
    """The mean of each window of signals (N, C, L); see `functional.avg_pool1d`."""

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ):
        super().__init__()
        stride = kernel_size if stride is None else stride
        given = (kernel_size, stride, padding)
        plain = ((value,) if isinstance(value, int) else value for value in given)
        self.kernel_size, self.stride, self.padding = plain
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        how = (self.kernel_size, self.stride, self.padding)
        return F.avg_pool1d(input, *how, self.ceil_mode, self.count_include_pad)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool(Module, ABC):
    """The mean of each window; arguments as for `functional.avg_pool2d`."""

    pool: Any

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ):
        super().__init__()
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        how = (self.kernel_size, self.stride, self.padding, self.ceil_mode)
        return self.pool(input, *how, self.count_include_pad, self.divisor_override)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


@final
class AvgPool2d(AvgPool):
    """The mean of each window of images (N, C, H, W); see `functional.avg_pool1d`."""

    pool = staticmethod(F.avg_pool2d)


@final
class AvgPool3d(AvgPool):
    """The mean of each window of volumes (N, C, D, H, W); see `functional.avg_pool1d`."""

    pool = staticmethod(F.avg_pool3d)
