"""What changes with the depth of a network, as curves on a log scale."""

from collections.abc import Mapping, Sequence
from typing import Any

from .deepening import Look
from .signal_curves import across, decades, mark, size_told


def by_depth(looks: Mapping[int, Look]) -> dict[str, Any]:
    """For each depth the last signal, the gradient at the first layer, and the loss at first."""
    named = (
        ("signal at the end", [one.leaving for one in looks.values()]),
        ("gradient at the first layer", [one.arriving for one in looks.values()]),
        ("loss at the start", [one.loss for one in looks.values()]),
    )
    kept = [(name, sizes) for name, sizes in named if any(s is not None for s in sizes)]
    xs = across(len(looks))
    labels = [{"x": x, "text": str(depth)} for x, depth in zip(xs, looks, strict=True)]
    says = [f"Depth {depth}: {sums(one)}" for depth, one in looks.items()]
    return {"xs": xs, "labels": labels, "says": says, **_curves(xs, kept)}


def place(depth: int, depths: Sequence[int], xs: Sequence[float]) -> float | None:
    """Where a depth stands among those that are drawn, or between two of them."""
    pairs = list(zip(depths, xs, strict=True))
    for (one, left), (other, right) in zip(pairs, pairs[1:], strict=False):
        if one <= depth <= other:
            return round(left + (right - left) * (depth - one) / (other - one), 1)
    return pairs[0][1] if pairs and pairs[0][0] == depth else None


def _curves(xs: Sequence[float], named: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    scale = decades([s for _, sizes in named for s in sizes if s is not None])
    series = [
        {
            "name": name,
            "points": [
                [x, scale.y(s), mark(s, scale)]
                for x, s in zip(xs, sizes, strict=True)
                if s is not None
            ],
        }
        for name, sizes in named
    ]
    return {"series": series, "ticks": scale.ticks()}


def sums(one: Look) -> str:
    """A fresh network in a sentence, or what kept it from running."""
    if one.trouble:
        return one.trouble
    loss = "" if one.loss is None else f"; the loss begins at {size_told(one.loss)}"
    return (
        f"gradient {size_told(one.arriving)} at the first layer, "
        f"signal {size_told(one.leaving)} at the end{loss}."
    )
