"""Crops, frames and moves, fixed or at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from ...errors import ShapeError
from ...ops import Generator
from ...tensors import Tensor
from ..randomness import draws_from, integer
from .framing import center_crop, crop, pad, shift
from .images import as_image, size_of
from .transform import RandomTransform, Transform


@final
class CenterCrop(Transform):
    """The middle of an image; where the image is smaller, it is framed by 0."""

    def __init__(self, size: int | Sequence[int]):
        self.size = size_of(size)

    def __call__(self, image: Any) -> Tensor:
        return center_crop(image, self.size)


@final
class Pad(Transform):
    """A frame of `padding` pixels: see `pad` for the ways to say how many, and for the modes."""

    def __init__(
        self,
        padding: int | Sequence[int],
        fill: float | Sequence[float] = 0,
        padding_mode: str = "constant",
    ):
        self.padding, self.fill, self.padding_mode = padding, fill, padding_mode

    def __call__(self, image: Any) -> Tensor:
        return pad(image, self.padding, self.fill, self.padding_mode)


@final
class RandomCrop(RandomTransform):
    """A part of the given size, anywhere in the image.

    padding: a frame that is put around first, so that the part may reach over the edge.
    pad_if_needed: whether an image smaller than the part is framed, too.
    fill, padding_mode: of the frame, as in `pad`.

    Raises ShapeError for an image smaller than the part.
    """

    def __init__(
        self,
        size: int | Sequence[int],
        padding: int | Sequence[int] | None = None,
        pad_if_needed: bool = False,
        fill: float | Sequence[float] = 0,
        padding_mode: str = "constant",
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        self.size, self.padding, self.pad_if_needed = size_of(size), padding, pad_if_needed
        self.fill, self.padding_mode = fill, padding_mode

    @staticmethod
    def get_params(
        img: Any, output_size: Sequence[int], generator: Generator | None = None
    ) -> tuple[int, int, int, int]:
        """A random (top, left, height, width) for `crop`."""
        (height, width), (h, w) = as_image(img).shape[-2:], output_size
        if h > height or w > width:
            raise ShapeError(f"size {(h, w)} does not fit into an image of {(height, width)}")
        source = draws_from(generator)
        return integer(source, height - h + 1), integer(source, width - w + 1), h, w

    def __call__(self, image: Any) -> Tensor:
        x = as_image(image)
        if self.padding is not None:
            x = pad(x, self.padding, self.fill, self.padding_mode)
        if self.pad_if_needed:
            down, across = (max(n - m, 0) for n, m in zip(self.size, x.shape[-2:], strict=True))
            x = pad(x, (across, down), self.fill, self.padding_mode)
        return crop(x, *self.get_params(x, self.size, self.generator))


@final
class RandomShift(RandomTransform):
    """Move an image by up to `pixels` in each direction; what comes in at the border is 0.

    Takes and gives (..., height, width).
    """

    def __init__(self, pixels: int, generator: Generator | None = None):
        super().__init__(generator)
        self.pixels = pixels

    def __call__(self, image: Any) -> Tensor:
        down, right = drawn_shift(self.pixels, self.source)
        return shift(as_image(image), down, right)


def drawn_shift(pixels: int, generator: Generator) -> tuple[int, int]:
    """How far down and how far to the right: each from -pixels to pixels, all equally likely."""
    down, right = (pixels - integer(generator, 2 * pixels + 1) for _ in range(2))
    return down, right
