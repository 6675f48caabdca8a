"""The slowest program, and the plainest: it runs a graph call by call, as eager mode would."""

from collections.abc import Sequence
from typing import Any, final

import numpy

from .. import backend
from ..backend import cpu
from ..ops.movement import transfer
from .graph import Graph, Symbol
from .program import Program


@final
class Interpreter(Program):
    """Runs every primitive by its forward rule, in graph order, in fresh memory each time."""

    def __init__(self, graph: Graph, targets: list[int | None], place: Any = cpu,
                 numbers: Sequence[int] = ()):  # fmt: skip
        self.graph, self.targets, self.place = graph, targets, place
        zeros = place.xp.zeros
        self.inputs = [zeros(x.shape, x.dtype) for x in graph.inputs]
        for position in numbers:
            self.inputs[position] = numpy.zeros((), graph.inputs[position].dtype)
        self.outputs = [
            zeros(x.shape, x.dtype) if t is None else self.inputs[t]
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
        inputs = map(self._here, self.inputs)
        known: dict[Any, Any] = dict(zip(self.graph.inputs, inputs, strict=True))
        for i, call in enumerate(self.graph.calls):
            inputs = [known[x] if isinstance(x, Symbol) else self._here(x) for x in call.inputs]
            known[call.output] = (
                inputs[0] if call.primitive is transfer  # to where it is
                else backend.run(call.primitive, inputs, call.params)
            )  # fmt: skip
            for x in call.inputs:
                if isinstance(x, Symbol) and self._last[x] == i and x not in self._kept:
                    known.pop(x, None)
        values = [known[x] if isinstance(x, Symbol) else self._here(x) for x in self.graph.outputs]
        # an output may be a view of an input that another output overwrites
        values = [v.copy() if any(v is known[x] for x in self.graph.inputs)
                  or getattr(v, "base", None) is not None else v for v in values]  # fmt: skip
        for array, value in zip(self.outputs, values, strict=True):
            self.place.xp.copyto(array, value, casting="unsafe")

    def _here(self, x: Any) -> Any:
        """A constant of the processor on the program's device."""
        home = backend.device_of(x)
        return x if home is None or home is self.place else self.place.receive(x)

    def source(self) -> str:
        return repr(self.graph)

    def statistics(self) -> dict[str, int]:
        """What it takes to run: one kernel per call."""
        return {"kernels": len(self.graph.calls)}
