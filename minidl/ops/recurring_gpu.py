"""An LSTM layer on a graphics card: one launch for all steps (recurring_walks_gpu.py), or, for more
units than that can serve, a product of matrices and a kernel for the cells of each step.

Source: Appleyard, Kocisky, Blunsom, "Optimizing Performance of Recurrent Neural Networks on GPUs"
(2016), section 3.1.
"""

from typing import Any

from ..backend import cupy
from . import recurring_walks_gpu as walks
from .kernels_gpu import Family, flat, serves
from .products_gpu import multiply
from .recurring import lstm_slopes, lstm_steps
from .recurring_layers import lstm_layer, lstm_layer_slopes
from .recurring_walks import order

SOURCE = r"""
__device__ A sigmoid(A x) { return 1 / (1 + exp(-x)); }

// Gates lie side by side as i, f, g, o: `given` is what x gives to them, `more` what h adds.
extern "C" __global__ void cells(
    const T* given, const T* more, const T* before, T* gates, T* c, T* bend, T* h, Long total,
    Long size) {
    Long at = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (at >= total) return;
    Long i = at / size * 4 * size + at % size, f = i + size, g = f + size, o = g + size;
    A in = sigmoid(A(given[i]) + A(more[i])), forget = sigmoid(A(given[f]) + A(more[f]));
    A fresh = tanh(A(given[g]) + A(more[g])), out = sigmoid(A(given[o]) + A(more[o]));
    A later = forget * A(before[at]) + in * fresh, bent = tanh(later);
    gates[i] = T(in), gates[f] = T(forget), gates[g] = T(fresh), gates[o] = T(out);
    c[at] = T(later), bend[at] = T(bent), h[at] = T(out * bent);
}

// From dL/dh of this step, in two shares, and dL/dc of it, which becomes that of the step before.
extern "C" __global__ void cells_back(
    const T* given, const T* more, const T* before, const T* gates, const T* bend, T* to_c,
    T* slopes, Long total, Long size) {
    Long at = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (at >= total) return;
    Long i = at / size * 4 * size + at % size, f = i + size, g = f + size, o = g + size;
    A in = gates[i], forget = gates[f], fresh = gates[g], out = gates[o], bent = bend[at];
    A to_h = A(given[at]) + A(more[at]), down = A(to_c[at]) + to_h * out * (1 - bent * bent);
    slopes[i] = T(down * fresh * in * (1 - in));
    slopes[f] = T(down * A(before[at]) * forget * (1 - forget));
    slopes[g] = T(down * in * (1 - fresh * fresh));
    slopes[o] = T(to_h * bent * out * (1 - out));
    to_c[at] = T(down * forget);
}
"""

family = Family(SOURCE)


def _run(xp: Any, name: str, like: Any, *arrays: Any) -> None:
    """A thread for each cell of a step."""
    family.run(xp, name, like, -(-like.size // 256), 256, *arrays, like.size, like.shape[1])


def _walk(xp: Any, gates: Any, h: Any, c: Any, w: Any, steps: int, reverse: bool) -> Any:
    """Gates (steps, N, 4 H), c and tanh c (steps, N, H) of all steps; and the output."""
    n, size = c.shape
    given = gates.reshape(steps, n, 4 * size)
    acts, (cs, bends) = xp.empty_like(given), xp.empty((2, steps, n, size), w.dtype)
    z = xp.empty(((steps + 1) * n, size), w.dtype)
    if walks.serves(xp, w, n):
        walks.run(xp, "walk", w, (gates, h, c, w, z, acts, cs, bends), steps, n, reverse)
        return (acts, cs, bends), z
    more, hs = xp.empty((n, 4 * size), w.dtype), z[:-n].reshape(steps, n, size)
    for t in order(steps, reverse):
        multiply(xp, h, w.T, out=more)
        _run(xp, "cells", c, given[t], more, c, acts[t], cs[t], bends[t], hs[t])
        h, c = hs[t], cs[t]
    z[-n:] = c
    return (acts, cs, bends), z


@lstm_steps.on("cuda")
def _(xp, gates, h, c, w, *, steps, reverse, memory=None):
    if not serves(gates, h, c, w):
        return lstm_steps.composition(gates, h, c, w, steps=steps, reverse=reverse)
    gates, h, c, w = flat(xp, gates, h, c, w)
    kept, z = _walk(xp, gates, h, c, w, steps, reverse)
    if memory is not None:
        memory[:] = [kept]
    return z


@lstm_slopes.on("cuda")
def _(xp, g, gates, h, c, w, *, steps, reverse, memory=None):
    if not serves(g, gates, h, c, w):
        return lstm_slopes.composition(g, gates, h, c, w, steps=steps, reverse=reverse)
    g, gates, h, c, w = flat(xp, g, gates, h, c, w)
    acts, cs, bends = memory[0] if memory else _walk(xp, gates, h, c, w, steps, reverse)[0]
    n, size = c.shape
    d = xp.empty((4 * steps * n + 2 * n, size), g.dtype)
    if walks.serves(xp, w, n):
        walks.run(xp, "walk_back", w, (g, c, w, acts, cs, bends, d), steps, n, reverse)
        return d
    slopes, given = d[: -2 * n].reshape(acts.shape), g[:-n].reshape(cs.shape)
    to_h, to_c = d[-2 * n : -n], d[-n:]
    to_h[...], to_c[...] = 0, g[-n:]
    for t in order(steps, not reverse):
        before = t + 1 if reverse else t - 1
        earlier = cs[before] if 0 <= before < steps else c
        _run(xp, "cells_back", c, given[t], to_h, earlier, acts[t], bends[t], to_c, slopes[t])
        multiply(xp, slopes[t], w, out=to_h)
    return d


def _at_once(gates: Any, h: Any, c: Any, w: Any, **_: Any) -> bool:
    """Whether all steps are one launch, to which a compiler has nothing to add."""
    return walks.serves(cupy(), w, c.shape[0])


lstm_steps.kept_whole("cuda", _at_once)
lstm_slopes.kept_whole("cuda", lambda g, *inputs, **how: _at_once(*inputs))


# A card has no thread to spare beside the walk: the layer's parts, one after the other.
lstm_layer.on("cuda")(lambda xp, *inputs, **how: lstm_layer.composition(*inputs, **how))
lstm_layer_slopes.on("cuda")(lambda xp, *given, **how: lstm_layer_slopes.composition(*given, **how))
