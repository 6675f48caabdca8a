"""Three ways to a leaf's gradient, side by side: what the paths add up to, what the engine says,
what a nudge says.

They agree or they do not, and where they do not, which two agree tells what is wrong.
"""

from collections.abc import Callable, Mapping
from typing import Any

from . import writing
from .picture import Picture, filled

NUDGED = 8  # so many leaves get a finite difference: each costs two calls
CLOSE = 1e-4  # so near two of the three must be to agree

Row = dict[str, Any]


def editable(x: Any) -> bool:
    """True for a plain number: that can be changed in the page."""
    return isinstance(x, int | float) and not isinstance(x, bool)


def rows(
    leaves: Mapping[str, Any],
    picture: Picture,
    grads: Mapping[int, Any],
    nudge: Callable[[str], float | None],
) -> list[Row]:
    """A line for each leaf."""
    nodes = {node.leaf: node for node in picture.nodes if node.leaf}
    table = []
    for name, given in leaves.items():
        node, free = nodes.get(name), editable(given)
        row = {"name": name, "editable": free, "value": float(given) if free else None, "node": ""}
        row |= {"text": writing.value(given), "paths": "", "own": "", "nudge": "", "verdict": ""}
        if node is not None:
            row |= {"node": node.id, "text": writing.value(node.value)}
        if node is not None and node.wanted and picture.root is not None:
            slope = nudge(name) if free and len(table) < NUDGED else None
            row |= _compared(
                name, grads.get(node.index, filled(node.value, 0.0)), picture.own.get(name), slope
            )
        table.append(row)
    return table


def agreed(table: list[Row], engine: str) -> str:
    """The sentence for a table without a quarrel, if there was something to compare."""
    asked = [name for name in ("own", "nudge") if any(row[name] for row in table)]
    who = {"own": f"{engine} backward()", "nudge": "the nudge"}
    if not asked or any(row["verdict"] for row in table):
        return ""
    parts = ["The paths of the picture", *(who[name] for name in asked)]
    return f"{', '.join(parts[:-1])} and {parts[-1]} agree."


def _compared(name: str, paths: Any, own: Any, slope: float | None) -> Row:
    row = {"paths": writing.value(paths), "own": "", "nudge": "", "verdict": ""}
    row |= {} if own is None else {"own": writing.value(own)}
    row |= {} if slope is None else {"nudge": writing.number(slope)}
    if getattr(paths, "shape", ()):
        return row
    if slope is not None and not _near(paths, slope):
        row["verdict"] = (
            f"A local derivative on a path to {name} is off: a nudge says {row['nudge']}, "
            f"the paths add up to {row['paths']}."
        )
    elif own is not None and not _near(own, paths):
        row["verdict"] = (
            f"Your backward() says {row['own']} for {name}, the paths add up to {row['paths']}. "
            "Does each path add its part, with +=, once and in order?"
        )
    return row


def _near(a: Any, b: Any) -> bool:
    return abs(float(a) - float(b)) <= CLOSE * max(1.0, abs(float(b)))
