"""Colours changed at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from ...ops import Generator
from ...tensors import Tensor
from ..randomness import draws_from, uniform
from .colour import (
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    rgb_to_grayscale,
)
from .images import as_image, probability, range_of
from .transform import RandomTransform, Transform

Range = tuple[float, float]
ADJUST = (adjust_brightness, adjust_contrast, adjust_saturation, adjust_hue)


@final
class ColorJitter(RandomTransform):
    """Brightness, contrast, saturation and hue changed at random, in random order.

    brightness, contrast, saturation: factors are from max(0, 1 - b) to 1 + b, or from a range.
    hue: from -hue to hue, at most 0.5, or from a range. What is 0 stays.
    """

    def __init__(
        self,
        brightness: float | Sequence[float] = 0,
        contrast: float | Sequence[float] = 0,
        saturation: float | Sequence[float] = 0,
        hue: float | Sequence[float] = 0,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        self.brightness = _unless_still(range_of(brightness, "brightness", 1.0, 0.0), 1.0)
        self.contrast = _unless_still(range_of(contrast, "contrast", 1.0, 0.0), 1.0)
        self.saturation = _unless_still(range_of(saturation, "saturation", 1.0, 0.0), 1.0)
        self.hue = _unless_still(range_of(hue, "hue"), 0.0)
        if self.hue is not None and not (-0.5 <= self.hue[0] and self.hue[1] <= 0.5):
            raise ValueError(f"hue must be from -0.5 to 0.5, not {hue!r}")

    @staticmethod
    def get_params(
        brightness: Range | None,
        contrast: Range | None,
        saturation: Range | None,
        hue: Range | None,
        generator: Generator | None = None,
    ) -> tuple[list[int], float | None, float | None, float | None, float | None]:
        """A random order of 0 (brightness), 1, 2, 3 (hue), and a factor for each, or None."""
        source = draws_from(generator)
        order = source.bits.permutation(4).tolist()
        ranges = (brightness, contrast, saturation, hue)
        b, c, s, h = (None if r is None else uniform(source, *r) for r in ranges)
        return order, b, c, s, h

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        order, *factors = self.get_params(
            self.brightness, self.contrast, self.saturation, self.hue, self.generator
        )
        for i in order:
            factor = factors[i]
            if factor is not None:
                x = ADJUST[i](x, factor)
        return x


def _unless_still(given: Range, still: float) -> Range | None:
    return None if given == (still, still) else given


@final
class Grayscale(Transform):
    """Colours as grey, in one channel, or in three equal ones for networks that want three."""

    def __init__(self, num_output_channels: int = 1):
        self.num_output_channels = num_output_channels

    def __call__(self, image: Any) -> Tensor:
        return rgb_to_grayscale(image, self.num_output_channels)


@final
class RandomGrayscale(RandomTransform):
    """Colours as grey with probability p; the number of channels stays."""

    def __init__(self, p: float = 0.1, *, generator: Generator | None = None):
        super().__init__(generator)
        self.p = probability(p)

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        return rgb_to_grayscale(x, x.shape[-3]) if uniform(self.source) < self.p else x
