"""How a call of a compiled function goes, written as one Python function.

First the conditions; then this call's numbers into the program's inputs, the program, and its
outputs to where they belong. Tensors that stay (parameters, buffers, states) are not copied: the
program reads and writes their own memory.
"""

import re
from functools import partial
from sys import getrefcount
from typing import TYPE_CHECKING, Any, final

import numpy

from ..backend import cpu
from ..tensors import Tensor
from .arguments import Arguments
from .guards import MISS, Names, conditions
from .reach import Reach
from .results import Place, written

if TYPE_CHECKING:
    from .entry import Entry


@final
class Moved(Exception):  # noqa: N818  (no fault: it sends a call to the long way)
    """A tensor has memory of another shape or dtype now."""


@final
class Call:
    """The text of a call, and the values that its names stand for."""

    def __init__(self, entry: "Entry", arguments: Arguments, found: Reach):
        self.entry, self.arguments, self.found = entry, arguments, found
        self.program, self.capture = entry.program, entry.capture
        self.place: Any = entry.place
        self.names = Names()
        self.locals: dict[int, str] = {}  # by subject: the variable that holds its tensor

    def scope(self) -> dict[str, Any]:
        """The globals of the call."""
        blank = Tensor(numpy.zeros(()))
        self.names.values.update(
            MISS=MISS, lock=self.entry.lock, run=self.program.run, copyto=self._over,
            Tensor=Tensor, wrap=blank.like, getrefcount=getrefcount,
        )  # fmt: skip
        return self.names.values

    @property
    def _over(self) -> Any:
        """What writes one array's numbers over another's."""
        if self.place is cpu:
            return numpy.copyto
        return lambda array, value: array.__setitem__(..., self.place.asarray(value))

    def text(self) -> str:
        """The whole function."""
        tests = conditions(self.arguments, self.found.checks, self.names) + self._on_tensors()
        before, after = self._before(), self._after()
        chain = [f"{' and ' if i else ''}{test}" for i, test in enumerate(tests)]
        kept = [f"{name} = {self._at(number)}" for number, name in self.locals.items()]
        steps = [*kept, *before, *self._made(), "run()", *after]
        text = "\n".join(
            [
                "def call(args, kwargs, trusted=False):",
                "  with lock:",
                "    try:",
                *self._unpacked(),
                "      if not (trusted or (",
                *(f"         {line}" for line in chain),
                "      )): return MISS",
                "    except (KeyError, IndexError, AttributeError, ValueError): return MISS",
                *(f"    {line}" for line in steps),
                "",
            ]
        )
        return re.sub(r"\bargs\[(\d+)\]", r"a\1", text)

    def _unpacked(self) -> list[str]:
        """Gives each positional argument a variable."""
        count = dict(self.arguments.prints)["args"][1]
        variables = "".join(f"a{i}, " for i in range(count))
        lines = [f"      if len(args) != {count}: return MISS"]
        return lines + ([f"      {variables[:-1]} = args"] if count else [])

    # Conditions -------------------------------------------------------------------------------

    def _on_tensors(self) -> list[str]:
        """Conditions on tensors that were found, and on which tensors are the same."""
        tests, names, capture = [], self.names, self.capture
        for x in self.found.tensors:
            name = names.name(x, "t")
            tests.append(f"{name}.requires_grad is {x.requires_grad}")
            if x.requires_grad:
                tests.append(f"{name}.node is {'' if x.node is None else 'not '}None")
            if x.requires_grad or x.hooks is not None:
                tests.append(f"{name}.hooks is {names.name(x.hooks)}")
        if capture.effects or capture.pullback is not None:
            known = {id(x): i for i, x in enumerate([*self.found.tensors, *capture.extras])}
            for x, text in zip(self.arguments.tensors, self.arguments.expressions, strict=True):
                names.set("known", known)
                place = known.get(id(x))
                tests.append(f"id({text}) not in known" if place is None
                             else f"known.get(id({text})) == {place}")  # fmt: skip
        tests += [f"{self._at(number)}.node is None" for number in self.entry.leaves]
        for number, present in self.entry.presence.items():
            tests.append(f"{self._at(number)}.grad is {'not ' if present else ''}None")
        return tests

    def _at(self, number: int) -> str:
        """The tensor of a subject as an expression."""
        source = self.capture.roles[number].source
        if source.kind == "argument":
            return self.arguments.expressions[source.index]
        if source.kind == "grad":
            return f"{self._at(source.index)}.grad"
        return self.names.name(self.entry.tensor(number, self.arguments, self.found), "t")

    def _local(self, number: int) -> str:
        """A variable for a subject's tensor, set before anything changes."""
        if self.capture.roles[number].source.kind in ("state", "extra"):
            return self._at(number)
        return self.locals.setdefault(number, f"x{number}")

    # Before the program -----------------------------------------------------------------------

    def _before(self) -> list[str]:
        lines = []
        for position, source in enumerate(self.capture.sources):
            if source.kind == "number":
                slot = self.found.numbers[source.index]
                box = f"{self.names.name(slot.box, 'b')}[{slot.key!r}]"
                lines.append(f"{self._input(position)}[()] = {box}")
            elif source.kind == "room":
                lines.append(self._room(position, source.index))
            elif self.capture.is_number(position):
                where = f"{self._local(source.index)}.array"
                lines.append(f"{self._input(position)}[...] = {where}")
            elif self.capture.roles[source.index].source.kind in ("state", "extra"):
                lines.append(self._bound(position, source.index))
            else:
                lines.append(self._fed(position, f"{self._local(source.index)}.array"))
        return lines

    def _fed(self, position: int, array: str) -> str:
        """Copies an array into an input, or tells the program where it is."""
        place = getattr(self.program, "given", {}).get(position)
        if place is None:
            return f"{self._input(position)}[...] = {array}"
        self.names.set("address", self.program.address)  # type: ignore[attr-defined]
        return f"{self.names.set(f'from{position}', place)}[0] = address({array})"

    def _made(self) -> list[str]:
        """New memory for the outputs that this call takes along, and where it is."""
        lines = []
        for number, place in getattr(self.program, "taken", {}).items():
            symbol = self.capture.graph.outputs[number]
            make = partial(self.place.xp.empty, symbol.shape, symbol.dtype)
            self.names.set(f"make{number}", make)
            lines.append(f"new{number} = make{number}()")
            lines.append(f"{self.names.set(f'to{number}', place)}[0] = new{number}.data.ptr")
        return lines

    def _input(self, position: int) -> str:
        return self.names.set(f"i{position}", self.program.inputs[position])

    def _bound(self, position: int, number: int) -> str:
        """Lets an input be read from its tensor's own memory, where that lies in order."""
        where, memory = f"{self._at(number)}.array", self.entry.memory
        self.names.set(f"m{position}", memory.get(position))
        self.names.set(f"bind{position}", partial(self._bind, position, number))
        return f"if {where} is not m{position}: bind{position}({where})"

    def _bind(self, position: int, number: int, array: Any) -> None:
        role = self.capture.roles[number]
        if array.shape != role.shape or array.dtype != role.dtype:
            raise Moved()
        if _can_be_bound(array):
            self.program.bind(position, array)
            self.entry.memory[position] = self.names.values[f"m{position}"] = array
        else:  # looked at anew at each call
            own = array.copy()
            self.program.bind(position, own)
            self.entry.memory[position] = self.names.values[f"m{position}"] = None

    def _room(self, position: int, number: int) -> str:
        """Memory for a gradient: new where somebody still looks at the last one."""
        name = f"g{position}"
        self._fresh(position)
        self.names.set(f"fresh{position}", partial(self._fresh, position))
        mine = f"({self._local(number)}.grad is {name})"
        return (
            f"if getrefcount({name}) - {mine} != 2 or getrefcount({name}.array) != n{position}: "
            f"fresh{position}()"
        )

    def _fresh(self, position: int) -> None:
        symbol = self.capture.graph.inputs[position]
        values = self.names.values
        values[f"g{position}"] = Tensor(self.place.xp.empty(symbol.shape, symbol.dtype))
        self.program.bind(position, values[f"g{position}"].array)
        values[f"n{position}"] = 0
        values.setdefault("unsettled", []).append(position)

    def _settle(self) -> None:
        """Counts who holds new memory while that are only the program and its tensor."""
        values = self.names.values
        while values["unsettled"]:
            position = values["unsettled"].pop()
            values[f"n{position}"] = getrefcount(values[f"g{position}"].array)

    # After the program ------------------------------------------------------------------------

    def _output(self, i: int) -> str:
        """Where an output's numbers stand."""
        target = self.capture.targets[i]
        if target is None:
            return self.names.set(f"o{i}", self.program.outputs[i])
        source = self.capture.sources[target]
        return f"g{target}.array" if source.kind == "room" else f"{self._at(source.index)}.array"

    def _after(self) -> list[str]:
        lines = []
        for kind, index, value in self.capture.effects:
            if kind == "write":
                lines += self._write(index, value)
            elif kind == "grad":
                new = None if value is None else f"g{self.capture.targets[value]}"
                lines.append(f"{self._local(index)}.grad = {new}")
            elif kind == "flag":
                lines.append(f"{self._local(index)}.requires_grad = {value}")
            elif kind == "steps":
                optimizer = self.names.name(self.found.optimizers[index], "b")
                lines.append(f"{optimizer}.steps_taken += {value}")
            else:
                slot = self.found.numbers[index]
                lines.append(f"{self.names.name(slot.box, 'b')}[{slot.key!r}] = "
                             + (f"{self._output(value[0])}.item()" if isinstance(value, tuple)
                                else self.names.name(value)))  # fmt: skip
        if any(source.kind == "room" for source in self.capture.sources):
            self.names.set("settle", self._settle)
            lines.append("if unsettled: settle()")
        if self.entry.replay is not None:
            lines.append(self._history())
        return [*lines, f"return {written(self.capture.pattern, self._shown)}"]

    def _write(self, number: int, output: int) -> list[str]:
        """The new numbers of a tensor, where the program did not write them itself."""
        name, lines = self._local(number), []
        target = self.capture.targets[output]
        if target is None:
            lines.append(f"copyto({name}.array, {self._output(output)})")
        else:
            self.names.set("program", self.program)
            last = f"copyto({name}.array, program.outputs[{output}])"
            lines.append(f"if m{target} is None: {last}")
        return [*lines, f"{name}.version.count += 1"]

    def _history(self) -> str:
        """Gives results the history that their gradient needs."""
        replay = self.entry.replay
        assert replay is not None
        inputs = "".join(f"{self._local(number)}, " for number in replay.inputs)
        outputs = "".join(f"{self._output(i)}, " for i in [*replay.outputs, *replay.saved])
        self.names.set("replay", replay)
        return f"d = replay(({inputs}), ({outputs}))"

    def _shown(self, x: Any) -> str:
        """A place of the result's pattern, or a constant in it, as an expression."""
        if not isinstance(x, Place):
            return self.names.name(x)
        if x.kind == "subject":
            return self._local(x.index)
        if x.kind == "constant":
            constant = self.place.asarray(self.capture.constants[x.index])
            return f"wrap({self.names.name(constant)}.copy())"
        replay = self.entry.replay
        if replay is not None and x.index in replay.outputs:
            return f"d[{replay.outputs.index(x.index)}]"
        return f"wrap({self._new(x.index)})"

    def _new(self, output: int) -> str:
        """An output's numbers as a new array."""
        if output in getattr(self.program, "taken", {}):
            return f"new{output}"
        if self.place is cpu or type(self.program.outputs[output]) is self.place.xp.ndarray:
            return f"{self._output(output)}.copy()"
        self.names.set("place", self.place)  # a number, which the processor computed
        return f"place.asarray({self._output(output)})"


def _can_be_bound(array: Any) -> bool:
    """Whether a program can read and write an array's own memory."""
    flags = array.flags
    plain = getattr(flags, "aligned", True) and getattr(flags, "writeable", True)
    return plain and flags.c_contiguous
