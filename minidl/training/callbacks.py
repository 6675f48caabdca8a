"""A callback looks on while a model trains: measures, reports, keeps."""

# ruff: noqa: B024, B027 - that a method does nothing until it is written is the point here

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .trainer import Trainer

Observation = dict[str, Any]  # what is known about one step; the only channel between callbacks

MEASURES, REPORTS, KEEPS = 0, 1, 2


class Callback(ABC):
    """Write the methods you need; each does nothing until you do.

    A run calls them in this order: `initialise` once; for every step `before_step`, `after_step`
    and, if the step was an epoch's last, `after_epoch`; then `finalise` once, however the run
    ended. If it ended by an exception, `on_error` comes just before. A run that is stopped and
    taken up again begins with `initialise` again.

    `after_step` and `after_epoch` get the step's observation and may add to it. `rank` decides who
    comes first: those that measure, then those that report, then those that keep.
    """

    rank: int = REPORTS

    def initialise(self, trainer: Trainer) -> None:
        """A run begins or goes on: `trainer.step` steps are behind it."""

    def before_step(self, trainer: Trainer) -> None:
        """A batch has been fetched; the weights are still those of the last step."""

    def after_step(self, trainer: Trainer, observation: Observation) -> None:
        """The weights have been updated; the gradients that did it are still there."""

    def after_epoch(self, trainer: Trainer, observation: Observation) -> None:
        """The last step of an epoch is done; validation results are in the observation."""

    def on_error(self, trainer: Trainer, error: BaseException) -> None:
        """The run was broken off by `error`, perhaps in the middle of a step."""

    def finalise(self, trainer: Trainer) -> None:
        """The run is over: close files, remove what is temporary."""

    def state_dict(self) -> dict[str, Any]:
        """What must be remembered so that a resumed run goes on as if nothing had happened."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` gave; called before `initialise`."""


def flat(observation: Observation, prefix: str = "") -> dict[str, Any]:
    """An observation as one level: {"weights": {"0.bias": 1}} becomes {"weights/0.bias": 1}."""
    numbers: dict[str, Any] = {}
    for key, value in observation.items():
        if isinstance(value, dict):
            numbers |= flat(value, f"{prefix}{key}/")
        else:
            numbers[f"{prefix}{key}"] = value
    return numbers
