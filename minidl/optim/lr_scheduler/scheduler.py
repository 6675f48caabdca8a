"""What all schedules share: a counter of steps, and the learning rates it leads to."""

import warnings
from abc import ABC, abstractmethod
from typing import Any

from ..optimizer import Optimizer


class LRScheduler(ABC):
    """Sets the learning rate of every group of an optimiser after each `step()`.

    A schedule is written as what it does to the rate there is (`get_lr`), so that schedules can be
    chained and a rate that somebody changed by hand is scaled on; `closed_form` says the same from
    the start, for schedules that begin in the middle of a sequence.

    Attributes:
        last_epoch: how many steps were taken.
        base_lrs: per group, the rate it began with ("initial_lr").
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1):
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"A schedule needs an Optimizer, got {type(optimizer).__name__}.")
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"last_epoch={last_epoch} resumes a schedule, but param_groups[{i}] has no "
                    "'initial_lr'; load the optimiser's state first."
                )
        self.optimizer = optimizer
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.begin()

    def begin(self) -> None:
        """Takes the step to epoch 0, which sets the first rate."""
        self._step_count = 0
        self.step()

    @abstractmethod
    def get_lr(self) -> list[float]:
        """The next rate of each group, from its present one and `last_epoch`."""

    def closed_form(self) -> list[float]:
        """The rates at `last_epoch` from the base rates alone."""
        return self.get_lr()

    @property
    def is_initial(self) -> bool:
        """Whether this is the step that sets the first rate."""
        return self._step_count == 1

    @property
    def rates(self) -> list[float]:
        """The present rate of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def step(self) -> None:
        """Goes one epoch (or one batch, as you call it) further; call it after optimizer.step()."""
        if self._step_count == 1 and self.optimizer.steps_taken == 0:
            warnings.warn(
                "scheduler.step() was called before optimizer.step(), so the first learning rate "
                "of the schedule is never used; call optimizer.step() first.",
                stacklevel=2,
            )
        self._step_count += 1
        self.last_epoch += 1
        self._set(self.get_lr())

    def jump(self, epoch: int) -> None:
        """Goes to an epoch, by the closed form."""
        self.last_epoch = epoch
        self._set(self.closed_form())

    def _set(self, rates: list[float]) -> None:
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self._last_lr = self.rates

    def get_last_lr(self) -> list[float]:
        """The rate of each group as this schedule set it last."""
        return self._last_lr

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimiser, in numbers, strings and lists."""
        return {key: value for key, value in vars(self).items() if key != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes over a state that `state_dict` gave."""
        vars(self).update(state_dict)
