"""How the weights move: size, gradient, size of the update, distance from where they began."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, final

from ..tape import no_grad
from ..tensors import Tensor
from .callbacks import MEASURES, Callback, Observation

if TYPE_CHECKING:
    from .trainer import Trainer


def norm(x: Tensor) -> float:
    """The Euclidean length of a tensor's numbers, sqrt(sum x^2)."""
    flat = (x.float() if x.dtype.itemsize < 4 else x).array.reshape(-1)
    return math.sqrt(float(flat @ flat))


def gradient_norm(parameters: Iterable[Tensor]) -> float:
    """The length of all gradients taken as one vector."""
    return math.hypot(*(norm(p.grad) for p in parameters if p.grad is not None))


@final
class WeightStatistics(Callback):
    """Adds `observation["weights"]`: for each trainable parameter, by its name, a dictionary of

    * `norm`: the length of the parameter, taken as one vector, after the step;
    * `grad_norm`: the length of its gradient;
    * `update_ratio`: length of the step's change over the length before. About 0.001 is healthy:
      far less and the layer stands still, far more and it jumps;
    * `change`: distance from the initial weights over their length.

    every: measure at each so-many-th step, for each measure copies the weights once.
    """

    rank = MEASURES

    def __init__(self, every: int = 1):
        self.every = every
        self.start: dict[str, Tensor] = {}
        self.before: dict[str, Tensor] = {}

    def initialise(self, trainer: Trainer) -> None:
        if not self.start:
            self.start = _copies(trainer)

    def before_step(self, trainer: Trainer) -> None:
        due = (trainer.step + 1) % self.every == 0
        self.before = _copies(trainer) if due else {}

    def after_step(self, trainer: Trainer, observation: Observation) -> None:
        if not self.before:
            return
        now = dict(trainer.model.named_parameters())
        with no_grad():
            observation["weights"] = {name: self._measure(name, now[name]) for name in self.before}
        self.before = {}

    def _measure(self, name: str, now: Tensor) -> dict[str, float]:
        start, before = self.start[name], self.before[name]
        return {
            "norm": norm(now),
            "grad_norm": 0.0 if now.grad is None else norm(now.grad),
            "update_ratio": _ratio(norm(now - before), norm(before)),
            "change": _ratio(norm(now - start), norm(start)),
        }

    def state_dict(self) -> dict[str, Any]:
        return {"start": self.start}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.start = dict(state["start"])


def _copies(trainer: Trainer) -> dict[str, Tensor]:
    named = trainer.model.named_parameters()
    return {name: p.detach().clone() for name, p in named if p.requires_grad}


def _ratio(change: float, size: float) -> float:
    """change / size; for a parameter that began at 0 (a bias), the change itself."""
    return change / size if size else change
