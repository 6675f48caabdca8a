"""Convolution on a graphics card: by cuDNN where it is, else as products of matrices.

For those, images are written as columns, one for each place of the kernel, a few samples at a time.

Source: Chellapilla, Puri, Simard, "High Performance Convolutional Neural Networks for Document
Processing" (2006), section 3.1.
"""

from functools import cache
from math import prod
from typing import Any

import numpy

from ..backends import cudnn as switches
from . import cudnn_gpu
from .convolution import (
    bordered_conv,
    bordered_conv_transpose,
    bordered_conv_weight,
    conv,
    conv_transpose,
    conv_weight,
)
from .kernels_gpu import Family, flat, serves
from .products_gpu import multiply
from .sliding import counts

SOURCE = r"""
struct Images { int shape[3], count[3], size[3], step[3], gap[3], before[3]; };

// Columns: of sample n and row (channel, place of the kernel) the number that output p meets.
extern "C" __global__ void columns(
    const T* x, T* z, Long total, Long channels, Long to_sample, Long to_row, Images how) {
    int outputs = how.count[0] * how.count[1] * how.count[2];
    int places = how.size[0] * how.size[1] * how.size[2];
    for (Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; i < total;
         i += (Long)gridDim.x * blockDim.x) {
        Long row = i / outputs, sample = row / (channels * places);
        int p = i - row * outputs, place = row % places, at = 0, rest = p, inside = 1;
        Long plane = row / places;
        int scale = 1;
        for (int d = 2; d >= 0; d--) {
            int k = place % how.size[d], out = rest % how.count[d];
            place /= how.size[d], rest /= how.count[d];
            int here = out * how.step[d] + k * how.gap[d] - how.before[d];
            inside &= here >= 0 && here < how.shape[d];
            at += scale * here, scale *= how.shape[d];
        }
        z[sample * to_sample + row % (channels * places) * to_row + p] =
            inside ? x[plane * scale + at] : T(0);
    }
}

// The way back: all that columns hold of a number of x, added up.
extern "C" __global__ void images(
    const T* z, T* x, Long total, Long channels, Long to_sample, Long to_row, Images how) {
    int numbers = how.shape[0] * how.shape[1] * how.shape[2];
    int places = how.size[0] * how.size[1] * how.size[2];
    for (Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; i < total;
         i += (Long)gridDim.x * blockDim.x) {
        Long plane = i / numbers;
        int rest = i - plane * numbers, at[3];
        for (int d = 2; d >= 0; d--) at[d] = rest % how.shape[d] + how.before[d],
                                     rest /= how.shape[d];
        A sum = 0;
        for (int place = 0; place < places; place++) {
            int left = place, p = 0, scale = 1, inside = 1;
            for (int d = 2; d >= 0; d--) {
                int out = at[d] - left % how.size[d] * how.gap[d];
                left /= how.size[d];
                inside &= out >= 0 && out % how.step[d] == 0 && out / how.step[d] < how.count[d];
                p += scale * (out / how.step[d]), scale *= how.count[d];
            }
            if (inside)
                sum += A(z[plane / channels * to_sample
                           + (plane % channels * places + place) * to_row + p]);
        }
        x[i] = T(sum);
    }
}
"""

family = Family(SOURCE)
_ROOM = 1 << 28  # bytes of columns at a time


@cache
def _geometry(
    spatial: tuple, sizes: tuple, border: tuple, steps: tuple, gaps: tuple
) -> tuple[tuple, Any]:
    """How many outputs there are along each dimension; and an `Images` as a kernel takes it."""
    within = tuple(n + sum(zeros) for n, zeros in zip(spatial, border, strict=True))
    places, numbers = counts(within, sizes, steps, gaps), []
    before = tuple(zeros[0] for zeros in border)
    for along, least in ((spatial, 1), (places, 1), (sizes, 1), (steps, 1), (gaps, 1), (before, 0)):
        numbers += [*(least,) * (3 - len(sizes)), *along]
    return places, numpy.array(numbers, "int32").view("V72")


def _serves(sizes: tuple, *arrays: Any) -> bool:
    return serves(*arrays) and len(sizes) <= 3 and max(x.size for x in arrays) < 1 << 40


