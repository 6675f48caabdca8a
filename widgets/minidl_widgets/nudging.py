"""The slope of a function along one of its numbers, found by a nudge to either side."""

from collections.abc import Callable, Mapping
from typing import Any

NUDGE = 1e-5  # of the number, or of 1 for a smaller one

Numbers = dict[Any, float]


def slope(f: Callable[[Numbers], float], at: Mapping[Any, float], which: Any) -> float | None:
    """How `f` answers to the number `which`; None where `f` does not run: a slope is a courtesy."""
    h = NUDGE * max(1.0, abs(at[which]))
    try:
        high, low = (f({**at, which: at[which] + step}) for step in (h, -h))
    except Exception:  # what stopped here was told by whoever ran `f` in earnest
        return None
    return (high - low) / (2 * h)
