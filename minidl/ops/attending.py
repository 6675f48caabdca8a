"""The fused primitive of attention: whom each query asks, as weights that add up to 1."""

from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks, single
from .elementwise import where_
from .exponentials import highest, softmax_, softmax_slope, totals
from .indexing import positions
from .linear import matmul_, swap
from .movement import reshape_
from .questions import ge


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
    z = xp.empty((*q.shape[:-1], k.shape[-2]), q.dtype)
    keep = xp.tri(*z.shape[-2:], dtype=single(z[:0]).dtype) if causal else None

    def work(part):
        s = xp.matmul(single(q[part]) * scale, swap(single(k[part])))
        top, rows_apart = highest(xp, s, s.ndim - 1)
        if keep is not None and rows_apart:  # nothing forbidden may count as a row's largest
            s = xp.where(keep, s, -float("inf"))
            top, _ = highest(xp, s, s.ndim - 1)
        s -= top
        xp.exp(s, out=s)
        if keep is not None and not rows_apart:
            s *= keep
        xp.multiply(s, 1 / totals(xp, s, s.ndim - 1), out=z[part], casting="same_kind")

    by_blocks(xp, z, work, 20) if z.ndim > 2 else work(...)
    return z


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
