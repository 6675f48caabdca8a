"""Random turns, moves, stretches and shears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from ...ops import Generator
from ...tensors import Tensor
from ..randomness import draws_from, uniform
from .images import as_image, positive_range, range_of
from .transform import RandomTransform
from .warping import affine, rotate


@final
class RandomRotation(RandomTransform):
    """Turn by an angle from -degrees to degrees, or from a range; the rest as in `rotate`."""

    def __init__(
        self,
        degrees: float | Sequence[float],
        interpolation: str = "nearest",
        expand: bool = False,
        center: Sequence[float] | None = None,
        fill: float | Sequence[float] = 0,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        self.degrees = range_of(degrees, "degrees")
        self.interpolation, self.expand, self.center = interpolation, expand, center
        self.fill = fill

    @staticmethod
    def get_params(degrees: Sequence[float], generator: Generator | None = None) -> float:
        """A random angle."""
        return uniform(draws_from(generator), *degrees)

    def __call__(self, image: Any) -> Tensor:
        angle = self.get_params(self.degrees, self.generator)
        return rotate(image, angle, self.interpolation, self.expand, self.center, self.fill)


@final
class RandomAffine(RandomTransform):
    """Shear, turn, stretch and move at random, the middle (or `center`) being the pivot.

    degrees: the angle is from -degrees to degrees, or from a range; 0 turns nothing.
    translate: (a, b) moves by up to a * width across and b * height down.
    scale: (from, to). shear: degrees along x, as one number or a range; with four numbers, two
    ranges, along y too. None leaves each of them alone.
    """

    def __init__(
        self,
        degrees: float | Sequence[float],
        translate: Sequence[float] | None = None,
        scale: Sequence[float] | None = None,
        shear: float | Sequence[float] | None = None,
        interpolation: str = "nearest",
        fill: float | Sequence[float] = 0,
        center: Sequence[float] | None = None,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        if translate is not None and not all(0 <= share <= 1 for share in translate):
            raise ValueError(f"translate holds shares of the size, from 0 to 1, not {translate}")
        self.degrees = range_of(degrees, "degrees")
        self.translate = translate
        self.scale = None if scale is None else positive_range(scale, "scale")
        self.shear = None if shear is None else _shears(shear)
        self.interpolation, self.fill, self.center = interpolation, fill, center

    @staticmethod
    def get_params(
        degrees: Sequence[float],
        translate: Sequence[float] | None,
        scale_ranges: Sequence[float] | None,
        shears: Sequence[float] | None,
        img_size: Sequence[int],
        generator: Generator | None = None,
    ) -> tuple[float, tuple[int, int], float, tuple[float, float]]:
        """A random (angle, translation in pixels, scale, shear) for `affine`.

        img_size: (width, height).
        """
        source = draws_from(generator)
        angle = uniform(source, *degrees)
        far = [share * n for share, n in zip(translate or (0, 0), img_size, strict=True)]
        right, down = (round(uniform(source, -most, most)) if most else 0 for most in far)
        scale = uniform(source, *scale_ranges) if scale_ranges else 1.0
        four = [*(shears or ()), 0.0, 0.0, 0.0, 0.0][:4]
        slant = (_between(source, *four[:2]), _between(source, *four[2:]))
        return angle, (right, down), scale, slant

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        size = (x.shape[-1], x.shape[-2])
        angle, moved, scale, slant = self.get_params(
            self.degrees, self.translate, self.scale, self.shear, size, self.generator
        )
        return affine(x, angle, moved, scale, slant, self.interpolation, self.fill, self.center)


def _shears(shear: float | Sequence[float]) -> tuple[float, ...]:
    """(from, to) along x, and if given along y."""
    if not isinstance(shear, int | float) and len(shear) == 4:
        return (*range_of(shear[:2], "shear"), *range_of(shear[2:], "shear"))
    return range_of(shear, "shear")


def _between(source: Generator, low: float, high: float) -> float:
    return uniform(source, low, high) if low != high else low
