"""Schedules that go down in steps, or by a formula of your own."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, final

from ..optimizer import Optimizer
from .scheduler import LRScheduler


@final
class StepLR(LRScheduler):
    """lr = base gamma^floor(t / step_size)"""

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch == 0 or self.last_epoch % self.step_size:
            return self.rates
        return [rate * self.gamma for rate in self.rates]

    def closed_form(self) -> list[float]:
        return [base * self.gamma ** (self.last_epoch // self.step_size) for base in self.base_lrs]


@final
class MultiStepLR(LRScheduler):
    """lr = base gamma^(number of milestones reached); one listed twice counts twice"""

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ):
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        reached = self.milestones.count(self.last_epoch)
        return [rate * self.gamma**reached for rate in self.rates]

    def closed_form(self) -> list[float]:
        reached = bisect_right(self.milestones, self.last_epoch)
        return [base * self.gamma**reached for base in self.base_lrs]


@final
class ExponentialLR(LRScheduler):
    """lr = base gamma^t"""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.is_initial:
            return self.rates
        return [rate * self.gamma for rate in self.rates]

    def closed_form(self) -> list[float]:
        return [base * self.gamma**self.last_epoch for base in self.base_lrs]


@final
class LambdaLR(LRScheduler):
    """lr = base f(t), for one function f, or one per group (functions are not part of the state)"""

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ):
        groups = len(optimizer.param_groups)
        self.lr_lambdas = (
            list(lr_lambda) if isinstance(lr_lambda, (list, tuple)) else ([lr_lambda] * groups)
        )
        if len(self.lr_lambdas) != groups:
            raise ValueError(
                f"{groups} groups need as many lr_lambdas, got {len(self.lr_lambdas)}."
            )
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [base * f(self.last_epoch) for base, f in pairs]

    def state_dict(self) -> dict[str, Any]:
        state = super().state_dict()
        del state["lr_lambdas"]
        return state
