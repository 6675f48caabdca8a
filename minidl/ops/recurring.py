"""The fused primitive of an LSTM layer: all its steps, forward in one walk and back in another.

Gates stand side by side as i, f, g, o. A step's are few numbers, so that calling NumPy costs as
much as computing: both walks write into place and do for four gates at once what they can. Since
sigmoid(x) = (1 + tanh(x / 2)) / 2, one tanh serves all four. Only the products are cut in four: in
BLAS those small enough need neither packing nor a second thread, which made them a fifth faster.
"""

from ..primitive import primitive
from ..tape import Outline
from .linear import matmul_, row_products, swap
from .movement import cat_, crop, reshape_
from .trigonometry import sigmoid, tanh


def _order(steps, reverse):
    return range(steps - 1, -1, -1) if reverse else range(steps)


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
    kept, z = _walk(xp, gates, h, c, w, steps, reverse)
    if memory is not None:
        memory[:] = [kept]
    return z


def _walk(xp, gates, h, c, w, steps, reverse):
    """Gates (steps, N, 4 H), c and tanh c (steps, N, H) of all steps; and the output."""
    n, size = c.shape
    shares, w = gates.reshape(steps, n, 4 * size), _quarters(xp.ascontiguousarray(w.T))
    shrink, shift = (xp.full((n, 4 * size), 0.5, w.dtype) for _ in range(2))
    shrink[:, 2 * size : 3 * size], shift[:, 2 * size : 3 * size] = 1, 0
    acts = xp.empty(shares.shape, w.dtype)
    z = xp.empty(((steps + 1) * n, size), w.dtype)
    hs, cs, bends = z[:-n].reshape(steps, n, size), *xp.empty((2, steps, n, size), w.dtype)
    product = xp.empty((n, size), w.dtype)
    for t in _order(steps, reverse):
        a, later = acts[t], cs[t]
        xp.matmul(h, w, out=_quarters(a))
        a += shares[t]
        a *= shrink
        xp.tanh(a, out=a)
        a *= shrink
        a += shift
        i, f, g, o = _quarters(a)
        xp.multiply(f, c, out=later)
        xp.multiply(i, g, out=product)
        later += product
        xp.tanh(later, out=bends[t])
        h = xp.multiply(o, bends[t], out=hs[t])
        c = later
    z[-n:] = c
    return (acts, cs, bends), z


def _quarters(x):
    """A matrix's columns in four equal parts, which are its gates: (4, rows, columns / 4)."""
    return x.reshape(len(x), 4, x.shape[1] // 4).swapaxes(0, 1)


def _cells(gates, h, c, w, steps, reverse):
    """The same of any primitives: per step i, f, g, o, the c before and after, tanh c and h."""
    n, size = c.shape
    w, cells = swap(w), [()] * steps
    for t in _order(steps, reverse):
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
    last = cells[_order(steps, reverse)[-1]]
    return cat_(*(cell[-1] for cell in cells), last[5], dim=0)


@lstm_steps.joint_vjp
def _(g, z, gates, h, c, w, steps, reverse, memory=None):
    d = lstm_slopes(g, gates, h, c, w, steps=steps, reverse=reverse, memory=memory)
    n, rows = c.shape[0], 4 * gates.shape[0]
    slopes = reshape_(crop(d, key=(slice(rows),)), shape=tuple(gates.shape))
    to_h, to_c = (crop(d, key=(slice(k, k + n),)) for k in (rows, rows + n))
    before = slice(n, steps * n) if reverse else slice((steps - 1) * n)
    others = crop(z, key=(before,))
    met = cat_(*((others, h) if reverse else (h, others)), dim=0)  # by w, step for step
    return slopes, to_h, to_c, row_products(slopes, met)


def _slopes(g, gates, h, c, w, *, steps, reverse, memory=None):
    return Outline((4 * gates.shape[0] + 2 * c.shape[0], c.shape[1]), gates.dtype)


@primitive(_slopes, quiet=True)
def lstm_slopes(xp, g, gates, h, c, w, *, steps, reverse, memory=None):
    """dL/dgates as (4 steps * N, H), under it dL/dh and dL/dc, both (N, H)"""
    acts, cs, bends = memory[0] if memory else _walk(xp, gates, h, c, w, steps, reverse)[0]
    n, size = c.shape
    d = xp.empty((4 * steps * n + 2 * n, size), g.dtype)
    slopes, given = d[: -2 * n].reshape(acts.shape), g[:-n].reshape(cs.shape)
    to_h, to_c, bent = d[-2 * n : -n], d[-n:], xp.empty_like(c)
    to_h[...], to_c[...] = 0, g[-n:]
    rest, steep, ones = *xp.empty((2, n, 4 * size), g.dtype), xp.zeros((n, 4 * size), g.dtype)
    ones[:, 2 * size : 3 * size] = 1
    w, products = w.reshape(4, size, size), xp.empty((4, n, size), g.dtype)
    for t in _order(steps, not reverse):
        before = t + 1 if reverse else t - 1
        earlier = cs[before] if 0 <= before < steps else c
        a, s, bend = acts[t], slopes[t], bends[t]
        i, f, new, o = _quarters(a)
        to_i, to_f, to_new, to_o = _quarters(s)
        to_h += given[t]
        xp.multiply(to_h, bend, out=to_o)
        xp.multiply(bend, bend, out=bent)
        xp.subtract(1, bent, out=bent)
        bent *= o
        bent *= to_h
        to_c += bent
        xp.multiply(to_c, new, out=to_i)
        xp.multiply(to_c, earlier, out=to_f)
        xp.multiply(to_c, i, out=to_new)
        to_c *= f
        xp.subtract(1, a, out=rest)  # sigmoid' = (1 - i) i, and tanh' = (1 - g) (1 + g)
        xp.add(a, ones, out=steep)
        s *= rest
        s *= steep
        xp.matmul(_quarters(s), w, out=products)
        xp.add.reduce(products, axis=0, out=to_h)
    return d


@lstm_slopes.composed
def _(g, gates, h, c, w, steps, reverse, memory=None):
    n = c.shape[0]
    cells, slopes = _cells(gates, h, c, w, steps, reverse), [None] * steps
    to_h, to_c = 0, crop(g, key=(slice(steps * n, None),))
    for t in _order(steps, not reverse):
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
