"""Schedules along a cosine: slow at first, fast in the middle, slow at the end."""

import math
from typing import final

from ..optimizer import Optimizer
from . import curves
from .scheduler import LRScheduler


@final
class CosineAnnealingLR(LRScheduler):
    """lr = eta_min + (base - eta_min) (1 + cos(pi t / T_max)) / 2

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017),
    equation 5 (without the restarts).
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch == 0 or self.is_initial and self.last_epoch > 0:
            return self.rates
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:
            # The last rate was eta_min, so no factor leads up from it again.
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            pairs = zip(self.rates, self.base_lrs, strict=True)
            return [rate + (base - self.eta_min) * rise for rate, base in pairs]
        factor = self._height(self.last_epoch) / self._height(self.last_epoch - 1)
        return [self.eta_min + factor * (rate - self.eta_min) for rate in self.rates]

    def closed_form(self) -> list[float]:
        done = self.last_epoch / self.T_max
        return [curves.cosine(base, self.eta_min, done) for base in self.base_lrs]

    def _height(self, t: int) -> float:
        return 1 + math.cos(math.pi * t / self.T_max)
