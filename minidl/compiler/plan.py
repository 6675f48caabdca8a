"""The plan: a graph as a list of NumPy calls, which runs wherever NumPy does."""

from collections.abc import Sequence
from typing import Any, final

import numpy as np

from .. import backend
from .graph import Graph, Symbol
from .program import Program


def plan(graph: Graph, targets: Sequence[int | None]) -> Program:
    """The graph as a program of NumPy calls.

    Args:
        targets: per output, the position of the input whose memory it overwrites, or None.
    """
    return Plan(graph, targets)


@final
class Plan(Program):
    """Steps between slots: slots of inputs first, then of constants, then of results.

    A slot is emptied after its last use, so that NumPy can give its memory to the next result.
    """

    def __init__(self, graph: Graph, targets: Sequence[int | None]):
        self.graph = graph
        self.targets = list(targets)
        self.notes: list[str] = []
        self.inputs = [np.zeros(x.shape, x.dtype) for x in graph.inputs]
        self.outputs = [
            np.zeros(x.shape, x.dtype) if at is None else self.inputs[at]
            for x, at in zip(graph.outputs, self.targets, strict=True)
        ]
        self._slots: dict[Any, int] = {x: i for i, x in enumerate(graph.inputs)}
        self._store: list[Any] = list(self.inputs)
        self._steps = [
            (call.primitive.forward, [self._slot(x) for x in call.inputs], call.params,
             self._new(call.output))
            for call in graph.calls
        ]  # fmt: skip
        self._results = [self._slot(x) for x in graph.outputs]
        self._frees = self._last_uses()
        self._copies = self._overwritten_early()

    def _slot(self, x: Any) -> int:
        """Where an input of a call is found."""
        return self._slots[x] if type(x) is Symbol else self._add(x)

    def _new(self, symbol: Symbol) -> int:
        self._slots[symbol] = self._add(None)
        return self._slots[symbol]

    def _add(self, x: Any) -> int:
        self._store.append(x)
        return len(self._store) - 1

    def _last_uses(self) -> list[tuple[int, ...]]:
        """Per step, the slots that are read there for the last time, or never."""
        kept = set(self._results)
        seen: set[int] = set()
        frees = []
        for _, arguments, _, result in reversed(self._steps):
            mine = {result, *arguments} - seen - kept
            seen |= mine
            frees.append(tuple(i for i in mine if i >= len(self.inputs) and self._store[i] is None))
        return frees[::-1]

    def _overwritten_early(self) -> list[bool]:
        """Per output, whether it may show an input that another output is written over."""
        shown: dict[Symbol, Symbol] = {x: x for x in self.graph.inputs}
        for call in self.graph.calls:
            first = call.inputs[0]
            if call.primitive.view and type(first) is Symbol and first in shown:
                shown[call.output] = shown[first]
        written = {self.graph.inputs[at] for at in self.targets if at is not None}
        return [type(x) is Symbol and shown.get(x) in written for x in self.graph.outputs]

    def bind(self, position: int, array: Any) -> None:
        self.inputs[position] = array
        self.outputs = [
            array if at == position else x
            for x, at in zip(self.outputs, self.targets, strict=True)
        ]  # fmt: skip

    def run(self) -> None:
        store = self._store
        store[: len(self.inputs)] = self.inputs
        with backend.quiet():
            for (forward, arguments, params, result), frees in zip(
                self._steps, self._frees, strict=True
            ):
                store[result] = forward(np, *[store[i] for i in arguments], **params)
                for i in frees:
                    store[i] = None
        values = [
            store[i].copy() if early else store[i]
            for i, early in zip(self._results, self._copies, strict=True)
        ]
        for output, value in zip(self.outputs, values, strict=True):
            output[...] = value

    def source(self) -> str:
        return repr(self.graph)
