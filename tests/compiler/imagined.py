"""CuPy imagined: as much of it as a captured program asks for, on the processor's memory.

Kernels run on the card of card.py; while a stream captures, calls are written down instead, and the
graph that comes out repeats them. So the way of a program from source to replay is tested anywhere.
"""

import ctypes
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, final

import numpy as np

from .card import build


@final
class Pointer:
    """Where an array's memory is."""

    def __init__(self, ptr: int):
        self.ptr = ptr

    def __add__(self, byte: int) -> "Pointer":
        return Pointer(self.ptr + byte)


@final
class Array(np.ndarray):
    """An array of the imagined card."""

    @property
    def data(self) -> Any:  # type: ignore[override]
        return Pointer(self.ctypes.data)


def ndarray(shape: tuple, kind: Any, memptr: Pointer, strides: list[int]) -> Array:
    """An array over memory, from a pointer on."""
    memory: Any = (ctypes.c_char * 16).from_address(memptr.ptr)
    first = np.ndarray((1,), kind, memory)
    return np.lib.stride_tricks.as_strided(first, shape, strides).view(Array)


@final
class Pinned(bytearray):
    """Memory that the card and the processor see."""

    @property
    def ptr(self) -> int:
        return np.frombuffer(self, np.uint8).ctypes.data


@final
class Graph:
    """What a stream was asked while it captured."""

    def __init__(self, calls: list[Callable]):
        self.calls = calls

    def launch(self, stream: Any = None) -> None:
        for call in self.calls:
            call()


@final
class Stream:
    """A stream: what it is asked happens at once, or is captured."""

    ptr = 1

    def __init__(self, non_blocking: bool = False):
        self.captured: list[Callable] | None = None

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def synchronize(self) -> None:
        pass

    def begin_capture(self) -> None:
        self.captured = []

    def end_capture(self) -> Graph:
        captured, self.captured = self.captured, None
        return Graph(captured or [])

    def ask(self, call: Callable) -> None:
        call() if self.captured is None else self.captured.append(call)


@final
class RawModule:
    """A source, compiled for the card that is made of the processor."""

    def __init__(self, code: str, backend: str, options: tuple):
        self.code = code

    def get_function(self, name: str) -> Callable:
        def kernel(grid: tuple, block: tuple, given: list[int], stream: Stream) -> None:
            library = build(self.code, {(name, grid[0]): len(given)})
            run = getattr(library, f"run_{name}_{grid[0]}")
            pointers = (ctypes.c_void_p * len(given))(*given)
            stream.ask(lambda: run(pointers))

        return kernel


def cupy() -> Any:
    """The module."""
    null = Stream()
    runtime = SimpleNamespace(memcpyAsync=lambda to, at, size, *_: ctypes.memmove(to, at, size))
    cuda = SimpleNamespace(
        runtime=runtime, Stream=Stream, get_current_stream=lambda: null,
        MemoryPool=lambda: SimpleNamespace(malloc=None),
        using_allocator=lambda allocator: nullcontext(), alloc_pinned_memory=Pinned,
    )  # fmt: skip
    return SimpleNamespace(
        cuda=cuda, RawModule=RawModule, ndarray=ndarray,
        zeros=lambda shape, kind: np.zeros(shape, kind).view(Array),
        asarray=lambda x: np.array(x).view(Array),
    )  # fmt: skip


@final
class Multiplier:
    """Products by NumPy, in the place of cuBLAS."""

    narrow: list[bool] = []  # of each product that was captured

    def use(self, stream: Stream, narrow: bool) -> None:
        self.stream = stream
        self.narrow.append(narrow)

    def call(self, kernel: Any, pointers: tuple[int, int, int]) -> Callable[[], None]:
        views = zip(pointers, (kernel.a, kernel.b, kernel.c), strict=True)
        size = kernel.c.dtype.itemsize
        x, y, z = (ndarray(v.shape, v.dtype, Pointer(p), [s * size for s in v.steps])
                   for p, v in views)  # fmt: skip
        return lambda: self.stream.ask(lambda: np.copyto(z, x @ y))
