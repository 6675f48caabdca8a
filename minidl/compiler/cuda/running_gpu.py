"""A script on the card: compiled, captured once as a graph of the card's own, and replayed.

All memory is taken beforehand, so nothing is allocated while the graph is captured. What cannot
be captured (a primitive whose library waits for the card) stands between graphs and runs as in
eager mode. Everything goes to the stream that is in use at the call, so that what was asked before
is done before, and results can be used at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, final

import numpy as np

from ...backends.cuda import matmul
from ..graph import Graph
from ..native.kernels import Product
from ..native.views import Buffer, View
from ..program import NOWHERE, BuildError, Ends
from .cublas_gpu import Multiplier
from .following import Follower
from .launches import Launch
from .loops import THREADS
from .nodes_gpu import reads_the_processor

cupy: Any = import_module("cupy")
_runtime = cupy.cuda.runtime
OPTIONS = ("--std=c++17",)
TO_CARD, ON_CARD = 1, 3  # cudaMemcpyHostToDevice, cudaMemcpyDeviceToDevice


def _roundings() -> list[bool]:
    """Of float32 and both halves, whether their products may lose digits, as switches now say."""
    return [matmul.rounds(letter) for letter in "feE"]


@final
class CudaProgram(Follower):
    """A graph as a replayed graph of CUDA kernels."""

    def __init__(self, graph: Graph, targets: Sequence[int | None], ends: Ends = NOWHERE):
        super().__init__(graph, targets, ends)
        self._held: list[Any] = []  # copies of arrays that do not lie in order
        self._status = cupy.cuda.alloc_pinned_memory(4)
        self._said = np.frombuffer(self._status, np.int32, 1)
        self._said[0] = 0
        self._stream = cupy.cuda.Stream(non_blocking=True)
        self._pool = cupy.cuda.MemoryPool()  # what primitives ask for while they are captured
        self._multiplier: Multiplier | None = None
        self._rounds = _roundings()
        self._kernels = self._compiled()
        self._uncaptured: dict[int, str] = {}
        self._parts: list[Callable] = []
        self._graphs: list[Any] = []

    def _compiled(self) -> list[Any]:
        """The kernel of each launch, or None."""
        names = self.script.kernels.names
        if not any(names):
            return [None] * len(names)
        try:
            module = cupy.RawModule(code=self.script.text, backend="nvrtc", options=OPTIONS)
            found = {name: module.get_function(name) for name in {*names} - {None}}
        except Exception as error:
            raise BuildError(f"NVRTC refuses the source: {error}") from error
        return [found.get(name) for name in names]

    # Memory ---------------------------------------------------------------------------------------

    def _zeros(self, shape, kind):
        return cupy.zeros(shape, kind)

    def _received(self, array):
        return cupy.asarray(array)

    def _strided(self, memory, kind, offset, view):
        steps = [step * kind.itemsize for step in view.steps]
        return cupy.ndarray(view.shape, kind, memory.data + offset, steps)

    def _address(self, buffer: Buffer, byte: int = 0) -> int:
        if buffer.kind == "status":
            return self._status.ptr
        memory, start = self._memory(buffer)
        return memory.data.ptr + start + byte

    def _begin(self, view: View) -> int:
        """Where the numbers of a view begin."""
        return self._address(view.buffer, view.offset * view.dtype.itemsize)

    def address(self, array: Any) -> int:
        """Where an array lies that a call brings along; it is copied if it is not in order."""
        if not array.flags.c_contiguous:
            array = array.copy()
            self._held.append(array)
        return array.data.ptr

    # Running --------------------------------------------------------------------------------------

    def _link(self) -> None:
        """Captures the launches, in as few graphs as can be."""
        actions = [self._action(n, launch) for n, launch in enumerate(self.script.launches)]
        self._stream.synchronize()
        cupy.cuda.get_current_stream().synchronize()
        self._parts, self._graphs, waiting = [], [], []
        for number, action in enumerate(actions):
            if self._can_be_captured(number, action):
                waiting.append(action)
                continue
            self._close(waiting)
            self._parts.append(action)
            waiting = []
        self._close(waiting)

    def _can_be_captured(self, number: int, action: Callable) -> bool:
        """Kernels and products can; for a primitive it is tried."""
        launch = self.script.launches[number]
        if launch.kernel is None or isinstance(launch.kernel, Product):
            return True
        if "generator" in launch.kernel.params:
            return False  # it draws on the processor, at each run anew
        if number not in self._uncaptured:
            why = self._tried(action)
            self._uncaptured[number] = why
            if why:
                name = launch.kernel.primitive.name
                self.notes.append(f"{name} is not part of a captured graph: {why:.120}")
        return not self._uncaptured[number]

    def _tried(self, action: Callable) -> str:
        """Why an action cannot be captured; empty if it can."""
        try:
            self._by_itself(action)
            graph = self._captured([action])
            return "it sends numbers of the processor" if reads_the_processor(graph) else ""
        except Exception as error:
            return f"{type(error).__name__}: {error}".split("\n")[0]

    def _by_itself(self, action: Callable) -> None:
        """Runs an action once, so that libraries and kernels are loaded."""
        with self._stream, cupy.cuda.using_allocator(self._pool.malloc):
            action(self._stream)
        self._stream.synchronize()

    def _captured(self, actions: list[Callable]) -> Any:
        """Actions as a graph."""
        stream = self._stream
        with stream, cupy.cuda.using_allocator(self._pool.malloc):
            stream.begin_capture()
            try:
                for action in actions:
                    action(stream)
            finally:
                graph = stream.end_capture()
        return graph

    def _close(self, waiting: list[Callable]) -> None:
        """Makes a graph of what waits to be captured."""
        if waiting:
            graph = self._captured(waiting)
            self._graphs.append(graph)
            self._parts.append(graph.launch)

    def _action(self, number: int, launch: Launch) -> Callable:
        """stream -> what a launch asks of it."""
        kernel = launch.kernel
        if kernel is None:
            function, blocks = self._kernels[number], (launch.blocks,)
            given = [self._address(*place) for place in self.script.kernels.parameters[number]]
            return lambda stream: function(blocks, (THREADS,), given, stream=stream)
        if isinstance(kernel, Product):
            at = (self._begin(kernel.a), self._begin(kernel.b), self._begin(kernel.c))
            return self._product(kernel, at)
        return lambda stream: self._by_library(launch)

    def _product(self, kernel: Product, pointers: tuple[int, int, int]) -> Callable:
        """stream -> a product of matrices."""
        if self._multiplier is None:
            self._multiplier = Multiplier()
        multiplier, call = self._multiplier, self._multiplier.call(kernel, pointers)
        narrow = kernel.c.dtype.itemsize > 2 or matmul.rounds(kernel.c.dtype.char)

        def multiply(stream: Any) -> None:
            multiplier.use(stream, narrow)
            call()

        return multiply

    def run(self) -> None:
        rounds = _roundings()
        if rounds != self._rounds:
            self._rounds, self._linked = rounds, False
        super().run()

    def _go(self) -> None:
        if self._said[0]:
            self._said[0] = 0
            raise IndexError(
                "An index in an earlier run of compiled code was out of range for the dimension "
                "that it points into; run the function without minidl.compile to see which."
            )
        stream = cupy.cuda.get_current_stream()
        memory = self.numbers.memory
        if memory.size:  # the driver has taken the bytes when this returns, so they may change
            _runtime.memcpyAsync(
                self._sent.data.ptr, memory.ctypes.data, memory.size, TO_CARD, stream.ptr
            )
        self._draw()
        for part in self._parts:
            part(stream)
        self._held.clear()  # what is asked of the stream later comes later

    def statistics(self) -> dict[str, Any]:
        facts = super().statistics()
        graphs = len(self._graphs)
        left = len(self._parts) - graphs
        facts["captured"] = "not yet" if not self._parts else (
            f"{graphs} graph{'s' if graphs != 1 else ''}"
            + (f", {left} calls of CuPy between them" if left else "")
        )  # fmt: skip
        return facts
