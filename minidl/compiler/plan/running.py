"""The plan as a program: arrays that stay where they are, and calls that are bound to them."""

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any, final

import numpy as np

from ... import backend
from ..arena import ALIGNMENT
from ..graph import Graph
from ..program import Program
from ..recomputing import recomputed
from .listing import listing
from .placing import place
from .steps import Lowering, Step, Value


def plan(graph: Graph, targets: Sequence[int | None]) -> Program:
    """A graph as a program of NumPy calls.

    Args:
        targets: per output, the position of the input whose memory it overwrites, or None.
    """
    return Plan(recomputed(graph), targets)


@final
class Plan(Program):
    """Steps that are ready to be called, one after another.

    Outputs are written over inputs at once only if all inputs have memory of their own: where two
    share some, all results are kept apart until all inputs were read.
    """

    def __init__(self, graph: Graph, targets: Sequence[int | None]):
        self.graph, self.targets = graph, list(targets)
        self.notes = []
        self.inputs = [np.zeros(x.shape, x.dtype) for x in graph.inputs]
        self.outputs = [
            np.zeros(x.shape, x.dtype) if at is None else self.inputs[at]
            for x, at in zip(graph.outputs, self.targets, strict=True)
        ]
        self._flat = [True] * len(self.inputs)
        self._direct = True
        self._targeted = {at for at in self.targets if at is not None}
        self._spans = [_span(x) for x in self.inputs]
        self._build()

    # Building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self._lowering = lowering = Lowering(self.graph, self._flat)
        self._bytes, self._copied = place(lowering, self.targets, self._direct)
        memory = np.empty(self._bytes + ALIGNMENT, np.uint8)
        self._memory = memory[-memory.ctypes.data % ALIGNMENT :]
        self._calls: list[Callable[[], Any]] = [_nothing] * len(lowering.steps)
        self._viewed: list[list[Value]] = [[] for _ in self.inputs]
        self._used: list[list[int]] = [[] for _ in self.inputs]
        self._made: list[list[Value]] = [[] for _ in self.inputs]
        for value in lowering.views:
            for position in self._memory_of(value):
                self._viewed[position].append(value)
        for number, step in enumerate(lowering.steps):
            for position in self._memory_of(step.output):
                self._made[position].append(step.output)
            for position in {p for x in (*step.read(), step.output) for p in self._memory_of(x)}:
                self._used[position].append(number)
        for value in (*lowering.inputs, *(step.output for step in lowering.steps)):
            value.array = self._array(value)
        for value in lowering.views:
            value.array = value.show(value.source.array)  # type: ignore[union-attr, misc]
        for number, step in enumerate(lowering.steps):
            self._calls[number] = _bound(step)
        self._early = [self._overwritten(self._lowering.outputs[i]) for i in self._copied]

    def _memory_of(self, value: Value) -> tuple[int, ...]:
        """The input in whose memory a value stands: as itself, or as an output written over it."""
        root = value.root
        if root.kind == "input":
            return (root.position,)
        target = self.targets[root.position] if root.kind == "output" else None
        return () if target is None else (target,)

    def _array(self, value: Value) -> Any:
        """The memory of a value that is no view."""
        if value.kind == "input":
            return self.inputs[value.position]
        if value.kind == "output":
            return self.outputs[value.position]
        return np.ndarray(value.shape, value.dtype, self._memory, value.position)

    def _overwritten(self, value: Any) -> bool:
        """Whether an output that is copied at the end shows an input that may be gone by then."""
        return type(value) is Value and value.root.kind == "input"

    # Binding and running ----------------------------------------------------------------------

    def bind(self, position: int, array: Any) -> None:
        self.inputs[position] = array
        for i, target in enumerate(self.targets):
            if target == position:
                self.outputs[i] = array
        flat = bool(array.flags.c_contiguous)
        direct = self._direct and not self._shared(position)
        if flat != self._flat[position] or direct != self._direct:
            self._flat[position], self._direct = flat, direct
            self._build()
            return
        lowering = self._lowering
        for value in (lowering.inputs[position], *self._made[position]):
            value.array = array
        for value in self._viewed[position]:
            value.array = value.show(value.source.array)  # type: ignore[union-attr, misc]
        for number in self._used[position]:
            self._calls[number] = _bound(lowering.steps[number])

    def _shared(self, position: int) -> bool:
        """Whether an input's memory is also another's, of which one is to be overwritten."""
        self._spans[position] = start, end = _span(self.inputs[position])
        spans, targets = self._spans, self._targeted
        if position not in targets:
            return any(spans[i][0] < end and start < spans[i][1] for i in targets)
        return sum(a < end and start < b for a, b in spans) > (start < end)

    def run(self) -> None:
        with backend.quiet():
            for call in self._calls:
                call()
            self._deliver()

    def _deliver(self) -> None:
        """Copies outputs that could not be written where they belong, after all inputs are read."""
        values = [_array_of(self._lowering.outputs[i]) for i in self._copied]
        values = [x.copy() if e else x for x, e in zip(values, self._early, strict=True)]
        for i, value in zip(self._copied, values, strict=True):
            self.outputs[i][...] = value

    # Telling ----------------------------------------------------------------------------------

    def source(self) -> str:
        return listing(self._lowering, self._bytes, self._copied)

    def statistics(self) -> dict[str, int]:
        steps = self._lowering.steps
        own = [x for x, target in zip(self.graph.outputs, self.targets, strict=True)
               if target is None]  # fmt: skip
        places = {step.output.position for step in steps if step.output.kind == "result"}
        outputs = sum(prod(x.shape) * x.dtype.itemsize for x in own)
        return {
            "kernels": len(steps),
            "buffers": len(places) + len(own),
            "bytes_moved": sum(_moved(step) for step in steps),
            "peak_bytes": self._bytes + outputs,
        }


def _span(array: Any) -> tuple[int, int]:
    """Where an array's memory begins and ends."""
    return np.lib.array_utils.byte_bounds(array)


def _nothing() -> None:
    pass


def _array_of(x: Any) -> Any:
    return x.array if type(x) is Value else x


def _bound(step: Step) -> Callable[[], Any]:
    """A step with its arrays."""
    return partial(step.function, *map(_array_of, step.inputs), out=step.output.array,
                   **step.options)  # fmt: skip


def _bytes(x: Any) -> int:
    """What is read of an operand; numbers that `expand` repeats are there once."""
    return min(x.bytes, x.root.bytes) if type(x) is Value else getattr(x, "nbytes", 0)


def _moved(step: Step) -> int:
    return step.output.bytes + sum(map(_bytes, step.inputs))
