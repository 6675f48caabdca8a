"""A learner's own training loop with the manners of a Trainer, so that a dashboard can drive it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from time import perf_counter
from typing import Any, final

from .dashboard_layers import Layers
from .dashboard_series import metrics_of

BROKEN = "This loop was broken off ({}) and cannot go on: run the cell that makes it again."
FIXED = "This loop's rate is its own: to change it here, give Dashboard the settings that it reads."


@final
class Loop:
    """An iterator that takes one step and gives its numbers each time it is asked.

    It has of a Trainer what a dashboard needs. See `Dashboard` for the meaning of the arguments.
    Stopping only stops asking: a generator that was closed could not be taken up again.
    """

    def __init__(
        self,
        steps: Iterable[Any],
        total: int | None = None,
        settings: MutableMapping[str, Any] | None = None,
        parameters: Any = None,
    ) -> None:
        if not isinstance(steps, Iterable):
            kind = type(steps).__name__
            hint = ": call it, and give what it returns" if callable(steps) else ""
            raise TypeError(f"a dashboard drives an iterator of steps, not a {kind}{hint}")
        self._steps, self._broken = iter(steps), ""
        self.total_steps = len(steps) if total is None and isinstance(steps, Sequence) else total
        self.settings = settings
        self.layers = Layers(parameters)
        self.measured: dict[str, None] = {}  # the names of the metrics met so far, in order
        self.history: list[dict[str, Any]] = []
        self.callbacks: list[Any] = []
        self.step = 0
        self.finished = self.stopped = False
        self.epochs = self.steps_per_epoch = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.stopped = False
        return self

    def __next__(self) -> dict[str, Any]:
        if self.finished or self.stopped:
            raise StopIteration
        if self._broken:
            raise RuntimeError(BROKEN.format(self._broken))
        rate = {} if self.lr is None else {"lr": self.lr}  # what this step uses
        self.layers.before(self.step + 1)
        began = perf_counter()
        try:
            given = next(self._steps)
        except StopIteration:
            self._end()
            raise
        except BaseException as error:  # with it a generator is over, and would say "finished"
            self._broken = type(error).__name__
            raise
        numbers = {"seconds": perf_counter() - began, **rate, **numbers_of(given)}
        return self._keep(numbers)

    def _keep(self, numbers: dict[str, Any]) -> dict[str, Any]:
        self.step += 1
        observation = {**numbers, **self.layers.after(numbers), "step": self.step}
        self.history.append(observation)
        self.measured |= dict.fromkeys(metrics_of(observation))
        for callback in self.callbacks:
            callback.after_step(self, observation)
        return observation

    def _end(self) -> None:
        self.finished = True
        for callback in self.callbacks:
            callback.finalise(self)

    def stop(self) -> None:
        """Give no more steps until somebody iterates anew."""
        self.stopped = True

    @property
    def epoch(self) -> int | None:
        """The epoch that the last step told, if it told one."""
        return self.history[-1].get("epoch") if self.history else None

    @property
    def lr(self) -> float | None:
        """The rate of the next step, if the loop reads it from its settings; else the last told."""
        if self.settings is not None and "lr" in self.settings:
            return float(self.settings["lr"])
        return self.history[-1].get("lr") if self.history else None

    @property
    def fixed(self) -> str | None:
        """Why the learning rate cannot be changed from here; None if it can."""
        return None if self.settings is not None and "lr" in self.settings else FIXED

    def set_lr(self, value: float) -> None:
        """Write the rate where the loop will read it for its next step."""
        if self.settings is None or self.fixed:
            raise ValueError(FIXED)
        if not 0 <= value < math.inf:
            raise ValueError(f"a learning rate must be a number from 0 on, not {value}")
        self.settings["lr"] = float(value)


def numbers_of(given: Any) -> dict[str, Any]:
    """What a step gave, as numbers by name; a number alone is the loss."""
    named = given if isinstance(given, Mapping) else {"loss": given}
    try:
        return {str(name): number_of(value) for name, value in named.items()}
    except (TypeError, ValueError) as error:
        told = f"{type(given).__name__} {given!r}"[:80]
        raise TypeError(
            f"a step gives numbers by name, such as {{'loss': 0.3}}, not {told}"
        ) from error


def number_of(value: Any) -> float | int:
    """A number; or what holds one: an array of one entry, a learner's value with `.data`."""
    if isinstance(value, int | float):
        return value
    if hasattr(value, "item"):
        return value.item()
    return float(getattr(value, "data", value))


def as_run(
    run: Any, total: int | None, settings: MutableMapping[str, Any] | None, parameters: Any
) -> Any:
    """A `Trainer` as it is, anything else as a `Loop`."""
    if not hasattr(run, "history"):
        return Loop(run, total, settings, parameters)
    if (total, settings, parameters) != (None, None, None):
        raise TypeError("total, settings and parameters describe a loop; a Trainer knows its own")
    return run
