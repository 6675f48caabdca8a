"""From a trace to a graph with inputs and outputs: what is left when the result is let go of."""

import sys
from typing import TYPE_CHECKING, Any, final

from ..backend import Device, cpu, device_of
from ..errors import CompileError, DeviceError
from ..ops import default_generator
from ..ops.movement import clone, transfer
from .effects import Effect
from .graph import Call, Graph, Symbol
from .results import Place, pattern
from .subjects import SHARED, Source, Subject, Subjects, span

if TYPE_CHECKING:
    from .capture import Capture


def close(
    made: "Capture",
    subjects: Subjects,
    numbers: list[Symbol],
    effects: list[Effect],
    places: list[tuple[int, Any]],
) -> None:
    """Gives a capture its graph, and replaces symbols in effects and pattern by positions.

    Args:
        numbers: the symbols of the numbers that change.
        places: per tensor in the result, which subject it is (-1: none) and its symbol.
    """
    graph = subjects.graph
    constants = _constants(subjects)
    _fold(graph, constants)
    _check_draws(made, graph)
    outputs = _Outputs(graph, set(numbers) | {s.symbol for s in subjects.all}, constants)
    made.effects = [
        _by_position(e, outputs) if isinstance(e.value, Symbol) else e
        for e in effects
        if not (e.kind == "number" and e.value is numbers[e.index])
        and not (e.kind in _OF_SUBJECTS and not subjects.all[e.index].held)
    ]
    made.pattern = _placed(made, places, subjects, outputs)
    if made.pullback is not None:
        made.pullback.outputs = [outputs.read(x) for x in made.pullback.results]
    _assemble(made, graph, subjects.all, numbers, outputs.symbols)


_OF_SUBJECTS = ("write", "grad", "flag")


def _by_position(effect: Effect, outputs: "_Outputs") -> Effect:
    """An effect with an output's position for its symbol; in a tuple where it may be a number."""
    position = outputs.add(effect.value)
    return effect._replace(value=(position,) if effect.kind == "number" else position)


def _constants(subjects: Subjects) -> dict[Symbol, Any]:
    """The numbers of tensors that nobody else knows: they can neither change nor be replaced.

    They were made during the trace, from numbers in the code, and are gone with it.
    """
    constants = {}
    for subject in subjects.all:
        if subject.source.kind != "extra" or subject.twin is not None:
            continue
        # No variable may hold what is counted: in some versions of Python it counts, in others not.
        owned = subject.array.base is None and sys.getrefcount(subject.before["array"]) == 2
        if owned and sys.getrefcount(subject.tensor) == 3:
            subject.held = False
            constants[subject.symbol] = subject.array
    return constants


def _fold(graph: Graph, constants: dict[Symbol, Any]) -> None:
    """Puts the arrays of constants in the place of their symbols."""
    if not constants:
        return
    for call in graph.calls:
        for x in call.inputs:
            if type(x) is Symbol and x in constants:
                call.inputs = tuple(
                    constants.get(x, x) if type(x) is Symbol else x for x in call.inputs
                )
                break


def _check_draws(made: "Capture", graph: Graph) -> None:
    """A generator that the function makes itself would start anew at each call."""
    for call in graph.calls:
        generator = call.params.get("generator")
        if generator is not None and generator is not default_generator:
            if not made.reach.knows(generator):
                raise CompileError(
                    f"{call.where}: the generator is made inside the compiled function; make it "
                    "outside, or use manual_seed and the default one."
                )


@final
class _Outputs:
    """The outputs of a graph, each made by a call."""

    def __init__(self, graph: Graph, inputs: set[Symbol], constants: dict[Symbol, Any]):
        self.graph, self.inputs, self.constants = graph, inputs, constants
        self.symbols: list[Symbol] = []
        self.places: dict[Symbol, int] = {}

    def add(self, symbol: Symbol) -> int:
        """The position of a new output, which nothing else stands at."""
        if symbol in self.constants or symbol in self.inputs or symbol in self.places:
            copy = Symbol(self.graph, symbol.shape, symbol.dtype)
            source = self.constants.get(symbol, symbol)
            self.graph.calls.append(Call(clone, (source,), {}, copy, "", ()))
            symbol = copy
        self.places[symbol] = len(self.symbols)
        self.symbols.append(symbol)
        return self.places[symbol]

    def read(self, symbol: Symbol) -> int:
        """The position of an output that will be copied from there."""
        return self.places[symbol] if symbol in self.places else self.add(symbol)


