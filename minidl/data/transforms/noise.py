"""What is lost or wrong in an image at random."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, final

from ...chance import randn
from ...creation import as_tensor, full
from ...ops import Generator, clamp
from ...tensors import Tensor
from ..randomness import draws_from, integer, uniform
from .images import as_image, positive_range, probability
from .transform import RandomTransform

TRIES = 10  # at finding a rectangle that fits into the image


@final
class GaussianNoise(RandomTransform):
    """Adds normal noise of mean `mean` and standard deviation `sigma` to an image of floats.

    clip: whether the result is kept within 0..1.
    """

    def __init__(
        self,
        mean: float = 0.0,
        sigma: float = 0.1,
        clip: bool = True,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        if sigma < 0:
            raise ValueError(f"sigma must not be negative, but is {sigma}")
        self.mean, self.sigma, self.clip = mean, sigma, clip

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        if not x.is_floating_point():
            raise TypeError(f"image: noise needs floats, got {x.dtype}; put ToTensor() before it")
        noise = randn(*x.shape, generator=self.source, dtype=x.dtype, device=x.device)
        z = x + self.mean + self.sigma * noise
        return clamp(z, 0, 1) if self.clip else z


@final
class RandomErasing(RandomTransform):
    """With probability p a rectangle is overwritten.

    scale: the share of the area, from and to. ratio: height over width, from and to.
    value: a number, one for each channel, or "random" for normal noise.

    Source: Zhong et al., "Random Erasing Data Augmentation" (2017), algorithm 1.
    """

    def __init__(
        self,
        p: float = 0.5,
        scale: Sequence[float] = (0.02, 0.33),
        ratio: Sequence[float] = (0.3, 3.3),
        value: float | Sequence[float] | str = 0,
        inplace: bool = False,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        if isinstance(value, str) and value != "random":
            raise ValueError(f'value must be a number, one for each channel, or "random": {value}')
        self.p, self.value, self.inplace = probability(p), value, inplace
        self.scale, self.ratio = positive_range(scale, "scale"), positive_range(ratio, "ratio")

    @staticmethod
    def get_params(
        img: Any,
        scale: Sequence[float],
        ratio: Sequence[float],
        generator: Generator | None = None,
    ) -> tuple[int, int, int, int]:
        """A random (top, left, height, width); of no size where no draw fits."""
        height, width = as_image(img).shape[-2:]
        source = draws_from(generator)
        for _ in range(TRIES):
            area = height * width * uniform(source, *scale)
            shape = math.exp(uniform(source, math.log(ratio[0]), math.log(ratio[1])))
            h, w = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
            if h < height and w < width:
                return integer(source, height - h + 1), integer(source, width - w + 1), h, w
        return 0, 0, 0, 0

    def __call__(self, image: Any) -> Tensor:
        x, source = as_image(image), self.source
        if uniform(source) >= self.p:
            return x
        top, left, h, w = self.get_params(x, self.scale, self.ratio, self.generator)
        return erase(x, top, left, h, w, self._content(x, h, w, source), self.inplace)

    def _content(self, x: Tensor, h: int, w: int, source: Generator) -> Tensor:
        if self.value == "random":
            return randn(*x.shape[:-2], h, w, generator=source).to(x)
        if isinstance(self.value, int | float):
            return full((1, 1), self.value, dtype=x.dtype, device=x.device)
        return as_tensor(self.value, dtype=x.dtype).reshape(-1, 1, 1).to(x.device)


def erase(image: Any, i: int, j: int, h: int, w: int, v: Tensor, inplace: bool = False) -> Tensor:
    """The image with v written over the rectangle (h, w) whose upper left corner is at (i, j)."""
    x = as_image(image)
    new = x if inplace else x.clone()
    new[..., i : i + h, j : j + w] = v
    return new
