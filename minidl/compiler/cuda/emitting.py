"""Chooses what a graph becomes on a card."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ..graph import Graph
from ..program import BuildError

LARGEST = 20_000  # calls: beyond, a compiler would take minutes


def cuda(graph: Graph, targets: Sequence[int | None], numbers: Sequence[int] = ()) -> Any:
    """A graph as a program for the card.

    Args:
        targets: per output the position of the input that it overwrites, or None.
        numbers: positions of the inputs that are Python numbers.

    Raises:
        BuildError: a graph too large for a compiler, or one with arrays of no numbers.
    """
    if len(graph.calls) > LARGEST:
        raise BuildError(f"the graph has {len(graph.calls)} calls, more than {LARGEST}")
    if any(0 in s.shape for s in [*graph.inputs, *(c.output for c in graph.calls)]):
        raise BuildError("an array has no numbers")
    return import_module(".running_gpu", __package__).CudaProgram(graph, targets, numbers)
