"""The fused primitive of cross entropy: from scores and labels to the loss, with no matrix kept."""

from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks, single
from .exponentials import highest, log_softmax_, softmax_, totals
from .indexing import Slot, gather_at, positions, scatter_at
from .movement import expand_, reshape_
from .reduction import sum_

_PAIRS = (Slot.ARRAY, Slot.ARRAY)  # the key of a row's number and its label


def _losses(x, y, *, reduction, memory=None):
    return Outline(tuple(y.shape) if reduction == "none" else (), x.dtype)


@primitive(_losses, quiet=True)
def surprise(xp, x, y, *, reduction, memory=None):
    """z_n = ln sum_c e^x_nc - x_ny: minus the logarithm of softmax(x) at each row's label

    Args:
        x: (N, C), scores.
        y: (N,), labels from 0 to C - 1.
        reduction: "none" for (N,); "mean" or "sum" for one number.
        memory: a list in which the powers of e and their sums are left, so that the walk back need
            not compute them again; without one it does.
    """
    n, kind = x.shape[0], single(x[:0]).dtype
    powers, sums, z = xp.empty(x.shape, kind), xp.empty((n, 1), kind), xp.empty(n, kind)

    def work(part):
        e, scores = powers[part], single(x[part])
        xp.subtract(scores, highest(xp, scores, 1)[0], out=e)
        xp.negative(e[xp.arange(e.shape[0]), y[part]], out=z[part])
        xp.exp(e, out=e)
        sums[part] = totals(xp, e, 1)

    by_blocks(xp, x, work, 8)
    z += xp.log(sums[:, 0])
    if memory is not None:
        memory[:] = [(powers, sums)]
    if reduction != "none":
        z = xp.add.reduce(z)
        z = xp.true_divide(z, n) if reduction == "mean" else z
    return z.astype(x.dtype, copy=False)


@surprise.composed
def _(x, y, reduction, memory=None):
    z = -gather_at(log_softmax_(x, dim=1), positions(x.shape[0], x), y, key=_PAIRS)
    if reduction == "none":
        return z
    z = sum_(z, dims=(0,), keepdim=False)
    return z / x.shape[0] if reduction == "mean" else z


@surprise.joint_vjp
def _(g, z, x, y, reduction, memory=None):
    return surprise_slope(g, x, y, reduction=reduction, memory=memory), None


@primitive(lambda g, x, y, **_: Outline(tuple(x.shape), x.dtype), quiet=True)
def surprise_slope(xp, g, x, y, *, reduction, memory=None):
    """dL/dx of surprise: g (softmax(x) - 1 at the label), over N for the mean"""
    if not memory:
        surprise.forward(xp, x, y, reduction="none", memory=(memory := []))
    powers, sums = memory[0]
    share = single(g) / x.shape[0] if reduction == "mean" else single(g)
    d = powers * (xp.reshape(share, (-1, 1)) / sums)
    d[xp.arange(x.shape[0]), y] -= share
    return d.astype(x.dtype, copy=False)


@surprise_slope.composed
def _(g, x, y, reduction, memory=None):
    n = x.shape[0]
    share = expand_(g / n if reduction == "mean" else g, shape=(n,))
    right = scatter_at(share, positions(n, x), y, key=_PAIRS, shape=tuple(x.shape))
    return softmax_(x, dim=1) * reshape_(share, shape=(n, 1)) - right
