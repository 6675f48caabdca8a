"""Primitives that look at an array through a sliding window: what convolution and pooling share.

A window of some `sizes` stands at every `steps`-th position along the last dimensions; its own
places lie `gaps` apart (PyTorch's kernel_size, stride, dilation). The window's dimensions come
first in the result, so that each of its places is one array of all windows: a loop over the few
places of a window then replaces one over its many positions.

windows and overlap_add are adjoint, and so are sum_windows and spread_windows, which could be
composed of them, but add place by place: many times as fast as a sum over short dimensions.
"""

from itertools import product
from math import prod

from ..backend import int64
from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline


def counts(spatial, sizes, steps, gaps):
    """How many windows fit along each dimension: (L - gap * (size - 1) - 1) // step + 1

    Raises:
        ShapeError: a window is larger than what it looks at.
    """
    along = list(zip(spatial, sizes, steps, gaps, strict=True))
    if any(gap * (size - 1) + 1 > length for length, size, _, gap in along):
        spread = tuple(gap * (size - 1) + 1 for _, size, _, gap in along)
        raise ShapeError(
            f"A window of {tuple(sizes)} that spans {spread} does not fit into {tuple(spatial)}."
        )
    return tuple((n - gap * (size - 1) - 1) // step + 1 for n, size, step, gap in along)


def seen(xp, x, sizes, steps, gaps):
    """The array (*sizes, *lead, *counts) of all windows, as a view."""
    n = x.ndim - len(sizes)
    lead, spatial = x.strides[:n], x.strides[n:]
    inner = (stride * gap for stride, gap in zip(spatial, gaps, strict=True))
    outer = (stride * step for stride, step in zip(spatial, steps, strict=True))
    shape = (*sizes, *x.shape[:n], *counts(x.shape[n:], sizes, steps, gaps))
    return xp.lib.stride_tricks.as_strided(x, shape, (*inner, *lead, *outer))


def overlapped(xp, pieces, shape, steps, gaps):
    """Windows (*sizes, *lead, *counts) added up where they lie in zeros of (*lead, *shape)."""
    n = len(shape)
    z = xp.zeros(_laid(pieces.shape, shape), pieces.dtype)
    places = seen(xp, z, pieces.shape[:n], steps, gaps)
    for place in product(*map(range, pieces.shape[:n])):
        places[place] += pieces[place]
    return z


def _laid(pieces, shape):
    """The shape (*lead, *shape) that windows of shape (*sizes, *lead, *counts) lie in."""
    return (*pieces[len(shape) : len(pieces) - len(shape)], *shape)


def _seen(x, *, sizes, steps, gaps):
    n = len(x.shape) - len(sizes)
    shape = (*sizes, *x.shape[:n], *counts(x.shape[n:], sizes, steps, gaps))
    return Outline(shape, x.dtype)


@primitive(_seen, view=True)
def windows(xp, x, *, sizes, steps, gaps):
    """z[k, ..., p] = x[..., p * step + k * gap]"""
    return seen(xp, x, sizes, steps, gaps)


@primitive(lambda x, *, shape, steps, gaps: Outline(_laid(x.shape, shape), x.dtype))
def overlap_add(xp, x, *, shape, steps, gaps):
    """z[..., i] = the sum of x[k, ..., p] over all k and p with p * step + k * gap = i"""
    return overlapped(xp, x, shape, steps, gaps)


windows.vjp(
    lambda g, z, x, sizes, **how: overlap_add(g, shape=tuple(x.shape[-len(sizes) :]), **how)
)
overlap_add.vjp(
    lambda g, z, x, shape, **how: windows(g, sizes=tuple(x.shape[: len(shape)]), **how)
)



# Pooling --------------------------------------------------------------------------------------


def _pooled(x, *, sizes, steps, gaps):
    outline = _seen(x, sizes=sizes, steps=steps, gaps=gaps)
    return Outline(outline.shape[len(sizes) :], x.dtype)


@primitive(_pooled)
def sum_windows(xp, x, *, sizes, steps, gaps):
    """z[..., p] = the sum of x[..., p * step + k * gap] over all k"""
    places = seen(xp, x, sizes, steps, gaps)
    z = xp.zeros(places.shape[len(sizes) :], x.dtype)
    for place in product(*map(range, sizes)):
        z += places[place]
    return z


@primitive(lambda x, *, shape, sizes, **how: Outline((*x.shape[: -len(shape)], *shape), x.dtype))
def spread_windows(xp, x, *, shape, sizes, steps, gaps):
    """z[..., i] = the sum of x[..., p] over all k and p with p * step + k * gap = i"""
    return overlapped(xp, xp.broadcast_to(x, (*sizes, *x.shape)), shape, steps, gaps)


sum_windows.vjp(
    lambda g, z, x, sizes, **how: spread_windows(
        g, shape=tuple(x.shape[-len(sizes) :]), sizes=sizes, **how
    )
)
spread_windows.vjp(lambda g, z, x, shape, **how: sum_windows(g, **how))


def _placed(x, *, sizes, steps, gaps):
    return Outline(_pooled(x, sizes=sizes, steps=steps, gaps=gaps).shape, int64)


@primitive(_placed)
def argmax_windows(xp, x, *, sizes, steps, gaps):
    """The place in the flattened x of each window's largest: the first of equals, the last nan"""
    places = seen(xp, x, sizes, steps, gaps)
    kind = "int16" if prod(sizes) < 2**15 else "int64"
    winner = xp.zeros(places.shape[len(sizes) :], kind)
    best = places[(0,) * len(sizes)].copy()
    every = list(enumerate(product(*map(range, sizes))))
    for number, place in every[1:]:
        better = places[place] > best
        xp.maximum(best, places[place], out=best)
        xp.maximum(winner, better.astype(kind) * number, out=winner)
    if (best != best).any():  # a nan is neither larger nor smaller, so it is looked for apart
        for number, place in every:
            winner[places[place] != places[place]] = number
    return _positions(xp, x.shape, winner, steps, gaps, sizes)


def _positions(xp, shape, winner, steps, gaps, sizes):
    """Which number of a flattened array a window's winning place is."""
    n = len(sizes)
    plane = xp.arange(prod(shape[-n:])).reshape(shape[-n:])
    places = seen(xp, plane, sizes, steps, gaps)
    within, begins = places[(..., *(0,) * n)].reshape(-1), places[(0,) * n]
    planes = xp.arange(prod(shape[:-n])).reshape(*shape[:-n], *(1,) * n) * plane.size
    z = within[winner]
    z += begins
    z += planes
    return z
