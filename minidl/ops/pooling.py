"""Primitives that make one number of each window: its sum, its largest, and where that stands.

All could be composed of `windows`, but work place by place: a window has few places and an array
many windows, so this is many times as fast as a reduction over short dimensions.

sum_windows and spread_windows are adjoint; so are pick_winners and spread_winners, which carry
gradients from and to the largest of each window. Of equals the first is the largest; of nans, which
count as larger than all, the last.
"""

from itertools import product
from math import prod

from ..backend import int64
from ..primitive import primitive
from ..tape import Outline
from ..threads import parts, share
from .indexing import Slot, gather_at, scatter_at
from .movement import reshape_
from .sliding import counts, overlapped, seen

# Sums -----------------------------------------------------------------------------------------


def _pooled(x, *, sizes, steps, gaps):
    n = len(sizes)
    return Outline((*x.shape[:-n], *counts(x.shape[-n:], sizes, steps, gaps)), x.dtype)


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


# The largest ----------------------------------------------------------------------------------


@primitive(_pooled)
def max_windows(xp, x, *, sizes, steps, gaps):
    """z[..., p] = the largest x[..., p * step + k * gap] over all k"""
    dims = list(zip(range(-len(sizes), 0), sizes, steps, gaps, strict=True))
    z = xp.empty(_pooled(x, sizes=sizes, steps=steps, gaps=gaps).shape, x.dtype)

    def work(x, z):
        for dim in dims[:-1]:
            x = _largest_of(xp, _along(x, *dim))
        _largest_of(xp, _along(x, *dims[-1]), z)

    _by_planes(xp, work, x, z, dims=len(sizes))
    return z


@primitive(lambda g, x, z, *, sizes, steps, gaps: Outline(tuple(x.shape), g.dtype))
def spread_winners(xp, g, x, z, *, sizes, steps, gaps):
    """Zeros like x, and g[..., p] where the largest of window p stands; z = max_windows(x)"""
    dims = list(zip(range(-len(sizes), 0), sizes, steps, gaps, strict=True))
    sums, nans = xp.empty(x.shape, g.dtype), bool((z != z).any())

    def work(g, x, z, sums):
        before = [x]  # what each dimension's windows are of; columns are joined before rows, for
        for dim in dims[:0:-1]:  # the first of equals stands in the first row that has one
            before.append(_largest_of(xp, _along(before[-1], *dim)))
        for dim in dims:
            x, last = before.pop(), not before
            to = sums if last else xp.empty(x.shape, g.dtype)
            _hand_back(xp, g, _hits(xp, _along(x, *dim), z, nans), to, *dim)
            g, z = to, x

    _by_planes(xp, work, g, x, z, sums, dims=len(sizes))
    return sums


def _hand_back(xp, g, hits, to, dim, size, step, gap):
    """Writes g to those places along one dimension that are hit, and 0 to all others."""
    apart = step > gap * (size - 1)
    if not apart or step != size or to.shape[dim] != g.shape[dim] * size:
        to[...] = 0
    for place, hit in zip(_along(to, dim, size, step, gap), hits, strict=True):
        if apart:
            xp.multiply(g, hit, out=place)
        else:
            place += g * hit


@primitive(lambda h, x, z, *, sizes, steps, gaps: Outline(tuple(z.shape), h.dtype))
def pick_winners(xp, h, x, z, *, sizes, steps, gaps):
    """What h, of x's shape, has where the largest of each window of x stands; z = max_windows(x)"""
    how = {"sizes": sizes, "steps": steps, "gaps": gaps}
    picked, hits = xp.zeros(z.shape, h.dtype), _hits(xp, _places(xp, x, **how), z, (z != z).any())
    for place, hit in zip(_places(xp, h, **how), hits, strict=True):
        picked += place * hit
    return picked


