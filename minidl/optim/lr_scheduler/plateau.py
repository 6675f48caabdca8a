"""A smaller rate once the loss no longer falls."""

from typing import Any, final

from ..optimizer import Optimizer
from .scheduler import LRScheduler


@final
class ReduceLROnPlateau(LRScheduler):
    """lr <- lr factor, after `patience` epochs without a new best

    Unlike other schedules its `step` takes the number that is watched: scheduler.step(valid_loss).

    Args:
        optimizer: whose rates are set.
        mode: "min" if less is better (a loss), "max" if more is (an accuracy).
        factor: what the rate is multiplied by.
        patience: how many epochs without a new best are borne.
        threshold: how much better a new best must be.
        threshold_mode: "rel": by this share of the best; "abs": by this much.
        cooldown: epochs after a change in which nothing counts.
        min_lr: where the rate stops falling; or one for each group.
        eps: a change of the rate by no more than this is left out.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ):
        if factor >= 1:
            raise ValueError(f"factor must be below 1, got {factor}.")
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', got {mode!r}.")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold_mode must be 'rel' or 'abs', got {threshold_mode!r}.")
        groups = len(optimizer.param_groups)
        listed = list(min_lr) if isinstance(min_lr, (list, tuple)) else [min_lr] * groups
        if len(listed) != groups:
            raise ValueError(f"min_lr: {groups} groups need as many rates, got {len(listed)}.")
        self.mode, self.factor, self.patience = mode, factor, patience
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.cooldown, self.min_lrs, self.eps = cooldown, listed, eps
        self.best = float("inf") if mode == "min" else -float("inf")
        self.num_bad_epochs = self.cooldown_counter = 0
        self.optimizer, self.last_epoch = optimizer, 0
        self._last_lr = self.rates

    def step(self, metrics: Any) -> None:  # type: ignore[override]
        """An epoch is over, and the number that is watched is this."""
        self.last_epoch += 1
        value = float(metrics)
        if self._better(value):
            self.best, self.num_bad_epochs = value, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._set(self.get_lr())
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = self.rates

    def get_lr(self) -> list[float]:
        lowered = [
            max(rate * self.factor, low) for rate, low in zip(self.rates, self.min_lrs, strict=True)
        ]
        pairs = zip(self.rates, lowered, strict=True)
        return [new if rate - new > self.eps else rate for rate, new in pairs]

    def _better(self, value: float) -> bool:
        need = self.threshold if self.mode == "max" else -self.threshold
        bar = self.best * (1 + need) if self.threshold_mode == "rel" else self.best + need
        return value > bar if self.mode == "max" else value < bar
