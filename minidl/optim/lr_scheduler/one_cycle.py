"""One cycle: up to a rate far larger than would be safe, then down to almost nothing."""

from bisect import bisect_left
from typing import Any, final

from ..optimizer import Optimizer
from . import curves
from .scheduler import LRScheduler


@final
class OneCycleLR(LRScheduler):
    """From max_lr / div_factor up to max_lr, then down to max_lr / (div_factor final_div_factor)

    Momentum (or betas[0]) goes the other way. Call `step()` after every batch.

    Args:
        optimizer: its groups' rates are replaced from the start.
        max_lr: the top, one number or one per group.
        total_steps: how many steps; or give `epochs` and `steps_per_epoch`.
        pct_start: the share of the steps that goes up.
        anneal_strategy: "cos" or "linear".
        cycle_momentum: whether momentum goes along, between base_momentum and max_momentum.
        three_phase: down to the first rate in as many steps as up, and only then to the end.

    Source: Smith, Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large
    Learning Rates" (2018), section 3.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ):
        if not 0 <= pct_start <= 1:
            raise ValueError(f"pct_start must be between 0 and 1, got {pct_start}.")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be 'cos' or 'linear', got {anneal_strategy!r}.")
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        self.anneal_strategy, self.cycle_momentum = anneal_strategy, cycle_momentum
        self.phases = _phases(self.total_steps, pct_start, three_phase)
        self.use_beta1 = "betas" in optimizer.defaults
        if cycle_momentum and not (self.use_beta1 or "momentum" in optimizer.defaults):
            raise ValueError("cycle_momentum needs an optimiser with momentum or betas.")
        if last_epoch == -1:
            groups = optimizer.param_groups
            tops = _per_group("max_lr", max_lr, len(groups))
            heavy = _per_group("max_momentum", max_momentum, len(groups))
            light = _per_group("base_momentum", base_momentum, len(groups))
            for group, top, most, least in zip(groups, tops, heavy, light, strict=True):
                first = top / div_factor
                group.update(initial_lr=first, max_lr=top, min_lr=first / final_div_factor)
                if cycle_momentum:
                    group.update(max_momentum=most, base_momentum=least)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"OneCycleLR was made for {self.total_steps} steps and is asked for another; give "
                "it a larger total_steps."
            )
        ends = [phase[0] for phase in self.phases]
        turn = min(bisect_left(ends, self.last_epoch), len(ends) - 1)
        start, end = 0.0 if turn == 0 else ends[turn - 1], ends[turn]
        _, (low, high), momenta = self.phases[turn]
        done = (self.last_epoch - start) / (end - start)
        way = curves.straight if self.anneal_strategy == "linear" else curves.cosine
        for group in self.optimizer.param_groups if self.cycle_momentum else ():
            momentum = way(group[momenta[0]], group[momenta[1]], done)
            if self.use_beta1:
                group["betas"] = (momentum, *group["betas"][1:])
            else:
                group["momentum"] = momentum
        return [way(g[low], g[high], done) for g in self.optimizer.param_groups]


def _phases(total: int, up: float, three_phase: bool) -> list[Any]:
    """Per phase: its last step, the rates it leads from and to, and the momenta."""
    top = up * total - 1
    rise = [top, ["initial_lr", "max_lr"], ["max_momentum", "base_momentum"]]
    if not three_phase:
        return [rise, [total - 1, ["max_lr", "min_lr"], ["base_momentum", "max_momentum"]]]
    fall = [2 * up * total - 2, ["max_lr", "initial_lr"], ["base_momentum", "max_momentum"]]
    return [rise, fall, [total - 1, ["initial_lr", "min_lr"], ["max_momentum", "max_momentum"]]]


def _total(total: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total is None and (epochs is None or steps_per_epoch is None):
        raise ValueError("OneCycleLR needs total_steps, or epochs and steps_per_epoch.")
    total = total if total is not None else epochs * steps_per_epoch  # type: ignore[operator]
    if not isinstance(total, int) or total <= 0:
        raise ValueError(
            f"OneCycleLR: the number of steps must be a positive integer, got {total}."
        )
    return total


def _per_group(name: str, value: float | list[float], groups: int) -> list[float]:
    if not isinstance(value, (list, tuple)):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(f"{groups} groups need as many values of {name}, got {len(value)}.")
    return list(value)