max_windows.vjp(lambda g, z, x, **how: spread_winners(g, x, z, **how))
spread_winners.vjp(lambda h, sums, g, x, z, **how: pick_winners(h, x, z, **how), None, None)
pick_winners.vjp(lambda g, picked, h, x, z, **how: spread_winners(g, x, z, **how), None, None)


@max_windows.composed
def _largest(x, **how):
    return _picked(x, argmax_windows(x, **how))


@spread_winners.composed
def _spread(g, x, z, **how):
    row = reshape_(argmax_windows(x, **how), shape=(prod(z.shape),))
    numbers = reshape_(g, shape=(prod(g.shape),))
    sums = scatter_at(numbers, row, key=(Slot.ARRAY,), shape=(prod(x.shape),))
    return reshape_(sums, shape=tuple(x.shape))


@pick_winners.composed
def _pick(h, x, z, **how):
    return _picked(h, argmax_windows(x, **how))


def _picked(x, places):
    """The numbers at places of the flattened x."""
    row = reshape_(places, shape=(prod(places.shape),))  # adding back is fastest along a row
    numbers = gather_at(reshape_(x, shape=(prod(x.shape),)), row, key=(Slot.ARRAY,))
    return reshape_(numbers, shape=tuple(places.shape))


def _places(xp, x, sizes, steps, gaps):
    """For each place of a window, what all windows have there."""
    places = seen(xp, x, sizes, steps, gaps)
    return [places[at] for at in product(*map(range, sizes))]


def _along(x, dim, size, step, gap):
    """For each place of a window along one dimension, what all windows have there."""
    reach = (x.shape[dim] - gap * (size - 1) - 1) // step * step + 1
    after = (slice(None),) * (-1 - dim)
    return [x[(..., slice(k * gap, k * gap + reach, step), *after)] for k in range(size)]


def _largest_of(xp, places, out=None):
    """The largest of arrays, number by number."""
    first, *others = places
    z = xp.maximum(first, others[0] if others else first, out=out)
    for place in others[1:]:
        xp.maximum(z, place, out=z)
    return z


def _hits(xp, places, z, nans):
    """For each place of a window, in order: which windows have their largest, z, there?"""
    if nans:
        winner = _winner(xp, places)
        yield from (winner == number for number in range(len(places)))
        return
    free = xp.ones(z.shape, bool)
    for place in places[:-1]:
        hit = place == z
        hit &= free
        free ^= hit
        yield hit
    yield free


def _by_planes(xp, work, *arrays, dims):
    """Calls `work` with the same few planes (the last dimensions) of each array, by all cores."""
    apart = [x.reshape(-1, *x.shape[-dims:]) if x.size else x for x in arrays]
    if not all(x.size for x in apart):
        return
    tasks = parts(len(apart[0]), max(prod(x.shape[1:]) for x in apart))
    expected = max(x.size for x in apart) / 2e3  # less than it takes: few are not worth sharing
    share(xp, lambda: lambda part: work(*(x[part] for x in apart)), tasks, expected)


# Where the largest stands ---------------------------------------------------------------------


def _placed(x, *, sizes, steps, gaps):
    return Outline(_pooled(x, sizes=sizes, steps=steps, gaps=gaps).shape, int64)


@primitive(_placed)
def argmax_windows(xp, x, *, sizes, steps, gaps):
    """The place in the flattened x of each window's largest"""
    winner = _winner(xp, _places(xp, x, sizes, steps, gaps))
    return _positions(xp, x.shape, winner, steps, gaps, sizes)


def _winner(xp, places):
    """The number of the place that holds a window's largest."""
    kind = "int16" if len(places) < 2**15 else "int64"
    winner = xp.zeros(places[0].shape, kind)
    best = places[0].copy()
    for number, place in enumerate(places[1:], 1):
        better = place > best
        xp.maximum(best, place, out=best)
        xp.maximum(winner, better.astype(kind) * number, out=winner)
    if (best != best).any():  # a nan is neither larger nor smaller, so it is looked for apart
        for number, place in enumerate(places):
            winner[place != place] = number
    return winner


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
