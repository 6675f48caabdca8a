"""The C text of a program: its loops, and one function that calls them step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

import numpy as np

from .letters import c_type
from .steps import Functions, Step
from .views import Buffer

RUNTIME, CONVOLUTIONS, ATTENTION, PANELS = (
    (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("runtime.h", "convolutions.h", "attention.h", "panels.h")
)


@final
class Places:
    """The numbers of buffers that are not in the arena, in the program's table of pointers."""

    def __init__(self) -> None:
        self.order: list[Buffer] = []
        self._numbers: dict[tuple[str, int], int] = {}

    def number(self, buffer: Buffer) -> int:
        key = (buffer.kind, buffer.number)
        if key not in self._numbers:
            self._numbers[key] = len(self.order)
            self.order.append(buffer)
        return self._numbers[key]

    def pointer(self, buffer: Buffer, offset: int = 0, kind: str = "") -> str:
        """C text for the address of a number in a buffer."""
        kind = kind or f"{c_type(buffer.dtype)}*"
        if buffer.kind == "arena":
            return f"({kind})(A + {buffer.offset + offset * buffer.dtype.itemsize})"
        place = f"({kind})P[{self.number(buffer)}]"
        return f"({place} + {offset})" if offset else place


def segments(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps between those that NumPy runs, which stand alone."""
    parts: list[list[Step]] = [[]]
    for step in steps:
        if step.host is not None:
            parts += [[step], []]
        else:
            parts[-1].append(step)
    return [part for part in parts if part]


def source(functions: Functions, parts: Sequence[list[Step]], places: Places, bits: int) -> str:
    """The whole program: a function `step_N` for each stretch of native steps."""
    body = []
    for number, part in enumerate(parts):
        if part[0].host is None:
            body.append("\n".join(_stretch(number, part, places)))
    head = ("#define BLAS_64\n" if bits == 64 else "") + RUNTIME
    if any("conv_t s" in text for text in body):
        head += "\n" + CONVOLUTIONS
    if any("attention_t s" in text for text in body):
        head += "\n" + ATTENTION
    for kind in map(np.dtype, (np.float32, np.float64)):
        if any(f"to_panels_{kind.name}(" in text for text in body):
            head += "\n" + PANELS.replace("NUMBER", c_type(kind)).replace("KIND", kind.name)
    return "\n\n".join([head, functions.source(), *body]) + "\n"


def _stretch(number: int, steps: Sequence[Step], places: Places) -> Iterator[str]:
    yield f"void step_{number}(const program_t* p, int t, int T) {{"
    yield "  char* const A = p->arena;"
    yield "  void** const P = p->places;"
    yield "  (void)A; (void)P; (void)t; (void)T;"
    pending = _Pending()
    for step in steps:
        if pending.must_wait(step):
            yield "  wait_for_all(p);"
        said = ", ".join(word for word in (step.title, step.where) if word)
        if said:
            yield f"  /* {said.replace('*/', '* /')} */"
        lines = step.text(places.pointer)
        if step.alone:
            lines = [f"if (t == 0) {lines[0]}"] if len(lines) == 1 else [
                "if (t == 0) {", *lines, "}"]  # fmt: skip
        yield from (f"  {line}" for line in lines)
    yield "}"


@final
class _Pending:
    """What threads have touched since they last waited for each other."""

    def __init__(self) -> None:
        self._touched: list[tuple[object, int, int, bool, bool]] = []

    def must_wait(self, step: Step) -> bool:
        """Whether a step meets what another thread may still be writing, or reading."""
        mine = [(*_span(b), False, step.alone) for b in step.reads]
        mine += [(*_span(b), True, step.alone) for b in step.writes]
        clash = any(
            one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
            and (one[3] or other[3]) and not (one[4] and other[4])
            for one in mine for other in self._touched
        )  # fmt: skip
        if clash:
            self._touched.clear()
        self._touched += mine
        return clash


def _span(buffer: Buffer) -> tuple[object, int, int]:
    if buffer.kind == "arena":
        return "arena", buffer.offset, buffer.offset + buffer.bytes
    return (buffer.kind, buffer.number), 0, max(buffer.bytes, 1)
