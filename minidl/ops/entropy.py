"""The fused primitive of cross entropy: from scores and labels to the loss, with no matrix kept."""

from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks, single
from .exponentials import log_softmax_, softmax_, totals, without_top
from .indexing import Slot, gather_at, positions, scatter_at
from .movement import expand_, reshape_
from .reduction import sum_

_PAIRS = (Slot.ARRAY, Slot.ARRAY)  # the key of a row's number and its label


@primitive(
    lambda x, y, *, reduction: Outline(tuple(y.shape) if reduction == "none" else (), x.dtype),
    quiet=True,
)
def surprise(xp, x, y, *, reduction):
    """z_n = ln sum_c e^x_nc - x_ny: minus the logarithm of softmax(x) at each row's label

    Args:
        x: (N, C), scores.
        y: (N,), labels from 0 to C - 1.
        reduction: "none" for (N,); "mean" or "sum" for one number.
    """
    z = xp.empty(x.shape[0], single(x[:0]).dtype)

    def work(part):
        shifted = without_top(xp, single(x[part]), 1)
        right = shifted[xp.arange(shifted.shape[0]), y[part]]
        xp.exp(shifted, out=shifted)
        z[part] = xp.log(totals(xp, shifted, 1))[:, 0] - right

    by_blocks(xp, x, work, 8)
    if reduction != "none":
        z = xp.add.reduce(z)
        z = xp.true_divide(z, x.shape[0]) if reduction == "mean" else z
    return z.astype(x.dtype)


@surprise.composed
def _(x, y, reduction):
    z = -gather_at(log_softmax_(x, dim=1), positions(x.shape[0], x), y, key=_PAIRS)
    if reduction == "none":
        return z
    z = sum_(z, dims=(0,), keepdim=False)
    return z / x.shape[0] if reduction == "mean" else z


@surprise.joint_vjp
def _(g, z, x, y, reduction):
    return surprise_slope(g, x, y, reduction=reduction), None


@primitive(lambda g, x, y, *, reduction: Outline(tuple(x.shape), x.dtype), quiet=True)
def surprise_slope(xp, g, x, y, *, reduction):
    """dL/dx of surprise: g (softmax(x) - 1 at the label), over N for the mean"""
    share = xp.true_divide(single(g), x.shape[0] if reduction == "mean" else 1)
    share = xp.broadcast_to(share, (x.shape[0],))
    d = xp.empty(x.shape, x.dtype)

    def work(part):
        p = without_top(xp, single(x[part]), 1)
        xp.exp(p, out=p)
        p *= share[part, None] / totals(xp, p, 1)
        p[xp.arange(p.shape[0]), y[part]] -= share[part]
        d[part] = p

    by_blocks(xp, x, work, 8)
    return d


@surprise_slope.composed
def _(g, x, y, reduction):
    n = x.shape[0]
    share = expand_(g / n if reduction == "mean" else g, shape=(n,))
    right = scatter_at(share, positions(n, x), y, key=_PAIRS, shape=tuple(x.shape))
    return softmax_(x, dim=1) * reshape_(share, shape=(n, 1)) - right
