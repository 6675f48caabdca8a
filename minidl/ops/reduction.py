"""Primitives that make many numbers one: sums, extremes, running sums.

`dims` is always a tuple of non-negative dimensions; the PyTorch-named functions around them
turn `dim=None`, `-1` or `(0, 2)` into it.
"""

from math import prod

from ..backend import as_dtype, bool_, category, float32, float64, int64
from ..primitive import primitive
from ..tape import Outline
from .movement import cast, expand_, flip_, reshape_
from .questions import eq

_MANY = 1 << 14  # numbers from which on a sum is better done as a product of matrices


def _reduced(x, *, dims, keepdim, dtype=None):
    shape = tuple(1 if d in dims else n for d, n in enumerate(x.shape) if keepdim or d not in dims)
    return Outline(shape, dtype or x.dtype)


def _kept(shape, dims):
    """The shape a reduction has with keepdim=True, in which it broadcasts against its input."""
    return tuple(1 if d in dims else n for d, n in enumerate(shape))


# sums -----------------------------------------------------------------------------------------


@primitive(
    lambda x, **params: _reduced(x, **params, dtype=x.dtype if category(x.dtype) > 1 else int64),
    onnx="ReduceSum",
    quiet=True,
)
def sum_(xp, x, *, dims, keepdim):
    """z = the sum of x over dims"""
    kind = x.dtype if category(x.dtype) > 1 else int64
    return xp.add.reduce(x, axis=dims, dtype=kind, keepdims=keepdim)


@sum_.vjp
def _(g, z, x, dims, keepdim):
    return expand_(reshape_(g, shape=_kept(x.shape, dims)), shape=tuple(x.shape))


@primitive(lambda x, *, shape: Outline(shape, x.dtype), quiet=True)
def sum_to(xp, x, *, shape):
    """The adjoint of expand: sums over whatever was repeated."""
    new = x.ndim - len(shape)
    repeated = (
        ()
        if x.shape[new:] == shape
        else tuple(i for i, n in enumerate(shape, new) if n == 1 and x.shape[i] != 1)
    )
    if not repeated and x.size > _MANY and x.dtype in (float32, float64):
        columns = prod(shape)
        lines = x.reshape(-1, columns)  # 1, 1, ... times a matrix sums its columns, twice as fast
        return xp.matmul(xp.ones(len(lines), x.dtype), lines).reshape(shape)
    z = xp.add.reduce(x, axis=(*range(new), *repeated), dtype=x.dtype)
    return z.reshape(shape) if repeated else z


sum_to.vjp(lambda g, z, x, shape: expand_(g, shape=tuple(x.shape)))


@primitive(
    lambda x, *, dim: Outline(tuple(x.shape), x.dtype if category(x.dtype) > 1 else int64),
    onnx="CumSum",
    quiet=True,
)
def cumsum_(xp, x, *, dim):
    """z[i] = x[0] + ... + x[i] along a dimension"""
    return xp.cumsum(x, dim, dtype=x.dtype if category(x.dtype) > 1 else int64)


cumsum_.vjp(lambda g, z, x, dim: flip_(cumsum_(flip_(g, dims=(dim,)), dim=dim), dims=(dim,)))


# extremes -------------------------------------------------------------------------------------


@primitive(_reduced, onnx="ReduceMax")
def amax_(xp, x, *, dims, keepdim):
    """z = the largest of x over dims; ties share the gradient equally"""
    return xp.maximum.reduce(x, axis=dims, keepdims=keepdim)


@primitive(_reduced, onnx="ReduceMin")
def amin_(xp, x, *, dims, keepdim):
    """z = the smallest of x over dims; ties share the gradient equally"""
    return xp.minimum.reduce(x, axis=dims, keepdims=keepdim)


def _to_winners(g, z, x, dims, keepdim):
    """dz/dx is 1 / (number of winners) at the winners, else 0."""
    kept = _kept(x.shape, dims)
    won = cast(eq(x, reshape_(z, shape=kept)), dtype=g.dtype)
    share = reshape_(g, shape=kept) / sum_(won, dims=dims, keepdim=True)
    return won * share


amax_.vjp(_to_winners)
amin_.vjp(_to_winners)


# Positions and questions: integers and bools, without a derivative ----------------------------


def _placed(x, *, dim, keepdim):
    return _reduced(x, dims=(dim,), keepdim=keepdim, dtype=int64)


@primitive(_placed, onnx="ArgMax")
def argmax_(xp, x, *, dim, keepdim):
    """The position of the largest along a dimension; of equals, the first"""
    return xp.argmax(x, dim, keepdims=keepdim)


@primitive(_placed, onnx="ArgMin")
def argmin_(xp, x, *, dim, keepdim):
    """The position of the smallest along a dimension; of equals, the first"""
    return xp.argmin(x, dim, keepdims=keepdim)


@primitive(lambda x, **params: _reduced(x, **params, dtype=bool_))
def all_(xp, x, *, dims, keepdim):
    """Whether all of x are true over dims"""
    return xp.all(x, axis=dims, keepdims=keepdim)


@primitive(lambda x, **params: _reduced(x, **params, dtype=bool_))
def any_(xp, x, *, dims, keepdim):
    """Whether any of x is true over dims"""
    return xp.any(x, axis=dims, keepdims=keepdim)


@primitive(lambda x, *, dim, descending: Outline(tuple(x.shape), int64))
def argsort_(xp, x, *, dim, descending):
    """The positions that sort x along a dimension, equals in their order"""
    if descending:  # sorted from the far end, so that equals keep their order
        last = x.shape[dim] - 1
        return last - xp.flip(xp.argsort(xp.flip(x, dim), dim, stable=True), dim)
    return xp.argsort(x, dim, stable=True)


def in_dtype(x, dtype):
    """x in the dtype that a function was asked to compute in; as it is where none was."""
    if dtype is None or as_dtype(dtype) == x.dtype:
        return x
    return cast(x, dtype=as_dtype(dtype))
