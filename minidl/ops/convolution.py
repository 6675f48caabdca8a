"""The convolution, in any number of dimensions, and its two adjoints: each a product of matrices.

Every window of x is written as a column; then all outputs are `kernels @ columns`. Whatever way a
gradient flows, it is one of the same three: conv is linear in x and in w, conv_transpose is its
adjoint towards x and conv_weight the one towards w, and the rules of each are the other two.

Shapes: x (N, C, *spatial), w (O, C / groups, *sizes), z and g (N, O, *counts). The columns of a
whole batch would take prod(sizes) times the memory of x, so a few samples at a time are written,
as many as stay in the processor's cache.

Source: Chellapilla, Puri, Simard, "High Performance Convolutional Neural Networks for Document
Processing" (2006), section 3.1.
"""

from math import prod

from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline
from .sliding import counts, overlapped, seen

_COLUMNS = 2**18  # so many numbers in columns at a time: 1 MB of float32


def _convolved(x, w, b, *, steps, gaps, groups):
    if x.shape[1] != w.shape[1] * groups:
        raise ShapeError(
            f"conv: w {tuple(w.shape)} in {groups} groups reads {w.shape[1] * groups} channels, "
            f"x {tuple(x.shape)} has {x.shape[1]}."
        )
    places = counts(x.shape[2:], w.shape[2:], steps, gaps)
    return Outline((x.shape[0], w.shape[0], *places), x.dtype)


def _towards_x(g, w, *, shape, steps, gaps, groups):
    return Outline((g.shape[0], w.shape[1] * groups, *shape), g.dtype)


def _towards_w(x, g, *, shape, steps, gaps, groups):
    return Outline((g.shape[1], x.shape[1] // groups, *shape), x.dtype)


@primitive(_convolved, onnx="Conv")
def conv(xp, x, w, b, *, steps, gaps, groups):
    """z[n, o, p] = b[o] + the sum over c and k of x[n, c, p * step + k * gap] * w[o, c, k]

    b is (O, 1, ..., 1), or 0; added while z is written, it costs no walk through memory of its own.
    """
    kernels = _as_rows(w, groups)
    z = xp.empty(_convolved(x, w, b, steps=steps, gaps=gaps, groups=groups).shape, x.dtype)
    for part in _parts(len(x), kernels, z.shape[2:]):
        rows = kernels @ _as_columns(xp, x[part], w.shape[2:], steps, gaps, groups)
        xp.add(_samples_first(rows, z[part].shape), b, out=z[part])
    return z


@primitive(_towards_x, onnx="ConvTranspose")
def conv_transpose(xp, g, w, *, shape, steps, gaps, groups):
    """z[n, c, i] = the sum of g[n, o, p] * w[o, c, k] over o and all p * step + k * gap = i

    Every number of g is laid back, as a copy of its kernel, over the window it stands for.
    """
    kernels = _as_rows(w, groups).swapaxes(1, 2)
    z = xp.empty((len(g), w.shape[1] * groups, *shape), g.dtype)
    for part in _parts(len(g), kernels, g.shape[2:]):
        rows = _channels_first(g[part], groups)
        columns = kernels * rows if rows.shape[1] == 1 else kernels @ rows  # * where depthwise
        sizes = (groups, *w.shape[2:], w.shape[1], len(g[part]), *g.shape[2:])
        pieces = xp.moveaxis(columns.reshape(sizes), 0, len(shape))
        whole = overlapped(xp, pieces, shape, steps, gaps)
        z[part] = _samples_first(whole, z[part].shape)
    return z


@primitive(_towards_w)
def conv_weight(xp, x, g, *, shape, steps, gaps, groups):
    """z[o, c, k] = the sum over n and p of x[n, c, p * step + k * gap] * g[n, o, p]"""
    outputs, channels = g.shape[1] // groups, x.shape[1] // groups
    kernels = xp.zeros((groups, outputs, prod(shape) * channels), x.dtype)
    for part in _parts(len(x), kernels, g.shape[2:]):
        columns = _as_columns(xp, x[part], shape, steps, gaps, groups)
        kernels += _channels_first(g[part], groups) @ columns.swapaxes(1, 2)
    return xp.moveaxis(kernels.reshape(g.shape[1], *shape, channels), -1, 1)


conv.vjp(
    lambda g, z, x, w, b, **how: conv_transpose(g, w, shape=tuple(x.shape[2:]), **how),
    lambda g, z, x, w, b, **how: conv_weight(x, g, shape=tuple(w.shape[2:]), **how),
    lambda g, z, x, w, b, **how: g,  # summed to b's shape where all gradients are
)
conv_transpose.vjp(
    lambda h, z, g, w, shape, **how: conv(h, w, 0, **how),
    lambda h, z, g, w, shape, **how: conv_weight(h, g, shape=tuple(w.shape[2:]), **how),
)
conv_weight.vjp(
    lambda h, z, x, g, shape, **how: conv_transpose(g, h, shape=tuple(x.shape[2:]), **how),
    lambda h, z, x, g, shape, **how: conv(x, h, 0, **how),
)


# How images become matrices -------------------------------------------------------------------


def _parts(samples, kernels, places):
    """Slices of the batch whose columns hold about `_COLUMNS` numbers."""
    each = prod(kernels.shape) // max(kernels.shape[1], 1) * prod(places)
    step = max(_COLUMNS // max(each, 1), 1)
    return [slice(i, min(i + step, samples)) for i in range(0, samples, step)]


def _as_rows(w, groups):
    """(O, C / groups, *sizes) as matrices (groups, O / groups, prod(sizes) * C / groups)."""
    n, channels = w.ndim - 2, w.shape[1]
    last = w.transpose(0, *range(2, n + 2), 1)
    return last.reshape(groups, w.shape[0] // groups, prod(w.shape[2:]) * channels)


def _as_columns(xp, x, sizes, steps, gaps, groups):
    """All windows of (N, C, *spatial) as (groups, prod(sizes) * C / groups, N * prod(counts))."""
    channels = x.shape[1] // groups
    apart = xp.moveaxis(x.reshape(len(x), groups, channels, *x.shape[2:]), 0, 2)
    places = xp.moveaxis(seen(xp, apart, sizes, steps, gaps), len(sizes), 0)
    rows = prod(sizes) * channels
    return places.reshape(groups, rows, prod(places.shape) // max(groups * rows, 1))


def _channels_first(g, groups):
    """(N, O, *counts) as (groups, O / groups, N * prod(counts))."""
    numbers = len(g) * prod(g.shape[2:])
    return g.swapaxes(0, 1).reshape(groups, g.shape[1] // groups, numbers)


def _samples_first(rows, shape):
    """What `kernels @ columns` computed, as (N, O, *counts)."""
    return rows.reshape(shape[1], shape[0], *shape[2:]).swapaxes(0, 1)
