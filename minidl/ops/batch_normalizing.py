"""The fused primitives of batch normalisation: a few walks through x, which all cores share.

x is (N, C, ...), and a channel's numbers are those of all samples. Each sample is worked on by
itself, in memory that stays in a core's cache; what is summed over all of them is summed last, in
the same order however many cores there are.
"""

from collections.abc import Callable
from math import prod
from typing import Any

from ..backend import float32, is_half
from ..primitive import primitive
from ..tape import Outline
from ..threads import parts, share
from .arithmetic import rsqrt
from .blocks import row_sums
from .movement import cat_, crop, reshape_
from .reduction import in_dtype, sum_

# How a device measures a batch and lets running statistics follow it, in place and at once, by its
# type: (xp, x, mean, var, momentum) -> channel_moments(x), or None where it has no kernel for these.
FOLLOW: dict[str, Callable[..., Any]] = {}

_SPEED = 2e3  # numbers that a core carries through a few operations in a microsecond


def _exact(kind):
    """The dtype of what is known of a channel: halves would spoil it."""
    return float32 if is_half(kind) else kind


@primitive(lambda x: Outline((2, x.shape[1]), _exact(x.dtype)), quiet=True)
def channel_moments(xp, x):
    """The mean of each channel, and under it the variance (n below); of halves, as float32"""
    return xp.stack(_moments(xp, _flat(x)))


@channel_moments.composed
def _means(x):
    x = in_dtype(x, _exact(x.dtype))
    mean = _mean(x)
    centred = x - mean
    rows = (reshape_(y, shape=(1, x.shape[1])) for y in (mean, _mean(centred * centred)))
    return cat_(*rows, dim=0)


channel_moments.vjp(
    lambda h, z, x: (_lifted(h, x, 0) + _lifted(h, x, 1) * 2 * (x - _lifted(z, x, 0))) / _count(x)
)


@primitive(lambda x, w, b, *, eps, known=None: Outline(tuple(x.shape), x.dtype), quiet=True)
def batch_norm_(xp, x, w, b, *, eps, known=None):
    """z = (x - mean) / sqrt(var + eps) * w + b, with one mean, var, w and b for each channel

    Of halves, w and b may be float32.

    known: channel_moments(x), where it was computed before; it need not be looked at.
    """
    flat, z = _flat(x), xp.empty(x.shape, x.dtype)
    mean, var = _moments(xp, flat) if known is None else known
    scale = w / xp.sqrt(var + eps)
    shift = (b - mean * scale)[:, None]
    scale = scale[:, None]

    def work(x, z):
        xp.multiply(x, scale, out=z, casting="same_kind")
        xp.add(z, shift, out=z, casting="same_kind")

    _by_samples(xp, work, flat, _flat(z))
    return z


@batch_norm_.composed
def _normalized(x, w, b, eps, known=None):
    kind = x.dtype
    normal, _ = _normal(in_dtype(x, w.dtype), eps)
    return in_dtype(normal * _lifted(w, x) + _lifted(b, x), kind)


@batch_norm_.joint_vjp
def _(g, z, x, w, b, eps, known=None):
    d = batch_norm_slopes(g, x, w, eps=eps, known=known)
    size, channels = prod(x.shape), x.shape[1]
    ends = (0, size, size + channels, size + 2 * channels)
    cuts = zip(ends, ends[1:], (x, w, b), strict=False)
    return tuple(reshape_(crop(d, key=(slice(i, j),)), shape=tuple(y.shape)) for i, j, y in cuts)


def _slopes(g, x, w, *, eps, known=None):
    return Outline((prod(x.shape) + 2 * x.shape[1],), x.dtype)


