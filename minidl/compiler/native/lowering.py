"""From a graph to kernels: the calls are read once, in order.

Movement becomes views. Element-wise calls and reductions enter nests, which stay open until some
other kernel asks for a result. Every result is given its place when it is made: where one other
call only moves it (into a part of a larger array, or into another order), it is written where
that call would have moved it to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, final

import numpy as np

from ..graph import Call, Graph, Symbol
from .assembling import Assemblies, spatial_widths
from .kernels import Fill, Host, Kernel
from .letters import C_TYPES, Letter, Unwritable, computable, literal, written
from .nests import LIMIT, Member, Nest, Operand, is_chain, row_of, same_places
from .views import Buffer, View, in_order, same_walk

RULES: dict[str, Callable[[Lowering, Call], None]] = {}  # by primitive; lowered.py fills it
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
        notes: what NumPy has to do, and why.
    """

    def __init__(self, graph: Graph, targets: Sequence[int | None], threads: int):
        self.graph = graph
        self.targets = list(targets)
        self.threads = threads
        self.kernels: list[Any] = []
        self.values: dict[Symbol, View | Splat] = {}
        self.constants: list[np.ndarray] = []
        self.draws: list[tuple[Call, Buffer]] = []
        self.notes: list[str] = []
        self.open: list[Nest] = []
        self.uses: dict[Symbol, list[Call]] = {}
        self.makers: dict[Symbol, Call] = {}
        self.results: dict[Symbol, int] = {}  # how often a symbol is an output
        self.places: dict[Symbol, View] = {}
        self.outputs: list[View] = []
        self._known: dict[int, View] = {}

    # The whole ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Lowers every call, and brings every output to its place."""
        for call in self.graph.calls:
            self.makers[call.output] = call
            for x in call.inputs:
                if isinstance(x, Symbol):
                    self.uses.setdefault(x, []).append(call)
        for x in self.graph.outputs:
            if isinstance(x, Symbol):
                self.results[x] = self.results.get(x, 0) + 1
        self.assemblies = Assemblies(self.graph, self.uses, self.results)
        for number, symbol in enumerate(self.graph.inputs):
            self.values[symbol] = View.whole(
                Buffer("input", prod(symbol.shape), symbol.dtype, number), symbol.shape
            )
        for call in self.graph.calls:
            self.lower(call)
        self.deliver()
        for nest in list(self.open):
            self.close(nest)

    def lower(self, call: Call) -> None:
        name = call.primitive.name
        try:
            if self.assemblies.adds(call):
                if self.assemblies.root(call.output) is call.output:
                    self.values[call.output] = self.place(call.output)
            elif name in DRAWN:
                self.draw(call)
            elif name in RULES:
                RULES[name](self, call)
            elif call.primitive.prepare is not None or name in ("cast", "clone"):
                self.elementwise(call)
            else:
                raise Unwritable("no kernel of its own")
        except Unwritable as reason:
            self.notes.append(f"{name} ({call.where}) is left to NumPy: {reason}.")
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
        """Whether a result's own place can serve an output's target: program.py then lets its
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
        array = np.asarray(x)
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

    def require(self, view: View) -> None:
        """Closes the nests that write a buffer, and has their results there stored."""
        for member in view.buffer.made.values():
            member.stored = True
        for kernel in view.buffer.writers:
            if kernel.position is None:
                self.close(kernel)

    def members_at(self, view: View) -> list[Member]:
        return list(view.buffer.made.values())

    # Places -------------------------------------------------------------------------------------

    def place(self, symbol: Symbol) -> View:
        """Where a call's result is to be written."""
        known = self.places.get(symbol)
        if known is None:
            known = self.places[symbol] = self._place(symbol)
        return known

    def _place(self, symbol: Symbol) -> View:
        if symbol not in self.results:
            users = self.uses.get(symbol, [])
            if len(users) == 1:
                moved = self._moved(symbol, users[0])
                if moved is not None:
                    return moved
        elif self.results[symbol] == 1:
            number = next(i for i, x in enumerate(self.graph.outputs) if x is symbol)
            if self.targets[number] is None:
                buffer = Buffer("output", prod(symbol.shape), symbol.dtype, number)
                return View.whole(buffer, symbol.shape)
        return View.whole(Buffer("arena", prod(symbol.shape), symbol.dtype), symbol.shape)

    def _moved(self, symbol: Symbol, user: Call) -> View | None:
        """The place that the only user of a result would move it to."""
        name, params = user.primitive.name, user.params
        if name == "permute":
            dims = params["dims"]
            return self.place(user.output).permuted([dims.index(d) for d in range(len(dims))])
        if name == "reshape":
            return self.place(user.output).reshaped(symbol.shape)
        if name == "pad" and self.virtual(user.output) is None:
            return self.assembled(user).cropped(params["key"])
        if name == "cat":
            return _part(self.place(user.output), user, symbol)
        if name == "clone":
            return self.place(user.output)
        return None

    def virtual(self, symbol: Symbol) -> tuple[Call, list[tuple[int, int]]] | None:
        """The pad call behind a symbol and its widths, if only convolutions read it, which can see
        zeros where there is no memory."""
        call = self.makers.get(symbol)
        if call is None or call.primitive.name != "pad" or symbol in self.results:
            return None
        if symbol.dtype != np.float32 or len(symbol.shape) not in (3, 4):
            return None
        users = self.uses.get(symbol, [])
        if not all(
            user.primitive.name in ("conv", "conv_weight") and user.inputs[0] is symbol
            and (len(user.inputs) < 2 or user.inputs[1] is not symbol)
            for user in users
        ):  # fmt: skip
            return None
        widths = spatial_widths(call)
        return None if widths is None else (call, widths)

    def assembled(self, pad: Call) -> View:
        """Where the padded array lies: its own place, or that of the sum of several which fill
        different parts."""
        root = self.assemblies.root(pad.output)
        place = self.place(root)
        if not self.assemblies.covers(root) and not place.buffer.writers:
            self.append(Fill(place.buffer))
        return place

    # Movement -----------------------------------------------------------------------------------

    def move(self, call: Call, view: View | Splat | None) -> None:
        """Gives a call's result as a view of its input; a copy in order where there is none."""
        if view is not None:
            place = self.places.get(call.output)
            if place is None or _same(place, view):
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
        cast = "" if value.dtype == place.dtype else f"({C_TYPES[place.dtype.name]})"
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
        if call.primitive.name != "clone":
            computable(out.dtype)
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
        self.enter(Member("map", out.shape, place, read, write, where=call.where, cost=cost))

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

    def fold(self, member: Member, columns: int) -> None:
        """Enters the reduction of rows."""
        self.enter(member, columns)

    def enter(self, member: Member, columns: int | None = None) -> None:
        """Brings a member into a nest that makes what it reads, or into a new one."""
        for nest in self._candidates(member):
            level = self._level(nest, member, columns)
            if level is not None and self._may_join(nest, member):
                self._join(nest, member, level, columns)
                return
        nest = Nest(prod(member.shape))
        if member.kind == "fold":
            nest.columns = columns
        self.open.append(nest)
        self._join(nest, member, "row" if member.kind == "fold" else "full", columns)

    def _candidates(self, member: Member) -> list[Nest]:
        found: dict[int, Nest] = {}
        for operand in member.operands:
            maker = _maker(operand)
            if maker is not None:
                found[id(maker.nest)] = maker.nest
        nests = list(found.values())
        if len(nests) > 1:
            self._merge(nests, member)
            nests = list({id(n): n for o in member.operands
                          if (m := _maker(o)) is not None for n in [m.nest]}.values())  # fmt: skip
        return sorted(nests, key=lambda n: (n.position is None, n.position or 0, -len(n.members)),
                      reverse=True)  # fmt: skip

    def _level(self, nest: Nest, member: Member, columns: int | None) -> str | None:
        """At which level a member could be part of a nest; None where it cannot."""
        if len(nest.members) >= LIMIT:
            return None
        size = prod(member.shape)
        level = "full" if size == nest.size else "row"
        if level == "row" and (nest.columns is None or size != nest.rows or nest.columns == 1):
            return None
        if member.kind == "fold" and (level == "row" or nest.columns not in (None, columns)):
            return None
        if not nest.fits(member.shape, level, columns):
            return None
        for operand in member.operands:
            maker = _maker(operand)
            if maker is None or maker.nest is not nest:
                continue
            if maker.kind == "collect" or not _at_hand(nest, maker, operand, level):
                return None
        if member.kind == "fold":
            return "row"
        return level

    def _may_join(self, nest: Nest, member: Member) -> bool:
        """Whether everything else that a member needs can be there before its nest runs."""
        for kernel in member.view.buffer.writers:  # zeros come before what is written over them
            if isinstance(kernel, Fill) and nest.position is not None:
                if kernel.position > nest.position:  # type: ignore[operator]
                    return False
        for operand in member.operands:
            for view in operand.views:
                for kernel in view.buffer.writers:
                    if kernel is nest:
                        if _maker(operand) is None or _maker(operand).nest is not nest:  # type: ignore[union-attr]
                            return False
                    elif nest.position is not None:
                        if kernel.position is None or kernel.position >= nest.position:
                            return False
                    elif kernel.position is None and reaches(kernel, nest):
                        return False
        return True

    def _join(self, nest: Nest, member: Member, level: str, columns: int | None) -> None:
        if member.kind == "fold":
            nest.columns = columns
        nest.add(member, level)
        for operand in member.operands:
            maker = _maker(operand)
            if maker is not None and maker.nest is nest:
                operand.member = maker
            else:
                for view in operand.views:
                    for made in view.buffer.made.values():
                        made.stored = True
        view = member.view
        if nest not in view.buffer.writers:
            view.buffer.writers.append(nest)
        view.buffer.made[view.offset] = member
        if view.size != view.buffer.size or view.buffer.kind == "output":
            member.stored = True

    def _merge(self, nests: list[Nest], member: Member) -> None:
        """Makes open nests one, if a member wants the results of all and none waits for another."""
        first = nests[0]
        size = prod(member.shape)
        for other in nests[1:]:
            both = (first, other)
            if any(n.position is not None or n.size != size for n in both):
                continue
            if None not in (first.columns, other.columns) and first.columns != other.columns:
                continue
            if len(first.members) + len(other.members) >= LIMIT:
                continue
            if not is_chain(first.cuts | other.cuts):
                continue
            if reaches(first, other) or reaches(other, first):
                continue
            first.cuts |= other.cuts
            first.columns = first.columns or other.columns
            for moved in other.members:
                moved.nest, moved.number = first, len(first.members)
                first.members.append(moved)
                writers = moved.view.buffer.writers
                moved.view.buffer.writers = [k for k in writers if k is not other]
                if first not in moved.view.buffer.writers:
                    moved.view.buffer.writers.append(first)
            self.open.remove(other)

    def close(self, nest: Nest) -> None:
        """Puts a nest into the program, after those it reads from."""
        waiting = [nest]
        while waiting:
            top = waiting[-1]
            if top.position is not None:
                waiting.pop()
                continue
            before = [k for k in feeding(top) if k.position is None]
            if before:
                waiting += before
            else:
                self.append(top)
                self.open.remove(top)
                waiting.pop()

    def append(self, kernel: Any) -> None:
        """Puts a kernel at the end of the program."""
        kernel.position = len(self.kernels)
        self.kernels.append(kernel)
        for buffer in kernel.writes:
            if kernel not in buffer.writers:
                buffer.writers.append(kernel)

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


