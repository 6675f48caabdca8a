"""The kernels beside nests: products of matrices, convolutions, and what is done one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from .views import Buffer, View


class Kernel:
    """Abstract: one step of a program.

    Attributes:
        position: its place among the others.
        where: the user's line that asked for it.
    """

    position: int | None = None
    where = ""

    @property
    def reads(self) -> list[Buffer]:
        """The buffers it reads."""
        raise NotImplementedError

    @property
    def writes(self) -> list[Buffer]:
        """The buffers it writes, scratch included."""
        raise NotImplementedError


@final
class Product(Kernel):
    """c = a @ b, for one pair of matrices or stacks of them.

    Attributes:
        a, b, c: views (..., m, k), (..., k, n), (..., m, n) with the same dimensions in front; in
            each matrix one of both steps is 1.
        panels: b once more, as `Panels` laid it out, or None.
    """

    def __init__(self, a: View, b: View, c: View, panels: Buffer | None = None):
        self.a, self.b, self.c, self.panels = a, b, c, panels

    @property
    def flops(self) -> int:
        return 2 * self.c.size * self.a.shape[-1]

    @property
    def reads(self):
        return [self.a.buffer, self.panels or self.b.buffer]

    @property
    def writes(self):
        return [self.c.buffer]


@final
class Panels(Kernel):
    """A matrix (k, n) in panels, for the many products of few rows that meet it; see panels.h.

    Attributes:
        matrix: the view.
        panels: the buffer, with room for `WIDEST` columns in the last panel.
    """

    WIDEST = 32  # columns of a panel, on the processors with the longest vectors

    def __init__(self, matrix: View):
        k, n = matrix.shape
        room = k * -(-n // self.WIDEST) * self.WIDEST
        self.matrix, self.panels = matrix, Buffer("arena", room, matrix.dtype)

    @property
    def reads(self):
        return [self.matrix.buffer]

    @property
    def writes(self):
        return [self.panels]


@final
class Fill(Kernel):
    """Zeros in a whole buffer."""

    def __init__(self, buffer: Buffer):
        self.buffer = buffer

    reads: Any = []

    @property
    def writes(self):
        return [self.buffer]


@final
class Convolution(Kernel):
    """One of the three convolutions of ops/convolution.py, for images or signals.

    Attributes:
        kind: "conv" (x, w, b -> z), "conv_transpose" (g, w -> x) or "conv_weight" (x, g -> w).
        operands: views that lie in order.
        output: the view of the result, in order.
        scratch: a buffer for the columns of every thread.
        parts: of a conv_weight, a buffer for the sums of every thread.
        sizes: numbers by name, as C knows them.
    """

    def __init__(self, kind: str, operands: Sequence[View | None], output: View,
                 scratch: Buffer, parts: Buffer | None, sizes: dict[str, int]):  # fmt: skip
        self.kind, self.operands, self.output = kind, list(operands), output
        self.scratch, self.parts, self.sizes = scratch, parts, sizes

    @property
    def flops(self) -> int:
        s = self.sizes
        return 2 * s["N"] * s["O"] * s["OH"] * s["OW"] * s["C"] * s["KH"] * s["KW"] // s["G"]

    @property
    def reads(self):
        return [view.buffer for view in self.operands if view is not None]

    @property
    def writes(self):
        return [self.output.buffer, self.scratch, *([self.parts] if self.parts else [])]


@final
class Attention(Kernel):
    """Attention or its gradients, see ops/attending.py.

    Attributes:
        name: of the primitive and of its C function: "attention" (q, k, v -> z) or
            "attention_slopes" (g, z, q, k, v -> dq, dk, dv).
        views: of stacks of matrices, whose rows lie in order, by the names that C has for them.
        output: the buffer that it writes.
        scratch: a buffer for what every thread works on.
        sizes: numbers by name, as C knows them.
    """

    def __init__(self, name: str, views: dict[str, View], output: Buffer, scratch: Buffer,
                 sizes: dict[str, Any]):  # fmt: skip
        self.name, self.views, self.output = name, views, output
        self.scratch, self.sizes = scratch, sizes

    @property
    def reads(self):
        return [view.buffer for view in self.views.values() if view.buffer is not self.output]

    @property
    def writes(self):
        return [self.output, self.scratch]


@final
class Scatter(Kernel):
    """Zeros, to which numbers are added at places that other numbers name.

    Attributes:
        source: the numbers, in the shape of the domain.
        indices: (view, bound, step) in that shape: what names a place.
        into: a view of the output in that shape: where a number goes before indices are added.
        output: the whole output, in order.
    """

    def __init__(self, source: View, indices: Sequence[tuple[View, int, int]], into: View,
                 output: View):  # fmt: skip
        self.source, self.indices, self.into, self.output = source, list(indices), into, output

    @property
    def reads(self):
        return [self.source.buffer, *(view.buffer for view, _, _ in self.indices)]

    @property
    def writes(self):
        return [self.output.buffer]


@final
class Host(Kernel):
    """A primitive that C was not taught: NumPy runs it between two stretches of native code."""

    def __init__(self, primitive: Any, inputs: Sequence[Any], params: dict[str, Any], output: View):
        self.primitive, self.inputs, self.params, self.output = primitive, inputs, params, output

    @property
    def reads(self):
        return [x.buffer for x in self.inputs if isinstance(x, View)]

    @property
    def writes(self):
        return [self.output.buffer]
