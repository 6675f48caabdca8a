"""Borders as modules; what each mode means stands in functional/padding.py."""

from abc import ABC
from typing import Any, final

from ..tensors import Tensor
from . import functional as F
from .module import Module


class Border(Module, ABC):
    """A border of one width on every side, or of a width per side in the order of `functional.pad`.

    Input (N, C, *spatial) or (C, *spatial), with as many spatial dimensions as the name says.
    """

    dims: int
    mode: str

    def __init__(self, padding: Any):
        super().__init__()
        self.padding = (padding,) * (2 * self.dims) if isinstance(padding, int) else tuple(padding)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ConstantPad(Module, ABC):
    """A border of one number around the last dimensions; widths as for `Border`."""

    dims: int

    def __init__(self, padding: Any, value: float):
        super().__init__()
        self.padding = (padding,) * (2 * self.dims) if isinstance(padding, int) else tuple(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


@final
class ConstantPad1d(ConstantPad):
    """A border of one number around signals."""

    dims = 1


@final
class ConstantPad2d(ConstantPad):
    """A border of one number around images."""

    dims = 2


@final
class ConstantPad3d(ConstantPad):
    """A border of one number around volumes."""

    dims = 3


@final
class ZeroPad1d(Border):
    """A border of zeros around signals."""

    dims, mode = 1, "constant"


@final
class ZeroPad2d(Border):
    """A border of zeros around images."""

    dims, mode = 2, "constant"


@final
class ZeroPad3d(Border):
    """A border of zeros around volumes."""

    dims, mode = 3, "constant"


@final
class ReflectionPad1d(Border):
    """A border that mirrors what stands inside, without the outermost, around signals."""

    dims, mode = 1, "reflect"


@final
class ReflectionPad2d(Border):
    """A border that mirrors what stands inside, without the outermost, around images."""

    dims, mode = 2, "reflect"


@final
class ReflectionPad3d(Border):
    """A border that mirrors what stands inside, without the outermost, around volumes."""

    dims, mode = 3, "reflect"


@final
class ReplicationPad1d(Border):
    """A border that repeats the outermost numbers around signals."""

    dims, mode = 1, "replicate"


@final
class ReplicationPad2d(Border):
    """A border that repeats the outermost numbers around images."""

    dims, mode = 2, "replicate"


@final
class ReplicationPad3d(Border):
    """A border that repeats the outermost numbers around volumes."""

    dims, mode = 3, "replicate"


@final
class CircularPad1d(Border):
    """A border of what stands at the other end around signals."""

    dims, mode = 1, "circular"


@final
class CircularPad2d(Border):
    """A border of what stands at the other end around images."""

    dims, mode = 2, "circular"


@final
class CircularPad3d(Border):
    """A border of what stands at the other end around volumes."""

    dims, mode = 3, "circular"
