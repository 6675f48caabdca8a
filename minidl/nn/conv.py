"""Convolutions as modules; the formulas and their errors stand in functional/convolution.py."""

import math
from abc import ABC
from typing import Any, final

from ..creation import empty
from ..tensors import Tensor
from . import functional as F, init
from .functional.geometry import each
from .module import Module
from .parameter import Parameter


class Kernels(Module, ABC):
    """What all convolutions share: a weight and a bias, how they begin, and how they are shown."""

    dims: int  # spatial dimensions
    transposed = False
    modes = ("zeros", "reflect", "replicate", "circular")

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any, padding: Any,
        dilation: Any, output_padding: Any, groups: int, bias: bool, padding_mode: str,
        device: Any, dtype: Any,
    ):  # fmt: skip
        super().__init__()
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = self._each("kernel_size", kernel_size, 1)
        self.stride = self._each("stride", stride, 1)
        self.dilation = self._each("dilation", dilation, 1)
        self.output_padding = self._each("output_padding", output_padding, 0)
        self.padding_mode = padding_mode
        self._check()
        self.padding: Any = self._padding(padding)
        rows, columns = (out_channels, in_channels)[:: -1 if self.transposed else 1]
        shape = (rows, columns // groups, *self.kernel_size)
        self.weight = Parameter(empty(*shape, device=device, dtype=dtype))
        made = Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None
        self.register_parameter("bias", made)
        self.reset_parameters()

    def _each(self, argument: str, value: Any, least: int) -> tuple[int, ...]:
        return each(type(self).__name__, argument, value, self.dims, least)

    def _check(self) -> None:
        name = type(self).__name__
        each(name, "groups", self.groups, 1, 1)
        for argument in ("in_channels", "out_channels"):
            channels = getattr(self, argument)
            if channels % self.groups:
                raise ValueError(f"{name}: groups={self.groups} must divide {argument}={channels}.")
        if self.padding_mode not in self.modes:
            raise ValueError(
                f"{name}: padding_mode must be one of {self.modes}, got {self.padding_mode!r}."
            )

    def _padding(self, padding: Any) -> Any:
        if not isinstance(padding, str) or self.transposed:
            return self._each("padding", padding, 0)
        name = type(self).__name__
        if padding not in ("same", "valid"):
            raise ValueError(f"{name}: padding is numbers, 'same' or 'valid', got {padding!r}.")
        if padding == "same" and max(self.stride) > 1:
            raise ValueError(f"{name}: padding='same' needs stride=1, got {self.stride}.")
        return padding

    def reset_parameters(self) -> None:
        """Draws weight and bias anew, from U(-k, k) with k = 1 / sqrt(fan_in of the weight)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in = init.fans(self.weight)[0]
            bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
            init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        said = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        said += f", stride={self.stride}"
        usual = {"padding": (0,), "dilation": (1,), "output_padding": (0,)}
        for argument, default in usual.items():
            value = getattr(self, argument)
            said += f", {argument}={value}" if value != default * self.dims else ""
        said += f", groups={self.groups}" if self.groups != 1 else ""
        said += ", bias=False" if self.bias is None else ""
        mode = self.padding_mode
        return said + (f", padding_mode={mode}" if mode != "zeros" else "")


class Convolution(Kernels, ABC):
    """A bank of kernels that slide over the input.

    Args:
        in_channels: C, channels of the input.
        out_channels: O, how many kernels there are.
        kernel_size: of each kernel; one number or one per dimension, as all of the following.
        stride, padding, dilation, groups: as for `functional.conv1d`.
        bias: whether there is a b.
        padding_mode: what stands in the padding: "zeros", "reflect", "replicate" or "circular".

    Attributes:
        weight: (O, C / groups, *kernel_size), begins as U(-k, k) with k = 1 / sqrt(C / groups *
            prod(kernel_size)).
        bias: (O,), begins the same way; or None.

    Raises:
        ValueError: an argument is out of its range, or groups divides C or O with a rest.
    """

    convolve: Any

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        padding = self.padding
        if self.padding_mode != "zeros" and padding != "valid":
            input, padding = F.pad(input, self._border(), self.padding_mode), 0
        how = (self.stride, padding, self.dilation, self.groups)
        return self.convolve(input, self.weight, self.bias, *how)

    def _border(self) -> list[int]:
        """The widths of the padding on both sides, the last dimension first, as in F.pad."""
        if self.padding == "same":
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            sides = [(total // 2, total - total // 2) for total in totals]
        else:
            sides = [(width, width) for width in self.padding]
        return [width for pair in reversed(sides) for width in pair]


@final
class Conv1d(Convolution):
    """Kernels over signals: (N, C, L) or (C, L) to (N, O, P) or (O, P); see `Convolution`."""

    dims, convolve = 1, staticmethod(F.conv1d)


@final
class Conv2d(Convolution):
    """Kernels over images: (N, C, H, W) to (N, O, P, Q), N may be missing; see `Convolution`."""

    dims, convolve = 2, staticmethod(F.conv2d)


@final
class Conv3d(Convolution):
    """Kernels over volumes: (N, C, D, H, W) to (N, O, P, Q, R); see `Convolution`."""

    dims, convolve = 3, staticmethod(F.conv3d)


class TransposedConvolution(Kernels, ABC):
    """A bank of kernels of which every input lays a copy into the output: images grow.

    Args:
        in_channels: C, channels of the input.
        out_channels: O, channels of the output.
        kernel_size, stride, padding, output_padding, groups, dilation: as for
            `functional.conv_transpose1d`.
        bias: whether there is a b.
        padding_mode: "zeros".

    Attributes:
        weight: (C, O / groups, *kernel_size), begins as U(-k, k) with k = 1 / sqrt(O / groups *
            prod(kernel_size)).
        bias: (O,), begins the same way; or None.
    """

    transposed = True
    modes = ("zeros",)
    convolve: Any

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """`output_size` chooses among the sizes of which a convolution would give this input."""
        more = self.output_padding if output_size is None else self._missing(input, output_size)
        how = (self.stride, self.padding, more, self.groups, self.dilation)
        return self.convolve(input, self.weight, self.bias, *how)

    def _missing(self, input: Tensor, output_size: Any) -> tuple[int, ...]:
        """The output_padding that leads to a size."""
        name, lead = type(self).__name__, input.ndim - self.dims
        wanted = tuple(output_size)
        wanted = wanted[lead:] if len(wanted) == input.ndim else wanted
        if len(wanted) != self.dims:
            raise ValueError(
                f"{name}: output_size must have {self.dims} or {input.ndim} numbers, got "
                f"{tuple(output_size)}."
            )
        how = (self.stride, self.padding, self.dilation, self.kernel_size)
        along = zip(input.shape[lead:], *how, strict=True)
        least = tuple((n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in along)
        more = tuple(want - have for want, have in zip(wanted, least, strict=True))
        if any(not 0 <= m < step for m, step in zip(more, self.stride, strict=True)):
            most = tuple(n + step - 1 for n, step in zip(least, self.stride, strict=True))
            raise ValueError(
                f"{name}: output_size {wanted} is not between {least} and {most}, the sizes that "
                f"input {input.shape} with stride={self.stride} can come from."
            )
        return more


@final
class ConvTranspose1d(TransposedConvolution):
    """Kernels into signals: (N, C, L) to (N, O, P); see `TransposedConvolution`."""

    dims, convolve = 1, staticmethod(F.conv_transpose1d)


@final
class ConvTranspose2d(TransposedConvolution):
    """Kernels into images: (N, C, H, W) to (N, O, P, Q); see `TransposedConvolution`."""

    dims, convolve = 2, staticmethod(F.conv_transpose2d)


@final
class ConvTranspose3d(TransposedConvolution):
    """Kernels into volumes: (N, C, D, H, W) to (N, O, P, Q, R); see `TransposedConvolution`."""

    dims, convolve = 3, staticmethod(F.conv_transpose3d)
