"""Products of matrices, and the dense layers, on a graphics card: each one call of its library."""

from .dense import affine, linear_
from .linear import matmul_, row_products, rows
from .products_gpu import multiply


@matmul_.on("cuda")
def _(xp, x, y):
    if y.ndim == 2 and x.ndim > 2 and x.size:
        return multiply(xp, rows(x), y).reshape(*x.shape[:-1], y.shape[1])
    return multiply(xp, x, y)


@row_products.on("cuda")
def _(xp, x, y):
    return multiply(xp, rows(x).T, rows(y))


@linear_.on("cuda")
def _(xp, x, w):
    return multiply(xp, rows(x), w.T).reshape(*x.shape[:-1], len(w))


@affine.on("cuda")
def _(xp, x, w, b):
    b = xp.ascontiguousarray(b)
    return multiply(xp, rows(x), w.T, bias=b).reshape(*x.shape[:-1], len(w))
