"""Primitives that look numbers up by arrays of positions, and put them back.

A key such as x[:, rows, None] is split: its arrays become inputs of the primitive, and a template
keeps their places, so that positions can be traced like any other input.
"""

import math
from collections.abc import Callable
from enum import Enum
from typing import Any, final

from ..backend import at_hand, bool_, device_of, fancy_shape, int64, steps
from ..errors import CompileError, ShapeError
from ..primitive import broadcast, primitive
from ..tape import Outline, Traced
from .elementwise import where_
from .movement import cast
from .questions import eq

# What has positions looked at where NumPy's functions would not raise, by type of device:
# (xp, shape, key, indices, from_end), the last for whether positions may count from the end.
WATCH: dict[str, Callable[..., None]] = {}


@final
class Slot(Enum):
    """What stands in a key's template where an array stood."""

    ARRAY = "array"


def filled(key: tuple, indices: tuple) -> tuple:
    """A key's template with the arrays back in their places."""
    arrays = iter(indices)
    return tuple(next(arrays) if k is Slot.ARRAY else k for k in key)


def positions(count: int, like: Any) -> Any:
    """0, 1, ..., count - 1 as int64, where another array is."""
    place = device_of(like.array if isinstance(like, Traced) else like)
    assert place is not None
    return place.asarray(steps(0, count, 1))


def numbers_of(x: Any) -> Any:
    """The bare array of x where its numbers can be looked at without waiting, else None."""
    return at_hand(x.array if isinstance(x, Traced) else x)


def watch(like: Any, shape: tuple, key: tuple, indices: tuple, **how: Any) -> None:
    """Has positions looked at where only the device of `like` can do so, and later."""
    place = device_of(like)
    if place is not None and place.type in WATCH:
        place.call(WATCH[place.type], shape, key, indices, **how)


def watch_front(index: Any, size: int) -> None:
    """Has positions looked at that count from 0, where that can only be done later."""
    array = index.array if isinstance(index, Traced) else index
    watch(array, (size,), (Slot.ARRAY,), (array,), from_end=False)


# What fits ------------------------------------------------------------------------------------


def _picked(x: Any, indices: tuple, key: tuple) -> tuple[int, ...]:
    """The shape of x[key].

    Raises:
        IndexError: a position does not exist, or a mask has another shape than what it is to mask.
        ShapeError: arrays of positions do not broadcast. CompileError: a mask on paper.
    """
    arrays, dim = iter(indices), 0
    for k in key:
        if k is Slot.ARRAY:
            array = next(arrays)
            _exists(x, dim, array)
            dim += array.ndim if array.dtype == bool_ else 1
        elif k is not None:
            dim += 1
    if any(i.dtype == bool_ and _is_symbol(i) for i in indices):
        raise CompileError(
            "A mask picks as many numbers as it has True values, so the result has no shape until "
            "there are numbers. On paper use where(mask, x, y) instead of x[mask]."
        )
    broadcast(*(i.shape if i.dtype != bool_ else (int(i.sum()),) for i in indices))
    return fancy_shape(tuple(x.shape), filled(key, indices))


def _is_symbol(x: Any) -> bool:
    """Whether there are no numbers yet, as on paper."""
    place = device_of(x.array if isinstance(x, Traced) else x)
    return place is None or not place.writable


def _exists(x: Any, dim: int, array: Any) -> None:
    """Raises where positions along a dimension of x, or a mask from there on, do not fit."""
    if array.dtype == bool_:
        masked = tuple(x.shape[dim : dim + array.ndim])
        if masked != tuple(array.shape):
            raise IndexError(
                f"A mask of shape {tuple(array.shape)} cannot pick from dimensions of sizes "
                f"{masked}: from dimension {dim} on, its shape must be that of the tensor, "
                f"{tuple(x.shape)}."
            )
        return
    numbers, size = numbers_of(array), x.shape[dim]
    if numbers is not None and numbers.size:
        for index in (int(numbers.min()), int(numbers.max())):
            if not -size <= index < size:
                raise IndexError(
                    f"index {index} is out of range for dimension {dim}, whose size is {size}."
                )


