"""Primitives that look numbers up by arrays of positions, and put them back.

A key such as x[:, rows, None] is split: its arrays become inputs of the primitive, and a template
keeps their places, so that positions can be traced like any other input.
"""

from enum import Enum
from typing import final

from ..backend import bool_, fancy_shape
from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline


@final
class Slot(Enum):
    """What stands in a key's template where an array stood."""

    ARRAY = "array"


def filled(key: tuple, indices: tuple) -> tuple:
    """A key's template with the arrays back in their places."""
    arrays = iter(indices)
    return tuple(next(arrays) if k is Slot.ARRAY else k for k in key)


def _looked_up(x, *indices, key):
    if any(i.dtype == bool_ for i in indices):
        raise ShapeError(
            "A mask picks as many numbers as it has True values, so the result has no shape until "
            "there are numbers. On paper use where(mask, x, y) instead of x[mask]."
        )
    return Outline(fancy_shape(tuple(x.shape), filled(key, indices)), x.dtype)


@primitive(_looked_up, onnx="GatherND")
def gather_at(xp, x, *indices, key):
    """z = x[key], for a key with arrays"""
    return x[filled(key, indices)]


@primitive(lambda x, *indices, key, shape: Outline(tuple(shape), x.dtype), onnx="ScatterND")
def scatter_at(xp, x, *indices, key, shape):
    """Zeros of a shape to which x is added at the key: the adjoint of gather_at"""
    z = xp.zeros(shape, x.dtype)
    xp.add.at(z, filled(key, indices), x)
    return z


@gather_at.joint_vjp
def _(g, z, x, *indices, key):
    return scatter_at(g, *indices, key=key, shape=tuple(x.shape)), *(None for _ in indices)


@scatter_at.joint_vjp
def _(g, z, x, *indices, key, shape):
    return gather_at(g, *indices, key=key), *(None for _ in indices)


@primitive(lambda x, value, *indices, key: Outline(tuple(x.shape), x.dtype))
def put_at(xp, x, value, *indices, key):
    """A copy of x with z[key] = value"""
    z = x.copy()
    z[filled(key, indices)] = value
    return z


@put_at.joint_vjp
def _(g, z, x, value, *indices, key):
    return (
        put_at(g, 0, *indices, key=key),
        gather_at(g, *indices, key=key),
        *(None for _ in indices),
    )
