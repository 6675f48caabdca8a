"""Transforms made of transforms: one after the other, now and then, one of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

from ...ops import Generator
from ..randomness import uniform
from .images import probability
from .transform import RandomTransform, Transform

Change = Callable[[Any], Any]


@final
class Compose(Transform):
    """Several transforms, one after the other."""

    def __init__(self, transforms: Sequence[Change]):
        self.transforms = list(transforms)

    def __call__(self, image: Any) -> Any:
        for transform in self.transforms:
            image = transform(image)
        return image


@final
class Lambda(Transform):
    """Any function, as a transform."""

    def __init__(self, lambd: Change):
        if not callable(lambd):
            raise TypeError(f"lambd must be a function, not a {type(lambd).__name__}")
        self.lambd = lambd

    def __call__(self, image: Any) -> Any:
        return self.lambd(image)


@final
class RandomApply(RandomTransform):
    """With probability p all the transforms, one after the other; else none of them."""

    def __init__(
        self, transforms: Sequence[Change], p: float = 0.5, *, generator: Generator | None = None
    ):
        super().__init__(generator)
        self.transforms = list(transforms)
        self.p = probability(p)

    def __call__(self, image: Any) -> Any:
        if uniform(self.source) < self.p:
            for transform in self.transforms:
                image = transform(image)
        return image


@final
class RandomChoice(RandomTransform):
    """One of the transforms; `p` holds their weights, which are equal if it is None."""

    def __init__(
        self,
        transforms: Sequence[Change],
        p: Sequence[float] | None = None,
        *,
        generator: Generator | None = None,
    ):
        super().__init__(generator)
        self.transforms = list(transforms)
        self.p = [1.0] * len(self.transforms) if p is None else list(p)
        if len(self.p) != len(self.transforms) or min(self.p, default=0) < 0 or sum(self.p) <= 0:
            raise ValueError(f"p must hold a weight for each of {len(transforms)} transforms: {p}")

    def __call__(self, image: Any) -> Any:
        place = uniform(self.source, 0.0, sum(self.p))
        chosen = -1
        while place >= 0 and chosen + 1 < len(self.p):
            chosen += 1
            place -= self.p[chosen]
        return self.transforms[chosen](image)


@final
class RandomOrder(RandomTransform):
    """All the transforms, in random order."""

    def __init__(self, transforms: Sequence[Change], *, generator: Generator | None = None):
        super().__init__(generator)
        self.transforms = list(transforms)

    def __call__(self, image: Any) -> Any:
        for i in self.source.bits.permutation(len(self.transforms)):
            image = self.transforms[i](image)
        return image
