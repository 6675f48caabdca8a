"""The CUDA text of a program: its functions, and for every launch a kernel that calls them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, final

from ..native.letters import c_type
from ..native.views import Buffer
from .launches import MOST, Launch
from .loops import THREADS
from .steps import Functions

COMPLEX = {"float _Complex": "complex64_t", "double _Complex": "complex128_t"}  # C's and ours
RUNTIME = (Path(__file__).parent / "runtime.cuh").read_text(encoding="utf-8")


@final
class Parameters:
    """The pointers that a kernel is given; to what is handed over, pointers to such.

    Attributes:
        places: (buffer, byte) per parameter.
        texts: their declarations.
    """

    def __init__(self, handed: set[tuple[str, int]]) -> None:
        self._handed = handed
        self.places: list[tuple[Buffer, int]] = []
        self.texts: list[str] = []
        self._names: dict[tuple, str] = {}

    def pointer(self, buffer: Buffer, offset: int = 0, kind: str = "") -> str:
        """The parameter that points to a number in a buffer."""
        kind = kind or f"{c_type(buffer.dtype)}*"
        if (buffer.kind, buffer.number) in self._handed:
            name = self._parameter((buffer.kind, buffer.number), buffer, 0, "void* const*")
            return f"({kind})*{name}" + (f" + {offset}" if offset else "")
        return self._parameter((id(buffer), offset, kind), buffer, offset, kind)

    def _parameter(self, key: Any, buffer: Buffer, offset: int, kind: str) -> str:
        if key not in self._names:
            self._names[key] = f"p{len(self.places)}"
            self.places.append((buffer, offset * buffer.dtype.itemsize))
            self.texts.append(f"{kind} {self._names[key]}")
        return self._names[key]


@final
class Kernels:
    """The kernels of a program: launches that differ in their pointers only share one.

    Attributes:
        names: per launch that of its kernel, or None.
        parameters: per launch what it is given.
    """

    def __init__(self, launches: Sequence[Launch], handed: set[tuple[str, int]]):
        self.names: list[str | None] = []
        self.parameters: list[list[tuple[Buffer, int]]] = []
        self._texts: dict[str, str] = {}
        for launch in launches:
            parameters, name = Parameters(handed), None
            if launch.kernel is None:
                text = "\n".join(_body(launch, parameters))
                key = f"({', '.join(parameters.texts)}) {{\n{text}\n}}"
                name = self._texts.setdefault(key, f"launch_{len(self._texts)}")
            self.names.append(name)
            self.parameters.append(parameters.places)

    def source(self, functions: Functions) -> str:
        """The whole program."""
        head = f'extern "C" __global__ void __launch_bounds__({THREADS})\n'
        kernels = [f"{head}{name}{text}" for text, name in self._texts.items()]
        text = "\n\n".join([RUNTIME, functions.source(), *kernels]) + "\n"
        for name, ours in COMPLEX.items():
            text = text.replace(name, ours)
        return text


def _body(launch: Launch, parameters: Parameters) -> Iterator[str]:
    """The blocks of a kernel, shared among the launch's functions."""
    first = 0
    for step in launch.steps:
        said = ", ".join(word for word in (step.title, step.where) if word)
        if said:
            yield f"  /* {said.replace('*/', '* /')} */"
        count = min(step.blocks, MOST)
        block = f"blockIdx.x - {first}" if first else "blockIdx.x"
        call = step.text(parameters.pointer, block, str(count))  # type: ignore[misc]
        first += count
        if len(launch.steps) > 1:
            call = f"if (blockIdx.x < {first}) {{ {call} return; }}"
        yield from (f"  {line}" for line in call.split("\n"))
