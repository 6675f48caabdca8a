"""An LSTM layer's way through its steps, and the gradient's way back, by NumPy.

Gates stand side by side as i, f, g, o. A step's are few numbers, so that calling NumPy costs as
much as computing: both walks write into place and do for four gates at once what they can. Since
sigmoid(x) = (1 + tanh(x / 2)) / 2, one tanh serves all four. Only the products are cut in four: in
BLAS those small enough need neither packing nor a second thread, which made them a fifth faster.
"""


def order(steps, reverse):
    """The numbers of the steps, in the order in which a state goes from one to the next."""
    return range(steps - 1, -1, -1) if reverse else range(steps)


def walk(xp, gates, h, c, w, turns):
    """Gates (steps, N, 4 H), c and tanh c (steps, N, H) of all steps; and the output.

    `turns` yields the number of a step when its share of `gates` is there.
    """
    n, size = c.shape
    steps = len(gates) // n
    shares, w = gates.reshape(steps, n, 4 * size), _quarters(xp.ascontiguousarray(w.T))
    shrink, shift = (xp.full((n, 4 * size), 0.5, w.dtype) for _ in range(2))
    shrink[:, 2 * size : 3 * size], shift[:, 2 * size : 3 * size] = 1, 0
    acts = xp.empty(shares.shape, w.dtype)
    z = xp.empty(((steps + 1) * n, size), w.dtype)
    hs, cs, bends = z[:-n].reshape(steps, n, size), *xp.empty((2, steps, n, size), w.dtype)
    product = xp.empty((n, size), w.dtype)
    for t in turns:
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


def walk_back(xp, g, c, w, kept, d, reverse):
    """Fills d as lstm_slopes gives it; yields the number of each step that is done."""
    acts, cs, bends = kept
    n, size = c.shape
    slopes, given = d[: -2 * n].reshape(acts.shape), g[:-n].reshape(cs.shape)
    to_h, to_c = d[-2 * n : -n], d[-n:]
    to_h[...], to_c[...] = 0, g[-n:]
    part, bent, rest = *xp.empty((2, n, size), g.dtype), xp.empty((n, 4 * size), g.dtype)
    cuts = 1 if size % 4 else 4
    w, product = xp.ascontiguousarray(_quarters(w, cuts)), _quarters(to_h, cuts)
    for t in order(len(cs), not reverse):
        before = t + 1 if reverse else t - 1
        earlier = cs[before] if 0 <= before < len(cs) else c
        a, s, bend = acts[t], slopes[t], bends[t]
        i, f, new, o = _quarters(a)
        to_i, to_f, to_new, to_o = _quarters(s)
        to_h += given[t]
        xp.multiply(to_h, o, out=part)
        xp.multiply(part, bend, out=to_o)
        xp.multiply(bend, bend, out=bent)
        xp.subtract(1, bent, out=bent)
        bent *= part
        to_c += bent
        xp.multiply(to_c, i, out=part)
        xp.multiply(part, new, out=to_i)
        xp.add(part, to_i, out=to_new)
        to_c *= f
        xp.multiply(to_c, earlier, out=to_f)
        xp.subtract(1, a, out=rest)  # sigmoid' = i (1 - i), and tanh' = (1 + g) (1 - g)
        s *= rest
        xp.matmul(s, w, out=product)
        yield t


def _quarters(x, count=4):
    """A matrix's columns in four equal parts, as gates lie: (4, rows, columns / 4)."""
    return x.reshape(len(x), count, x.shape[1] // count).swapaxes(0, 1)
