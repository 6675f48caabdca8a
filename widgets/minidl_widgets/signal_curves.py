"""Sizes by depth as curves on a log scale: places in the picture, ticks, and what is told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

from .signals import Signal, Size, growth
from .writing import number

WIDTH, HEIGHT = 660, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 16, 40
DEEPEST = 40  # decades to either side of 1 that are drawn; beyond, a mark stands at the edge
WORDS = ("signal", "gradient", "weights' gradient")
MOST = 300  # parts that are drawn


@final
@dataclass(frozen=True)
class Decades:
    """The range of the picture, in powers of ten: at least from a thousandth to a thousand."""

    low: int
    high: int

    def y(self, size: float) -> float:
        """Where a size stands; at the edge if it is beyond, or no number."""
        if math.isnan(size) or size == math.inf:
            return float(TOP)
        power = math.log10(size) if size > 0 else -math.inf
        share = (min(max(power, self.low), self.high) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    def ticks(self) -> list[dict[str, Any]]:
        """Up to nine powers of ten, 1 among them."""
        step = -(-(self.high - self.low) // 8)
        powers = [p for p in range(self.low, self.high + 1) if p % step == 0]
        return [{"y": self.y(10.0**p), "text": _power(p), "one": p == 0} for p in powers]


def decades(sizes: Sequence[float]) -> Decades:
    """A range that holds all sizes, as far as sizes can be drawn."""
    powers = [math.log10(s) for s in sizes if 0 < s < math.inf]
    low, high = min(powers, default=0), max(powers, default=0)
    return Decades(max(-DEEPEST, min(-3, math.floor(low))), min(DEEPEST, max(3, math.ceil(high))))


def view(signals: Sequence[Signal]) -> dict[str, Any]:
    """The curves of some parts: places, marks of what left the picture, and the words of each."""
    sizes = [_three(one) for one in signals]
    scale = decades([s for three in sizes for s in three if s is not None])
    xs = across(len(signals))
    series = []
    for which, name in enumerate(WORDS):
        points = [
            [x, scale.y(s), mark(s, scale)]
            for x, three in zip(xs, sizes, strict=True)
            if (s := three[which]) is not None
        ]
        series.append({"name": name, "points": points})
    return {
        "xs": xs,
        "series": series,
        "ticks": scale.ticks(),
        "labels": _labels(len(signals), xs),
        "says": [_said(i, one) for i, one in enumerate(signals)],
        "story": story(signals),
    }


def story(signals: Sequence[Signal]) -> str:
    """What becomes of the signal on its way forward, and of the gradient on its way back."""
    if not signals:
        return "There is no part whose numbers could be measured."
    ahead = [one.forward.rms for one in signals]
    back = [one.back.rms for one in reversed(signals) if one.back is not None]
    told = f"Forward, {_journey('the signal', ahead)}"
    return f"{told} Back, {_journey('the gradient', back)}" if back else f"{told} No gradient."


def _journey(who: str, sizes: list[float]) -> str:
    """ "the signal shrinks from 1 to 0.01: × 0.86 at each of 30 steps, it vanishes."."""
    first, last = sizes[0], sizes[-1]
    lost = next((i for i, s in enumerate(sizes) if not 0 < s < math.inf), None)
    if lost is not None:
        how = "is 0" if sizes[lost] == 0 else "has left all numbers behind"
        return f"{who} {how} from step {lost + 1} of {len(sizes)} on."
    way = f"{_two(first)} to {_two(last)}"
    if len(sizes) < 2:
        return f"{who} has size {_two(first)}."
    factor = number(growth(sizes), 3)
    if not 0.1 <= last / first <= 10:
        does, end = ("shrinks", "vanishes") if last < first else ("grows", "explodes")
        return f"{who} {does} from {way}, × {factor} a step: it {end}."
    return f"{who} goes from {way}, × {factor} a step: it stays alive."


def _two(size: float) -> str:
    """A size in two digits: "190", "0.00073"."""
    return number(float(f"{size:.2g}"))


def _three(one: Signal) -> tuple[float | None, ...]:
    return tuple(s and s.rms for s in (one.forward, one.back, one.weight_back))


def mark(size: float, scale: Decades) -> str:
    """Whether a size is drawn where it is ("") or stands at the edge: "up", "down" or "gone"."""
    if math.isnan(size) or size == math.inf:
        return "gone"
    if size < 10.0**scale.low:
        return "down"
    return "up" if size > 10.0**scale.high else ""


def across(count: int) -> list[float]:
    """Places for so many points, evenly from left to right."""
    room = WIDTH - LEFT - RIGHT
    return [round(LEFT + room * (i + 0.5) / count, 1) for i in range(count)]


def _labels(count: int, xs: list[float]) -> list[dict[str, Any]]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if count / s <= 12 or s == 100)
    shown = [i for i in range(count) if i == 0 or (i + 1) % step == 0]
    return [{"x": xs[i], "text": str(i + 1)} for i in shown]


def _said(i: int, one: Signal) -> str:
    """One layer in a sentence."""
    place = f"{one.path} {one.kind}".strip()
    zeros = f", {_percent(one.forward.zeros)} of it zeros" if one.forward.zeros else ""
    told = [f"Step {i + 1}, {place}: signal {_size(one.forward)}{zeros}"]
    told += [f"gradient {_size(one.back)}" if one.back else "no gradient"]
    if one.weight is not None:
        grad = f", their gradient {_size(one.weight_back)}" if one.weight_back else ""
        told.append(f"weights {_size(one.weight)}{grad}")
    return "; ".join(told) + "."


def _size(size: Size | None) -> str:
    return size_told(size and size.rms)


def size_told(rms: float | None) -> str:
    """A size in three digits, or what it is instead."""
    if rms is None:
        return "none"
    return number(rms, 3) if math.isfinite(rms) else "beyond all numbers"


def _percent(share: float) -> str:
    return f"{number(100 * share, 2)} %"


def _power(p: int) -> str:
    return (
        str(10**p) if 0 <= p <= 3 else f"{10.0**p:g}" if -3 <= p < 0 else f"1e{p}".replace("-", "−")
    )
