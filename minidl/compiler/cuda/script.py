"""A graph as a script for the card: the source of its kernels, and what is asked of it in order.

Nothing here needs a card: `running_gpu.py` follows the script on one, and the tests on a card that
they make of the processor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import final

from ..graph import Graph
from ..native import rules as rules  # fills the table that a lowering looks at
from ..native.letters import halves
from ..native.lowering import Lowering
from ..native.memory import peak, place, traffic
from ..native.nests import Nest
from ..native.overwriting import become_targets
from .handing import handed_over
from .launches import Launch, launches_of
from .steps import Functions, copied, steps_of
from .writing import Kernels

MULTIPLIED = ("float32", "float64", "float16", "bfloat16")  # by cuBLAS
LEFT = ("conv", "conv_transpose", "conv_weight", "attention", "attention_slopes")


@final
class Script:
    """What a card has to do for a graph.

    Args:
        given: the inputs that each call brings along, wherever they lie.
        taken: the outputs that each call takes along, into memory of its own.

    Attributes:
        launches: in order; kernels: the kernel of each and its parameters.
        text: the source of the kernels.
        arena: bytes of memory for results on the way; counts: numbers that begin at 0.
        outputs: views, where results lie.
        handed: (kind, number) of inputs and outputs that lie where a call says, in the order in
            which it says where.
        lowering: with constants and random draws.
        notes, facts: for `explain()`.
    """

    def __init__(
        self, graph: Graph, targets: Sequence[int | None], given: Sequence[int] = (),
        taken: Sequence[int] = (),
    ):  # fmt: skip
        with halves():
            self._write(graph, targets, given, taken)

    def _write(
        self, graph: Graph, targets: Sequence[int | None], given: Sequence[int],
        taken: Sequence[int],
    ) -> None:  # fmt: skip
        lowering = self.lowering = Lowering(graph, targets, 1, LEFT, "CuPy")
        lowering.flat, lowering.multiplied = 0, MULTIPLIED
        lowering.run()
        functions = Functions()
        self.notes = [*lowering.notes, *_fusions(lowering)]
        steps = [step for kernel in lowering.kernels for step in steps_of(kernel, functions)]
        become_targets(lowering.outputs, targets, steps, copied)
        steps, self.handed = handed_over(steps, lowering, targets, given, taken)
        self.launches = launches_of(steps)
        self.arena = place(self.launches)  # type: ignore[arg-type]
        self.kernels = Kernels(self.launches, {*self.handed})
        self.text = self.kernels.source(functions)
        self.outputs = lowering.outputs
        self.counts = {b.number: b.size for launch in self.launches for b in launch.writes
                       if b.kind == "count"}  # fmt: skip
        self.facts = {
            "kernels": len(self.launches), "steps": len(steps),
            "products": sum(_is(x, "Product") for x in self.launches),
            "peak_bytes": peak(self.launches),  # type: ignore[arg-type]
            "arena_bytes": self.arena,
            "bytes_moved": traffic(self.launches),  # type: ignore[arg-type]
            "functions": len(functions.texts),
        }  # fmt: skip
        lowering.growing.release()


def _is(launch: Launch, name: str) -> bool:
    return type(launch.kernel).__name__ == name


def _fusions(lowering: Lowering) -> list[str]:
    """What became one loop."""
    loops = Counter(
        ", ".join(m.name for m in kernel.members)
        for kernel in lowering.kernels
        if isinstance(kernel, Nest) and len(kernel.members) > 1
    )
    return [f"{n} x fused into one loop: {names}" for names, n in loops.most_common()]
