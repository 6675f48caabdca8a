"""What can go wrong in a run, by name."""

from __future__ import annotations

from typing import final


@final
class CheckpointError(RuntimeError):
    """A saved file is not what was written; the message names the file and the fault."""


@final
class NonFiniteLossError(ArithmeticError):
    """The loss or a gradient is nan or inf; the message names the step and where it began.

    step: the step that failed (its update was not made). layer: the name of the layer, parameter or
    part of the batch. kind: "input", "parameter", "output", "loss" or "gradient".
    """

    def __init__(self, message: str, step: int = 0, layer: str = "", kind: str = ""):
        super().__init__(message)
        self.step = step
        self.layer = layer
        self.kind = kind
