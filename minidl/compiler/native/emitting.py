"""From a graph to a recipe: it is lowered to kernels, those become steps, and these are C."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from ...machine import blas, get_num_threads
from ..graph import Graph
from ..program import BuildError
from ..recomputing import CHEAP, CURVES, recomputed
from . import attention as attention, convolutions as convolutions, rules as rules  # fill RULES
from .building import build
from .lowering import Lowering
from .memory import peak, place, traffic
from .nests import Nest
from .overwriting import become_targets
from .recipes import Recipe
from .running import NativeProgram
from .steps import Functions, Step, steps_of
from .views import Buffer, View
from .writing import Places, segments, source

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
    found = blas()
    graph = recomputed(graph, CHEAP | CURVES, most=6)
    recipe = _recipe(graph, targets, threads, 64 if found is None else found.bits)
    return NativeProgram(recipe, graph.inputs, targets, found)


def _recipe(graph: Graph, targets: Sequence[int | None], threads: int, bits: int) -> Recipe:
    """Emits and builds."""
    lowering = Lowering(graph, targets, threads)
    lowering.run()
    functions = Functions()
    steps = [step for kernel in lowering.kernels for step in
             steps_of(kernel, threads, functions)]  # fmt: skip
    become_targets(lowering.outputs, targets, steps, _copy_step)
    size, places, parts = place(steps), Places(), segments(steps)
    library = build(source(functions, parts, places, bits))
    facts = {
        "kernels": len(steps), "threads": threads, "peak_bytes": peak(steps),
        "arena_bytes": size, "bytes_moved": traffic(steps), "functions": len(functions.texts),
    }  # fmt: skip
    recipe = Recipe(
        library, [part[0].host for part in parts], threads, size,
        [(b.kind, b.number) for b in places.order],
        [(view.shape, view.dtype) for view in lowering.outputs],
        lowering.constants, [call for call, _ in lowering.draws],
        facts, [*lowering.notes, *_fusions(lowering)],
    )  # fmt: skip
    lowering.growing.release()
    return recipe


def _fusions(lowering: Lowering) -> list[str]:
    """What became one loop, and what kept more from it."""
    loops = Counter(
        ", ".join(m.name for m in kernel.members)
        for kernel in lowering.kernels
        if isinstance(kernel, Nest) and len(kernel.members) > 1
    )
    said = [f"{n} x fused into one loop: {names}" for names, n in loops.most_common()]
    reasons = lowering.growing.reasons.most_common()
    return said + [f"{n} results go through memory: {reason}" for reason, n in reasons]


def _copy_step(view: View, target: int) -> Any:
    """Copies a result over the input it replaces."""
    place = Buffer("input", view.size, view.dtype, target)

    def text(at: Callable) -> list[str]:
        return [f"memcpy({at(place)}, {at(view.buffer, view.offset)}, "
                f"{view.size * view.dtype.itemsize});"]  # fmt: skip

    return Step([view.buffer], [place], text, alone=True, title="the new over the old")


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
        elif name in ("attention", "attention_slopes"):
            q, _, v = call.inputs[-3:]
            size = (4 if name == "attention" else 14) * prod(q.shape[:-1]) * prod(v.shape[-2:])
        elif name in ("conv_transpose", "conv_weight"):
            size = 2 * prod(call.inputs[0].shape) * prod(call.inputs[1].shape[1:])
        total += size
    return total
