"""The fused primitives of attention: whom each query asks, and what it is told.

Heads are worked on in blocks, which the cores share: from scores to answers, and back, a block
stays in a core's cache. Causal queries come in chunks, and no scores are computed for keys that
none of a chunk may ask.
"""

from math import prod

from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks
from .elementwise import where_
from .exponentials import highest, softmax_, softmax_slope, totals
from .indexing import positions
from .linear import matmul_, swap
from .movement import cat_, crop, reshape_
from .questions import ge
from .reduction import sum_

_CHUNK = 64  # causal queries in a chunk
_LOW = 20.0  # scores within 60 of one so near 0 need nothing taken out: e^-80 to e^20 are fine
_MANY, _HEADS = 1 << 14, 4  # weights from which compilers take attention as one call, and heads
_BLOCK = 1 << 18  # weights in a block: the cores wait for one another between calls, so few calls


def _weights(q, k, *, scale, causal):
    if q.shape[:-2] != k.shape[:-2] or q.shape[-1] != k.shape[-1]:
        raise ShapeError(f"attention: queries {tuple(q.shape)} cannot ask keys {tuple(k.shape)}.")
    return Outline((*q.shape[:-1], k.shape[-2]), q.dtype)


@primitive(_weights, quiet=True)
def attention_weights(xp, q, k, *, scale, causal):
    """z = softmax(scale q k^T) along the last dimension

    Args:
        q: (..., L, d), queries.
        k: (..., S, d), keys.
        causal: query i asks keys 0 to i only; the weights of the others are 0.
    """
    z = (xp.zeros if causal else xp.empty)((*q.shape[:-1], k.shape[-2]), q.dtype)

    def work(part):
        _weigh(xp, q[part], k[part], z[part], scale, causal)

    by_blocks(xp, z, work, 20, _BLOCK) if z.ndim > 2 else work(...)
    return z


def _weigh(xp, q, k, z, scale, causal):
    """Writes weights into z, where they are not 0 for good."""
    for asking, asked in _chunks(z.shape, causal):
        s = xp.matmul(q[..., asking, :] * scale, swap(k[..., asked, :]))
        keep = xp.tri(*s.shape[-2:], asking.start, dtype=s.dtype) if causal else None
        top, apart = highest(xp, s, s.ndim - 1)
        if keep is not None and apart:  # nothing forbidden may count as a row's largest
            s = xp.where(keep, s, -float("inf"))
            top, _ = highest(xp, s, s.ndim - 1)
        if apart or not -_LOW < top < _LOW:
            s -= top
        xp.exp(s, out=s)
        if keep is not None and not apart:
            s *= keep
        here = z[..., asking, asked]
        xp.multiply(s, 1 / totals(xp, s, s.ndim - 1), out=here, casting="same_kind")


def _chunks(shape, causal):
    """Slices of queries, each with one of the keys that any of them may ask."""
    queries, keys = shape[-2:]
    if not causal:
        return [(slice(0, queries), slice(0, keys))]
    chunks = [slice(i, min(i + _CHUNK, queries)) for i in range(0, queries, _CHUNK)]
    return [(asking, slice(0, min(asking.stop, keys))) for asking in chunks]


@attention_weights.composed
def _(q, k, scale, causal):
    scores = matmul_(q * scale, swap(k))
    if causal:
        asking, asked = (positions(n, q) for n in scores.shape[-2:])
        keep = ge(reshape_(asking, shape=(scores.shape[-2], 1)), asked)
        scores = where_(keep, scores, -float("inf"))
    return softmax_(scores, dim=len(scores.shape) - 1)


@attention_weights.joint_vjp
def _(g, z, q, k, scale, causal):
    d = softmax_slope(g, z, dim=len(z.shape) - 1)
    return matmul_(d, k) * scale, matmul_(swap(d), q) * scale


# Weights times values -----------------------------------------------------------------------------


def _answers(q, k, v, *, scale, causal, memory=None):
    _weights(q, k, scale=scale, causal=causal)
    if k.shape[:-1] != v.shape[:-1]:
        raise ShapeError(f"attention: keys {tuple(k.shape)} do not fit values {tuple(v.shape)}.")
    return Outline((*q.shape[:-1], v.shape[-1]), q.dtype)


