"""Attention and its gradients: a head at a time, whose weights stay in a core's cache."""

from __future__ import annotations

from math import prod
from typing import Any

from ..graph import Call
from .kernels import Attention
from .letters import literal
from .lowering import Lowering, whole_view
from .rules import rule
from .views import Buffer, View, in_order, rows_in_order

CHUNK = 64  # queries at a time: their weights for some hundred keys lie in a core's first cache


@rule("attention")
def _attention(self: Lowering, call: Call) -> None:
    operands = dict(zip("qkv", (_by_rows(self, x) for x in call.inputs), strict=True))
    place = self.values[call.output] = self.place(call.output)
    z = place if rows_in_order(place) else whole_view("arena", place.shape, place.dtype)
    _append(self, call, operands | {"z": z}, z.buffer)
    if z is not place:
        self.copy(z, place)


@rule("attention_slopes")
def _attention_slopes(self: Lowering, call: Call) -> None:
    operands = dict(zip("gzqkv", (_by_rows(self, x) for x in call.inputs), strict=True))
    row = self.values[call.output] = whole_view("arena", call.output.shape, call.output.dtype)
    start = 0
    for name in "qkv":
        shape = operands[name].shape
        operands[f"d{name}"] = View(row.buffer, start, shape, in_order(shape))
        start += prod(shape)
    _append(self, call, operands, row.buffer)


def _append(self: Lowering, call: Call, views: dict[str, View], output: Buffer) -> None:
    q, v = views["q"], views["v"]
    (queries, d), (keys, m) = q.shape[-2:], v.shape[-2:]
    chunk, wide = min(CHUNK, queries), -(-keys // 16) * 16
    sizes = dict(L=queries, S=keys, d=d, m=m, chunk=chunk, wide=wide,
                 causal=int(call.params["causal"]),
                 scale=literal(call.params["scale"], q.dtype))  # fmt: skip
    each = wide * (2 * chunk + d + m) + chunk * d  # see attention.h
    scratch = Buffer("arena", self.threads * each, q.dtype)
    kernel = Attention(call.primitive.name, views, output, scratch, sizes)
    kernel.where = call.where
    self.append(kernel)


def _by_rows(self: Lowering, x: Any) -> View:
    """An operand in memory, whose rows BLAS can read."""
    view = self.memory(x)
    return view if rows_in_order(view) else self.in_order(view)
