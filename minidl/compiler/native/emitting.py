"""Chooses how many threads a graph is worth, and the BLAS that multiplies."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ...machine import blas, get_num_threads
from ..graph import Graph
from ..program import BuildError
from ..recomputing import CHEAP, CURVES, recomputed
from .running import NativeProgram

WORTH = 2_000_000  # floating-point operations below which a second thread costs more than it brings
LARGEST = 20_000  # calls: beyond, a C compiler would take minutes


def native(
    graph: Graph, targets: Sequence[int | None], threads: int | None = None
) -> NativeProgram:
    """A graph as machine code.

    Args:
        targets: per output the position of the input that it overwrites, or None.
        threads: how many may run it; by default as many as `get_num_threads` says, or one where the
            graph is too small to be shared.

    Raises:
        BuildError: no compiler, a graph too large for one, or one with arrays of no numbers.
    """
    if len(graph.calls) > LARGEST:
        raise BuildError(f"the graph has {len(graph.calls)} calls, more than {LARGEST}")
    if any(0 in s.shape for s in [*graph.inputs, *(c.output for c in graph.calls)]):
        raise BuildError("an array has no numbers")
    if threads is None:
        threads = get_num_threads() if _work(graph) > WORTH else 1
    graph = recomputed(graph, CHEAP | CURVES, most=6)
    return NativeProgram(graph, targets, threads, blas())


def _work(graph: Graph) -> int:
    """About how many floating-point operations a graph takes."""
    total = 0
    for call in graph.calls:
        size = prod(call.output.shape)
        name = call.primitive.name
        if name == "matmul":
            size *= 2 * call.inputs[0].shape[-1]
        elif name == "conv":
            size *= 2 * prod(call.inputs[1].shape[1:])
        elif name in ("conv_transpose", "conv_weight"):
            size = 2 * prod(call.inputs[0].shape) * prod(call.inputs[1].shape[1:])
        total += size
    return total
