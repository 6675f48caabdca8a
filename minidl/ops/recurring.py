"""The fused primitive of an LSTM layer: all its steps, forward in one walk and back in another.

Gates stand side by side as i, f, g, o.
"""

from ..primitive import primitive
from ..tape import Outline
from .linear import matmul_, row_products, swap
from .movement import cat_, crop, reshape_
from .recurring_walks import order, walk, walk_back
from .trigonometry import sigmoid, tanh


def met_by(z, h, *, steps, reverse):
    """The states that w met, step for step: of z, the output, those before each; h the first."""
    n = h.shape[0]
    others = crop(z, key=(slice(n, steps * n) if reverse else slice((steps - 1) * n),))
    return cat_(*((others, h) if reverse else (h, others)), dim=0)


def _states(gates, h, c, w, *, steps, reverse, memory=None):
    return Outline((gates.shape[0] + c.shape[0], c.shape[1]), gates.dtype)


@primitive(_states, quiet=True)
def lstm_steps(xp, gates, h, c, w, *, steps, reverse, memory=None):
    """h after every step, (steps * N, H), and under it the last c, (N, H)

    Args:
        gates: (steps * N, 4 H), what the inputs give to the gates.
        h, c: (N, H), where the steps begin.
        w: (4 H, H), by which h adds to the gates.
        reverse: begin at the last step.
        memory: a list in which what the walk back needs is left, so that it need not compute it
            again; without one it does.
    """
    kept, z = walk(xp, gates, h, c, w, order(steps, reverse))
    if memory is not None:
        memory[:] = [kept]
    return z


def _cells(gates, h, c, w, steps, reverse):
    """The same of any primitives: per step i, f, g, o, the c before and after, tanh c and h."""
    n, size = c.shape
    w, cells = swap(w), [()] * steps
    for t in order(steps, reverse):
        a = crop(gates, key=(slice(t * n, (t + 1) * n),)) + matmul_(h, w)
        i, f, g, o = (
            (tanh if k == 2 else sigmoid)(
                crop(a, key=(slice(None), slice(k * size, (k + 1) * size)))
            )
            for k in range(4)
        )
        later = f * c + i * g
        bend = tanh(later)
        h = o * bend
        cells[t] = (i, f, g, o, c, later, bend, h)
        c = later
    return cells


@lstm_steps.composed
def _(gates, h, c, w, steps, reverse, memory=None):
    cells = _cells(gates, h, c, w, steps, reverse)
    last = cells[order(steps, reverse)[-1]]
    return cat_(*(cell[-1] for cell in cells), last[5], dim=0)


@lstm_steps.joint_vjp
def _(g, z, gates, h, c, w, steps, reverse, memory=None):
    d = lstm_slopes(g, gates, h, c, w, steps=steps, reverse=reverse, memory=memory)
    n, rows = c.shape[0], 4 * gates.shape[0]
    slopes = reshape_(crop(d, key=(slice(rows),)), shape=tuple(gates.shape))
    to_h, to_c = (crop(d, key=(slice(k, k + n),)) for k in (rows, rows + n))
    return slopes, to_h, to_c, row_products(slopes, met_by(z, h, steps=steps, reverse=reverse))


def _slopes(g, gates, h, c, w, *, steps, reverse, memory=None):
    return Outline((4 * gates.shape[0] + 2 * c.shape[0], c.shape[1]), gates.dtype)


@primitive(_slopes, quiet=True)
def lstm_slopes(xp, g, gates, h, c, w, *, steps, reverse, memory=None):
    """dL/dgates as (4 steps * N, H), under it dL/dh and dL/dc, both (N, H)"""
    kept = memory[0] if memory else walk(xp, gates, h, c, w, order(steps, reverse))[0]
    d = xp.empty((4 * steps * len(c) + 2 * len(c), c.shape[1]), g.dtype)
    for _ in walk_back(xp, g, c, w, kept, d, reverse):
        continue
    return d


@lstm_slopes.composed
def _(g, gates, h, c, w, steps, reverse, memory=None):
    n = c.shape[0]
    cells, slopes = _cells(gates, h, c, w, steps, reverse), [None] * steps
    to_h, to_c = 0, crop(g, key=(slice(steps * n, None),))
    for t in order(steps, not reverse):
        i, f, new, o, earlier, _, bend, _ = cells[t]
        to_h = crop(g, key=(slice(t * n, (t + 1) * n),)) + to_h
        to_c = to_c + to_h * o * (1 - bend * bend)
        slopes[t] = cat_(
            to_c * new * (i * (1 - i)),
            to_c * earlier * (f * (1 - f)),
            to_c * i * (1 - new * new),
            to_h * bend * (o * (1 - o)),
            dim=1,
        )
        to_c, to_h = to_c * f, matmul_(slopes[t], w)
    flat = reshape_(cat_(*slopes, dim=0), shape=(4 * steps * n, c.shape[1]))
    return cat_(flat, to_h, to_c, dim=0)
