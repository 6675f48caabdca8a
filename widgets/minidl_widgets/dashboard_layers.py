"""How the weights of a learner's own loop move: gradients, updates, the way from the start."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, final

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


@final
class Layers:
    """Reads named groups of parameters before and after a step; it never writes to one.

    parameters: {layer: its parameters}, a function that gives this, something with
        `named_parameters()`, or None. A group is a number with `.data` (and `.grad`), a tensor, an
        array, or a list of such.
    every: measure at each so-many-th step; at others only the gradients are read.
    """

    def __init__(self, parameters: Any = None, every: int = 1) -> None:
        self.every = every
        self._named = reader(parameters)
        self._first = {name: entries(group) for name, group in self._named().items()}
        self._before: dict[str, Array] = {}

    def before(self, step: int) -> None:
        """The step `step` is about to be taken."""
        due = step % self.every == 0
        self._before = {n: entries(group) for n, group in self._named().items()} if due else {}

    def after(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        """What the step that was taken adds to the numbers it gave itself."""
        groups, found = self._named(), {}
        if "grad_norm" not in numbers:
            norms = [length(entries(g, "grad")) for g in groups.values()]
            if any(norms):  # without gradients, or wiped already, there is nothing to tell
                found["grad_norm"] = math.hypot(*norms)
        if self._before:
            found["weights"] = {n: self._moved(n, entries(group)) for n, group in groups.items()}
        return found

    def _moved(self, name: str, now: Array) -> dict[str, float]:
        before, first = self._before.get(name, now), self._first.setdefault(name, now)
        return {
            "update_ratio": ratio(length(now - before), length(before)),
            "change": ratio(length(now - first), length(first)),
        }


def reader(parameters: Any) -> Callable[[], Any]:
    """A function that gives the groups as they are now: a loop may replace its weights."""
    if hasattr(parameters, "named_parameters"):
        return lambda: dict(parameters.named_parameters())
    if callable(parameters):
        return parameters
    if parameters is None or isinstance(parameters, Mapping):
        return lambda: parameters or {}
    kind = type(parameters).__name__
    raise TypeError(f"parameters are named: {{'layer 1': [...], ...}}, not a {kind}")


def entries(group: Any, which: str = "data") -> Array:
    """The numbers of a group in one row (a copy): its data, or its gradients."""
    if isinstance(group, list | tuple | Mapping):
        parts = group.values() if isinstance(group, Mapping) else group
        return np.concatenate([np.zeros(0), *(entries(part, which) for part in parts)])
    inside = group if which == "data" else getattr(group, "grad", None)
    return np.zeros(0) if inside is None else row(inside)


def row(numbers: Any) -> Array:
    """Any array, tensor or number, or a learner's object that keeps one in `.data`, in one row."""
    if hasattr(numbers, "detach"):
        numbers = numbers.detach().cpu().numpy()
    elif not isinstance(numbers, np.ndarray | np.generic | int | float):
        numbers = numbers.data
    return np.array(numbers, dtype=np.float64).reshape(-1)


def length(numbers: Array) -> float:
    """The Euclidean length of a row."""
    return math.sqrt(float(numbers @ numbers))


def ratio(change: float, size: float) -> float:
    """change / size; for a group that began at 0 (a bias), the change itself."""
    return change / size if size else change
