"""Images in another size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, final

from ...nn import functional
from ...ops import Generator
from ...tensors import Tensor
from ..randomness import draws_from, integer, uniform
from .framing import crop
from .images import as_image, in_floats, in_kind, positive_range, size_of
from .transform import RandomTransform, Transform

TRIES = 10  # at finding a part of the wanted area and shape that fits into the image


def resize(
    image: Any,
    size: int | Sequence[int],
    interpolation: str = "bilinear",
    max_size: int | None = None,
    antialias: bool = True,
) -> Tensor:
    """An image as (..., *size).

    size: (height, width); one number is the length of the shorter side, and the image keeps its
    shape. max_size: with one number, the longest that the longer side may become.
    interpolation: "nearest", "nearest-exact", "bilinear" or "bicubic", as `interpolate` has them.
    antialias: whether, when shrinking, each pixel looks at all that it covers.
    """
    x = as_image(image)
    height, width = _sides(x.shape[-2:], size, max_size)
    if (height, width) == x.shape[-2:]:
        return x
    smooth = not interpolation.startswith("nearest")
    options: dict[str, Any] = {"antialias": antialias, "align_corners": False} if smooth else {}
    values = in_floats(x).reshape(1, -1, *x.shape[-2:])
    new = functional.interpolate(values, (height, width), mode=str(interpolation), **options)
    return in_kind(new.reshape(*x.shape[:-2], height, width), x)


def _sides(have: Sequence[int], size: int | Sequence[int], most: int | None) -> tuple[int, int]:
    if not isinstance(size, int) and len(size) == 2:
        if most is not None:
            raise ValueError("max_size is for a size of one number, which leaves one side open")
        return size_of(size)
    short = size_of(size)[0]
    long = int(short * max(have) / min(have))
    if most is not None and most <= short:
        raise ValueError(f"max_size must be more than size {short}, not {most}")
    if most is not None and long > most:
        short, long = int(most * short / long), most
    return (short, long) if have[0] <= have[1] else (long, short)


def resized_crop(
    image: Any,
    top: int,
    left: int,
    height: int,
    width: int,
    size: int | Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = True,
) -> Tensor:
    """A part of the image, in another size."""
    return resize(crop(image, top, left, height, width), size, interpolation, None, antialias)


@final
class Resize(Transform):
    """The image in another size: see `resize`."""

    def __init__(
        self,
        size: int | Sequence[int],
        interpolation: str = "bilinear",
        max_size: int | None = None,
        antialias: bool = True,
    ):
        self.size, self.interpolation = size, interpolation
        self.max_size, self.antialias = max_size, antialias

    def __call__(self, image: Any) -> Tensor:
        return resize(image, self.size, self.interpolation, self.max_size, self.antialias)


@final
class RandomResizedCrop(RandomTransform):
    """A part of random area and shape, brought to one size.

    scale: the share of the image's area, from and to. ratio: width over height, from and to; its
    logarithm is drawn, so that wide and tall are equally likely.

    Source: Szegedy et al., "Going Deeper with Convolutions" (2015), section 6.
    """

    def __init__(
        self,
        size: int | Sequence[int],
        scale: Sequence[float] = (0.08, 1.0),
        ratio: Sequence[float] = (3 / 4, 4 / 3),
        interpolation: str = "bilinear",
        antialias: bool = True,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        self.size = size_of(size)
        self.scale, self.ratio = positive_range(scale, "scale"), positive_range(ratio, "ratio")
        self.interpolation, self.antialias = interpolation, antialias

    @staticmethod
    def get_params(
        img: Any,
        scale: Sequence[float],
        ratio: Sequence[float],
        generator: Generator | None = None,
    ) -> tuple[int, int, int, int]:
        """A random (top, left, height, width); the middle part where no draw fits."""
        height, width = as_image(img).shape[-2:]
        source = draws_from(generator)
        for _ in range(TRIES):
            area = height * width * uniform(source, *scale)
            shape = math.exp(uniform(source, math.log(ratio[0]), math.log(ratio[1])))
            w, h = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
            if 0 < w <= width and 0 < h <= height:
                return integer(source, height - h + 1), integer(source, width - w + 1), h, w
        shape = min(max(width / height, ratio[0]), ratio[1])
        w, h = min(width, round(height * shape)), min(height, round(width / shape))
        return (height - h) // 2, (width - w) // 2, h, w

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        part = self.get_params(x, self.scale, self.ratio, self.generator)
        return resized_crop(x, *part, self.size, self.interpolation, self.antialias)
