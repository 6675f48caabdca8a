"""A value with a history, and the walk back along it.

Whoever applies a primitive to values writes down a `Node`: which primitive, from which parents,
with what it will need to find the gradient. Nodes point at what came before them and never at what
came after, so a history has no cycles and dies with its last value.
"""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from heapq import heappop, heappush
from itertools import count
from typing import Any, final
from weakref import ref

from . import backend
from .errors import GradientError

_clock = count(1)


@final
class _Recording(threading.local):
    """Whether this thread writes histories down, and who wants to see every value it works on."""

    on = True
    watch: Callable[[tuple], None] | None = None


_recording = _Recording()


@contextmanager
def watched(watch: Callable[[tuple], None]) -> Iterator[None]:
    """In this block `watch` is shown the inputs of every primitive before it runs on them.

    So a trace can put symbols in place of numbers that no argument brought in.
    """
    before, _recording.watch = _recording.watch, watch
    try:
        yield
    finally:
        _recording.watch = before


def show(*values: Any) -> None:
    """Shows values to whoever watches, before something else than a primitive is done to them."""
    if _recording.watch is not None:
        _recording.watch(values)


def is_watched() -> bool:
    """Whether this thread is being traced."""
    return _recording.watch is not None


@contextmanager
def unobserved() -> Iterator[None]:
    """In this block, in which minidl's own code runs alone, nobody is told which functions run.

    Python tells a trace of every call, which takes longer than most of them.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@final
class Version:
    """How often the memory behind an array was overwritten, and who else uses it.

    A view has the version of the tensor it is of. Most stay as they are made, with these defaults.
    """

    count: int = 0
    users: "list[ref] | tuple[()]" = ()

    def share(self, source: "Traced", view: "Traced") -> None:
        """Makes a view's memory this one, and remembers both for as long as they live."""
        users, known = self.users, len(self.users)
        if known > 7 and not known & (known - 1):  # at 8, 16, 32: those that are gone drop out
            users = self.users = [user for user in users if user() is not None]
        if users:
            users.append(ref(view))
        else:
            self.users = [ref(source), ref(view)]
        view.version = self

    def used_beside(self, x: "Traced") -> bool:
        """Whether any other value uses this memory."""
        return any(y is not None and y is not x for y in (user() for user in self.users))


class Traced:
    """Abstract: an array with a history. `Tensor` is the one kind of it."""

    __slots__ = ("array", "node", "requires_grad", "grad", "version", "hooks", "__weakref__")

    array: Any
    node: "Node | None"
    requires_grad: bool
    grad: Any
    version: Version
    hooks: "dict[int, Callable] | None"

    def like(self, array: Any, node: "Node | None" = None) -> "Traced":
        """A new value of the same kind around an array."""
        raise NotImplementedError


@final
class Outline:
    """What is left of an array whose numbers are not needed: its shape and dtype."""

    __slots__ = ("shape", "dtype")

    def __init__(self, shape: tuple[int, ...], dtype: Any):
        self.shape = shape
        self.dtype = dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __repr__(self) -> str:
        return f"Outline({self.shape}, {self.dtype})"


