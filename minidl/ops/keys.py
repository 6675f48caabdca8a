"""How a key in brackets is read: x[key] and x[key] = value.

A key may hold integers, slices, None, Ellipsis, and arrays of positions or masks. As in PyTorch it
is taken in two steps: first everything but the arrays, which gives a view; then the arrays pick
from the view. NumPy takes an integer beside arrays as one more array instead, so where a slice
stands between them, as in x[0, :, rows], NumPy's result has its dimensions in another order.
"""

from math import prod
from operator import index
from typing import Any

from ..backend import at_hand, bool_, device_of, int32, int64, uint8, write
from ..tape import Traced
from .indexing import Slot, filled, gather_at, numbers_of, put_at, watch
from .movement import crop, reshape_
from .questions import ne

ALL = slice(None)


def getitem(input: Any, key: Any) -> Any:
    """input[key]: integers, slices, None, Ellipsis, lists, integer tensors and masks.

    Without arrays in the key the result is a view: it shares memory with `input`. A tensor of
    uint8 is a mask, not positions, as in PyTorch.

    Raises:
        IndexError: too many indices, one out of range, or a mask of another shape.
        ShapeError: arrays of positions that do not broadcast together.
        ValueError: a slice that goes backwards.
    """
    plain, template, indices = split_key(input, key)
    if plain is not None:
        input = crop(input, key=plain)
    return gather_at(input, *indices, key=template) if indices else input


def setitem(input: Any, key: Any, value: Any) -> Any:
    """A copy of input with copy[key] = value; both keep their gradients.

    Raises:
        TypeError: arrays in the key, and values of another dtype than the input's.
    """
    plain, template, indices = split_key(input, key)
    _same_dtype(input, value, indices)
    if not indices:
        part = crop(input, key=plain)
        return put_at(input, _fitted(value, part.ndim), key=plain)
    part = input if plain is None else crop(input, key=plain)
    room = gather_at(part, *indices, key=template).ndim
    part = put_at(part, _fitted(value, room), *indices, key=template)
    return part if plain is None else put_at(input, part, key=plain)


def _same_dtype(input: Any, value: Any, indices: tuple) -> None:
    """Raises where PyTorch does not convert: it does in slices, and one number under a mask."""
    kind = getattr(value, "dtype", input.dtype)
    if not indices or kind == input.dtype:
        return
    if prod(value.shape) > 1 or any(i.dtype != bool_ for i in indices):
        raise TypeError(
            f"Values put at an array of positions must have the tensor's dtype, {input.dtype}, got "
            f"{kind}; convert them with .to(x.dtype)."
        )


def _fitted(value: Any, ndim: int) -> Any:
    """A value without leading dimensions of size 1 that the place it goes to has not."""
    extra = getattr(value, "ndim", 0) - ndim
    if extra <= 0 or any(n != 1 for n in value.shape[:extra]):
        return value
    return reshape_(value, shape=tuple(value.shape[extra:]))


def overwrite(array: Any, key: Any, value: Any) -> None:
    """array[key] = value for bare arrays, in place.

    Raises:
        IndexError, ShapeError: as getitem; or the values do not fill that part.
        TypeError: as setitem.
        ValueError: the array is not to be written into.
    """
    plain, template, indices = split_key(array, key)
    _same_dtype(array, value, indices)
    part = array if plain is None else crop(array, key=plain)
    if indices:
        watch(array, part.shape, template, indices)
    try:
        write(part, value, filled(template, indices) if indices else ...)
    except (ValueError, IndexError) as error:
        problem = error
    else:
        return
    put_at.outline(part, value, *indices, key=template if indices else ())
    raise problem


# Reading a key --------------------------------------------------------------------------------


