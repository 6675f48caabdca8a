"""Lets optimisers walk a surface, each from the same start, and keeps where they were."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

import minidl

from .surfaces import Surface, height_at

Maker = Callable[[list[Any]], Any]


@final
@dataclass
class Way:
    """One racer's places (x, y, height), the rate it ran with, and why it ended early if so."""

    name: str
    places: list[tuple[float, float, float]] = field(default_factory=list)
    rate: float | None = None
    problem: str = ""


def race(
    surface: Surface,
    racers: Mapping[str, Maker],
    start: tuple[float, float],
    steps: int,
    rates: Mapping[str, float],
) -> list[Way]:
    """Every racer's way. Those whose rate is in `rates` run with that one."""
    with np.errstate(all="ignore"):
        return [_walk(surface, name, racers[name], start, steps, rates) for name in racers]


def _walk(surface, name, maker, start, steps, rates) -> Way:
    way = Way(name)
    try:
        place = minidl.tensor([float(x) for x in start], requires_grad=True)
        optimizer = maker([place])
        _set_rate(optimizer, rates.get(name))
        way.rate = rate_of(optimizer)
        for _ in range(steps + 1):
            if not _note(way, surface, place):
                break
            if len(way.places) <= steps:
                _step(optimizer, surface, place)
    except Exception as error:
        said = str(error).rstrip(".")
        way.problem = f"{name}: {type(error).__name__}: {said}."
    return way


def _note(way: Way, surface: Surface, place: Any) -> bool:
    """Writes down where the racer is; False where there is no number any more."""
    with minidl.no_grad():
        x, y = place.tolist()
        height = height_at(surface, x, y) if math.isfinite(x + y) else math.nan
    if not math.isfinite(x + y + height):
        way.problem = f"{way.name} left all numbers behind at step {len(way.places)}."
        return False
    way.places.append((x, y, height))
    return True


def _step(optimizer: Any, surface: Surface, place: Any) -> None:
    def slope() -> Any:
        place.grad = None
        loss = surface(place[0], place[1])
        loss.backward()
        return loss

    if "closure" in inspect.signature(optimizer.step).parameters:
        optimizer.step(slope)  # LBFGS looks around before it goes
    else:
        slope()
        optimizer.step()


def rate_of(optimizer: Any) -> float | None:
    """The learning rate, where the optimiser has one under a name that is known."""
    groups = getattr(optimizer, "param_groups", None)
    rate = groups[0].get("lr") if groups else getattr(optimizer, "lr", None)
    return float(rate) if isinstance(rate, (int, float)) else None


def _set_rate(optimizer: Any, rate: float | None) -> None:
    if rate is None:
        return
    for group in getattr(optimizer, "param_groups", ()):
        group["lr"] = rate
    if not hasattr(optimizer, "param_groups") and hasattr(optimizer, "lr"):
        optimizer.lr = rate
