"""A script as a program: memory for all that it names, and the call that goes through it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import backend
from ..graph import Graph
from ..native.views import Buffer, View
from ..program import NOWHERE, Ends, Program
from ..recomputing import CHEAP, CURVES, recomputed
from .launches import Launch
from .numbers import SLOT, Numbers
from .script import Script


class Follower(Program):
    """Abstract: follows a script; what kind of memory there is, and who computes, is not said.

    Attributes:
        script: the launches.
        numbers: what the processor computes beside them.
        given, taken: per input and output that a call brings or takes along, where it is to write
            the address of its array.
    """

    def __init__(self, graph: Graph, targets: Sequence[int | None], ends: Ends = NOWHERE):
        graph = recomputed(graph, CHEAP | CURVES, most=6)
        self.targets = list(targets)
        self.numbers = Numbers(graph, targets, ends.numbers, len(ends.given) + len(ends.taken))
        own = self._own_targets()
        written = [n for n, number in enumerate(self.numbers.outputs) if number is None]
        taken = [n for n in ends.taken if n in written]
        self.script = script = Script(self.numbers.graph, own, ends.given,
                                      [written.index(n) for n in taken])  # fmt: skip
        pointers = self.numbers.pointers
        self.given = {n: pointers[k : k + 1] for k, n in enumerate(ends.given)}
        self.taken = {n: pointers[k : k + 1] for k, n in enumerate(taken, len(ends.given))}
        self.notes = list(script.notes)
        self._arena = self._zeros((max(script.arena, 1),), np.dtype("uint8"))
        self._sent = self._zeros((max(self.numbers.memory.size, 1),), np.dtype("uint8"))
        self._owned: dict[tuple[str, int], Any] = {}
        self._own(script, own)
        self.inputs = [self._input(k, x) for k, x in enumerate(graph.inputs)]
        self.outputs = self._outputs(script, own)
        self._first_pointer = self.numbers.memory.size - pointers.nbytes
        self._linked = False

    def _own_targets(self) -> list[int | None]:
        """The targets of those outputs that the script writes."""
        pairs = zip(self.targets, self.numbers.outputs, strict=True)
        return [target for target, number in pairs if number is None]

    # Memory ---------------------------------------------------------------------------------------

    @abstractmethod
    def _zeros(self, shape: tuple[int, ...], kind: np.dtype) -> Any:
        """New memory for a script's numbers."""

    @abstractmethod
    def _received(self, array: np.ndarray) -> Any:
        """The numbers of a NumPy array in such memory."""

    @abstractmethod
    def _strided(self, memory: Any, kind: np.dtype, offset: int, view: View) -> Any:
        """An array over memory, from a byte on, in a view's shape and steps."""

    def _own(self, script: Script, targets: Sequence[int | None]) -> None:
        """Memory for constants, random numbers, counts and what is returned."""
        for number, array in enumerate(script.lowering.constants):
            self._owned["constant", number] = self._received(array)
        for number, (call, buffer) in enumerate(script.lowering.draws):
            self._owned["drawn", number] = self._zeros(call.output.shape, buffer.dtype)
        for number, size in script.counts.items():
            self._owned["count", number] = self._zeros((size,), np.dtype("int32"))
        for number, view in enumerate(script.outputs):
            if targets[number] is None and ("output", number) not in script.handed:
                self._owned["output", number] = self._zeros(view.shape, view.dtype)

    def _input(self, position: int, symbol: Any) -> Any:
        """The array of an input: a number stands in the processor's memory."""
        known = self.numbers.arrays.get(symbol)
        if ("input", position) in self.script.handed:
            return None
        return self._zeros(symbol.shape, symbol.dtype) if known is None else known

    def _outputs(self, script: Script, targets: Sequence[int | None]) -> list[Any]:
        found = []
        for number, target in enumerate(targets):
            found.append(
                self._owned.get(("output", number)) if target is None else self.inputs[target]
            )
        made = iter(found)
        return [next(made) if number is None else number for number in self.numbers.outputs]

    def _memory(self, buffer: Buffer) -> tuple[Any, int]:
        """The array that a buffer lies in, and from which byte on."""
        if buffer.kind == "arena":
            return self._arena, buffer.offset
        key = (buffer.kind, buffer.number)
        if key in self.script.handed:  # where it is said where it lies
            return self._sent, self._first_pointer + self.script.handed.index(key) * SLOT
        if buffer.kind == "input":
            slot = self.numbers.slots.get(buffer.number)
            return (self.inputs[buffer.number], 0) if slot is None else (self._sent, slot)
        return self._owned[buffer.kind, buffer.number], 0

    def _array(self, view: View) -> Any:
        """A view as an array over the same memory."""
        memory, start = self._memory(view.buffer)
        kind = view.buffer.dtype
        return self._strided(memory, kind, start + view.offset * kind.itemsize, view)

    # Program --------------------------------------------------------------------------------------

    def bind(self, position: int, array: Any) -> None:
        if not array.flags.c_contiguous:
            raise ValueError(f"Input {position} must lie in order in memory to be bound.")
        self.inputs[position] = array
        for number, target in enumerate(self.targets):
            if target == position:
                self.outputs[number] = array
        self._linked = False

    def run(self) -> None:
        if self.numbers.run is not None:
            self.numbers.run()
        if not self._linked:
            self._link()
            self._linked = True
        self._go()

    @abstractmethod
    def _link(self) -> None:
        """Makes ready for memory that was bound anew."""

    @abstractmethod
    def _go(self) -> None:
        """Sends numbers, draws, and goes through the launches."""

    def _draw(self) -> None:
        """Random numbers, in the order in which eager mode draws them."""
        for number, (call, _) in enumerate(self.script.lowering.draws):
            place = self._owned["drawn", number]
            place[...] = backend.run(call.primitive, [place, *call.inputs[1:]], call.params)

    def _by_library(self, launch: Launch) -> None:
        """Runs one primitive on the script's memory as eager mode would."""
        kernel = launch.kernel
        inputs = [self._array(x) if isinstance(x, View) else x for x in kernel.inputs]
        self._array(kernel.output)[...] = backend.run(kernel.primitive, inputs, kernel.params)

    # Telling --------------------------------------------------------------------------------------

    def source(self) -> str:
        return self.script.text

    def statistics(self) -> dict[str, Any]:
        return dict(self.script.facts)
