"""What all transforms have in common: an image goes in, an image comes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ...ops import Generator
from ..randomness import draws_from


class Transform(ABC):
    """A change of an image, called like a function, that prints as it was made.

    An image is a tensor (..., C, H, W): floats in 0..1, or bytes (uint8) in 0..255. Where arrays or
    Pillow's images come in, they are turned into such a tensor of bytes first.
    """

    @abstractmethod
    def __call__(self, image: Any) -> Any: ...

    def __repr__(self) -> str:
        said = [f"{k}={v!r}" for k, v in vars(self).items() if v is not None and k[0] != "_"]
        return f"{type(self).__name__}({', '.join(said)})"


class RandomTransform(Transform):
    """A change that differs from call to call.

    It draws from `generator`, or from the default one. While a `DataLoader` fetches, the item
    decides instead (see `item_generator`): the same item gets other numbers next epoch, and the
    same ones with any number of workers and when a run is repeated or resumed.

    A batch (N, C, H, W) is changed as one, all its images by the same draw. So that each image has
    its own, put the transform into the data set, where it meets the items one by one.
    """

    generator: Generator | None

    def __init__(self, generator: Generator | None = None):
        self.generator = generator

    @property
    def source(self) -> Generator:
        """Where this call draws from."""
        return draws_from(self.generator)
