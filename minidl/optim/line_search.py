"""How far to go along a direction: far enough to gain, not so far that the slope turns."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, final

ENOUGH = 1e-4  # a step must gain this share of what the first slope promised
FLAT = 0.9  # and leave at most this share of that slope


@final
class Point(NamedTuple):
    """A place on the line.

    t: how far along. loss, gradient: found there. slope: the gradient along the line.
    """

    t: float
    loss: float
    gradient: Any
    slope: float


def strong_wolfe(
    look: Callable[[float], Point], start: Point, t: float, reach: float, tolerance: float,
    tries: int,
) -> tuple[Point, int]:  # fmt: skip
    """A point that meets the strong Wolfe conditions, or the best of those tried.

    Args:
        look: the point at a distance; each call costs a loss and a gradient.
        start: the point at distance 0, with a negative slope.
        t: the distance to try first.
        reach: the largest change of a weight per distance; an interval in which none changes by
            `tolerance` is not searched further.
        tries: how often to look after the first time.

    Returns:
        (point, how often it looked).

    Source: Nocedal, Wright, "Numerical Optimization" (2006), algorithms 3.5 and 3.6.
    """
    before, new, tried = start, look(t), 0
    while tried < tries:
        if _too_high(new, start) or (tried > 1 and new.loss >= before.loss):
            break
        if abs(new.slope) <= -FLAT * start.slope:
            return new, tried + 1
        if new.slope >= 0:
            break
        low, high = new.t + 0.01 * (new.t - before.t), 10 * new.t
        before, new = new, look(_between(before, new, low, high))
        tried += 1
    else:
        before = start
    low, high = (before, new) if before.loss <= new.loss else (new, before)
    return _zoom(look, start, low, high, reach, tolerance, tried, tries)


def _zoom(
    look: Callable[[float], Point], start: Point, low: Point, high: Point, reach: float,
    tolerance: float, tried: int, tries: int,
) -> tuple[Point, int]:  # fmt: skip
    """Narrows an interval that holds a good point; `low` is its end of lower loss."""
    stuck = False
    while tried < tries and abs(high.t - low.t) * reach >= tolerance:
        left, right = sorted((low.t, high.t))
        t = _between(low, high, left, right)
        margin = 0.1 * (right - left)
        close = min(right - t, t - left) < margin
        if close and (stuck or not left < t < right):  # keep away from the ends
            t = right - margin if right - t < t - left else left + margin
            close = False
        stuck = close
        new = look(t)
        tried += 1
        if _too_high(new, start) or new.loss >= low.loss:
            low, high = (new, low) if new.loss < low.loss else (low, new)
            continue
        if abs(new.slope) <= -FLAT * start.slope:
            return new, tried + 1
        if new.slope * (high.t - low.t) >= 0:
            high = low
        low = new
    return low, tried + 1


def _too_high(new: Point, start: Point) -> bool:
    return new.loss > start.loss + ENOUGH * new.t * start.slope


def _between(a: Point, b: Point, low: float, high: float) -> float:
    """Where the cubic through two points with their slopes is lowest, kept in [low, high]."""
    if a.t > b.t:
        a, b = b, a
    bend = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    inside = bend * bend - a.slope * b.slope
    if inside < 0:
        return (low + high) / 2
    root = math.sqrt(inside)
    t = b.t - (b.t - a.t) * (b.slope + root - bend) / (b.slope - a.slope + 2 * root)
    return min(max(t, low), high)