def _parts(x: Any, rows: int, outputs: int) -> list[slice]:
    """Slices of samples whose columns fit into the room there is for them."""
    step = max(1, _ROOM // (rows * outputs * x.dtype.itemsize))
    return [slice(i, i + step) for i in range(0, len(x), step)]


def _columns(xp: Any, x: Any, rows: int, outputs: int, how: Any, side_by_side: bool) -> Any:
    """Columns (N, rows, outputs); or (rows, N outputs), samples side by side."""
    shape = (rows, len(x) * outputs) if side_by_side else (len(x), rows, outputs)
    z = xp.empty(shape, x.dtype)
    steps = (outputs, len(x) * outputs) if side_by_side else (rows * outputs, outputs)
    blocks = min(-(-z.size // 256), 1 << 20)
    family.run(xp, "columns", x, blocks, 256, x, z, z.size, x.shape[1], *steps, how)
    return z


# As products of matrices ------------------------------------------------------------------------


def _correlated(xp: Any, x: Any, w: Any, places: tuple, how: Any, groups: int) -> Any:
    rows, outputs = x.shape[1] * prod(w.shape[2:]), prod(places)
    kernel = w.reshape(groups, len(w) // groups, rows // groups)
    z = xp.empty((len(x), groups, len(w) // groups, outputs), x.dtype)
    for part in _parts(x, rows, outputs):
        met = _columns(xp, x[part], rows, outputs, how, False)
        multiply(xp, kernel, met.reshape(-1, groups, rows // groups, outputs), out=z[part])
    return z.reshape(len(x), len(w), *places)


def _spread(xp: Any, g: Any, w: Any, shape: tuple, how: Any, groups: int) -> Any:
    channels, outputs = w.shape[1] * groups, prod(g.shape[2:])
    rows = channels * prod(w.shape[2:])
    kernel = w.reshape(groups, len(w) // groups, -1).swapaxes(1, 2)
    z = xp.empty((len(g), channels, *shape), g.dtype)
    for part in _parts(g, rows, outputs):
        up, here = g[part].reshape(-1, groups, len(w) // groups, outputs), z[part]
        laid = multiply(xp, kernel, up)
        blocks = min(-(-here.size // 256), 1 << 20)
        family.run(xp, "images", g, blocks, 256, laid, here, here.size, channels, rows * outputs,
                    outputs, how)  # fmt: skip
    return z


def _weighed(xp: Any, x: Any, g: Any, sizes: tuple, how: Any, groups: int) -> Any:
    rows, outputs, many = x.shape[1] * prod(sizes), prod(g.shape[2:]), g.shape[1] // groups
    z: Any = None
    for part in _parts(x, rows, outputs):
        met = _columns(xp, x[part], rows, outputs, how, True)
        up = g[part].reshape(-1, groups, many, outputs).transpose(1, 2, 0, 3)
        up = up.reshape(groups, many, -1)
        each = met.reshape(groups, rows // groups, -1)
        here = multiply(xp, up, each.swapaxes(1, 2))
        z = here if z is None else z + here
    return z.reshape(groups * many, x.shape[1] // groups, *sizes)


# The primitives ---------------------------------------------------------------------------------


# For each way in which arrays came before: cuDNN's plan for them, or None, and the result's shape.
_known: dict[tuple, tuple[Any, tuple]] = {}


def _planned(
    xp: Any, name: str, x: Any, y: Any, border: tuple, steps: tuple, gaps: tuple, outline: Any
) -> tuple[Any, tuple]:  # fmt: skip
    """cuDNN's plan for two contiguous arrays, and the result's shape, which `outline` tells."""
    device, tf32 = xp.cuda.runtime.getDevice(), switches.allow_tf32
    key = (name, x.dtype.char, x.shape, y.shape, border, steps, gaps, outline, device, tf32)
    known = _known.get(key)
    if known is None:
        shape = outline
        if name == "conv_fprop":
            shape = (len(x), len(y), *_geometry(x.shape[2:], y.shape[2:], border, steps, gaps)[0])
        arrays = (x, y, xp.empty(shape, x.dtype))
        plan = cudnn_gpu.convolution(xp, name, arrays, border, steps, gaps)
        known = _known[key] = plan, shape
    return known


def _none(steps: tuple) -> tuple:
    return ((0, 0),) * len(steps)


@bordered_conv.on("cuda")
def _forward(xp, x, w, b, *, border, steps, gaps, groups):
    if not _serves(w.shape[2:], x, w):
        return bordered_conv.forward(xp, x, w, b, border=border, steps=steps, gaps=gaps,
                                     groups=groups)  # fmt: skip
    x, w = flat(xp, x, w)
    plan, shape = _planned(xp, "conv_fprop", x, w, border, steps, gaps, None)
    if plan is not None:
        z = xp.empty(shape, x.dtype)
        plan.run(xp, x, w, z)
    else:
        places, how = _geometry(x.shape[2:], w.shape[2:], border, steps, gaps)
        z = _correlated(xp, x, w, places, how, groups)
    return z if isinstance(b, (int, float)) and b == 0 else xp.add(z, b, out=z)


@bordered_conv_transpose.on("cuda")
def _towards_x(xp, g, w, *, shape, border, steps, gaps, groups):
    if not _serves(w.shape[2:], g, w):
        return bordered_conv_transpose.forward(xp, g, w, shape=shape, border=border, steps=steps,
                                               gaps=gaps, groups=groups)  # fmt: skip
    g, w = flat(xp, g, w)
    outline = (len(g), w.shape[1] * groups, *shape)
    plan, _ = _planned(xp, "conv_dgrad", g, w, border, steps, gaps, outline)
    if plan is None:
        _, how = _geometry(tuple(shape), w.shape[2:], border, steps, gaps)
        return _spread(xp, g, w, tuple(shape), how, groups)
    z = xp.empty(outline, g.dtype)
    plan.run(xp, g, w, z)
    return z


@bordered_conv_weight.on("cuda")
def _towards_w(xp, x, g, *, shape, border, steps, gaps, groups):
    if not _serves(shape, x, g):
        return bordered_conv_weight.forward(xp, x, g, shape=shape, border=border, steps=steps,
                                            gaps=gaps, groups=groups)  # fmt: skip
    x, g = flat(xp, x, g)
    outline = (g.shape[1], x.shape[1] // groups, *shape)
    plan, _ = _planned(xp, "conv_wgrad", x, g, border, steps, gaps, outline)
    if plan is None:
        _, how = _geometry(x.shape[2:], tuple(shape), border, steps, gaps)
        return _weighed(xp, x, g, tuple(shape), how, groups)
    z = xp.empty(outline, x.dtype)
    plan.run(xp, x, g, z)
    return z


conv.on("cuda")(lambda xp, *xs, steps, **how: _forward(
    xp, *xs, border=_none(steps), steps=steps, **how))  # fmt: skip
conv_transpose.on("cuda")(lambda xp, *xs, steps, **how: _towards_x(
    xp, *xs, border=_none(steps), steps=steps, **how))  # fmt: skip
conv_weight.on("cuda")(lambda xp, *xs, steps, **how: _towards_w(
    xp, *xs, border=_none(steps), steps=steps, **how))  # fmt: skip
