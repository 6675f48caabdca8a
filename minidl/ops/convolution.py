"""The convolution, in any number of dimensions, and its two adjoints.

Whatever way a gradient flows, it is one of the same three: conv is linear in x and in w,
conv_transpose is its adjoint towards x and conv_weight the one towards w, and the rules of each are
the other two. How they are computed stands in correlation.py.

Each has a twin with a border of zeros around x, fused of the three and of pad and crop: the zeros
are then part of the scratch memory that x is copied to, and no larger x is made or kept.

Shapes: x (N, C, *spatial), w (O, C / groups, *sizes), z and g (N, O, *counts).
"""

from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline
from .correlation import correlate, correlate_weight, spread
from .movement import crop, pad_
from .sliding import counts


def _convolved(x, w, b, *, steps, gaps, groups):
    if x.shape[1] != w.shape[1] * groups:
        raise ShapeError(
            f"conv: w {tuple(w.shape)} in {groups} groups reads {w.shape[1] * groups} channels, "
            f"x {tuple(x.shape)} has {x.shape[1]}."
        )
    places = counts(x.shape[2:], w.shape[2:], steps, gaps)
    return Outline((x.shape[0], w.shape[0], *places), x.dtype)


def _towards_x(g, w, *, shape, groups, **how):
    return Outline((g.shape[0], w.shape[1] * groups, *shape), g.dtype)


def _towards_w(x, g, *, shape, groups, **how):
    return Outline((g.shape[1], x.shape[1] // groups, *shape), x.dtype)


@primitive(_convolved, onnx="Conv")
def conv(xp, x, w, b, *, steps, gaps, groups):
    """z[n, o, p] = b[o] + the sum over c and k of x[n, c, p * step + k * gap] * w[o, c, k]

    b is (O, 1, ..., 1), or 0; added while z is written, it costs no walk through memory of its own.
    """
    return correlate(xp, x, w, b, _none(steps), steps, gaps, groups)


@primitive(_towards_x, onnx="ConvTranspose")
def conv_transpose(xp, g, w, *, shape, steps, gaps, groups):
    """z[n, c, i] = the sum of g[n, o, p] * w[o, c, k] over o and all p * step + k * gap = i

    Every number of g is laid back, as a copy of its kernel, over the window it stands for.
    """
    return spread(xp, g, w, shape, _none(steps), steps, gaps, groups)


@primitive(_towards_w)
def conv_weight(xp, x, g, *, shape, steps, gaps, groups):
    """z[o, c, k] = the sum over n and p of x[n, c, p * step + k * gap] * g[n, o, p]"""
    return correlate_weight(xp, x, g, shape, _none(steps), steps, gaps, groups)


def _none(steps):
    return ((0, 0),) * len(steps)


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


# With a border --------------------------------------------------------------------------------
# border: how many zeros (before, after) there are along each spatial dimension.


def _bordered(x, w, b, *, border, steps, gaps, groups):
    return _convolved(Outline(_around(x.shape, border), x.dtype), w, b, steps=steps, gaps=gaps,
                      groups=groups)  # fmt: skip


@primitive(_bordered)
def bordered_conv(xp, x, w, b, *, border, steps, gaps, groups):
    """z = conv(x between its zeros, w, b)"""
    return correlate(xp, x, w, b, border, steps, gaps, groups)


@primitive(_towards_x)
def bordered_conv_transpose(xp, g, w, *, shape, border, steps, gaps, groups):
    """z = conv_transpose(g, w) without the border"""
    return spread(xp, g, w, shape, border, steps, gaps, groups)


@primitive(_towards_w)
def bordered_conv_weight(xp, x, g, *, shape, border, steps, gaps, groups):
    """z = conv_weight(x between its zeros, g)"""
    return correlate_weight(xp, x, g, shape, border, steps, gaps, groups)


bordered_conv.vjp(
    lambda g, z, x, w, b, **how: bordered_conv_transpose(g, w, shape=tuple(x.shape[2:]), **how),
    lambda g, z, x, w, b, **how: bordered_conv_weight(x, g, shape=tuple(w.shape[2:]), **how),
    lambda g, z, x, w, b, **how: g,
)
bordered_conv_transpose.vjp(
    lambda h, z, g, w, shape, **how: bordered_conv(h, w, 0, **how),
    lambda h, z, g, w, shape, **how: bordered_conv_weight(h, g, shape=tuple(w.shape[2:]), **how),
)
bordered_conv_weight.vjp(
    lambda h, z, x, g, shape, **how: bordered_conv_transpose(g, h, shape=tuple(x.shape[2:]), **how),
    lambda h, z, x, g, shape, **how: bordered_conv(x, h, 0, **how),
)


@bordered_conv.composed
def _padded_conv(x, w, b, *, border, **how):
    shape = _around(x.shape, border)
    return conv(pad_(x, key=_within(x.shape[2:], border), shape=shape), w, b, **how)


@bordered_conv_transpose.composed
def _cropped_transpose(g, w, *, shape, border, **how):
    whole = _around((0, 0, *shape), border)[2:]
    return crop(conv_transpose(g, w, shape=whole, **how), key=_within(shape, border))


@bordered_conv_weight.composed
def _padded_weight(x, g, *, shape, border, **how):
    padded = pad_(x, key=_within(x.shape[2:], border), shape=_around(x.shape, border))
    return conv_weight(padded, g, shape=shape, **how)


def _around(shape, border):
    """The shape (N, C, *spatial) with its border."""
    spatial = (n + sum(zeros) for n, zeros in zip(shape[2:], border, strict=True))
    return (*shape[:2], *spatial)


def _within(spatial, border):
    """The key of what lies inside the border."""
    pairs = zip(spatial, border, strict=True)
    return (..., *(slice(before, before + n) for n, (before, _) in pairs))
