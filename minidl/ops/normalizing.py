"""The fused primitive of layer normalisation; its gradients are found in one walk, as one array."""

from math import prod

from ..primitive import primitive
from ..tape import Outline
from .arithmetic import rsqrt
from .blocks import by_blocks, column_sums, row_sums
from .movement import cat_, crop, reshape_
from .reduction import sum_


def _rows(x, w):
    """x's shape as a matrix with a normalised set in each row."""
    n = prod(w.shape)
    return prod(x.shape) // n, n


def _parts(g, x, w, *, eps):
    n = prod(w.shape)
    return Outline((prod(x.shape) // n + 2, n), x.dtype)


@primitive(lambda x, w, b, *, eps: Outline(tuple(x.shape), x.dtype), quiet=True)
def layer_norm_(xp, x, w, b, *, eps):
    """z = (x - mean) / sqrt(var + eps) * w + b, over the last dimensions, those of w"""
    x2, w, b = x.reshape(_rows(x, w)), w.reshape(-1), b.reshape(-1)
    z = xp.empty(x2.shape, x.dtype)

    def work(part):
        centred, scale = _centred(xp, x2[part], eps)
        centred *= _outer(xp, scale, w)
        xp.add(centred, b, out=z[part], casting="same_kind")

    by_blocks(xp, x2, work, 8)
    return z.reshape(x.shape)


def _centred(xp, x, eps):
    """x - mean of each row of a matrix, and 1 / sqrt(var + eps)."""
    n = x.shape[1]
    centred = x - row_sums(xp, x, 1 / n)
    scale = xp.vecdot(centred, centred)[:, None]
    scale /= n
    scale += eps
    xp.sqrt(scale, out=scale)
    return centred, xp.true_divide(1, scale, out=scale)


def _outer(xp, column, row):
    """column * row, as a product of matrices with a second column and row of zeros: repeating both
    takes several times as long, and so does a product of one column and one row."""
    columns, rows = xp.zeros((len(column), 2), column.dtype), xp.zeros((2, len(row)), row.dtype)
    columns[:, :1], rows[0] = column, row
    return xp.matmul(columns, rows)


def _mean(x, w):
    """The mean of each normalised set, sizes kept as 1."""
    dims = tuple(range(x.ndim - w.ndim, x.ndim))
    return sum_(x, dims=dims, keepdim=True) / prod(w.shape)


def _composed_normal(x, w, eps):
    """(x - mean) / sqrt(var + eps) of each set and 1 / sqrt(var + eps), of any primitives."""
    centred = x - _mean(x, w)
    scale = rsqrt(_mean(centred * centred, w) + eps)
    return centred * scale, scale


@layer_norm_.composed
def _(x, w, b, eps):
    normal, _ = _composed_normal(x, w, eps)
    return normal * w + b


@layer_norm_.joint_vjp
def _(g, z, x, w, b, eps):
    d = layer_norm_slopes(g, x, w, eps=eps)
    parts = (slice(None, -2), x), (-2, w), (-1, b)
    return tuple(reshape_(crop(d, key=(key,)), shape=tuple(y.shape)) for key, y in parts)


@primitive(_parts, quiet=True)
def layer_norm_slopes(xp, g, x, w, *, eps):
    """dL/dx, a row for each normalised set; under it a row with dL/dw, and one with dL/db"""
    g2, x2, w = (y.reshape(_rows(y, w)) for y in (g, x, w))
    n = w.size
    w = w[0]
    d = xp.empty((x2.shape[0] + 2, n), x.dtype)
    sums = {}  # of each block's columns

    def work(part):
        h = g2[part]
        centred, scale = _centred(xp, x2[part], eps)
        product = h * centred
        sums[part.start] = xp.matmul(scale.T, product)[0], column_sums(xp, h)
        centred *= row_sums(xp, product, w / n) * scale * scale * scale  # no cube: it overflows
        xp.multiply(h, _outer(xp, scale, w), out=product)
        product -= centred
        xp.subtract(product, row_sums(xp, h, w / n) * scale, out=d[:-2][part], casting="same_kind")

    by_blocks(xp, x2, work, 16)
    d[-2] = sum(sums[start][0] for start in sorted(sums))
    d[-1] = sum(sums[start][1] for start in sorted(sums))
    return d


@layer_norm_slopes.composed
def _(g, x, w, eps):
    normal, scale = _composed_normal(x, w, eps)
    h, product, dims = g * w, g * normal, tuple(range(x.ndim - w.ndim))
    dx = (h - _mean(h, w) - normal * _mean(product * w, w)) * scale
    sums = (sum_(y, dims=dims, keepdim=False) for y in (product, g))
    return cat_(*(reshape_(y, shape=_rows(y, w)) for y in (dx, *sums)), dim=0)
