"""A run's history read as series of (step, value), thin enough to draw and plain enough to send."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, final

# More points than this in one series no screen can show, so none are sent.
LIMIT = 2000

# What an observation carries beside the numbers that become curves.
NOT_CURVES = {"step", "epoch", "seconds", "weights"}
NOT_METRICS = {*NOT_CURVES, "loss", "lr", "grad_norm"}


@final
class Series(TypedDict):
    """One curve: the steps at which it has a value, and the values; None for one not finite."""

    x: list[int]
    y: list[float | None]


def series_of(history: Iterable[Mapping[str, Any]]) -> dict[str, Series]:
    """Every curve in these observations: `loss`, `lr`, ..., for layer L `ratio/L`, `change/L`."""
    series: dict[str, Series] = {}
    for observation in history:
        step = int(observation["step"])
        for name, value in _values(observation):
            curve = series.setdefault(name, {"x": [], "y": []})
            curve["x"].append(step)
            curve["y"].append(plain(value))
    return {name: thin(curve) for name, curve in series.items()}


def _values(observation: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    for name, value in observation.items():
        if name not in NOT_CURVES and isinstance(value, int | float):
            yield name, value
    if weights := observation.get("weights"):
        yield from _layers(weights)


def _layers(weights: Mapping[str, Mapping[str, float]]) -> Iterable[tuple[str, float]]:
    """A layer speaks through its weight: its bias begins at 0, and to that there is no ratio."""
    seen: set[str] = set()
    for name, row in weights.items():
        layer = name.rpartition(".")[0] or name
        if layer not in seen:
            seen.add(layer)
            yield f"ratio/{layer}", row["update_ratio"]
            yield f"change/{layer}", row["change"]


def plain(value: float) -> float | None:
    """Six digits, enough for any screen; None for what JSON cannot say (infinity, not a number)."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def thin(curve: Series, limit: int = LIMIT) -> Series:
    """At most `limit` points: of each stretch the lowest and the highest, so no peak is lost."""
    x, y = curve["x"], curve["y"]
    if len(x) <= limit:
        return curve
    stretch = math.ceil(len(x) / (limit // 2))
    kept: list[int] = []
    for start in range(0, len(x), stretch):
        kept += _extremes(y, start, min(start + stretch, len(x)))
    return {"x": [x[i] for i in kept], "y": [y[i] for i in kept]}


def _extremes(y: Sequence[float | None], start: int, stop: int) -> list[int]:
    """Where the lowest and the highest value are, in order; without numbers, the first place."""
    known = [(value, i) for i in range(start, stop) if (value := y[i]) is not None]
    known = known or [(0.0, start)]
    return sorted({min(known)[1], max(known)[1]})


@final
class Run:
    """One history, how far the page has it, and where its learning rate was changed by hand."""

    def __init__(self, source: Any, label: str) -> None:
        self.source, self.label = source, label
        self._sent = 0
        self._read: Any = None  # the history that was sent: a resumed trainer has another
        self._changes: list[int] = []

    @property
    def history(self) -> Sequence[Mapping[str, Any]]:
        """The observations so far: a trainer's, or the list itself."""
        return getattr(self.source, "history", self.source)

    def everything(self) -> dict[str, Any]:
        """The whole run, for a page that has nothing."""
        self._sent = 0
        return {"label": self.label, **self.news()}

    def news(self) -> dict[str, Any]:
        """The points since the last news."""
        history = self.history
        if history is not self._read:
            self._read, self._sent = history, 0
        since, self._sent = self._sent, len(history)
        new = {"since": since, "until": self._sent, "series": series_of(history[since:])}
        return {**new, "marks": [{"step": step} for step in self._changes]}

    def mark(self, step: int) -> None:
        """Remember that from this step on the learning rate is another."""
        if step not in self._changes:
            self._changes.append(step)


def metrics_in(run: Any) -> list[str]:
    """What is measured beside the loss: as the steps show it; before the first, as asked for."""
    if hasattr(run, "measured"):
        return list(run.measured)
    if run.history:
        return metrics_of(run.history[0])
    return ["accuracy"] if run.metrics is None else list(run.metrics)


def metrics_of(observation: Mapping[str, Any]) -> list[str]:
    """The names of one step's metrics, each once, whether of training data or of validation."""
    names = dict.fromkeys(name.removeprefix("valid_") for name in observation)
    return [name for name in names if name not in NOT_METRICS]