def _placed(made: "Capture", places: list, subjects: Subjects, outputs: _Outputs) -> Any:
    """The pattern of the result, with what each of its tensors is at each call."""
    found = []
    for number, symbol in places:
        if number >= 0 and subjects.all[number].held:
            found.append(Place("subject", number))
        elif symbol in outputs.constants:
            made.constants.append(outputs.constants[symbol])
            found.append(Place("constant", len(made.constants) - 1))
        else:
            found.append(Place("output", outputs.read(symbol)))
    return pattern(made.pattern, lambda x: found[x.index], lambda x: True, Place)


def _assemble(
    made: "Capture", graph: Graph, subjects: list[Subject], numbers: list[Symbol], outputs: list
) -> None:
    """Gives the graph those inputs that anything depends on, and room for what is written."""
    graph.outputs = list(outputs)
    gradients = made.pullback.gradients if made.pullback is not None else []
    made.needed = _needed(graph, [*outputs, *gradients])
    written = {e.index: e.value for e in made.effects if e.kind == "write"}
    made.sources, made.targets = [], [None] * len(outputs)
    for i, subject in enumerate(subjects):
        if subject.twin is not None or not subject.held:
            continue
        if subject.symbol in made.needed or i in written:
            if i in written and subject.source.kind in ("state", "extra"):
                made.targets[written[i]] = len(graph.inputs)
            graph.inputs.append(subject.symbol)
            made.sources.append(Source("subject", i))
    for i, symbol in enumerate(numbers):
        if symbol in made.needed:
            graph.inputs.append(symbol)
            made.sources.append(Source("number", i))
    for effect in made.effects:
        if effect.kind == "grad" and effect.value is not None:
            made.targets[effect.value] = len(graph.inputs)
            symbol = outputs[effect.value]
            graph.add_input(symbol.shape, symbol.dtype)
            made.sources.append(Source("room", effect.index))
    used = [s for i, s in enumerate(subjects)
            if s.held and s.twin is None and (s.symbol in made.needed or i in written)]  # fmt: skip
    changed = {id(subjects[i]) for i in written}
    _apart(used, changed)
    made.graph = graph
    made.place = _place(used or [s for s in subjects if s.place is not cpu], changed)
    _stay(graph, made.place)


def _needed(graph: Graph, wanted: list[Any]) -> set[Symbol]:
    """All symbols that some symbols are computed from."""
    needed = {x for x in wanted if isinstance(x, Symbol)}
    for call in reversed(graph.calls):
        if call.output in needed:
            needed.update([x for x in call.inputs if type(x) is Symbol])
    return needed


def _apart(used: list[Subject], written: set[int]) -> None:
    """Raises where a tensor is changed whose memory another one shows, which is used."""
    spans = sorted((*span(s.array), i, s) for i, s in enumerate(used))
    end, last = -1, None
    for start, stop, _, subject in spans:
        if start < end and stop > start and {id(subject), id(last)} & written:
            raise CompileError(SHARED)
        if stop > end:
            end, last = stop, subject


def _place(subjects: list[Subject], written: set[int]) -> Device:
    """The device that all tensors are on; one without dimensions may be on the processor, if it is
    only read.

    Raises:
        DeviceError: there are several.
    """
    fixed = [s for s in subjects if s.place is not cpu or s.symbol.shape or id(s) in written]
    found = list(dict.fromkeys(s.place for s in fixed))
    if len(found) > 1:
        raise DeviceError(
            f"In the compiled function one tensor is on {found[0]}, another on {found[1]}; move "
            f"one of them first, for example x.to('{found[0]}')."
        )
    return found[0] if found else cpu


def _stay(graph: Graph, place: Device) -> None:
    """Constants come to the processor, where passes look at them; no tensor goes elsewhere.

    Raises:
        CompileError: one would.
    """
    fixed: set[Symbol] = set()  # what depends on no tensor that was there before
    for call in graph.calls:
        if _is_fixed(call, fixed):
            fixed.add(call.output)
        if call.primitive is transfer:
            _move(call, place, call.output in fixed)
        for x in call.inputs:
            if type(x) is not Symbol and device_of(x) not in (None, cpu):
                call.inputs = tuple(map(_at_home, call.inputs))
                break


def _is_fixed(call: Call, fixed: set[Symbol]) -> bool:
    """Whether a call depends on fixed symbols and constants alone."""
    for x in call.inputs:
        if type(x) is Symbol and x not in fixed:
            return False
    return True


def _move(call: Call, place: Device, fixed: bool) -> None:
    """Lets a constant come to the processor; raises where a tensor would leave its device."""
    goal = call.params["device"]
    if fixed:
        call.params = {**call.params, "device": cpu}
    elif goal.type not in ("paper", place.type):
        raise CompileError(
            f"{call.where}: a tensor is moved to {goal} in a compiled function that works on "
            f"{place}; move it outside."
        )


def _at_home(x: Any) -> Any:
    """An array on the processor."""
    home = None if type(x) is Symbol else device_of(x)
    return x if home is None else home.to_host(x)
