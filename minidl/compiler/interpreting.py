"""The slowest program, and the plainest: it runs a graph call by call, as eager mode would."""

from typing import Any, final

import numpy

from .. import backend
from .graph import Graph, Symbol
from .program import Program


@final
class Interpreter(Program):
    """Runs every primitive by its forward rule, in graph order, in fresh memory each time."""

    def __init__(self, graph: Graph, targets: list[int | None]):
        self.graph, self.targets = graph, targets
        self.inputs = [numpy.zeros(x.shape, x.dtype) for x in graph.inputs]
        self.outputs = [
            numpy.zeros(x.shape, x.dtype) if t is None else self.inputs[t]
            for x, t in zip(graph.outputs, targets, strict=True)
        ]
        self.notes = ["Nothing is fused: the graph is interpreted."]
        self._last = {x: i for i, call in enumerate(graph.calls) for x in call.inputs
                      if isinstance(x, Symbol)}  # fmt: skip
        self._kept = {*graph.outputs, *graph.inputs}

    def bind(self, position: int, array: Any) -> None:
        self.inputs[position] = array
        for i, target in enumerate(self.targets):
            if target == position:
                self.outputs[i] = array

    def run(self) -> None:
        known: dict[Any, Any] = dict(zip(self.graph.inputs, self.inputs, strict=True))
        for i, call in enumerate(self.graph.calls):
            inputs = [known[x] if isinstance(x, Symbol) else x for x in call.inputs]
            known[call.output] = backend.run(call.primitive, inputs, call.params)
            for x in call.inputs:
                if isinstance(x, Symbol) and self._last[x] == i and x not in self._kept:
                    known.pop(x, None)
        values = [known[x] if isinstance(x, Symbol) else x for x in self.graph.outputs]
        # an output may be a view of an input that another output overwrites
        values = [v.copy() if any(v is known[x] for x in self.graph.inputs)
                  or getattr(v, "base", None) is not None else v for v in values]  # fmt: skip
        for array, value in zip(self.outputs, values, strict=True):
            numpy.copyto(array, value, casting="unsafe")

    def source(self) -> str:
        return repr(self.graph)

    def statistics(self) -> dict[str, int]:
        """What it takes to run: one kernel per call."""
        return {"kernels": len(self.graph.calls)}
