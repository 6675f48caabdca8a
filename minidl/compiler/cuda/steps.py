"""The steps of a program on a card: each kernel as a call of a CUDA function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, final

import numpy as np

from ..native.kernels import Fill, Host, Product, Scatter
from ..native.letters import c_type
from ..native.nests import Nest
from ..native.steps import heirs_of
from ..native.views import Buffer
from ..native.walking import Walk
from .loops import THREADS, Grid
from .products import Tiles, is_small
from .scattering import scattering
from .totals import Total, taken_out

STATUS = Buffer("status", 1, np.dtype("int32"), 0)  # not 0: an index was out of range


@final
class Step:
    """One function of the card, a product of matrices, or what the array library does.

    Attributes:
        reads, writes: buffers.
        text: (pointer: buffer, offset, type -> text; a block; of how many) -> the call.
        blocks: how many blocks it is worth.
        loop: the nest's function, if it is one.
        kernel: a `Product` or a `Host`, where it is no function.
    """

    def __init__(self, reads: Iterable[Buffer], writes: Iterable[Buffer], title: str = "",
                 text: Callable | None = None, blocks: int = 0, loop: Walk | None = None,
                 kernel: Any = None, where: str = ""):  # fmt: skip
        self.reads, self.writes = list(reads), list(writes)
        self.title, self.text, self.blocks = title, text, blocks
        self.loop, self.kernel, self.where = loop, kernel, where

    def heirs(self, dying: Sequence[Buffer], result: Buffer | None = None) -> dict[Buffer, Buffer]:
        """Which results (or whether one) may be written over which buffers that are read here for
        the last time."""
        return heirs_of(self.loop, dying, result) if type(self.loop) is Grid and dying else {}


@final
class Functions:
    """The functions of a program: nests that differ in their pointers only share one."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.counts = 0

    def name(self, loop: Walk | Tiles, kind: str) -> str:
        parameters = [f"{k} {n}" for (k, _, _), n in zip(loop.arguments, loop.names, strict=True)]
        parameters += ["int* status"] if loop.checks else []
        key = f"({', '.join([*parameters, 'int block, int blocks'])}) {loop.text}"
        return self.texts.setdefault(key, f"{kind}_{len(self.texts)}")

    def source(self) -> str:
        return "\n\n".join(f"APART void {name}{key}" for key, name in self.texts.items())


def steps_of(kernel: Any, functions: Functions) -> list[Step]:
    """The steps of one kernel."""
    if isinstance(kernel, Nest):
        totals = taken_out(kernel)
        steps = [_step(Grid(kernel), kernel, functions, "loop")] if kernel.members else []
        for nest in totals:
            total = Total(nest, functions.counts)
            functions.counts += total.parts > 1
            steps.append(_step(total, nest, functions, "total", total.scratch()))
        return steps
    if isinstance(kernel, Fill):
        return [_zeros(kernel.buffer)]
    if isinstance(kernel, Scatter):
        return [_zeros(kernel.output.buffer), _scatter(kernel)]
    if isinstance(kernel, Product) and is_small(kernel):
        return [_small(kernel, functions)]
    assert isinstance(kernel, (Product, Host))
    title = _size(kernel) if isinstance(kernel, Product) else kernel.primitive.name
    return [Step(kernel.reads, kernel.writes, title, kernel=kernel, where=kernel.where)]


def _step(loop: Any, nest: Nest, functions: Functions, kind: str, scratch: Sequence[Buffer] = ()
          ) -> Step:  # fmt: skip
    name = functions.name(loop, kind)

    def text(at: Callable, block: str, blocks: str) -> str:
        given = [at(buffer, offset, pointer) for pointer, buffer, offset in loop.arguments]
        given += [at(STATUS)] if loop.checks else []
        return f"{name}({', '.join([*given, block, blocks])});"

    counts = [b for _, b, _ in loop.arguments if b.kind == "count"]
    writes = [*nest.writes, *scratch, *counts]
    where = next((m.where for m in nest.members if m.where), "")
    title = ", ".join(m.name for m in nest.members)
    return Step(nest.reads, writes, title, text, loop.blocks, loop, where=where)


def _small(kernel: Product, functions: Functions) -> Step:
    tiles = Tiles(kernel)
    name = functions.name(tiles, "product")

    def text(at: Callable, block: str, blocks: str) -> str:
        given = [at(buffer, offset, pointer) for pointer, buffer, offset in tiles.arguments]
        return f"{name}({', '.join([*given, block, blocks])});"

    title = _size(kernel)
    return Step(kernel.reads, kernel.writes, title, text, tiles.blocks, where=kernel.where)


def _zeros(buffer: Buffer) -> Step:
    def text(at: Callable, block: str, blocks: str) -> str:
        return f"zeros({at(buffer, 0, 'void*')}, {buffer.bytes}LL, {block}, {blocks});"

    return Step([], [buffer], "zeros", text, max(buffer.bytes // (16 * THREADS), 1))


def _scatter(kernel: Scatter) -> Step:
    def text(at: Callable, block: str, blocks: str) -> str:
        return scattering(kernel, at, block, blocks, at(STATUS))

    out = kernel.output.buffer
    blocks = -(-kernel.source.size // THREADS)
    return Step([*kernel.reads, out], [out], "scatter", text, blocks, where=kernel.where)


def _size(kernel: Product) -> str:
    (m, n), k = kernel.c.shape[-2:], kernel.a.shape[-1]
    return f"{'x'.join(map(str, kernel.c.shape[:-2]))} {m}x{k} @ {k}x{n}".strip()


def copied(view: Any, target: int) -> Step:
    """Copies a result over the input it replaces."""
    place = Buffer("input", view.size, view.dtype, target)
    kind = c_type(view.dtype)

    def text(at: Callable, block: str, blocks: str) -> str:
        source = at(view.buffer, view.offset, f"const {kind}*")
        return f"moved({at(place)}, {source}, {view.size}LL, {block}, {blocks});"

    return Step([view.buffer], [place], "the new over the old", text, -(-view.size // THREADS))
