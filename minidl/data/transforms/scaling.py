"""From pictures to numbers that networks like: floats in 0..1, then of mean 0 and deviation 1."""

from __future__ import annotations

from typing import Any, final

from ...backend import dtype as dtype_of, float32, uint8
from ...creation import as_tensor, ones_like
from ...errors import ShapeError
from ...ops import clamp, floor, where
from ...tensors import Tensor
from ..stacked import TensorDataset
from .images import as_image
from .transform import Transform


@final
class Normalize(Transform):
    """(x - mean) / std: every feature with mean 0 and standard deviation 1 *on the training data*.

    mean, std: one number; vectors, which are one number for each channel of an image (C, H, W) and
    for each feature of anything smaller; or tensors that fit the sample by broadcasting.

    Fit on the training set and apply to all sets. Statistics of the test set must never enter, or
    the test knows something that no new sample could tell it.

    Raises ShapeError if the numbers do not fit a sample; ValueError if a deviation is 0; TypeError
    for a sample of integers.
    """

    def __init__(self, mean: Any, std: Any, inplace: bool = False):
        self.mean = as_tensor(mean, dtype=float32)
        self.std = as_tensor(std, dtype=float32)
        if bool((self.std == 0).any()):
            raise ValueError("std holds a 0, by which nothing can be divided")
        self.inplace = inplace

    @classmethod
    def fit(cls, train: Tensor | TensorDataset, dim: int | tuple[int, ...] | None = 0) -> Normalize:
        """Measure mean and standard deviation of training data.

        train: (samples, ...) inputs, or a data set whose first tensor they are.
        dim: the axes to average over: 0 gives every feature its own statistics, None all features
        the same, (0, 2, 3) one pair per channel of images.
        A feature that never varies keeps the scale 1, for it holds nothing to be scaled.
        """
        x = train if isinstance(train, Tensor) else train.tensors[0]
        mean, std = measured(x, tuple(range(x.ndim)) if dim is None else dim)
        return cls(mean[0], std[0])

    def __call__(self, x: Tensor) -> Tensor:
        if not x.is_floating_point():
            raise TypeError(f"x: expected floats to normalise, got {x.dtype}; use ToTensor() first")
        mean, std = self._fitting(x)
        return x.sub_(mean).div_(std) if self.inplace else (x - mean) / std

    def inverse(self, x: Tensor) -> Tensor:
        """Back to the units of the raw data."""
        mean, std = self._fitting(x)
        return x * std + mean

    def apply(self, dataset: TensorDataset) -> TensorDataset:
        """The data set with its first tensor normalised, once and for all."""
        x, *rest = dataset.tensors
        return TensorDataset(self(x), *rest, classes=dataset.classes)

    def _fitting(self, x: Tensor) -> list[Tensor]:
        """Mean and deviation on x's device, laid along the channels of an image."""
        given = [self.mean.to(x), self.std.to(x)]
        if x.ndim > 2:
            given = [t.reshape(-1, 1, 1) if t.ndim == 1 else t for t in given]
        for name, t in zip(("mean", "std"), given, strict=True):
            sizes = zip(reversed(t.shape), reversed(x.shape), strict=False)
            if t.ndim > x.ndim or any(n not in (1, size) for n, size in sizes):
                raise ShapeError(f"{name} {t.shape} does not fit a sample of shape {x.shape}")
        return given


def measured(x: Tensor, dim: int | tuple[int, ...] = 0) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation over the axes `dim`, which keep the length 1.

    Where nothing varies, the deviation is given as 1: one can divide by it.
    """
    mean = x.mean(dim=dim, keepdim=True)
    std = ((x - mean) ** 2).mean(dim=dim, keepdim=True).sqrt()
    return mean, where(std > 0, std, ones_like(std))


@final
class ToTensor(Transform):
    """An image as arrays and Pillow hold it, as networks take it: float32, (C, H, W), 0..1.

    Arrays are (H, W) or (H, W, C), and tensors (C, H, W) already. Bytes 0..255 are divided by 255;
    numbers that are no bytes keep their range.
    """

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        return x.to(float32) / 255 if x.dtype == uint8 else x.to(float32)


@final
class PILToTensor(Transform):
    """A Pillow image or an array as a tensor (C, H, W), its numbers as they are."""

    def __call__(self, image: Any) -> Tensor:
        return as_image(image)


@final
class ConvertImageDtype(Transform):
    """An image in another dtype, black and white staying black and white: 0..255 is 0..1."""

    def __init__(self, dtype: Any):
        self.dtype = dtype_of(dtype)

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        if x.dtype == uint8 and self.dtype.kind == "f":
            return x.to(self.dtype) / 255
        if x.is_floating_point() and self.dtype == uint8:  # 256 steps of equal width
            return clamp(floor(x * (256 - 1e-3)), 0, 255).to(uint8)
        return x.to(self.dtype)
