"""Transforms take a sample's tensor and give another; they learn from training data alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

from ..backend import float32
from ..chance import randint
from ..creation import as_tensor, ones_like, zeros
from ..ops import Generator, where
from ..tensors import Tensor
from .randomness import item_generator
from .stacked import TensorDataset


@final
class Compose:
    """Several transforms, one after the other."""

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]):
        self.transforms = list(transforms)

    def __call__(self, x: Any) -> Any:
        for transform in self.transforms:
            x = transform(x)
        return x


@final
class Normalize:
    """(x - mean) / std: every feature with mean 0 and standard deviation 1 *on the training data*.

    Fit on the training set and apply to all sets. Statistics of the test set must never enter, or
    the test knows something that no new sample could tell it.
    """

    def __init__(self, mean: Any, std: Any):
        self.mean = as_tensor(mean, dtype=float32)
        self.std = as_tensor(std, dtype=float32)

    @classmethod
    def fit(cls, train: Tensor | TensorDataset, dim: int | tuple[int, ...] | None = 0) -> Normalize:
        """Measure mean and standard deviation of training data.

        train: (samples, ...) inputs, or a data set whose first tensor they are.
        dim: the axes to average over: 0 gives every feature its own statistics, None all features
        the same, (0, 2, 3) one pair per channel of images.
        A feature that never varies keeps the scale 1, for it holds nothing to be scaled.
        """
        x = train.tensors[0] if isinstance(train, TensorDataset) else train
        axes = tuple(range(x.ndim)) if dim is None else dim
        mean = x.mean(dim=axes, keepdim=True)
        std = ((x - mean) ** 2).mean(dim=axes, keepdim=True).sqrt()
        std = where(std > 0, std, ones_like(std))
        return cls(mean[0], std[0])

    def __call__(self, x: Tensor) -> Tensor:
        return (x - self.mean) / self.std

    def inverse(self, x: Tensor) -> Tensor:
        """Back to the units of the raw data."""
        return x * self.std + self.mean

    def apply(self, dataset: TensorDataset) -> TensorDataset:
        """The data set with its first tensor normalised, once and for all."""
        x, *rest = dataset.tensors
        return TensorDataset(self(x), *rest, classes=dataset.classes)


@final
class RandomShift:
    """Move an image by up to `pixels` in each direction; what comes in at the border is 0.

    Takes and gives (..., height, width). Draws from `generator`, or else from `item_generator()`.
    """

    def __init__(self, pixels: int, generator: Generator | None = None):
        self.pixels = pixels
        self.generator = generator

    def __call__(self, x: Tensor) -> Tensor:
        p, (height, width) = self.pixels, x.shape[-2:]
        draw = randint(0, 2 * p + 1, (2,), generator=self.generator or item_generator())
        down, right = draw.tolist()
        framed = zeros(*x.shape[:-2], height + 2 * p, width + 2 * p, dtype=x.dtype)
        framed[..., p : p + height, p : p + width] = x
        return framed[..., down : down + height, right : right + width]


@final
class ToTensor:
    """An image as arrays hold it, (height, width[, channels]) of bytes 0..255, as networks take it.

    Returns float32 (channels, height, width) in 0..1. Arrays that are not bytes keep their range.
    """

    def __call__(self, image: Any) -> Tensor:
        x = as_tensor(image)
        bytes_ = str(x.dtype) == "uint8"
        x = x.to(float32)
        x = x.reshape(1, *x.shape) if x.ndim == 2 else x.permute(2, 0, 1)
        return x / 255 if bytes_ else x
