"""Primitives that look at an array through a sliding window: what convolution and pooling share.

A window of some `sizes` stands at every `steps`-th position along the last dimensions; its own
places lie `gaps` apart (PyTorch's kernel_size, stride, dilation). The window's dimensions come
first in the result, so that each of its places is one array of all windows: a loop over the few
places of a window then replaces one over its many positions.

windows and overlap_add are adjoint.
"""

from itertools import product

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
overlap_add.vjp(lambda g, z, x, shape, **how: windows(g, sizes=tuple(x.shape[: len(shape)]), **how))