@final
class Node:
    """One application of a primitive: an entry of the tape.

    `parents` has one entry per input: the input's node, the input itself where it is a leaf that
    wants a gradient, or None. `saved` is the output and the inputs as the rules will see them;
    where a rule looks at a shape only, an `Outline` stands in, and the numbers can be freed.
    """

    __slots__ = ("primitive", "params", "parents", "saved", "versions", "index", "hooks", "kept",
                 "__weakref__")  # fmt: skip

    def __init__(self, primitive: Any, inputs: tuple, output: Traced, params: dict, wanted: int):
        """Keeps an array only where a rule that will run reads its numbers."""
        read, reads = primitive.reads(wanted)
        array = output.array
        saved: list[Any] = [array if read else Outline(array.shape, array.dtype)]
        versions = [(output.version, output.version.count)] if read else []
        parents: list[Any] = []
        for x, read in zip(inputs, reads):  # noqa: B905  (strict takes half as long as the rest)
            if not isinstance(x, Traced):
                parents.append(None)
                saved.append(x)
                continue
            parents.append((x.node or x) if x.requires_grad else None)
            array = x.array
            if read:
                saved.append(array)
                versions.append((x.version, x.version.count))
            else:
                saved.append(Outline(array.shape, array.dtype))
        self.primitive = primitive
        self.params = params
        self.parents: Sequence[Any] = parents
        self.saved: Sequence[Any] | None = saved
        self.versions: Sequence[tuple[Version, int]] = versions
        self.index = next(_clock)
        self.hooks: dict[int, Callable] | None = None
        self.kept: Any = None  # a weak reference to the value whose `grad` is to be kept

    @property
    def name(self) -> str:
        return self.primitive.name

    def __repr__(self) -> str:
        return f"<Node {self.primitive.name}>"

    def unchanged(self) -> None:
        """Raises where an array that a rule is about to read was overwritten since."""
        for version, then in self.versions:
            if version.count != then:
                raise GradientError(
                    f"An array that the gradient of '{self.name}' needs was changed in place after "
                    "it was used, so the gradient would be wrong. Write `x = x + y` instead of "
                    "`x += y` there, or change it after backward()."
                )

    def operands(self, values: bool, like: Traced) -> Sequence[Any]:
        """What the rules are called with: bare arrays, or values that carry their history."""
        saved = self.saved
        if saved is None:
            raise GradientError(
                f"The history behind '{self.name}' was already walked and freed. Run the forward "
                "pass again, or call backward(retain_graph=True) the first time."
            )
        if self.versions:
            self.unchanged()
        if not values:
            return saved
        output, *inputs = saved
        return (
            _revive(output, self, like),
            *(_revive(x, p, like) for x, p in zip(inputs, self.parents, strict=True)),
        )

    def keep(self, x: Traced) -> None:
        """Copies what this node, and those since x was made, saved of x, which is now overwritten.

        So x.mul_(y) has the gradient of x * y. What was computed from x before and is no part of
        the new value keeps its version, and `unchanged` raises for it.
        """
        copy, oldest = None, 0 if x.node is None else x.node.index
        stack: list[Node] = [self]
        seen = {id(self)}
        while stack:
            node = stack.pop()
            if any(saved is x.array for saved in node.saved or ()):
                copy = x.array.copy() if copy is None else copy
                node.saved = tuple(copy if s is x.array else s for s in node.saved or ())
                node.versions = tuple(v for v in node.versions if v[0] is not x.version)
            newer = [p for p in node.parents if isinstance(p, Node) and p.index > oldest]
            stack.extend(p for p in newer if id(p) not in seen)  # type: ignore[arg-type]
            seen.update(map(id, newer))

    def free(self) -> None:
        """Lets go of everything this node kept alive."""
        self.saved, self.versions, self.parents = None, (), ()


def _revive(x: Any, parent: Any, like: Traced) -> Any:
    """An array saved on the tape as the value it was, with its history."""
    if isinstance(parent, Traced):
        return parent
    if parent is None or isinstance(x, Outline):
        return x
    return like.like(x, parent)


# Recording ------------------------------------------------------------------------------------