def _written(x: Any, value: Any, *indices: Any, key: tuple, **_: Any) -> Outline:
    """The outline of x with values put into x[key]."""
    target, given = _picked(x, indices, key), tuple(getattr(value, "shape", ()))
    ones = (1,) * max(len(target) - len(given), 0)
    if any(n not in (1, m) for n, m in zip(ones + given, target, strict=False)):
        raise ShapeError(f"Values of shape {given} cannot be assigned to a part of shape {target}.")
    return Outline(tuple(x.shape), x.dtype)


def _added(x: Any, *indices: Any, key: tuple, shape: tuple) -> Outline:
    """The outline of zeros to which x is added at the key."""
    return _written(Outline(tuple(shape), x.dtype), x, *indices, key=key)


# Reading and adding: each the other's adjoint -------------------------------------------------


@primitive(
    lambda x, *indices, key: Outline(_picked(x, indices, key), x.dtype),
    onnx="GatherND",
)
def gather_at(xp, x, *indices, key):
    """z = x[key], for a key with arrays"""
    return x[filled(key, indices)]


@primitive(_added, onnx="ScatterND")
def scatter_at(xp, x, *indices, key, shape):
    """Zeros of a shape to which x is added at the key: the adjoint of gather_at"""
    z = xp.zeros(shape, x.dtype)
    if key == (Slot.ARRAY,) and indices[0].dtype != bool_:
        _add_to_rows(xp, z, indices[0], x)
    else:
        xp.add.at(z, filled(key, indices), x)
    return z


def _add_to_rows(xp, z, rows, x):
    """Adds x to rows of z, number by number: NumPy does that five times faster than by rows."""
    row = math.prod(z.shape[1:])
    places = rows.astype(int64).reshape(-1, 1) * row + xp.arange(row)
    x = xp.broadcast_to(x, (*rows.shape, *z.shape[1:]))
    xp.add.at(z.reshape(-1), places.reshape(-1), x.reshape(-1))


@gather_at.joint_vjp
def _(g, z, x, *indices, key):
    return scatter_at(g, *indices, key=key, shape=tuple(x.shape)), *(None for _ in indices)


@scatter_at.joint_vjp
def _(g, z, x, *indices, key, shape):
    return gather_at(g, *indices, key=key), *(None for _ in indices)


# Writing --------------------------------------------------------------------------------------


@primitive(_written)
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


@primitive(_written)
def fold_at(xp, x, value, *indices, key, by):
    """A copy of x with z[key] = by(z[key], value), position after position.

    by: "maximum", "minimum" or "multiply".
    """
    z = x.copy()
    getattr(xp, by).at(z, filled(key, indices), value)
    return z


@fold_at.joint_vjp
def _(g, z, x, value, *indices, key, by):
    rule = _of_product if by == "multiply" else _of_extreme
    return *rule(g, z, x, value, indices, key, by), *(None for _ in indices)


def _of_extreme(g, z, x, value, indices, key, by):
    """Winners share a place's gradient equally."""
    won = cast(eq(x, z), dtype=g.dtype)
    won_there = cast(eq(value, gather_at(z, *indices, key=key)), dtype=g.dtype)
    share = g / (won + scatter_at(won_there, *indices, key=key, shape=tuple(x.shape)))
    return won * share, won_there * gather_at(share, *indices, key=key)


def _of_product(g, z, x, value, indices, key, by):
    """To each factor the product of the others: where one is 0, only it has any."""
    zero, zero_there = eq(x, 0), eq(value, 0)
    zeros = scatter_at(cast(zero_there, dtype=g.dtype), *indices, key=key, shape=tuple(x.shape))
    zeros = zeros + cast(zero, dtype=g.dtype)
    filled_x, filled_value = where_(zero, 1, x), where_(zero_there, 1, value)
    rest = g * fold_at(filled_x, filled_value, *indices, key=key, by=by)
    alone, none = where_(eq(zeros, 1), rest, 0), where_(eq(zeros, 0), rest, 0)
    alone_there, none_there = (gather_at(y, *indices, key=key) for y in (alone, none))
    return (
        where_(zero, alone, none / filled_x),
        where_(zero_there, alone_there, none_there / filled_value),
    )
