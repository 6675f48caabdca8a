"""One run of a function on paper: a graph, where its inputs come from, and what it does."""

from collections.abc import Callable
from sys import getrefcount
from typing import Any, NamedTuple, final

from ..backend import Device, float64, int64
from ..errors import CompileError
from ..nn import Module
from ..nn.hooks import register_module_forward_pre_hook
from ..tape import unobserved
from ..tensors import Tensor
from .closing import close
from .effects import Created as Created, Effect, effects_of
from .graph import Graph, Symbol
from .pullback import Pullback, pullback_of
from .reach import Reach, reach
from .reading import names_of
from .refusing import refusing
from .results import Place, pattern, tensors_in
from .scopes import scopes
from .subjects import Source, Subject, Subjects, on_paper


@final
class Role(NamedTuple):
    """The part that a tensor played in a trace.

    Attributes:
        source: where to find who plays it at each call.
        shape, dtype: of its array.
        held: whether anybody but the trace knew it.
        place: the device it was on.
    """

    source: Source
    shape: tuple[int, ...]
    dtype: Any
    held: bool
    place: Device


@final
class Capture:
    """What is known of a function after it ran on paper.

    Attributes:
        graph: from `sources` to outputs.
        place: the device that its numbers are on.
        sources: per input of the graph, where its numbers come from.
        roles: of the tensors that were on paper.
        extras: the tensors among them that no walk found; None for constants.
        effects: changes; symbols in them were replaced by the positions of outputs.
        pattern: of the result.
        constants: arrays that the pattern's constants show.
        pullback: the gradient, where the result can have one.
        needed: the symbols that anything depends on.
        gradients_matter: whether it depends on which tensors have a gradient before the call.
    """

    graph: Graph
    place: Device
    sources: list[Source]
    targets: list[int | None]
    effects: list[Effect]
    pattern: Any
    pullback: Pullback | None
    needed: set[Symbol]
    roles: list[Role]
    extras: list[Tensor | None]
    met: list[Module]  # those that ran, while the trace is closed

    def is_number(self, position: int) -> bool:
        """Whether an input of the graph stays on the processor: a Python number, or a tensor
        without dimensions, which may meet tensors of any device."""
        kind, index = self.sources[position]
        return kind == "number" or kind == "subject" and self.roles[index].place is not self.place

    def is_given(self, position: int) -> bool:
        """Whether an input is an array that each call brings along: an argument, a gradient."""
        kind, index = self.sources[position]
        return kind == "subject" and self.roles[index].source.kind in ("argument", "grad")

    def __init__(self, found: Reach):
        self.reach = found
        self.constants: list[Any] = []
        self.gradients_matter = False


def capture(
    function: Callable, args: tuple, kwargs: dict, arguments: list[Tensor],
    roots: list[tuple[str, Any]], names: set[str], codes: dict[Any, dict[str, Any]],
    gradients: bool = True,
) -> Capture:  # fmt: skip
    """Runs a function on paper; whatever it touched is as before when this returns or raises.

    Args:
        arguments: the tensors among its arguments.
        roots: what to search for tensors and settings, see `reach`.
        names, codes: attributes to follow, and code that ran, see `reach`; both may grow.
        gradients: whether to try if it depends on which gradients there are.

    Raises:
        CompileError: it does what a trace cannot repeat.
        Created: an optimiser made its state.
    """
    while True:
        found = reach(roots, names, codes)
        subjects = Subjects(Graph())
        try:
            with on_paper(subjects), refusing() as watcher:
                made, written = _run(function, args, kwargs, arguments, found, subjects, gradients)
                with unobserved():
                    close(made, subjects, *written)
                    _all_found(made)
                    made.roles = [_role(subject) for subject in subjects.all]
                    made.extras = [subjects.extra(i) for i in range(len(subjects.extras))]
        finally:
            for box in found.boxes:
                box.restore()
        found.boxes.clear()
        missed = {code: scope for code, scope in watcher.ran.items() if code not in found.codes}
        codes |= missed
        if not missed:
            break
    if gradients and _gradients_matter(made, subjects.all, watcher.ran):
        made = capture(function, args, kwargs, arguments, roots, names, codes, gradients=False)
        made.gradients_matter = True
    return made


def _all_found(made: Capture) -> None:
    """Raises where a module ran that no walk finds, so that its changes would not be seen.

    One that the function made itself is gone by now, its parts after it.
    """
    found = made.reach
    met = {id(module): module for module in made.met if not found.knows(module)}
    made.met = []
    for key in list(met):
        if getrefcount(met[key]) > 2:
            raise CompileError(
                f"A {type(met[key]).__name__} runs that cannot be found from the compiled function "
                "beforehand; pass it as an argument, or keep it in an attribute or a list."
            )
        del met[key]


def _role(subject: Subject) -> Role:
    return Role(subject.source, subject.symbol.shape, subject.symbol.dtype, subject.held,
                subject.place)  # fmt: skip


def _run(
    function: Callable, args: tuple, kwargs: dict, arguments: list[Tensor], found: Reach,
    subjects: Subjects, gradients: bool,
) -> tuple[Capture, tuple]:  # fmt: skip
    """Runs the function; returns what can be kept when its result is let go of."""
    graph, numbers = subjects.graph, []
    for i, x in enumerate(arguments):
        subjects.put(Source("argument", i), x)
    for i, x in enumerate(found.tensors):
        subjects.put(Source("state", i), x)
    for slot in found.numbers:
        kind = int64 if type(slot.box[slot.key]) is int and slot.key != "lr" else float64
        numbers.append(Symbol(graph, (), kind))
        slot.box[slot.key] = Tensor(numbers[-1])
    if gradients:
        subjects.expect_gradients()
    met: list[Module] = []
    watching = register_module_forward_pre_hook(lambda module, _: met.append(module))
    try:
        with scopes(graph):
            result = function(*args, **kwargs)
    finally:
        watching.remove()
    made = Capture(found)
    made.met = met
    with unobserved():
        subjects.watch(tuple(tensors_in(result)))
        effects = effects_of(found, subjects)
        made.pullback = pullback_of(result, subjects, effects)
        made.pattern, places = _places(result, subjects, found)
    return made, (numbers, effects, places)


def _places(result: Any, subjects: Subjects, found: Reach) -> tuple[Any, list]:
    """The pattern of the result; and per tensor in it the subject it is, or -1, and its symbol."""
    places: list[tuple[int, Any]] = []

    def place(x: Tensor) -> Place:
        places.append((subjects.by_tensor.get(id(x), -1), x.array))
        return Place("result", len(places) - 1)

    return pattern(result, place, found.knows), places


def _gradients_matter(made: Capture, subjects: list[Subject], ran: Any) -> bool:
    """Whether what the function does depends on which gradients are there."""
    blanks = {s.placeholder.array for s in subjects if s.placeholder is not None}
    blanks |= {s.symbol for s in subjects if s.source.kind == "grad"}
    if any("grad" in names_of(code).attributes for code in ran):
        return True
    return bool(blanks & made.needed)
