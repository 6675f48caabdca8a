"""The three convolutions, over signals and images; padding before them is seen, not stored."""

from __future__ import annotations

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
    parts = Buffer("arena", self.threads * out.size, out.dtype)
    _append(self, call, "conv_weight", [inside, self.in_order(g)], out, sizes, parts)
    self.values[call.output] = place
    if out is not place:
        self.copy(out, place)


FEW = 48  # channels up to which a convolution needs no columns


def _append(self: Lowering, call: Call, kind: str, operands: list[View | None], out: View,
            sizes: dict[str, int], parts: Buffer | None = None) -> None:  # fmt: skip
    how, each = _chosen(kind, sizes)
    scratch = Buffer("arena", self.threads * each, np.dtype("float32"))
    kernel = Convolution(how, operands, out, scratch, parts, sizes)
    kernel.where = call.where
    self.append(kernel)


def _chosen(kind: str, sizes: dict[str, int]) -> tuple[str, int]:
    """The C function for some sizes, and how many numbers of scratch each thread needs.

    Many channels make large products, which BLAS does best; few are met where they lie.
    """
    c, o, kh, kw = (sizes[k] for k in ("C", "O", "KH", "KW"))
    taps, oh, ow = kh * kw, sizes["OH"], sizes["OW"]
    plain = sizes["G"] == 1 and sizes["SW"] == 1
    if kind == "conv" and plain and ow >= 8 and o % 8 == 0 and o <= FEW:
        h = (oh - 1) * sizes["SH"] + (kh - 1) * sizes["DH"] + 1
        w = ow + (kw - 1) * sizes["DW"]
        return "direct_conv", o * c * taps + c * h * w + 64
    if kind == "conv_transpose" and plain and sizes["SH"] == 1 and c % 8 == 0 and max(c, o) <= FEW:
        inside = sizes["PH"] <= (kh - 1) * sizes["DH"] and sizes["PW"] <= (kw - 1) * sizes["DW"]
        if sizes["W"] >= 8 and inside:
            h, w = sizes["H"] + (kh - 1) * sizes["DH"], sizes["W"] + (kw - 1) * sizes["DW"]
            return "direct_conv_transpose", o * c * taps + o * h * w + 64
    if kind == "conv_weight" and plain and kw <= 3 and o % 8 == 0 and o <= FEW and ow >= 6:
        wide = -(-ow // 8) * 8
        w = wide + (kw - 1) * sizes["DW"]
        h = (oh - 1) * sizes["SH"] + (kh - 1) * sizes["DH"] + 1
        sizes["GROUP"] = max(512 // (oh * wide), 1)
        return "direct_conv_weight", sizes["GROUP"] * (c * h * w + o * oh * wide) + 64
    return kind, c // sizes["G"] * taps * oh * ow


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
                DH=dh, DW=dw, PH=0, PW=0, G=call.params["groups"], GROUP=1)  # fmt: skip


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
