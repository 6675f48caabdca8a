"""From a graph to kernels: the calls are read once, in order.

Movement becomes views. Element-wise calls and reductions enter nests, which stay open until some
other kernel asks for a result. Every result is given its place when it is made: where one other
call only moves it (into a part of a larger array, or into another order), it is written where
that call would have moved it to.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from math import prod
from typing import Any, final

import numpy as np

from ...backend import device_of
from ..graph import Call, Graph, Symbol
from .growing import Growing
from .kernels import Host, Kernel
from .letters import Letter, Unwritable, computable, literal, written
from .nests import Member, Operand
from .placing import Placing
from .views import Buffer, View, in_order, same_walk

RULES: dict[str, Callable[[Lowering, Call], None]] = {}  # by primitive; rules.py fills it
DRAWN = {"uniform_like", "normal_like", "integers_like", "permutation_like"}
COSTLY = {"exp", "tanh", "log", "sigmoid", "div", "sqrt", "pow", "erf", "expm1", "log1p",
          "sin", "cos", "tan", "gather_at"}  # fmt: skip


@final
class Splat:
    """One number everywhere: no memory, only a shape."""

    __slots__ = ("number", "shape", "dtype")

    def __init__(self, number: Any, shape: Sequence[int], kind: np.dtype):
        self.number, self.shape, self.dtype = number, tuple(shape), kind


@final
class Lowering:
    """Reads a graph and collects kernels.

    Attributes:
        kernels: in the order in which they run.
        values: per symbol a `View` or a `Splat`.
        constants: arrays that the graph holds, by number.
        draws: (call, buffer): random numbers to draw before each run, in the graph's order.
        notes: what the array library has to do, and why.
        left: primitives that are left to it, whatever C could do.
        library: its name.
        multiplied: dtypes whose matrices BLAS multiplies.
        flat: rows up to which BLAS takes about as long to lay out a matrix as to multiply.
    """

    flat = 64
    multiplied: Container[str] = ("float32", "float64")

    def __init__(self, graph: Graph, targets: Sequence[int | None], threads: int,
                 left: Container[str] = (), library: str = "NumPy"):  # fmt: skip
        self.graph = graph
        self.targets = list(targets)
        self.threads, self.left, self.library = threads, left, library
        self.values: dict[Symbol, View | Splat] = {}
        self.constants: list[np.ndarray] = []
        self.draws: list[tuple[Call, Buffer]] = []
        self.notes: list[str] = []
        growing = self.growing = Growing()
        placing = self.placing = Placing(graph, self.targets, growing, "conv" not in left)
        self.kernels = growing.kernels
        self.enter, self.append, self.require = growing.enter, growing.append, growing.require
        self.place, self.virtual, self.assembled = placing.place, placing.virtual, placing.assembled
        self.outputs: list[View] = []
        self.panels: dict[Any, Buffer] = {}  # matrices that are met again, see rules.py
        self._known: dict[int, View] = {}

    # The whole ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Lowers every call, and brings every output to its place."""
        for number, symbol in enumerate(self.graph.inputs):
            self.values[symbol] = View.whole(
                Buffer("input", prod(symbol.shape), symbol.dtype, number), symbol.shape
            )
        for call in self.graph.calls:
            self.lower(call)
        self.deliver()
        self.growing.close_all()

    def lower(self, call: Call) -> None:
        name = self.growing.asking = call.primitive.name
        try:
            if self.placing.assemblies.adds(call):
                if self.placing.assemblies.root(call.output) is call.output:
                    self.values[call.output] = self.place(call.output)
            elif name in DRAWN:
                self.draw(call)
            elif name in RULES and name not in self.left:
                RULES[name](self, call)
            elif call.primitive.prepare is not None or name in ("cast", "clone"):
                self.elementwise(call)
            elif call.primitive.composition is not None:  # paper kept it whole
                self.notes.append(f"{name} ({call.where}) is one call, to a kernel made for it.")
                self.host(call)
            else:
                raise Unwritable("no kernel of its own")
        except Unwritable as reason:
            self.notes.append(f"{name} ({call.where}) is left to {self.library}: {reason}.")
            self.host(call)

    def deliver(self) -> None:
        """Sees that every output lies in memory where the caller looks for it."""
        for number, x in enumerate(self.graph.outputs):
            value = self.value(x)
            place = self._delivered(value, number)
            if place is not value:
                self.copy(value, place)
            self.outputs.append(place)
            for member in self.members_at(place):
                member.stored = True

    def _delivered(self, value: View | Splat, number: int) -> View:
        """Where an output is to lie: where it lies already, if that can be."""
        if isinstance(value, View) and value.contiguous:
            if value.buffer.kind == "output" and value.buffer.number == number:
                return value
            if self._can_become(value, number):
                return value
        kind = "output" if self.targets[number] is None else "arena"
        shape = tuple(value.shape)
        return View.whole(Buffer(kind, prod(shape), value.dtype, number), shape)

    def _can_become(self, value: View, number: int) -> bool:
        """Whether a result's own place can serve an output's target: running.py then lets its
        buffer be the input's memory."""
        return (
            self.targets[number] is not None
            and value.buffer.kind == "arena"
            and value.contiguous
            and value.size == value.buffer.size
            and all(value.buffer is not view.buffer for view in self.outputs)
        )

    # Values -------------------------------------------------------------------------------------

    def value(self, x: Any) -> View | Splat:
        """What stands for a call's input."""
        if isinstance(x, Symbol):
            return self.values[x]
        if not hasattr(x, "shape"):
            raise Unwritable(f"a {type(x).__name__} where numbers are meant")
        place = device_of(x)
        array = np.asarray(x if place is None else place.to_host(x))
        if array.size and array.ndim == 0:
            return Splat(array.item(), (), array.dtype)
        known = self._known.get(id(x))
        if known is None:
            self.constants.append(np.ascontiguousarray(array))
            buffer = Buffer("constant", array.size, array.dtype, len(self.constants) - 1)
            known = self._known[id(x)] = View.whole(buffer, array.shape)
        return known

    def memory(self, x: Any) -> View:
        """As value, but numbers in memory, ready to be read by a kernel that is no nest."""
        value = self.value(x) if not isinstance(x, (View, Splat)) else x
        if isinstance(value, Splat):
            place = View.whole(Buffer("arena", prod(value.shape), value.dtype), value.shape)
            self.copy(value, place)
            value = place
        self.require(value)
        return value

    def in_order(self, x: Any) -> View:
        """As memory, with the numbers in the order of their shape."""
        view = self.memory(x)
        if view.contiguous:
            return view
        place = View.whole(Buffer("arena", view.size, view.dtype), view.shape)
        self.copy(view, place)
        self.require(place)
        return place

    def members_at(self, view: View) -> list[Member]:
        return list(view.buffer.made.values())

    # Movement -----------------------------------------------------------------------------------

    def move(self, call: Call, view: View | Splat | None) -> None:
        """Gives a call's result as a view of its input; a copy in order where there is none."""
        if view is not None:
            place = self.placing.places.get(call.output)
            if place is None or _of_its_own(place) or _same(place, view):
                self.values[call.output] = view
            else:  # its user moves it on: into a place that is known already
                self.values[call.output] = place
                self.copy(view, place)
            return
        source = self.value(call.inputs[0])
        assert isinstance(source, View)
        straight = View.whole(Buffer("arena", source.size, source.dtype), source.shape)
        self.copy(source, straight)
        self.values[call.output] = straight.reshaped(call.output.shape)  # type: ignore[assignment]

    def deliver_part(self, x: Any, part: View) -> None:
        """Sees that a value lies in its part of a larger array: it may have been written there."""
        value = self.value(x)
        if _same(part, value):
            for member in self.members_at(part):
                member.stored = True
        else:
            self.copy(value, part)

    def elementwise_copy(self, call: Call, value: View) -> None:
        """The same numbers as a result of its own shape and dtype."""
        place = self.values[call.output] = self.place(call.output)
        cast = "" if value.dtype == place.dtype else f"({computable(place.dtype)})"
        source = value.reshaped(place.shape) or self.in_order(value).reshaped(place.shape)
        assert source is not None
        self.enter(Member("map", place.shape, place, [Operand(source)], lambda x: f"{cast}{x}",
                          where=call.where))  # fmt: skip

    def copy(self, source: View | Splat, place: View) -> None:
        """A member that writes a value to another place of the same shape."""
        if place.size == 0:
            return
        if isinstance(source, Splat):
            text = literal(source.number, place.dtype)
            self.enter(Member("map", place.shape, place, [], lambda: text))
        else:
            operand = Operand(source)
            self.enter(Member("map", place.shape, place, [operand], lambda x: x))

    # Nests --------------------------------------------------------------------------------------

    def elementwise(self, call: Call) -> None:
        """A member whose text is the primitive's forward rule on letters."""
        out = call.output
        operands: list[Any] = []
        samples: list[Any] = []
        for x in call.inputs:
            if not isinstance(x, Symbol) and not hasattr(x, "shape"):
                operands.append(x)
                samples.append(x)
                continue
            value = self.value(x)
            if isinstance(value, Splat):
                operands.append(Letter(literal(value.number, value.dtype), value.dtype))
                samples.append(operands[-1])
            else:
                operands.append(Operand(value.expanded(out.shape)))
                samples.append(Letter("x", value.dtype))
        if call.primitive.name != "clone":  # halves can be moved, but not even compared
            for kind in (out.dtype, *(x.dtype for x in samples if isinstance(x, Letter))):
                computable(kind)
        if not any(isinstance(x, Operand) for x in operands):
            self.values[out] = self._known_number(call)
            return
        written(call.primitive, samples, call.params, out.dtype)  # raises where it cannot be
        kinds = [x.dtype if isinstance(x, Operand) else None for x in operands]
        fixed = [None if isinstance(x, Operand) else x for x in operands]

        def write(*texts: str) -> str:
            given = iter(texts)
            letters = [
                Letter(next(given), kind) if kind is not None else x
                for kind, x in zip(kinds, fixed, strict=True)
            ]
            return written(call.primitive, letters, call.params, out.dtype)

        place = self.place(out)
        self.values[out] = place
        cost = 8 if call.primitive.name in COSTLY else 1
        read = [x for x in operands if isinstance(x, Operand)]
        name = call.primitive.name
        self.enter(
            Member("map", out.shape, place, read, write, where=call.where, cost=cost, name=name)
        )

    def _known_number(self, call: Call) -> Splat:
        """The result of a call whose inputs are each one number everywhere."""
        numbers = []
        for x in call.inputs:
            plain = not isinstance(x, Symbol) and not hasattr(x, "shape")
            value = x if plain else self.value(x)
            numbers.append(np.asarray(value.number, value.dtype) if isinstance(value, Splat)
                           else value)  # fmt: skip
        with np.errstate(all="ignore"):
            z = call.primitive.forward(np, *numbers, **call.params)
        return Splat(np.asarray(z, call.output.dtype).item(), call.output.shape, call.output.dtype)

    # What NumPy does ----------------------------------------------------------------------------

    def draw(self, call: Call) -> None:
        """Random numbers, which NumPy draws before a run, so that every mode draws the same."""
        out = call.output
        buffer = Buffer("drawn", prod(out.shape), out.dtype, len(self.draws))
        self.draws.append((call, buffer))
        self.values[out] = View.whole(buffer, out.shape)

    def host(self, call: Call) -> None:
        inputs = [
            self.memory(x) if isinstance(x, Symbol) or hasattr(x, "shape") else x
            for x in call.inputs
        ]
        place = View.whole(Buffer("arena", prod(call.output.shape), call.output.dtype),
                           call.output.shape)  # fmt: skip
        self.values[call.output] = place
        kernel: Kernel = Host(call.primitive, inputs, call.params, place)
        kernel.where = call.where
        self.append(kernel)


def _same(a: View, b: Any) -> bool:
    return (
        isinstance(b, View) and a.buffer is b.buffer and a.offset == b.offset
        and a.shape == b.shape and same_walk(a.shape, a.steps, b.steps)
    )  # fmt: skip


def _of_its_own(place: View) -> bool:
    """Whether a place is no part of anything, so that nobody has to write there."""
    return place.buffer.kind == "arena" and place.size == place.buffer.size


def whole_view(kind: str, shape: Sequence[int], dtype: np.dtype) -> View:
    """A new buffer in order."""
    return View(Buffer(kind, prod(shape), dtype), 0, shape, in_order(shape))
