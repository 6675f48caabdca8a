"""In which numbers a Trainer computes: the names of the ways, and what a step does differently."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, final

from ..amp import GradScaler, autocast
from ..optim import Optimizer
from ..tensors import Tensor

_HALVES = {"32-true": None, "bf16-mixed": "bfloat16", "16-mixed": "float16"}


@final
class Precision:
    """One way to compute a step.

    Args:
        name: "32-true": float32. "bf16-mixed": products in bfloat16, by `autocast`. "16-mixed":
            products in float16, and the loss scaled. Weights are float32 in each.

    Attributes:
        scales: whether the loss is scaled, so that gradients may be infinite now and then.

    Raises:
        ValueError: another name.
    """

    def __init__(self, name: str):
        if name not in _HALVES:
            known = ", ".join(map(repr, _HALVES))
            raise ValueError(f"Trainer: precision must be one of {known}, got {name!r}.")
        self.name, self.half = name, _HALVES[name]
        self.scales = self.half == "float16"
        self.scaler = GradScaler(enabled=self.scales)

    def region(self, like: Tensor) -> AbstractContextManager[Any]:
        """Where the model and the loss run, on the device of some tensor."""
        if self.half is None:
            return nullcontext()
        return autocast(like.device.type, dtype=self.half)

    def backward(self, loss: Tensor, optimizer: Optimizer) -> None:
        """Gradients of the loss, no longer scaled."""
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(optimizer)

    def step(self, optimizer: Optimizer) -> None:
        """The optimiser's step, where gradients are finite."""
        self.scaler.step(optimizer)
        self.scaler.update()

    def state_dict(self) -> dict[str, Any]:
        """The scale, where there is one."""
        return self.scaler.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on with a saved scale; one saved by a way without scaling changes nothing."""
        if state:
            self.scaler.load_state_dict(state)
