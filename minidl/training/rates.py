"""The learning rate of a run: what the schedule says, times what the person at the wheel says."""

from __future__ import annotations

from typing import Any, final

from ..optim import Optimizer


@final
class LearningRate:
    """Moves a schedule on, and lets its rate be changed by hand while it runs.

    A change by hand scales the whole rest of the schedule: halved now, the rate is half of what the
    schedule says from here on. Some schedules compute the next rate from the current one, so they
    must see their own numbers, and the factor is applied afterwards.

    every: "step" or "epoch", when the scheduler is to be stepped.
    """

    def __init__(self, optimizer: Optimizer, scheduler: Any = None, every: str = "step"):
        if every not in ("step", "epoch"):
            raise ValueError(f'a scheduler steps every "step" or "epoch", not {every!r}')
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.every = every
        self.factor = 1.0
        self.scheduled: list[float] = []  # the rates without the factor, once there is one

    @property
    def value(self) -> float:
        """The rate of the first group of parameters."""
        return float(self.optimizer.param_groups[0]["lr"])

    def set(self, value: float) -> None:
        """Make the rate `value` now; other groups, and the schedule from here on, scale with it."""
        if not 0 <= value < float("inf"):
            raise ValueError(f"a learning rate must be a number from 0 on, not {value}")
        groups = self.optimizer.param_groups
        rates = self.scheduled or [float(group["lr"]) for group in groups]
        if rates[0] == 0 and self.scheduler is not None:
            raise ValueError(
                "the schedule is at rate 0 here, and no factor makes another rate of it"
            )
        self.factor = value / rates[0] if rates[0] else 1.0
        self.scheduled = rates
        for group, rate in zip(groups, rates, strict=True):
            group["lr"] = rate * self.factor
        groups[0]["lr"] = float(value)  # exactly, whatever the division rounded

    def advance(self, event: str) -> None:
        """A "step" or an "epoch" is done."""
        if self.scheduler is None or event != self.every:
            return
        groups = self.optimizer.param_groups
        for group, rate in zip(groups, self.scheduled, strict=False):
            group["lr"] = rate
        self.scheduler.step()
        if self.factor != 1:
            self.scheduled = [float(group["lr"]) for group in groups]
            for group, rate in zip(groups, self.scheduled, strict=True):
                group["lr"] = rate * self.factor

    def state_dict(self) -> dict[str, Any]:
        scheduler = None if self.scheduler is None else self.scheduler.state_dict()
        return {"factor": self.factor, "scheduled": self.scheduled, "scheduler": scheduler}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Load after the optimiser's own state, which holds the rates in use."""
        if (state["scheduler"] is None) != (self.scheduler is None):
            raise ValueError("the saved run and this one must both have a scheduler, or neither")
        if self.scheduler is not None:
            self.scheduler.load_state_dict(state["scheduler"])
        self.factor, self.scheduled = state["factor"], list(state["scheduled"])
