"""A native program: its memory, its table of pointers, and the call."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, final

import numpy as np

from ... import backend
from ...machine import Blas
from ..graph import Graph
from ..program import Program
from .building import build, load
from .lowering import Lowering
from .memory import peak, place, traffic
from .nests import Nest
from .overwriting import become_targets
from .steps import Functions, Step, steps_of
from .views import Buffer, View
from .writing import Places, segments, source


@final
class _Team(ctypes.Structure):
    _fields_ = [("arrived", ctypes.c_int), ("phase", ctypes.c_int), ("threads", ctypes.c_int)]


@final
class _Table(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in
                ("arena", "places", "status", "team", "rest", "sgemm", "dgemm", "set_threads",
                 "get_threads")]  # fmt: skip


@cache
def _pool() -> Any:
    """The library with the process's threads."""
    here = Path(__file__).parent
    header, text = (here / name for name in ("runtime.h", "pool.c"))
    joined = text.read_text(encoding="utf-8").replace(
        '#include "runtime.h"', header.read_text(encoding="utf-8")
    )
    library = load(build(joined, "-pthread"))
    library.run.restype = None
    library.run.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    return library


@final
class NativeProgram(Program):
    """A graph as machine code."""

    def __init__(
        self, graph: Graph, targets: Sequence[int | None], threads: int, blas: Blas | None
    ):
        lowering = Lowering(graph, targets, threads)
        lowering.run()
        self.targets = list(targets)
        self.notes = [*lowering.notes, *_fusions(lowering)]
        functions = Functions()
        steps = [step for kernel in lowering.kernels for step in
                 steps_of(kernel, threads, functions)]  # fmt: skip
        become_targets(lowering.outputs, self.targets, steps, _copy_step)
        size, places = place(steps), Places()
        parts = segments(steps)
        self._text = source(functions, parts, places, 64 if blas is None else blas.bits)
        self._facts = {
            "kernels": len(steps), "threads": threads, "peak_bytes": peak(steps),
            "arena_bytes": size, "bytes_moved": traffic(steps), "functions": len(functions.texts),
        }  # fmt: skip
        hosts = [part[0].host for part in parts]
        library = load(build(self._text))
        lowering.growing.release()
        self._prepare(graph, lowering, places, size)
        self._link(library, hosts, threads, blas)

    # Putting together -----------------------------------------------------------------------------

    def _prepare(self, graph: Graph, lowering: Lowering, places: Places, size: int) -> None:
        """Takes memory, and writes down where it is."""
        self._arena = _aligned(size)
        self._status = np.zeros(1, np.int32)
        self.inputs = [np.zeros(x.shape, x.dtype) for x in graph.inputs]
        self.outputs = []
        self._drawn = []
        for call, buffer in lowering.draws:
            self._drawn.append((call, np.zeros(call.output.shape, buffer.dtype)))
        owned = {"output": {}, "constant": dict(enumerate(lowering.constants)),
                 "drawn": {i: a for i, (_, a) in enumerate(self._drawn)}}  # fmt: skip
        for number, view in enumerate(lowering.outputs):
            target = self.targets[number]
            if target is not None:
                self.outputs.append(self.inputs[target])
            else:
                array = np.zeros(view.shape, view.dtype)
                owned["output"][number] = array
                self.outputs.append(array)
        self._owned = owned
        self._pointers = (ctypes.c_void_p * max(len(places.order), 1))()
        self._slots: dict[int, int] = {}
        for slot, buffer in enumerate(places.order):
            if buffer.kind == "input":
                self._slots[buffer.number] = slot
                self._pointers[slot] = self.inputs[buffer.number].ctypes.data
            else:
                self._pointers[slot] = owned[buffer.kind][buffer.number].ctypes.data

    def _link(self, library: Any, hosts: list[Any], threads: int, blas: Blas | None) -> None:
        """Makes a table for the native functions, and a list of what a run calls."""
        pool = _pool()
        self._team = _Team(0, 0, threads)
        self._table = _Table(
            self._arena.ctypes.data, ctypes.addressof(self._pointers), self._status.ctypes.data,
            ctypes.addressof(self._team), _address(pool.rest), *_multipliers(blas),
        )  # fmt: skip
        self._steps: list[Callable[[], None]] = []
        for number, host in enumerate(hosts):
            if host is not None:
                self._steps.append(self._by_numpy(host))
                continue
            entry = ctypes.cast(getattr(library, f"step_{number}"), ctypes.c_void_p)
            address = ctypes.c_void_p(ctypes.addressof(self._table))
            self._steps.append(lambda run=pool.run, a=entry, b=address: run(a, b))
        self._single = None
        if hosts == [None] and not self._drawn:
            entry = ctypes.cast(library.step_0, ctypes.c_void_p)
            self._single = (pool.run, entry, ctypes.c_void_p(ctypes.addressof(self._table)))

    def _by_numpy(self, kernel: Any) -> Callable[[], None]:
        """Runs one primitive on the program's memory."""

        def run() -> None:
            inputs = [self._array(x) if isinstance(x, View) else x for x in kernel.inputs]
            result = backend.run(kernel.primitive, inputs, kernel.params)
            np.copyto(self._array(kernel.output), result, casting="unsafe")

        return run

    def _array(self, view: View) -> np.ndarray:
        """A view as a NumPy array over the same memory."""
        buffer = view.buffer
        if buffer.kind == "arena":
            flat = self._arena[buffer.offset : buffer.offset + buffer.bytes].view(buffer.dtype)
        elif buffer.kind == "input":
            flat = self.inputs[buffer.number].reshape(-1)
        else:
            flat = self._owned[buffer.kind][buffer.number].reshape(-1)
        size = buffer.dtype.itemsize
        return np.lib.stride_tricks.as_strided(
            flat[view.offset :], view.shape, [step * size for step in view.steps]
        )

    # Program --------------------------------------------------------------------------------------

    def bind(self, position: int, array: np.ndarray) -> None:
        if not array.flags.c_contiguous:
            raise ValueError(f"Input {position} must lie in order in memory to be bound.")
        self.inputs[position] = array
        slot = self._slots.get(position)
        if slot is not None:
            self._pointers[slot] = array.ctypes.data
        for number, target in enumerate(self.targets):
            if target == position:
                self.outputs[number] = array

    def run(self) -> None:
        if self._single is not None:
            run, entry, table = self._single
            run(entry, table)
        else:
            for call, array in self._drawn:
                x = np.broadcast_to(np.zeros((), call.output.dtype), call.output.shape)
                array[...] = call.primitive.forward(np, x, **call.params)
            for step in self._steps:
                step()
        if self._status[0]:
            self._status[0] = 0
            raise IndexError(
                "An index in compiled code is out of range for the dimension that it points into; "
                "run the function without minidl.compile to see which."
            )

    def source(self) -> str:
        return self._text

    def statistics(self) -> dict[str, int]:
        """How many kernels and bytes there are."""
        return dict(self._facts)


