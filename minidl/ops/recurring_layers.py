"""The fused primitive of a whole LSTM layer, whose large products have a thread of their own.

A step waits for the one before it and has too few numbers for two threads. But what x gives to the
gates can be known ahead of the walk, and what the weights' gradients are made of follows behind it.
"""

from math import prod

from ..primitive import primitive
from ..tape import Outline
from ..threads import ahead, behind
from .dense import affine, linear_
from .linear import matmul_, row_products
from .movement import cat_, crop, reshape_
from .recurring import lstm_slopes, lstm_steps, met_by
from .recurring_walks import order, walk, walk_back

_CHUNK = 2**24  # multiplications of a chunk of steps: a third of a millisecond
_PACE = 5e4  # multiplications in a microsecond, about


def _chunks(x, w, steps, reverse):
    """The numbers of the steps in the order of the walk, some at a time."""
    turns, some = order(steps, reverse), max(_CHUNK * steps // max(len(x) * w.size, 1), 1)
    return [turns[i : i + some] for i in range(0, steps, some)]


def _rows(turns, n):
    """The rows of these steps, which follow each other one way or the other."""
    return slice(min(turns) * n, (max(turns) + 1) * n)


def _states(x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    return Outline((x.shape[0] + c.shape[0], c.shape[1]), x.dtype)


@primitive(_states, quiet=True)
def lstm_layer(xp, x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    """h after every step, (steps * N, H), and under it the last c, (N, H)

    Args:
        x: (steps * N, I).
        h, c: (N, H), where the steps begin.
        w_ih, w_hh: (4 H, I) and (4 H, H), by which x and h make the gates i, f, g, o.
        bias: (4 H,), or none.
        reverse, memory: see lstm_steps.
    """
    gates = xp.empty((len(x), len(w_ih)), x.dtype)

    def product(turns):
        rows = _rows(turns, len(c))
        z = xp.matmul(x[rows], w_ih.T, out=gates[rows])
        for b in bias:
            z += b

    chunks, expected = _chunks(x, w_ih, steps, reverse), len(x) * w_ih.size / _PACE
    with ahead(xp, product, chunks, expected) as found:
        kept, z = walk(xp, gates, h, c, w_hh, (t for turns in found for t in turns))
    if memory is not None:
        memory[:] = [kept]
    return z


def _gates(x, w_ih, bias):
    return affine(x, w_ih, *bias) if bias else linear_(x, w_ih)


@lstm_layer.composed
def _(x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    gates = _gates(x, w_ih, bias)
    return lstm_steps(gates, h, c, w_hh, steps=steps, reverse=reverse, memory=memory)


@lstm_layer.joint_vjp
def _(g, z, x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    how = {"steps": steps, "reverse": reverse, "memory": memory}
    found, at, parts = lstm_layer_slopes(g, z, x, h, c, w_ih, w_hh, *bias, **how), 0, []
    for shape in _shapes(x, h, c, w_ih, w_hh):
        part = crop(found, key=(slice(at, at + prod(shape)),))
        at += prod(shape)
        parts.append(reshape_(part, shape=tuple(shape)))
    slopes, to_h, to_c, to_hh, to_ih = parts
    return lambda: matmul_(slopes, w_ih), to_h, to_c, to_ih, to_hh, *(slopes for b in bias)


def _shapes(x, h, c, w_ih, w_hh):
    return (x.shape[0], w_ih.shape[0]), h.shape, c.shape, w_hh.shape, w_ih.shape


def _slopes(g, z, x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    return Outline((sum(map(prod, _shapes(x, h, c, w_ih, w_hh))),), x.dtype)


@primitive(_slopes, quiet=True)
def lstm_layer_slopes(xp, g, z, x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    """dL/dgates (steps * N, 4 H), dL/dh, dL/dc, dL/dw_hh and dL/dw_ih, one after the other"""
    if memory:
        kept = memory[0]
    else:
        kept, _ = walk(xp, _gates(x, w_ih, bias), h, c, w_hh, order(steps, reverse))
    n, size = c.shape
    found = xp.empty(sum(map(prod, _shapes(x, h, c, w_ih, w_hh))), x.dtype)
    d = found[: (4 * steps + 2) * n * size].reshape(-1, size)
    to_hh = found[d.size : d.size + w_hh.size].reshape(w_hh.shape)
    to_ih = found[d.size + w_hh.size :].reshape(w_ih.shape)
    to_hh[...], to_ih[...] = 0, 0
    slopes, met = d[: -2 * n].reshape(len(x), 4 * size), xp.empty((len(x), size), x.dtype)
    scratch = xp.empty_like(to_hh), xp.empty_like(to_ih)
    xp.concatenate((z[n:-n], h) if reverse else (h, z[: -2 * n]), out=met)

    def products(turns):
        rows = _rows(turns, n)
        for total, by, product in zip((to_hh, to_ih), (met, x), scratch, strict=True):
            total += xp.matmul(slopes[rows].T, by[rows], out=product)

    done = walk_back(xp, g, c, w_hh, kept, d, reverse)
    chunks = _chunks(x, w_ih, steps, not reverse)
    followed = (turns for turns in chunks for t in turns if next(done) == turns[-1])
    behind(xp, products, followed, len(x) * (w_ih.size + w_hh.size) / _PACE)
    return found


@lstm_layer_slopes.composed
def _(g, z, x, h, c, w_ih, w_hh, *bias, steps, reverse, memory=None):
    how, n = {"steps": steps, "reverse": reverse, "memory": memory}, c.shape[0]
    d = lstm_slopes(g, _gates(x, w_ih, bias), h, c, w_hh, **how)
    slopes = reshape_(crop(d, key=(slice(4 * steps * n),)), shape=(x.shape[0], w_ih.shape[0]))
    met = met_by(z, h, steps=steps, reverse=reverse)
    parts = d, row_products(slopes, met), row_products(slopes, x)
    return cat_(*(reshape_(part, shape=(prod(part.shape),)) for part in parts), dim=0)
