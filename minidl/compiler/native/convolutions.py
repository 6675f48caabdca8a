"""The three convolutions, over signals and images; padding before them is seen, not stored."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..graph import Call
from .kernels import Convolution
from .letters import Unwritable
from .lowering import Lowering, Splat, whole_view
from .rules import rule
from .views import Buffer, View


@rule("conv")
def _conv(self: Lowering, call: Call) -> None:
    x, w, b = call.inputs
    sizes = _sizes(call, call.output.shape, x.shape, w.shape[2:])
    inside = _inside(self, x, sizes)
    out = self.place(call.output)
    z = out if out.contiguous else whole_view("arena", out.shape, out.dtype)
    bias = None
    if isinstance(b, (int, float)):
        if b != 0:
            raise Unwritable("a number as bias")
    else:
        bias = self.in_order(b)
    _append(self, call, "conv", [inside, self.in_order(w), bias], z, sizes)
    self.values[call.output] = out
    if z is not out:
        self.copy(z, out)


@rule("conv_transpose")
def _conv_transpose(self: Lowering, call: Call) -> None:
    g, w = call.inputs
    shape = (*call.output.shape[:2], *call.params["shape"])
    sizes = _sizes(call, g.shape, shape, w.shape[2:])
    out = whole_view("arena", shape, call.output.dtype)
    _append(self, call, "conv_transpose", [self.in_order(g), self.in_order(w)], out, sizes)
    self.values[call.output] = out


@rule("conv_weight")
def _conv_weight(self: Lowering, call: Call) -> None:
    x, g = call.inputs
    sizes = _sizes(call, g.shape, x.shape, call.params["shape"])
    inside = _inside(self, x, sizes)
    place = self.place(call.output)
    out = place if place.contiguous else whole_view("arena", place.shape, place.dtype)
    parts = None
    if self.threads > 1:
        parts = Buffer("arena", self.threads * out.size, out.dtype)
    _append(self, call, "conv_weight", [inside, self.in_order(g)], out, sizes, parts)
    self.values[call.output] = place
    if out is not place:
        self.copy(out, place)


def _append(self: Lowering, call: Call, kind: str, operands: list[View | None], out: View,
            sizes: dict[str, int], parts: Buffer | None = None) -> None:  # fmt: skip
    columns = sizes["C"] // sizes["G"] * sizes["KH"] * sizes["KW"] * sizes["OH"] * sizes["OW"]
    scratch = Buffer("arena", self.threads * columns, np.dtype("float32"))
    kernel = Convolution(kind, operands, out, scratch, parts, sizes)
    kernel.where = call.where
    self.append(kernel)


def _sizes(call: Call, z: Any, x: Any, kernel: Any) -> dict[str, int]:
    """All sizes by name; a signal is an image of one row."""
    if call.output.dtype != np.float32:
        raise Unwritable(f"numbers of {call.output.dtype}")
    steps, gaps, n = call.params["steps"], call.params["gaps"], len(kernel)
    if n > 2:
        raise Unwritable("a volume")
    one = (1,) * (2 - n)
    (h, w), (kh, kw), (oh, ow) = ((*one, *sizes) for sizes in (x[2:], kernel, z[2:]))
    (sh, sw), (dh, dw) = ((*one, *sizes) for sizes in (steps, gaps))
    return dict(N=x[0], C=x[1], H=h, W=w, O=z[1], KH=kh, KW=kw, OH=oh, OW=ow, SH=sh, SW=sw,
                DH=dh, DW=dw, PH=0, PW=0, G=call.params["groups"])  # fmt: skip


def _inside(self: Lowering, x: Any, sizes: dict[str, int]) -> View:
    """The image without its zeros, whose widths go into `sizes`."""
    virtual = self.virtual(x)
    if virtual is None:
        return self.in_order(x)
    pad, widths = virtual
    widths = [(0, 0)] * (2 - len(widths)) + widths
    inner = pad.inputs[0]
    sizes["PH"], sizes["PW"] = widths[0][0], widths[1][0]
    sizes["H"], sizes["W"] = ((1,) * 2 + tuple(inner.shape[2:]))[-2:]
    value = self.value(inner)
    if isinstance(value, Splat):
        value = self.memory(inner)
    return self.in_order(value)


__all__ = ["prod"]
