"""What is computed of Python numbers alone: learning rates, counts of steps, bias corrections.

A card would have to be waited for before Python could read the new count, so all of this is left to
the processor: a small program of its own, whose results go to the card in one piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np

from ..emitting import program_of
from ..graph import Call, Graph, Symbol

SLOT = 8  # bytes that each number is given


@final
class Numbers:
    """The numbers of a graph that depend on Python numbers only.

    Attributes:
        graph: what is left for the card; symbols that it reads are its last inputs.
        memory: the numbers that the card reads, as bytes.
        pointers: behind them, where arrays are that a call brings along or takes.
        slots: per input of `graph` that is a number, its place in `memory`.
        outputs: per output of the whole graph its array, where that is a number; else None.
    """

    def __init__(
        self, graph: Graph, targets: Sequence[int | None], positions: Sequence[int],
        pointers: int = 0,
    ):  # fmt: skip
        self._given = [graph.inputs[p] for p in positions]
        calls = self._calls(graph)
        made = {call.output for call in calls}
        known = {*made, *self._given}
        rest = [call for call in graph.calls if call.output not in made]
        read = {x for call in rest for x in call.inputs if isinstance(x, Symbol)}
        results = [x if isinstance(x, Symbol) else None for x in graph.outputs]
        kept = [t is None and x in made for x, t in zip(results, targets, strict=True)]
        read |= {x for x, k in zip(results, kept, strict=True) if x is not None and not k}
        wanted = [x for x in results if x is not None and x in made]
        wanted += [x for x in made if x in read]
        self.graph = graph.with_calls(rest)
        self.graph.inputs = [*graph.inputs, *(c.output for c in calls if c.output in read)]
        self.graph.outputs = [x for x, k in zip(graph.outputs, kept, strict=True) if not k]
        self._place([x for x in self.graph.inputs if x in known and x in read], made, pointers)
        self.outputs = [self.arrays[x] if k and x is not None else None
                        for x, k in zip(results, kept, strict=True)]  # fmt: skip
        self.run = self._program(graph, calls, list(dict.fromkeys(wanted)))

    def _calls(self, graph: Graph) -> list[Call]:
        """The calls that read such numbers and nothing else."""
        known, found = set(self._given), []
        for call in graph.calls:
            symbols = [x for x in call.inputs if isinstance(x, Symbol)]
            plain = not any(getattr(x, "shape", ()) for x in call.inputs)
            if symbols and plain and known.issuperset(symbols) and call.output.shape == ():
                known.add(call.output)
                found.append(call)
        return found

    def _place(self, read: list[Symbol], made: set[Symbol], pointers: int) -> None:
        """Gives every number an array: those that the card reads side by side."""
        self.memory = np.zeros((len(read) + pointers) * SLOT, np.uint8)
        self.pointers = self.memory[len(read) * SLOT :].view(np.uint64)
        self.slots: dict[int, int] = {}
        self.arrays: dict[Symbol, np.ndarray] = {}
        positions = {symbol: position for position, symbol in enumerate(self.graph.inputs)}
        for number, symbol in enumerate(read):
            self.slots[positions[symbol]] = number * SLOT
            part = self.memory[number * SLOT :][: symbol.dtype.itemsize]
            self.arrays[symbol] = part.view(symbol.dtype).reshape(())
        for symbol in (*self._given, *made):
            self.arrays.setdefault(symbol, np.zeros((), symbol.dtype))

    def _program(self, graph: Graph, calls: list[Call], wanted: list[Symbol]) -> Any:
        """The program that computes them, straight into their arrays."""
        if not calls:
            return None
        aside = graph.with_calls(calls)
        aside.inputs, aside.outputs = list(self._given), wanted
        first = len(aside.inputs)
        for symbol in wanted:
            aside.inputs.append(Symbol(aside, (), symbol.dtype))
        program, _ = program_of(aside, [first + i for i in range(len(wanted))], "native")
        for position, symbol in enumerate([*self._given, *wanted]):
            program.bind(position, self.arrays[symbol])
        return program.run