@primitive(_slopes, quiet=True)
def batch_norm_slopes(xp, g, x, w, *, eps, known=None):
    """dL/dx, dL/dw and dL/db in one row; `known` as for batch_norm_"""
    size, channels = x.size, x.shape[1]
    d = xp.empty(size + 2 * channels, x.dtype)
    flat, h, dx = _flat(x), _flat(g), _flat(d[:size].reshape(x.shape))
    mean, var = _moments(xp, flat) if known is None else known
    scale, mean = 1 / xp.sqrt(var + eps), mean[:, None]
    sums = xp.empty((2, *x.shape[:2], 1), var.dtype)

    def add(g, x, to_w, to_b):
        to_w[...] = _products(xp, g, x - mean)
        to_b[...] = row_sums(xp, g)

    _by_samples(xp, add, h, flat, *sums)
    to_w, to_b = xp.add.reduce(sums, 1)[..., 0]
    to_w *= scale
    d[size : size + channels], d[size + channels :] = to_w, to_b
    by_x = (scale * to_w / -_count(x))[:, None]
    rest = -to_b[:, None] / _count(x) - by_x * mean
    scale = (scale * w)[:, None]

    def work(g, x, dx):
        slope = xp.multiply(x, by_x, out=dx)
        slope += rest
        slope += g
        xp.multiply(slope, scale, out=dx, casting="same_kind")

    _by_samples(xp, work, h, flat, dx)
    return d


@batch_norm_slopes.composed
def _(g, x, w, eps, known=None):
    kind, g, x = x.dtype, in_dtype(g, w.dtype), in_dtype(x, w.dtype)
    normal, scale = _normal(x, eps)
    product, channels = g * normal, (x.shape[1],)
    dx = (g - _mean(g) - normal * _mean(product)) * scale * _lifted(w, x)
    dims = (0, *range(2, x.ndim))
    rows = [reshape_(dx, shape=(prod(x.shape),))]
    rows += [reshape_(sum_(y, dims=dims, keepdim=False), shape=channels) for y in (product, g)]
    return in_dtype(cat_(*rows, dim=0), kind)


# Parts ----------------------------------------------------------------------------------------


def _count(x):
    """How many numbers a channel has."""
    return prod(x.shape) // x.shape[1]


def _flat(x):
    """(N, C, ...) as (N, C, L)"""
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def _moments(xp, x):
    """The mean and the variance of each channel of (N, C, L), by one walk.

    Sums of squares lose digits where the mean is large, so the first sample's is taken off first.
    """
    near = row_sums(xp, x[0], 1 / x.shape[2])
    sums = xp.empty((2, *x.shape[:2], 1), near.dtype)

    def add(x, once, twice):
        centred = x - near
        once[...] = row_sums(xp, centred)
        twice[...] = _products(xp, centred, centred)

    _by_samples(xp, add, x, *sums)
    mean, square = xp.add.reduce(sums, 1)[..., 0] / _count(x)
    return near[:, 0] + mean, xp.maximum(square - mean * mean, 0)


def _products(xp, x, y):
    """The inner products of rows (..., L) of x and y, as (..., 1)."""
    if x.shape[-1] < 32:
        return row_sums(xp, x * y)
    return xp.matmul(x[..., None, :], y[..., None])[..., 0]


def _by_samples(xp, work, *arrays):
    """Calls `work` with the same few samples of each array, by all cores."""
    x = max(arrays, key=lambda y: y.size)
    tasks = parts(len(x), x.size // len(x))
    share(xp, lambda: lambda part: work(*(y[part] for y in arrays)), tasks, x.size / _SPEED)


def _mean(x):
    """The mean of each channel, sizes kept as 1; of any primitives, as what follows."""
    return sum_(x, dims=(0, *range(2, x.ndim)), keepdim=True) / _count(x)


def _normal(x, eps):
    """(x - mean) / sqrt(var + eps), and 1 / sqrt(var + eps)."""
    centred = x - _mean(x)
    scale = rsqrt(_mean(centred * centred) + eps)
    return centred * scale, scale


def _lifted(y, x, row=None):
    """A vector over channels, or a row of a matrix of them, in the place of x's channels."""
    y = y if row is None else crop(y, key=(row,))
    return reshape_(y, shape=(x.shape[1], *(1,) * (x.ndim - 2)))
