"""Images in another size, as modules; the modes are explained in functional/resampling.py."""

from typing import Any, final

from ..tensors import Tensor
from . import functional as F
from .module import Module


@final
class Upsample(Module):
    """The input in another size, (N, C, *spatial) to (N, C, *sizes); see `functional.interpolate`.

    Args:
        size: the wanted size of all spatial dimensions, or of each.
        scale_factor: instead, how many times as large.
        mode: "nearest", "linear", "bilinear", "bicubic" or "trilinear".
        align_corners: whether the middles of the corner places stay where they are.
        recompute_scale_factor: take the ratio of the rounded sizes as distance.
    """

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ):
        super().__init__()
        self.size, self.mode, self.align_corners = size, mode, align_corners
        self.scale_factor = _floats(scale_factor)
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        how = (self.mode, self.align_corners, self.recompute_scale_factor)
        return F.interpolate(input, self.size, self.scale_factor, *how)

    def extra_repr(self) -> str:
        return _shown(self.size, self.scale_factor, self.mode)


@final
class UpsamplingNearest2d(Module):
    """Images in another size, each place the number nearest to it: `Upsample` with "nearest"."""

    def __init__(self, size: Any = None, scale_factor: Any = None):
        super().__init__()
        self.size, self.scale_factor = size, _floats(scale_factor)

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(input, self.size, self.scale_factor, "nearest")

    def extra_repr(self) -> str:
        return _shown(self.size, self.scale_factor, "nearest")


@final
class UpsamplingBilinear2d(Module):
    """Images in another size, by straight lines between neighbours, with corners aligned."""

    def __init__(self, size: Any = None, scale_factor: Any = None):
        super().__init__()
        self.size, self.scale_factor = size, _floats(scale_factor)

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(input, self.size, self.scale_factor, "bilinear", True)

    def extra_repr(self) -> str:
        return _shown(self.size, self.scale_factor, "bilinear")


def _floats(scale_factor: Any) -> Any:
    if isinstance(scale_factor, tuple):
        return tuple(float(factor) for factor in scale_factor)
    return float(scale_factor) if scale_factor else None


def _shown(size: Any, scale_factor: Any, mode: str) -> str:
    if scale_factor is not None:
        return f"scale_factor={scale_factor!r}, mode={mode!r}"
    return f"size={size!r}, mode={mode!r}"
