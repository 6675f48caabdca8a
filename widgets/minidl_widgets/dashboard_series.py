"""A run's history read as series of (step, value), thin enough to draw and plain enough to send."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

# More points than this in one series no screen can show, so none are sent.
LIMIT = 2000

# What an observation carries beside the numbers that become curves.
NOT_CURVES = {"step", "epoch", "seconds", "weights"}


class Series(TypedDict):
    """One curve: the steps at which it has a value, and the values; None where a value is not finite."""

    x: list[int]
    y: list[float | None]


def series_of(history: Iterable[Mapping[str, Any]]) -> dict[str, Series]:
    """Every curve in these observations: `loss`, `lr`, ... and for layer L `ratio/L` and `change/L`."""
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
    """Join a layer's parameters: lengths add as squares do, so a bias born as zeros divides by nothing."""
    sums: dict[str, list[float]] = {}
    for name, row in weights.items():
        total = sums.setdefault(name.rpartition(".")[0] or name, [0.0, 0.0, 0.0])
        norm = row["weight_norm"]
        for i, length in enumerate((norm, row["update_ratio"] * norm, row["change"])):
            total[i] += length * length
    for layer, (norm, update, change) in sums.items():
        yield f"ratio/{layer}", math.sqrt(update / norm) if norm else 0.0
        yield f"change/{layer}", math.sqrt(change)


def plain(value: float) -> float | None:
    """Six digits, enough for any screen; None for what JSON cannot say (infinity, not a number)."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def thin(curve: Series, limit: int = LIMIT) -> Series:
    """At most `limit` points: of each stretch of steps its lowest and its highest, so that no peak is lost."""
    x, y = curve["x"], curve["y"]
    if len(x) <= limit:
        return curve
    stretch = math.ceil(len(x) / (limit // 2))
    kept: list[int] = []
    for start in range(0, len(x), stretch):
        kept += _extremes(y, start, min(start + stretch, len(x)))
    return {"x": [x[i] for i in kept], "y": [y[i] for i in kept]}


def _extremes(y: Sequence[float | None], start: int, stop: int) -> list[int]:
    """The places of the lowest and the highest value, in order; a stretch without numbers keeps its first."""
    known = [i for i in range(start, stop) if y[i] is not None] or [start]
    return sorted({min(known, key=y.__getitem__), max(known, key=y.__getitem__)})
