"""Chooses what a graph becomes on a card."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ...backend import Device, current_cuda
from ..graph import Graph
from ..program import NOWHERE, BuildError, Ends

LARGEST = 20_000  # calls: beyond, a compiler would take minutes


def cuda(
    graph: Graph, targets: Sequence[int | None], ends: Ends = NOWHERE, place: Device | None = None,
) -> Any:  # fmt: skip
    """A graph as a program for the card.

    Args:
        targets: per output the position of the input that it overwrites, or None.
        ends: where inputs come from and outputs go.
        place: the card; by default the one in use.

    Raises:
        BuildError: a card that is not in use, a graph too large for a compiler, or one with arrays
            of no numbers.
    """
    if place is not None and place.index != current_cuda():
        raise BuildError(f"{place} is not the card in use: minidl.cuda.set_device({place.index})")
    if len(graph.calls) > LARGEST:
        raise BuildError(f"the graph has {len(graph.calls)} calls, more than {LARGEST}")
    if any(0 in s.shape for s in [*graph.inputs, *(c.output for c in graph.calls)]):
        raise BuildError("an array has no numbers")
    return import_module(".running_gpu", __package__).CudaProgram(graph, targets, ends)
