"""Small products of matrices as CUDA functions, which share launches with others.

cuBLAS takes some five microseconds for the smallest. A block here makes a few rows of 32 results:
its warps share the terms, and add up in an order that is fixed.
"""

from __future__ import annotations

from math import prod
from typing import final

from ..native.kernels import Product
from ..native.letters import c_type, summed_in
from ..native.views import Buffer, View

LARGEST = 5 * 10**6  # multiplications: for more cuBLAS is faster
ASKEW = 2**18  # the same where the second matrix lies by columns, so that a warp reads from afar
ACROSS = 32  # results side by side, one for each thread of a warp
TILES = 264  # that keep a card busy


def is_small(kernel: Product) -> bool:
    """Whether a product is done sooner here than by cuBLAS."""
    (n, step) = kernel.b.shape[-1], kernel.b.steps[-1]
    most = LARGEST if step == 1 or n == 1 else min(LARGEST, ASKEW)
    return kernel.flops // 2 <= most and kernel.c.size < 2**20


@final
class Tiles:
    """The CUDA function of a small product, in the words of a walk.

    Attributes:
        text: the function's body; arguments, names: its parameters.
        blocks: how many blocks there are.
    """

    checks = False

    def __init__(self, kernel: Product):
        views = self._views = kernel.a, kernel.b, kernel.c
        kinds = [c_type(view.dtype) for view in views]
        self.names = ["a", "b", "z"]
        self.arguments: list[tuple[str, Buffer, int]] = [
            (f"const {kind}*" if name != "z" else f"{kind}*", view.buffer, view.offset)
            for kind, name, view in zip(kinds, self.names, views, strict=True)
        ]
        (m, n), self._stack = kernel.c.shape[-2:], kernel.c.shape[:-2]
        across = -(-n // ACROSS)
        self._rows = 8
        while self._rows > 1 and -(-m // self._rows) * across * prod(self._stack) < TILES:
            self._rows //= 2
        self._tiles = -(-m // self._rows) * across
        self.blocks = self._tiles * prod(self._stack)
        self.text = self._text(m, n, kernel.a.shape[-1])

    def _text(self, m: int, n: int, k: int) -> str:
        kind = c_type(summed_in(self._views[2].dtype))
        steps = ", ".join(f"{view.steps[-2]}, {view.steps[-1]}" for view in self._views)
        places = ", ".join(f"{name}{self._shift(view)}"
                           for name, view in zip(self.names, self._views, strict=True))  # fmt: skip
        return "\n".join([
            "{",
            f"  for (int tile = block; tile < {self.blocks}; tile += blocks) {{",
            f"    const int q = tile / {self._tiles};",
            f"    multiply<{self._rows}, {kind}>({places}, tile % {self._tiles}, {m}, {n}, {k}, "
            f"{steps});",
            "  }",
            "}",
        ])  # fmt: skip

    def _shift(self, view: View) -> str:
        """The way to matrix number q of a stack."""
        terms, behind = [], 1
        for n, step in zip(reversed(self._stack), reversed(view.steps[:-2]), strict=True):
            if step and n > 1:
                terms.append(f" + q / {behind} % {n} * {step}")
            behind *= n
        return "".join(terms)
