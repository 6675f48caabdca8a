"""What a dashboard adds to the run that it shows; neither piece changes a number of it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, final

from minidl.training import Callback, Trainer, WeightStatistics

from .dashboard_loop import Loop

PERIOD = 0.1  # seconds between two looks at a run that others drive


@final
class Onlooker(Callback):
    """Calls `look` after a step, ten times a second at most, and when the run ends."""

    def __init__(self, look: Callable[[], None]) -> None:
        self.look, self.looked = look, 0.0

    def after_step(self, trainer: Trainer, observation: dict[str, Any]) -> None:
        now = perf_counter()
        if now - self.looked > PERIOD:
            self.looked = now
            self.look()

    def finalise(self, trainer: Trainer) -> None:
        self.look()


def watch_layers(run: Any, every: int | None) -> Any:
    """The run's own measure of its layers, or one that comes last and so changes no log."""
    often = every or max(10, (run.total_steps or 2000) // 200)
    if isinstance(run, Loop):
        run.layers.every = often
        return run.layers
    return watch_trainer(run, often)


def watch_trainer(trainer: Trainer, every: int) -> WeightStatistics:
    """A trainer that has `WeightStatistics` of its own keeps to those."""
    for callback in trainer.callbacks:
        if isinstance(callback, WeightStatistics):
            return callback
    statistics = WeightStatistics(every)
    if trainer.step:  # a run under way has had its `initialise`
        statistics.initialise(trainer)
    trainer.callbacks.append(statistics)
    return statistics