def reaches(start: Any, end: Any) -> bool:
    """Whether an open nest waits, perhaps through others, for another."""
    seen, stack = set(), [start]
    while stack:
        kernel = stack.pop()
        if kernel is end:
            return True
        if id(kernel) in seen or kernel.position is not None:
            continue
        seen.add(id(kernel))
        stack += feeding(kernel)
    return False


def feeding(nest: Nest) -> list[Any]:
    """The kernels that write what a nest reads."""
    return [k for buffer in nest.reads for k in buffer.writers if k is not nest]


def _maker(operand: Operand) -> Member | None:
    """The member of a nest whose result an operand looks at, plainly."""
    if operand.indices or operand.counted:
        return None
    return operand.view.buffer.made.get(operand.view.offset)


def _at_hand(nest: Nest, maker: Member, operand: Operand, level: str) -> bool:
    """Whether a member of a nest has the number that an operand wants when it wants it."""
    if maker.level == level:
        return same_places(nest, maker, operand.view)
    if maker.level == "row" and nest.columns is not None:
        row = row_of(operand.view, nest.columns)
        return row is not None and same_places(nest, maker, row)
    return False


def _same(a: View, b: Any) -> bool:
    return (
        isinstance(b, View) and a.buffer is b.buffer and a.offset == b.offset
        and a.shape == b.shape and same_walk(a.shape, a.steps, b.steps)
    )  # fmt: skip


def _part(whole: View, call: Call, symbol: Symbol) -> View | None:
    """The part of a joined array that one of its inputs fills."""
    dim, start = call.params["dim"], 0
    for x in call.inputs:
        end = start + x.shape[dim]
        if x is symbol:
            return whole.cropped((slice(None),) * dim + (slice(start, end),))
        start = end
    return None


def whole_view(kind: str, shape: Sequence[int], dtype: np.dtype) -> View:
    """A new buffer in order."""
    return View(Buffer(kind, prod(shape), dtype), 0, shape, in_order(shape))
