"""Mirrors: left for right, top for bottom."""

from __future__ import annotations

from typing import Any, final

from ...ops import Generator, flip
from ...tensors import Tensor
from ..randomness import uniform
from .images import as_image, probability
from .transform import RandomTransform


def hflip(image: Any) -> Tensor:
    """Left becomes right."""
    return flip(as_image(image), -1)


def vflip(image: Any) -> Tensor:
    """Top becomes bottom."""
    return flip(as_image(image), -2)


@final
class RandomHorizontalFlip(RandomTransform):
    """Left becomes right with probability p.

    For things that look alike from both sides. A mirrored digit or letter is another one or none.
    """

    def __init__(self, p: float = 0.5, *, generator: Generator | None = None):
        super().__init__(generator)
        self.p = probability(p)

    def __call__(self, image: Any) -> Tensor:
        return hflip(image) if uniform(self.source) < self.p else as_image(image)


@final
class RandomVerticalFlip(RandomTransform):
    """Top becomes bottom with probability p."""

    def __init__(self, p: float = 0.5, *, generator: Generator | None = None):
        super().__init__(generator)
        self.p = probability(p)

    def __call__(self, image: Any) -> Tensor:
        return vflip(image) if uniform(self.source) < self.p else as_image(image)
