"""What changes with the depth of a network, as curves on a log scale."""

from collections.abc import Mapping, Sequence
from typing import Any

from .deepening import Look
from .signal_curves import across, decades, mark
from .writing import number


def by_depth(looks: Mapping[int, Look]) -> dict[str, Any]:
    """For each depth the last signal, the gradient at the first layer, and the loss at first."""
    named = (
        ("signal at the end", [one.leaving for one in looks.values()]),
        ("gradient at the first layer", [one.arriving for one in looks.values()]),
        ("loss at the start", [one.loss for one in looks.values()]),
    )
    kept = [(name, sizes) for name, sizes in named if any(s is not None for s in sizes)]
    xs = across(len(looks)) if looks else []
    labels = [{"x": x, "text": str(depth)} for x, depth in zip(xs, looks, strict=True)]
    says = [_told(depth, one) for depth, one in looks.items()]
    return {"xs": xs, "labels": labels, "says": says, **_curves(xs, kept)}


def place(depth: int, depths: Sequence[int], xs: Sequence[float]) -> float | None:
    """Where a depth stands among those that are drawn, or between two of them."""
    pairs = list(zip(depths, xs, strict=True))
    for (one, left), (other, right) in zip(pairs, pairs[1:], strict=False):
        if one <= depth <= other:
            return round(left + (right - left) * (depth - one) / (other - one), 1)
    return pairs[0][1] if pairs and pairs[0][0] == depth else None


def size_told(size: float | None) -> str:
    """A size in three digits, or what it is instead."""
    if size is None:
        return "none"
    return number(size, 3) if abs(size) < float("inf") else "beyond all numbers"


def _curves(xs: Sequence[float], named: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    scale = decades([s for _, sizes in named for s in sizes if s is not None])
    series = [
        {
            "name": name,
            "points": [
                [x, scale.y(s), mark(s, scale)]
                for x, s in zip(xs, sizes, strict=False)
                if s is not None
            ],
        }
        for name, sizes in named
    ]
    return {"series": series, "ticks": scale.ticks()}


def _told(depth: int, one: Look) -> str:
    """One depth in a sentence."""
    if one.trouble:
        return f"Depth {depth}: {one.trouble}"
    loss = "" if one.loss is None else f"; the loss begins at {size_told(one.loss)}"
    return (
        f"Depth {depth}: gradient {size_told(one.arriving)} at the first layer, "
        f"signal {size_told(one.leaving)} at the end{loss}."
    )