def _fusions(lowering: Lowering) -> list[str]:
    """What became one loop, and what kept more from it."""
    loops = Counter(
        ", ".join(m.name for m in kernel.members)
        for kernel in lowering.kernels
        if isinstance(kernel, Nest) and len(kernel.members) > 1
    )
    said = [f"{n} x fused into one loop: {names}" for names, n in loops.most_common()]
    reasons = lowering.growing.reasons.most_common()
    return said + [f"{n} results go through memory: {reason}" for reason, n in reasons]


def _address(function: Any) -> int | None:
    return ctypes.cast(function, ctypes.c_void_p).value


def _multipliers(blas: Blas | None) -> list[int | None]:
    """The functions of NumPy's BLAS that a program calls, and those for its threads."""
    if blas is None:
        return [None] * 4
    products = [blas.address(blas.sgemm), blas.address(blas.dgemm)]
    if blas.set_threads is None or blas.get_threads is None:
        return [*products, None, None]
    return [*products, _address(blas.set_threads), _address(blas.get_threads)]


def _aligned(size: int) -> np.ndarray:
    """Memory that begins at a cache line."""
    raw = np.zeros(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size]


def _copy_step(view: View, target: int) -> Any:
    """Copies a result over the input it replaces."""
    place = Buffer("input", view.size, view.dtype, target)

    def text(at: Callable) -> list[str]:
        return [f"memcpy({at(place)}, {at(view.buffer, view.offset)}, "
                f"{view.size * view.dtype.itemsize});"]  # fmt: skip

    return Step([view.buffer], [place], text, alone=True, title="the new over the old")
