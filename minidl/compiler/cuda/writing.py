"""The CUDA text of a program: its functions, and for every launch a kernel that calls them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

from ..native.letters import c_type
from ..native.views import Buffer
from .launches import MOST, Launch
from .loops import THREADS
from .steps import Functions

COMPLEX = {"float _Complex": "complex64_t", "double _Complex": "complex128_t"}  # C's and ours
RUNTIME = (Path(__file__).parent / "runtime.cuh").read_text(encoding="utf-8")


@final
class Parameters:
    """The pointers that a kernel is given: the arena, and what lies elsewhere.

    Attributes:
        buffers: those that do not lie in the arena, in the order of the kernel's parameters.
    """

    def __init__(self) -> None:
        self.buffers: list[Buffer] = []
        self._names: dict[tuple[str, int], str] = {}

    def pointer(self, buffer: Buffer, offset: int = 0, kind: str = "") -> str:
        """Text for the address of a number in a buffer."""
        kind = kind or f"{c_type(buffer.dtype)}*"
        if buffer.kind == "arena":
            return f"({kind})(arena + {buffer.offset + offset * buffer.dtype.itemsize})"
        key = (buffer.kind, buffer.number)
        if key not in self._names:
            self._names[key] = f"{buffer.kind}{buffer.number}"
            self.buffers.append(buffer)
        name = self._names[key]
        if offset:
            return f"({kind})(({c_type(buffer.dtype)}*){name} + {offset})"
        return f"({kind}){name}"


def source(functions: Functions, launches: Sequence[Launch]) -> tuple[str, list[list[Buffer]]]:
    """The whole program, and what the parameters of each launch point to."""
    kernels, given = [], []
    for number, launch in enumerate(launches):
        parameters = Parameters()
        if launch.kernel is None:
            kernels.append("\n".join(_kernel(number, launch, parameters)))
        given.append(parameters.buffers)
    text = "\n\n".join([RUNTIME, functions.source(), *kernels]) + "\n"
    for name, ours in COMPLEX.items():
        text = text.replace(name, ours)
    return text, given


def _kernel(number: int, launch: Launch, parameters: Parameters) -> Iterator[str]:
    """A kernel whose blocks are shared among the launch's functions."""
    lines, first = [], 0
    for step in launch.steps:
        said = ", ".join(word for word in (step.title, step.where) if word)
        if said:
            lines.append(f"  /* {said.replace('*/', '* /')} */")
        count = min(step.blocks, MOST)
        block = f"blockIdx.x - {first}" if first else "blockIdx.x"
        call = step.text(parameters.pointer, block, str(count))  # type: ignore[misc]
        first += count
        if len(launch.steps) > 1:
            call = f"if (blockIdx.x < {first}) {{ {call} return; }}"
        lines += [f"  {line}" for line in call.split("\n")]
    names = [f"void* {buffer.kind}{buffer.number}" for buffer in parameters.buffers]
    yield f'extern "C" __global__ void __launch_bounds__({THREADS})'
    yield f"launch_{number}({', '.join(['char* arena', *names])}) {{"
    yield from lines
    yield "}"