def apply(primitive: Any, inputs: tuple, params: dict) -> Traced:
    """Runs a primitive on values, and writes it down if a gradient may be asked for.

    Which inputs want one is a number, a bit for each, the first the lowest; a last bit ends it.
    """
    if _recording.watch is not None:
        _recording.watch(inputs)
    arrays, maker, wanted, place = [], None, 0, 1
    for x in inputs:
        if isinstance(x, Traced):
            arrays.append(x.array)
            maker = x
            if x.requires_grad:
                wanted += place
        else:
            arrays.append(x)
        place += place
    array = backend.run(primitive, arrays, params)
    assert maker is not None
    result = maker.like(array)
    if primitive.view and isinstance(inputs[0], Traced) and backend.overlap(arrays[0], array):
        inputs[0].version.share(inputs[0], result)
    if wanted and primitive.rules is not None and _recording.on:
        if len(inputs) > 1 and type(array) is not backend.HOST:
            inputs = _beside(array, inputs)
        result.node = Node(primitive, inputs, result, params, wanted + place)
        result.requires_grad = True
    return result


def as_result(primitive: Any, x: Traced, array: Any, params: dict) -> Traced:
    """What `apply` gives for one input, where the array that comes of it is there already."""
    result = x.like(array)
    if x.requires_grad and _recording.on:
        result.node = Node(primitive, (x,), result, params, 0b11)
        result.requires_grad = True
    return result


def _beside(array: Any, inputs: tuple) -> tuple:
    """The inputs where the output is: a lone number of the processor may have met a card's arrays.

    How it came there is part of the history, so that its gradient comes back.
    """
    for x in inputs:
        if isinstance(x, Traced) and type(x.array) is backend.HOST:
            break
    else:
        return inputs
    place = backend.device_of(array)
    if place is None or not place.writable:
        return inputs
    return tuple(
        x.to(place) if isinstance(x, Traced) and type(x.array) is backend.HOST else x  # type: ignore[attr-defined]
        for x in inputs
    )


def is_recording() -> bool:
    """Whether histories are written down in this thread."""
    return _recording.on


@final
class set_grad_enabled:  # noqa: N801  (PyTorch's name)
    """Switches recording on or off: at once, inside a `with`, or for a decorated function."""

    def __init__(self, on: bool):
        self._on, self._before = on, _recording.on
        _recording.on = on

    def __enter__(self) -> None:
        _recording.on = self._on

    def __exit__(self, *_) -> None:
        _recording.on = self._before

    def __call__(self, function: Callable) -> Callable:
        _recording.on = self._before

        @wraps(function)
        def wrapped(*args, **kwargs):
            with set_grad_enabled(self._on):
                return function(*args, **kwargs)

        return wrapped


@final
class no_grad:  # noqa: N801
    """Inside it nothing is written down: no history, no gradients, less memory."""

    on = False

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(_recording.on)
        _recording.on = self.on

    def __exit__(self, *_) -> None:
        _recording.on = self._before.pop()

    def __call__(self, function: Callable) -> Callable:
        before = _recording.on
        wrapped = set_grad_enabled(self.on)(function)
        _recording.on = before
        return wrapped


def enable_grad() -> no_grad:
    """Inside it histories are written down, also within `no_grad`."""
    context = no_grad()
    context.on = True
    return context


# The walk back --------------------------------------------------------------------------------


