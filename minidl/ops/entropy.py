"""The fused primitive of cross entropy: from scores and labels to the loss, with no matrix kept."""

from ..backend import float32, is_half
from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks
from .elementwise import where_
from .exponentials import highest, log_softmax_, softmax_, totals
from .indexing import Slot, gather_at, positions, scatter_at
from .movement import cast, expand_, reshape_
from .questions import ne
from .reduction import sum_

_PAIRS = (Slot.ARRAY, Slot.ARRAY)  # the key of a row's number and its label


def _losses(x, y, *, reduction, memory=None, ignored=None, wide=False):
    kind = float32 if wide and is_half(x.dtype) else x.dtype
    return Outline(tuple(y.shape) if reduction == "none" else (), kind)


@primitive(_losses, quiet=True)
def surprise(xp, x, y, *, reduction, memory=None, ignored=None, wide=False):
    """z_n = ln sum_c e^x_nc - x_ny: minus the logarithm of softmax(x) at each row's label

    Args:
        x: (N, C), scores.
        y: (N,), labels from 0 to C - 1.
        reduction: "none" for (N,); "mean" or "sum" for one number.
        memory: a list in which the powers of e and their sums are left, so that the walk back need
            not compute them again; without one it does.
        ignored: a label of rows that count nothing, neither in the sum nor in the mean.
        wide: the losses of halves are float32, as if x were; but it is read as it is.
    """
    n, kind = x.shape[0], x.dtype
    y, counted, count = _kept(xp, y, ignored)
    powers, sums, z = xp.empty(x.shape, kind), xp.empty((n, 1), kind), xp.empty(n, kind)

    def work(part):
        e, scores = powers[part], x[part]
        xp.subtract(scores, highest(xp, scores, 1)[0], out=e)
        xp.negative(e[xp.arange(e.shape[0]), y[part]], out=z[part])
        xp.exp(e, out=e)
        sums[part] = totals(xp, e, 1)

    by_blocks(xp, x, work, 8)
    z += xp.log(sums[:, 0])
    if memory is not None:
        memory[:] = [(powers, sums)]
    z = z if counted is None else xp.where(counted, z, kind.type(0))
    if reduction != "none":
        z = xp.add.reduce(z)
        z = xp.true_divide(z, count) if reduction == "mean" else z
    return z


def _kept(xp, y, ignored):
    """Labels that exist, which rows count (None where all do), and how many."""
    if ignored is None:
        return y, None, len(y)
    counted = y != ignored
    return xp.where(counted, y, 0), counted, int(xp.count_nonzero(counted))


@surprise.composed
def _(x, y, reduction, memory=None, ignored=None, wide=False):
    x = cast(x, dtype=float32) if wide and is_half(x.dtype) else x
    labels, counted = _counted(y, ignored)
    z = -gather_at(log_softmax_(x, dim=1), positions(x.shape[0], x), labels, key=_PAIRS)
    z = z if counted is None else where_(counted, z, 0)
    if reduction == "none":
        return z
    z = sum_(z, dims=(0,), keepdim=False)
    return z / _number(x, counted) if reduction == "mean" else z


def _counted(y, ignored):
    """Labels that exist, and which of them count; None where all do."""
    if ignored is None:
        return y, None
    counted = ne(y, ignored)
    return where_(counted, y, 0), counted


def _number(x, counted):
    """How many rows count."""
    if counted is None:
        return x.shape[0]
    return sum_(cast(counted, dtype=x.dtype), dims=(0,), keepdim=False)


@surprise.joint_vjp
def _(g, z, x, y, reduction, memory=None, ignored=None, wide=False):
    how = {"reduction": reduction, "memory": memory, "ignored": ignored}
    return surprise_slope(g, x, y, **how), None


@primitive(lambda g, x, y, **_: Outline(tuple(x.shape), x.dtype), quiet=True)
def surprise_slope(xp, g, x, y, *, reduction, memory=None, ignored=None):
    """dL/dx of surprise: g (softmax(x) - 1 at the label), over N for the mean"""
    y, counted, count = _kept(xp, y, ignored)
    if not memory:
        surprise.forward(xp, x, y, reduction="none", memory=(memory := []))
    powers, sums = memory[0]
    share = xp.true_divide(g, count) if reduction == "mean" else g
    share = share if counted is None else xp.where(counted, share, powers.dtype.type(0))
    d = powers * (xp.reshape(share, (-1, 1)) / sums)
    d[xp.arange(x.shape[0]), y] -= share
    return d


@surprise_slope.composed
def _(g, x, y, reduction, memory=None, ignored=None):
    kind = x.dtype
    x = x if kind == g.dtype else cast(x, dtype=g.dtype)
    n, (labels, counted) = x.shape[0], _counted(y, ignored)
    share = expand_(g / _number(x, counted) if reduction == "mean" else g, shape=(n,))
    share = share if counted is None else where_(counted, share, 0)
    right = scatter_at(share, positions(n, x), labels, key=_PAIRS, shape=tuple(x.shape))
    d = softmax_(x, dim=1) * reshape_(share, shape=(n, 1)) - right
    return d if kind == d.dtype else cast(d, dtype=kind)
