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
        if isinstance(scale_factor, tuple):
            self.scale_factor: Any = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        how = (self.mode, self.align_corners, self.recompute_scale_factor)
        return F.interpolate(input, self.size, self.scale_factor, *how)

    def extra_repr(self) -> str:
        if self.scale_factor is not None:
            return f"scale_factor={self.scale_factor!r}, mode={self.mode!r}"
        return f"size={self.size!r}, mode={self.mode!r}"
