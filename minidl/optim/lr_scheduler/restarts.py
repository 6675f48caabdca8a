"""A cosine that begins anew again and again."""

import math
from typing import final

from ..optimizer import Optimizer, check_range
from . import curves
from .scheduler import LRScheduler


@final
class CosineAnnealingWarmRestarts(LRScheduler):
    """lr = eta_min + (base - eta_min) (1 + cos(pi T_cur / T_i)) / 2

    with T_cur the steps since the last restart, and T_i the length of the present round: T_0 for
    the first, T_mult times as long for each one after it.

    Args:
        optimizer: whose rates are set.
        T_0: steps of the first round.
        T_mult: how much longer each round is than the one before.
        eta_min: where each round ends.
        last_epoch: -1, or where a resumed schedule stands.

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017),
    equation 5.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ):
        for name, value in dict(T_0=T_0, T_mult=T_mult).items():
            if not isinstance(value, int):
                raise ValueError(f"{name} must be an integer, got {value!r}.")
            check_range(name, value, low=1)
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        self.T_i, self.T_cur = T_0, last_epoch
        super().__init__(optimizer, last_epoch)

    def step(self, epoch: float | None = None) -> None:
        """One step further, or to a moment, which may lie within an epoch: step(epoch + i / n)."""
        if epoch is None:
            super().step()
            return
        if epoch < 0:
            raise ValueError(f"epoch must not be negative, got {epoch}.")
        self._step_count += 1
        self.last_epoch = math.floor(epoch)
        self._enter(epoch)
        self._set(self.closed_form())

    def get_lr(self) -> list[float]:
        self.T_cur += 1
        if self.T_cur >= self.T_i:
            self.T_cur -= self.T_i
            self.T_i *= self.T_mult
        return self.closed_form()

    def closed_form(self) -> list[float]:
        done = self.T_cur / self.T_i
        return [curves.cosine(base, self.eta_min, done) for base in self.base_lrs]

    def jump(self, epoch: int) -> None:
        self._enter(epoch)
        super().jump(epoch)

    def _enter(self, epoch: float) -> None:
        """The round that an epoch falls in, and the place in it."""
        self.T_i, self.T_cur = self.T_0, epoch
        while self.T_cur >= self.T_i:
            self.T_cur -= self.T_i
            self.T_i *= self.T_mult