@final
class _Walk:
    """Carries gradients from outputs back to leaves, newest node first.

    A node is made after its parents, so the order of making is a topological order: when the newest
    waiting node is taken, everything that used its output has already paid in. A heap of nodes
    replaces recursion, and each node is visited once however many paths lead to it.
    """

    def __init__(self, create_graph: bool, retain_graph: bool, needed: set[int] | None = None):
        self.create_graph = create_graph
        self.retain_graph = retain_graph
        self.needed = needed
        self.waiting: list[tuple[int, Node]] = []
        self.received: dict[int, Any] = {}  # by node or leaf: the sum of what has come so far
        self.sums: set[int] = set()  # those of which the sum is in memory that nobody else has
        self.leaves: list[Traced] = []
        self.watched: dict[int, Any] = {}  # by node: its gradient once complete
        self.handed_out: set[int] = set()

    def start(self, outputs: Sequence[Traced], seeds: Sequence[Traced]) -> None:
        """Pays the first gradients in: 1 for a loss."""
        for output, seed in zip(outputs, seeds):  # noqa: B905  (as above)
            if not output.requires_grad:
                raise GradientError(
                    "This value has no history: nothing it was computed from has "
                    "requires_grad=True (or it was computed under no_grad, or detached). Set "
                    "requires_grad=True on the inputs you want gradients for."
                )
            self.handed_out.add(id(seed.array))
            g = _across(seed if self.create_graph else seed.array)
            self.pay(output.node or output, g)

    def own(self, g: Any) -> Any:
        """A gradient in memory of its own: a rule may hand one array to several inputs."""
        array = g.array if isinstance(g, Traced) else g
        if id(array) in self.handed_out or getattr(array, "base", None) is not None:
            return g.clone() if isinstance(g, Traced) else g.copy()  # type: ignore[attr-defined]
        self.handed_out.add(id(array))
        return g

    def pay(self, target: Any, g: Any) -> None:
        """Adds a gradient to what a node or a leaf has received so far: the `+=` of backward."""
        before = self.received.get(id(target))
        if before is not None:
            self.received[id(target)] = self.added(before, g, target)
        elif isinstance(target, Traced):
            self.received[id(target)] = g
            self.leaves.append(target)
        elif self.needed is None or target.index in self.needed:
            self.received[id(target)] = g
            heappush(self.waiting, (-target.index, target))

    def added(self, before: Any, g: Any, target: Any) -> Any:
        """A sum of two; a third is added to it in place, and so on."""
        if self.create_graph or id(target) not in self.sums:
            self.sums.add(id(target))
            return before + g
        before += g
        return before

    def insert(self, node: Node, g: Any) -> bool:
        """Adds the gradient of a part to the whole's sum where the part stands, if there is a sum
        in memory that nobody else has. So the parts of one array never make three of its size."""
        target = node.parents[0]
        total = self.received.get(id(target))
        if total is None or self.create_graph or id(target) not in self.sums:
            return False
        place = backend.device_of(total)
        if place is None or not place.writable or not total.shape or total.dtype != g.dtype:
            return False
        part = total[node.params["key"]]
        if isinstance(part, backend.SCALAR):  # of NumPy's, one number is no view
            total[node.params["key"]] += g
        else:
            part += g  # and not `total[key] += g`, which would write the part over itself
        return True

    def run(self, like: Traced) -> None:
        while self.waiting:
            node = heappop(self.waiting)[1]
            g = self.received.pop(id(node))
            if node.hooks or node.kept or self.watched:
                g = self._announce(node, g, like)
            parents, operands = node.parents, node.operands(self.create_graph, like)
            part = node.primitive.part
            inserted = part and self.insert(node, g)
            shares = () if inserted else node.primitive.pull(g, operands, parents, node.params)
            if not self.retain_graph:
                node.free()
            for parent, share in zip(parents, shares):  # noqa: B905  (as above)
                if share is not None:
                    self.pay(parent, share)
                    if part and not self.create_graph:
                        self.sums.add(id(parent))  # a part's share was made for this alone

    def _announce(self, node: Node, g: Any, like: Traced) -> Any:
        """Shows a node's complete gradient to whoever asked to see it."""
        if node.hooks:
            g = _across(_through_hooks(node.hooks, _across(g), like))
        if node.index in self.watched:
            self.watched[node.index] = g
        value = node.kept and node.kept()
        if value is not None:
            mine = _across(g)
            mine = mine.clone() if isinstance(g, Traced) else mine.copy()
            value.grad = _added(value.grad, mine, like)
        return g


def _across(g: Any) -> Any:
    """A gradient where it enters or leaves the walk: conjugated if it is complex.

    Inside, the gradient of z = x + iy is dL/dx - i dL/dy, for which the chain rule of real numbers
    holds letter by letter: dL/dz = dL/dw f'(z) for w = f(z). Outside it is PyTorch's
    dL/dx + i dL/dy, the direction in which L grows fastest.

    Source: K. Kreutz-Delgado, "The Complex Gradient Operator and the CR-Calculus" (2009).
    """
    return g.conj() if g.dtype.kind == "c" else g