@primitive(_answers, quiet=True)
def attention(xp, q, k, v, *, scale, causal, memory=None):
    """z = attention_weights(q, k) v

    Args:
        q, k: as there.
        v: (..., S, m), values.
        memory: a list in which the weights are left, so that the walk back need not compute them
            again; without one it does. Those that no chunk asks for are not written.
    """
    z = xp.empty((*q.shape[:-1], v.shape[-1]), q.dtype)
    weights = xp.empty((*q.shape[:-1], k.shape[-2]), q.dtype)

    def work(part):
        _weigh(xp, q[part], k[part], weights[part], scale, causal)
        for asking, asked in _chunks(weights.shape, causal):
            here = weights[part][..., asking, asked]
            xp.matmul(here, v[part][..., asked, :], out=z[part][..., asking, :])

    by_blocks(xp, weights, work, 40, _BLOCK) if z.ndim > 2 else work(...)
    if memory is not None:
        memory[:] = [weights]
    return z


@attention.composed
def _(q, k, v, scale, causal, memory=None):
    return matmul_(attention_weights(q, k, scale=scale, causal=causal), v)


@attention.joint_vjp
def _(g, z, q, k, v, scale, causal, memory=None):
    d = attention_slopes(g, z, q, k, v, scale=scale, causal=causal, memory=memory)
    ends = (0, prod(q.shape), prod(q.shape) + prod(k.shape), None)
    parts = (crop(d, key=(slice(*ends[i : i + 2]),)) for i in range(3))
    return [reshape_(part, shape=tuple(x.shape)) for part, x in zip(parts, (q, k, v), strict=True)]


def _slopes(g, z, q, k, v, *, scale, causal, memory=None):
    return Outline((sum(prod(x.shape) for x in (q, k, v)),), q.dtype)


@primitive(_slopes, quiet=True)
def attention_slopes(xp, g, z, q, k, v, *, scale, causal, memory=None):
    """dL/dq, dL/dk and dL/dv of z = attention(q, k, v), one after the other in one row

    What softmax's slope takes from each query's row, the sum of (g v^T) w, is the sum of g z.
    """
    weights = memory[0] if memory else attention_weights.forward(xp, q, k, scale=scale,
                                                                 causal=causal)  # fmt: skip
    d = xp.empty(q.size + k.size + v.size, q.dtype)
    dq, dk = d[: q.size].reshape(q.shape), d[q.size : q.size + k.size].reshape(k.shape)
    dv = d[q.size + k.size :].reshape(v.shape)
    if not weights.size:  # nobody asks, or nobody is there to be asked
        d[...] = 0
        return d

    def work(part):
        scaled = g[part] * scale
        shares = totals(xp, scaled * z[part], g.ndim - 1)
        for number, (asking, asked) in enumerate(reversed(_chunks(weights.shape, causal))):
            w, h = weights[part][..., asking, asked], g[part][..., asking, :]
            s = xp.matmul(scaled[..., asking, :], swap(v[part][..., asked, :]))
            s -= shares[..., asking, :]
            s *= w
            xp.matmul(s, k[part][..., asked, :], out=dq[part][..., asking, :])
            for slopes, told, into in ((w, h, dv[part]), (s, q[part][..., asking, :], dk[part])):
                if number:
                    into[..., asked, :] += xp.matmul(swap(slopes), told)
                else:  # the last queries, which ask every key that is asked
                    xp.matmul(swap(slopes), told, out=into[..., asked, :])
                    into[..., asked.stop :, :] = 0

    by_blocks(xp, weights, work, 60, _BLOCK) if q.ndim > 2 else work(...)
    return d


@attention_slopes.composed
def _(g, z, q, k, v, scale, causal, memory=None):
    w = attention_weights(q, k, scale=scale, causal=causal)
    s = (matmul_(g, swap(v)) - sum_(g * z, dims=(len(z.shape) - 1,), keepdim=True)) * w * scale
    parts = matmul_(s, k), matmul_(swap(s), q), matmul_(swap(w), g)
    return cat_(*(reshape_(x, shape=(prod(x.shape),)) for x in parts), dim=0)


def _many(q, k, v, **_):
    """Whether native code, which does this in float32 alone, has enough weights to keep out of
    memory, and heads to share out."""
    heads, pairs = prod(q.shape[:-2]), q.shape[-2] * k.shape[-2]
    return q.dtype == "float32" and heads >= _HEADS and heads * pairs >= _MANY


attention.kept_whole("cpu", _many)
attention_slopes.kept_whole("cpu", lambda g, z, *inputs, **how: _many(*inputs))
