"""Primitives that move numbers without computing on them; each stands beside its adjoint.

A linear operation's derivative is its adjoint, so they come in pairs: what one does to values the
other does to gradients. expand <-> sum_to (in reduction.py), crop <-> pad, gather_at <-> scatter_at
(in indexing.py), cat <-> crop.
"""

from math import prod

from ..errors import ShapeError
from ..primitive import broadcast, primitive
from ..tape import Outline

__all__ = [
    "clone",
]

# reshape --------------------------------------------------------------------------------------


def _reshaped(x, *, shape):
    if prod(shape) != prod(x.shape):
        raise ShapeError(
            f"reshape: {tuple(x.shape)} holds {prod(x.shape)} numbers, {shape} holds {prod(shape)}."
        )
    return Outline(shape, x.dtype)


@primitive(_reshaped, onnx="Reshape", view=True)
def reshape_(xp, x, *, shape):
    """The same numbers, in the same order, in another shape."""
    return x.reshape(shape)


reshape_.vjp(lambda g, z, x, shape: reshape_(g, shape=tuple(x.shape)))


# permute --------------------------------------------------------------------------------------


@primitive(
    lambda x, *, dims: Outline(tuple(x.shape[d] for d in dims), x.dtype),
    onnx="Transpose",
    view=True,
)
def permute_(xp, x, *, dims):
    """z[i_dims[0], i_dims[1], ...] = x[i_0, i_1, ...]"""
    return x.transpose(dims)


permute_.vjp(lambda g, z, x, dims: permute_(g, dims=_inverse(dims)))


def _inverse(dims: tuple[int, ...]) -> tuple[int, ...]:
    """The permutation that undoes another."""
    return tuple(sorted(range(len(dims)), key=dims.__getitem__))


# expand ---------------------------------------------------------------------------------------


def _expanded(x, *, shape):
    if broadcast(x.shape, shape) != tuple(shape):
        raise ShapeError(f"expand: {tuple(x.shape)} does not broadcast to {shape}.")
    return Outline(shape, x.dtype)


@primitive(_expanded, onnx="Expand", view=True)
def expand_(xp, x, *, shape):
    """Repeats x along new dimensions and those of size 1, without copying."""
    return xp.broadcast_to(x, shape)


expand_.vjp(lambda g, z, x, shape: g)  # summed to x's shape where all gradients are


# crop and pad ---------------------------------------------------------------------------------
# A key is a tuple of ints, slices, None and Ellipsis, as in x[1:, None, ..., -1].


@primitive(
    lambda x, *, key: Outline(_key_shape(x.shape, key), x.dtype),
    onnx="Slice",
    view=True,
    part=True,
)
def crop(xp, x, *, key):
    """z = x[key], for a key without arrays; with an Ellipsis even one number comes as a view"""
    return x[key if Ellipsis in key else (*key, ...)]


@primitive(lambda x, *, key, shape: Outline(tuple(shape), x.dtype), onnx="Pad")
def pad_(xp, x, *, key, shape):
    """Zeros of a shape with z[key] = x: the adjoint of crop."""
    z = xp.zeros(shape, x.dtype)
    z[key] = x
    return z


crop.vjp(lambda g, z, x, key: pad_(g, key=key, shape=tuple(x.shape)))
pad_.vjp(lambda g, z, x, key, shape: crop(g, key=key))


def _key_shape(shape: tuple[int, ...], key: tuple) -> tuple[int, ...]:
    """The shape of x[key], by rule."""
    missing = len(shape) - sum(1 for k in key if k is not None and k is not Ellipsis)
    full = []
    for k in key if Ellipsis in key else (*key, Ellipsis):
        full += [slice(None)] * missing if k is Ellipsis else [k]
    sizes, result = iter(shape), []
    for k in full:
        if k is None:
            result.append(1)
        elif isinstance(k, slice):
            result.append(len(range(*k.indices(next(sizes)))))
        else:
            next(sizes)
    return tuple(result)


# flip -----------------------------------------------------------------------------------------


@primitive(lambda x, *, dims: Outline(tuple(x.shape), x.dtype))
def flip_(xp, x, *, dims):
    """Reverses the order along some dimensions."""
    return xp.ascontiguousarray(xp.flip(x, dims))


flip_.vjp(lambda g, z, x, dims: flip_(g, dims=dims))


# cat ------------------------------------------------------------------------------------------


def _joined(*xs, dim):
    shape = list(xs[0].shape)
    for i, x in enumerate(xs):
        rest = [list(y.shape[:dim]) + list(y.shape[dim + 1 :]) for y in (xs[0], x)]
        if rest[0] != rest[1]:
            raise ShapeError(
                f"cat: along dimension {dim}, all other sizes must agree, but the first tensor is "
                f"{tuple(xs[0].shape)} and number {i} is {tuple(x.shape)}."
            )
    shape[dim] = sum(x.shape[dim] for x in xs)
    return Outline(tuple(shape), xs[0].dtype)


@primitive(_joined, onnx="Concat")
def cat_(xp, *xs, dim):
    """Joins arrays along a dimension."""
    return xp.concatenate(xs, dim)


def _cut(g, z, *xs, dim):
    pieces, start = [], 0
    for x in xs:
        end = start + x.shape[dim]
        pieces.append(crop(g, key=(slice(None),) * dim + (slice(start, end),)))
        start = end
    return pieces


cat_.joint_vjp(_cut, shapes_only=True)


# cast and clone -------------------------------------------------------------------------------


@primitive(lambda x, *, dtype: Outline(tuple(x.shape), dtype), onnx="Cast", quiet=True)
def cast(xp, x, *, dtype):
    """The same numbers in another dtype; where complex numbers become real, their real parts.

    What another dtype cannot hold becomes infinite, or, among integers, some integer.
    """
    return (x.real if x.dtype.kind == "c" and dtype.kind != "c" else x).astype(dtype)


cast.vjp(lambda g, z, x, dtype: g)  # cast to x's dtype where all gradients are


@primitive(lambda x: Outline(tuple(x.shape), x.dtype), onnx="Identity")
def clone(xp, x):
    """The same numbers in memory of their own."""
    return x.copy()


clone.vjp(lambda g, z, x: g)


@primitive(lambda x, *, device, home=None, non_blocking=False: Outline(tuple(x.shape), x.dtype))
def transfer(xp, x, *, device, home=None, non_blocking=False):
    """The same numbers on another device

    Args:
        home: the device they come from, to which the gradient goes.
        non_blocking: return before the copy is done, where that is safe.
    """
    return device.receive(x, non_blocking)


@transfer.vjp
def _(g, z, x, device, home=None, non_blocking=False):
    return g if home is None else transfer(g, device=home, home=device)