def split_key(input: Any, key: Any) -> tuple[tuple | None, tuple, tuple]:
    """A key in two: a part without arrays, and one of arrays and full slices.

    Returns:
        The plain part, or None where it would change nothing; a template with a `Slot` per array;
        and the arrays.
    """
    if type(key) is list:
        _plain(key)
    items = [_item(input, k) for k in (key if type(key) is tuple else (key,))]
    used = sum(_taken(k) for k in items)
    if used > input.ndim:
        raise IndexError(
            f"Too many indices: a tensor with {input.ndim} dimensions was given {used}."
        )
    plain: list[Any] = []
    template, indices, dim, dotted = [], [], 0, False
    for k in items:
        if k is None:
            plain.append(k)
            template.append(ALL)
        elif k is Ellipsis:
            if not dotted:
                dim += input.ndim - used
                plain.append(k)
                template += [ALL] * (input.ndim - used)
            dotted = True
        elif isinstance(k, slice):
            plain.append(k)
            template.append(ALL)
            dim += 1
        elif type(k) is int:
            if not -input.shape[dim] <= k < input.shape[dim]:
                raise IndexError(
                    f"index {k} is out of range for dimension {dim}, whose size is "
                    f"{input.shape[dim]}."
                )
            plain.append(k)
            dim += 1
        else:
            plain += [ALL] * k.ndim if k.dtype == bool_ else [ALL]
            template.append(Slot.ARRAY)
            indices.append(k)
            dim += _taken(k)
    trivial = indices and all(k is Ellipsis or k == ALL for k in plain)
    return None if trivial else tuple(plain), tuple(template), tuple(indices)


def _taken(k: Any) -> int:
    """How many dimensions of the tensor an item of a key speaks for."""
    if k is None or k is Ellipsis:
        return 0
    return k.ndim if getattr(k, "dtype", None) == bool_ else 1


def _plain(key: list) -> None:
    """Raises for a list that is not simply one of positions or bools."""
    for k in key:
        if k is None or k is Ellipsis or isinstance(k, (list, tuple, slice)) or hasattr(k, "shape"):
            raise IndexError(
                "A list of more than numbers can be read in two ways: write x[tuple(key)] to give "
                "each dimension its own item, or x[minidl.tensor(key)] for positions along the "
                "first."
            )


def _item(input: Any, k: Any) -> Any:
    """One item of a key as None, Ellipsis, a Python slice or integer, or a bare array."""
    if type(k) is int or k is None or k is Ellipsis:
        return k
    if type(k) is slice:
        return _forward(k)
    if isinstance(k, (list, tuple, range, bool)):
        return _listed(input, k)
    if hasattr(k, "dtype"):
        return _beside(input, _array(k.array if isinstance(k, Traced) else k))
    if hasattr(k, "__index__"):
        return index(k)
    raise IndexError(
        f"A key holds integers, slices, None, ..., lists, integer tensors and masks; got {k!r:.60}."
    )


def _forward(k: slice) -> slice:
    """A slice with Python numbers, so that it can be compared and printed."""
    if k.start is None and k.stop is None and k.step is None:
        return k
    start, stop, step = (n if n is None else index(n) for n in (k.start, k.stop, k.step))
    if step is not None and step <= 0:
        raise ValueError(f"A slice's step must be positive, got {step}; use flip() to reverse.")
    return slice(start, stop, step)


def _listed(input: Any, k: Any) -> Any:
    """A list of positions or bools as an array on the input's device; True and False as masks."""
    place = device_of(input.array if isinstance(input, Traced) else input)
    assert place is not None
    try:
        array = place.asarray(k)
    except (ValueError, TypeError):
        raise IndexError(f"A list in a key must hold integers or bools, got {k!r:.60}.") from None
    return _array(array.astype(int64) if array.size == 0 else array)


def _beside(input: Any, array: Any) -> Any:
    """Positions or a mask of the processor where the input is; a number or a symbol as it is."""
    place = device_of(input.array if isinstance(input, Traced) else input)
    if place is device_of(array) or not place or not place.writable or at_hand(array) is None:
        return array
    return place.receive(array)


def _array(array: Any) -> Any:
    """Positions as int64 or int32 (one alone as a Python integer), masks as bools."""
    kind = array.dtype
    if kind == uint8:
        return ne(array, 0)
    if kind not in (int64, int32, bool_):
        raise IndexError(f"Positions must be int64 or int32, and masks bool; got {kind}.")
    if not array.shape and kind != bool_ and numbers_of(array) is not None:
        return int(array)
    return array
