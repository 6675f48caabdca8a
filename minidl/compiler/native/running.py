"""A native program: its memory, its table of pointers, and the call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, final

import numpy as np

from ... import backend
from ...machine import Blas
from ..program import Program
from .building import build, load, text_of
from .recipes import Recipe
from .views import View


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

    def __init__(self, recipe: Recipe, inputs: Sequence[Any], targets: Sequence[int | None],
                 blas: Blas | None):  # fmt: skip
        """Takes memory.

        Args:
            inputs: of the graph.
            targets: per output the position of the input that it overwrites, or None.
            blas: whose products it calls.
        """
        self.recipe, self.targets, self.notes = recipe, list(targets), list(recipe.notes)
        library = load(recipe.library)
        self._prepare(inputs)
        self._link(library, blas)

    # Putting together -----------------------------------------------------------------------------

    def _prepare(self, inputs: Sequence[Any]) -> None:
        """Takes memory, and writes down where it is."""
        recipe = self.recipe
        self._arena = _aligned(recipe.arena)
        self._status = np.zeros(1, np.int32)
        self.inputs = [np.zeros(x.shape, x.dtype) for x in inputs]
        self._drawn = [(call, np.zeros(call.output.shape, call.output.dtype))
                       for call in recipe.draws]  # fmt: skip
        self.outputs = [np.zeros(*outline) if target is None else self.inputs[target]
                        for outline, target in zip(recipe.outputs, self.targets, strict=True)
                        ]  # fmt: skip
        self._owned = {"output": self.outputs, "constant": recipe.constants,
                       "drawn": [array for _, array in self._drawn]}  # fmt: skip
        self._pointers = (ctypes.c_void_p * max(len(recipe.places), 1))()
        self._slots: dict[int, int] = {}
        for slot, (kind, number) in enumerate(recipe.places):
            if kind == "input":
                self._slots[number] = slot
                self._pointers[slot] = self.inputs[number].ctypes.data
            else:
                self._pointers[slot] = self._owned[kind][number].ctypes.data

    def _link(self, library: Any, blas: Blas | None) -> None:
        """Makes a table for the native functions, and a list of what a run calls."""
        pool, hosts = _pool(), self.recipe.hosts
        self._team = _Team(0, 0, self.recipe.threads)
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
        return text_of(self.recipe.library)

    def statistics(self) -> dict[str, int]:
        """How many kernels and bytes there are."""
        return dict(self.recipe.facts)


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

