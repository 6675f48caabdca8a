"""The fused primitives of batch normalisation: a few walks through x, which all cores share.

x is (N, C, ...), and a channel's numbers are those of all samples. Each sample is worked on by
itself, in memory that stays in a core's cache; what is summed over all of them is summed last, in
the same order however many cores there are.
"""

from math import prod

from ..primitive import primitive
from ..tape import Outline
from ..threads import share
from .arithmetic import rsqrt
from .blocks import row_sums, single
from .movement import cat_, crop, reshape_
from .reduction import sum_

_SPEED = 2e3  # numbers that a core carries through a few operations in a microsecond
_NUMBERS = 2**16  # so many at a time: 256 KB of float32


@primitive(lambda x: Outline((2, x.shape[1]), x.dtype), quiet=True)
def channel_moments(xp, x):
    """The mean of each channel, and under it the variance (n below)"""
    return xp.stack(_moments(xp, _flat(x))).astype(x.dtype)


@channel_moments.composed
def _means(x):
    mean = _mean(x)
    centred = x - mean
    rows = (reshape_(y, shape=(1, x.shape[1])) for y in (mean, _mean(centred * centred)))
    return cat_(*rows, dim=0)


channel_moments.vjp(
    lambda h, z, x: (_lifted(h, x, 0) + _lifted(h, x, 1) * 2 * (x - _lifted(z, x, 0))) / _count(x)
)


@primitive(lambda x, w, b, *, eps: Outline(tuple(x.shape), x.dtype), quiet=True)
def batch_norm_(xp, x, w, b, *, eps):
    """z = (x - mean) / sqrt(var + eps) * w + b, with one mean, var, w and b for each channel"""
    flat, z = _flat(x), xp.empty(x.shape, x.dtype)
    mean, var = _moments(xp, flat)
    mean, scale, shift = (y[:, None] for y in (mean, single(w) / xp.sqrt(var + eps), single(b)))

    def work(x, z):
        centred = single(x) - mean
        centred *= scale
        xp.add(centred, shift, out=z, casting="same_kind")

    _by_samples(xp, work, flat, _flat(z))
    return z


@batch_norm_.composed
def _normalized(x, w, b, eps):
    normal, _ = _normal(x, eps)
    return normal * _lifted(w, x) + _lifted(b, x)


@batch_norm_.joint_vjp
def _(g, z, x, w, b, eps):
    d = batch_norm_slopes(g, x, w, eps=eps)
    size, channels = prod(x.shape), x.shape[1]
    ends = (0, size, size + channels, size + 2 * channels)
    parts = zip(ends, ends[1:], (x, w, b), strict=False)
    return tuple(reshape_(crop(d, key=(slice(i, j),)), shape=tuple(y.shape)) for i, j, y in parts)


@primitive(lambda g, x, w, *, eps: Outline((prod(x.shape) + 2 * x.shape[1],), x.dtype), quiet=True)
def batch_norm_slopes(xp, g, x, w, *, eps):
    """dL/dx, dL/dw and dL/db in one row"""
    size, channels = x.size, x.shape[1]
    d = xp.empty(size + 2 * channels, x.dtype)
    flat, h, dx = _flat(x), _flat(g), _flat(d[:size].reshape(x.shape))
    mean, var = _moments(xp, flat)
    scale, mean = 1 / xp.sqrt(var + eps), mean[:, None]
    sums = xp.empty((2, *x.shape[:2], 1), var.dtype)

    def add(g, x, to_w, to_b):
        centred, g = single(x) - mean, single(g)
        centred *= g
        to_w[...] = row_sums(xp, centred)
        to_b[...] = row_sums(xp, g)

    _by_samples(xp, add, h, flat, *sums)
    to_w, to_b = xp.add.reduce(sums, 1)[..., 0]
    to_w *= scale
    d[size : size + channels], d[size + channels :] = to_w, to_b
    share_b, share_w = (y[:, None] / _count(x) for y in (to_b, to_w * scale))
    scale = (scale * single(w))[:, None]

    def work(g, x, dx):
        centred = single(x) - mean
        centred *= share_w
        part = g - centred
        part -= share_b
        xp.multiply(part, scale, out=dx, casting="same_kind")

    _by_samples(xp, work, h, flat, dx)
    return d


@batch_norm_slopes.composed
def _(g, x, w, eps):
    normal, scale = _normal(x, eps)
    product, channels = g * normal, (x.shape[1],)
    dx = (g - _mean(g) - normal * _mean(product)) * scale * _lifted(w, x)
    dims = (0, *range(2, x.ndim))
    rows = [reshape_(dx, shape=(prod(x.shape),))]
    rows += [reshape_(sum_(y, dims=dims, keepdim=False), shape=channels) for y in (product, g)]
    return cat_(*rows, dim=0)


# Parts ----------------------------------------------------------------------------------------


def _count(x):
    """How many numbers a channel has."""
    return prod(x.shape) // x.shape[1]


def _flat(x):
    """(N, C, ...) as (N, C, L)"""
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def _moments(xp, x):
    """The mean and the variance of each channel of (N, C, L)."""
    sums = xp.empty((*x.shape[:2], 1), single(x[:0]).dtype)

    def add(x, to):
        to[...] = row_sums(xp, single(x))

    _by_samples(xp, add, x, sums)
    mean = xp.add.reduce(sums, 0) / _count(x)

    def add_squares(x, to):
        centred = single(x) - mean
        centred *= centred
        to[...] = row_sums(xp, centred)

    _by_samples(xp, add_squares, x, sums)
    return mean[:, 0], xp.add.reduce(sums, 0)[:, 0] / _count(x)


def _by_samples(xp, work, *arrays):
    """Calls `work` with the same few samples of each array, by all cores."""
    x = max(arrays, key=lambda y: y.size)
    step = max(_NUMBERS * len(x) // max(x.size, 1), 1)
    parts = [slice(i, i + step) for i in range(0, len(x), step)]
    share(xp, lambda: lambda part: work(*(y[part] for y in arrays)), parts, x.size / _SPEED)


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
