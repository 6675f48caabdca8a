"""Tensors that are put on paper for a while: each remembers what it was, and goes back to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, final

from .. import tape
from ..errors import CompileError
from ..tensors import Tensor
from .graph import Graph, Symbol


@final
class Source(NamedTuple):
    """Where the numbers of a graph's input come from at each call.

    Attributes:
        kind: "argument", "state", "number" (of a `Reach`), "extra" (a tensor met on the way),
            "grad" (the gradient of another subject), "room" (memory for an output only).
        index: which of them.
    """

    kind: str
    index: int


@final
class Subject:
    """A tensor on paper.

    Attributes:
        source: where it is found at each call.
        place: the device it is on.
        symbol: what stands for its numbers as they are at the beginning.
        held: whether anybody but the trace knows it. What nobody knows is a constant.
        twin: the subject whose memory it shows, all of it, or None.
    """

    __slots__ = ("source", "tensor", "place", "symbol", "before", "version", "placeholder", "held",
                 "twin")  # fmt: skip

    def __init__(self, source: Source, tensor: Tensor, graph: Graph):
        self.source, self.tensor, self.place = source, tensor, tensor.device
        if self.place.type != "cpu":  # a lone number of the processor may be among the others
            graph.place = self.place.type
        self.symbol = Symbol(graph, tensor.shape, tensor.dtype)
        self.before = {name: getattr(tensor, name) for name in _FIELDS}
        self.version = tensor.version.count, tensor.version.users
        self.placeholder: Tensor | None = None
        self.held = True
        self.twin: Subject | None = None
        tensor.array, tensor.node = self.symbol, None

    @property
    def array(self) -> Any:
        """The numbers it had."""
        return self.before["array"]

    @property
    def rewritten(self) -> bool:
        """Whether it was changed in place."""
        return self.twin is None and self.tensor.array is not self.symbol

    def restore(self) -> None:
        """Takes it off paper."""
        for name, value in self.before.items():
            setattr(self.tensor, name, value)
        version = self.before["version"]
        version.count, version.users = self.version


_FIELDS = ("array", "node", "requires_grad", "grad", "version", "hooks", "_is_parameter")


@final
class Subjects:
    """All tensors on paper, in the order in which they came."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.all: list[Subject] = []
        self.by_tensor: dict[int, int] = {}
        self.extras: list[Tensor] = []

    def put(self, source: Source, tensor: Tensor) -> int:
        """Puts a tensor on paper, if it is not there yet; returns which subject it is."""
        known = self.by_tensor.get(id(tensor))
        if known is not None:
            return known
        if isinstance(tensor.array, Symbol):
            raise CompileError(
                "A tensor from another trace was met; compile one function that contains both."
            )
        twin = self._twin(tensor)
        subject = Subject(source, tensor, self.graph)
        if twin is not None:
            subject.twin, tensor.array = twin, twin.tensor.array
        self.by_tensor[id(tensor)] = number = len(self.all)
        self.all.append(subject)
        grad = subject.before["grad"]
        if isinstance(grad, Tensor):
            self.put(Source("grad", number), grad)
        return number

    def _twin(self, tensor: Tensor) -> Subject | None:
        """The subject that shows exactly the same memory, as detach() makes one."""
        array = tensor.array
        for user in (user() for user in tensor.version.users):
            number = None if user is None else self.by_tensor.get(id(user))
            if number is not None and user is not tensor:
                subject = self.all[number]
                if _same_memory(subject.array, array):
                    return subject.twin or subject
                if subject.rewritten:
                    raise CompileError(SHARED)
        return None

    def watch(self, values: tuple) -> None:
        """Puts whatever enters a primitive on paper: shown every primitive's inputs."""
        for x in values:
            if isinstance(x, Tensor) and not isinstance(x.array, Symbol):
                self.put(Source("extra", len(self.extras)), x)
                self.extras.append(x)

    def extra(self, index: int) -> Tensor | None:
        """A tensor met on the way, or None if nobody else knows it."""
        tensor = self.extras[index]
        return tensor if self.all[self.by_tensor[id(tensor)]].held else None

    def expect_gradients(self) -> None:
        """Gives every leaf that may get a gradient one, to see whether anybody looks at it."""
        for subject in self.all:
            tensor = subject.tensor
            if tensor.requires_grad and tensor.grad is None and subject.before["node"] is None:
                blank = Symbol(self.graph, tensor.shape, tensor.dtype)
                subject.placeholder = tensor.grad = tensor.like(blank)

    def restore(self) -> None:
        """Takes all of them off paper."""
        for subject in self.all:
            subject.restore()


SHARED = (
    "In a compiled function a tensor is changed in place whose memory another one shows too, which "
    "is in use there; work on a clone()."
)


def _same_memory(a: Any, b: Any) -> bool:
    """Whether two arrays show the same numbers in the same order."""
    return (
        a.dtype == b.dtype
        and a.shape == b.shape
        and a.strides == b.strides
        and _begin(a) == _begin(b)
    )


def _begin(array: Any) -> int:
    """Where an array's first number lies, on whichever device."""
    card = getattr(array, "__cuda_array_interface__", None)
    return (card or array.__array_interface__)["data"][0]


def span(array: Any) -> tuple[int, int]:
    """Where an array's memory begins and ends."""
    far = [(n - 1) * step for n, step in zip(array.shape, array.strides, strict=True)]
    begin = _begin(array)
    if array.size == 0:
        return begin, begin
    low, high = sum(x for x in far if x < 0), sum(x for x in far if x > 0)
    return begin + low, begin + high + array.itemsize


@contextmanager
def on_paper(subjects: Subjects) -> Iterator[None]:
    """In this block new tensors go on paper as they are met; after it all are as they were."""
    recording = tape.is_recording()
    try:
        with tape.watched(subjects.watch), tape.set_grad_enabled(recording):
            yield
    finally:
        subjects.restore()