def _through_hooks(hooks: dict[int, Callable], g: Any, like: Traced) -> Any:
    """Each hook sees the gradient as a value and may return another."""
    for hook in tuple(hooks.values()):
        value = g if isinstance(g, Traced) else like.like(g)
        changed = hook(value)
        if changed is not None:
            g = changed if isinstance(g, Traced) else changed.array
    return g


def _added(before: Traced | None, g: Any, like: Traced) -> Traced:
    """A gradient, as a value, added to what `.grad` held."""
    g = g if isinstance(g, Traced) else like.like(g)
    return g if before is None else before + g  # type: ignore[operator]


def backward(output: Traced, gradient: Traced, retain_graph: bool, create_graph: bool) -> None:
    """Adds d output / d leaf to `.grad` of every leaf behind an output.

    Args:
        output: the value to start from.
        gradient: same shape as `output`; the gradient of what comes after it (1 for a loss).
        retain_graph: keep the history for another walk.
        create_graph: write the walk itself down, so that gradients have gradients.

    Raises:
        GradientError: no history, a history already freed, or an array changed in place.
    """
    walk = _Walk(create_graph, retain_graph)
    with backend.quiet(), set_grad_enabled(create_graph):
        walk.start([output], [gradient])
        walk.run(output)
        for leaf in walk.leaves:
            if not leaf.requires_grad:
                continue
            g = _across(walk.received[id(leaf)])
            if leaf.hooks:
                g = _through_hooks(leaf.hooks, g, leaf)
            leaf.grad = _added(leaf.grad, walk.own(g), leaf)


def gradients(
    outputs: Sequence[Traced],
    inputs: Sequence[Traced],
    seeds: Sequence[Traced],
    retain_graph: bool,
    create_graph: bool,
) -> list[Any]:
    """The gradients of outputs with respect to inputs, touching no `.grad`; None where unrelated.

    Only the part of the history that leads to an input is walked.

    Raises:
        GradientError: as `backward`.
    """
    walk = _Walk(create_graph, retain_graph, _leading_to(outputs, inputs))
    walk.watched = {x.node.index: None for x in inputs if x.node is not None}
    with backend.quiet(), set_grad_enabled(create_graph):
        walk.start(outputs, seeds)
        walk.run(outputs[0])
        results = []
        for x in inputs:
            if x.node is None:
                g = walk.received.get(id(x))
            else:
                g = walk.watched[x.node.index]
            results.append(None if g is None else _added(None, walk.own(_across(g)), x))
    return results


def _leading_to(outputs: Sequence[Traced], inputs: Sequence[Traced]) -> set[int]:
    """The indices of the nodes through which some input is reached."""
    nodes = _behind(outputs)
    leaves = {id(x) for x in inputs if x.node is None}
    needed = {x.node.index for x in inputs if x.node is not None}
    for index in sorted(nodes):  # parents come before children
        for parent in nodes[index].parents:
            if id(parent) in leaves or (isinstance(parent, Node) and parent.index in needed):
                needed.add(index)
    return needed


def _behind(outputs: Iterable[Traced]) -> dict[int, Node]:
    """All nodes of the history of some values, by index."""
    nodes: dict[int, Node] = {}
    stack = [x.node for x in outputs if x.node is not None]
    while stack:
        node = stack.pop()
        if node.index not in nodes:
            nodes[node.index] = node
            stack.extend(p for p in node.parents if isinstance(p, Node))
    return nodes


def leaves(outputs: Iterable[Traced]) -> list[Traced]:
    """The leaves that want a gradient in the history of some values, each once."""
    found = {id(p): p for n in _behind(outputs).values() for p in n.parents}
    return [p for p in found.values() if isinstance(p, Traced) and p.requires_grad]
