"""Adding and folding at positions on a card, where many threads may meet in one place.

CuPy's own `ufunc.at` adds few dtypes and multiplies none. Here each number of the value is worked
into its place by compare-and-swap: a thread tries again until nobody came in between. Which comes
first is left to chance, so sums of real numbers may differ in their last digits from run to run.
"""

from functools import cache
from math import prod
from typing import Any

from ..backend import bool_, int32, int64
from .indexing import Slot, filled, fold_at, scatter_at
from .positions_gpu import watch
from .rows_gpu import add_to_rows

_FOLDS = {
    "add": "old + value",
    "multiply": "old * value",
    "maximum": "old >= value || old != old ? old : value",  # nan counts as larger than all
    "minimum": "old <= value || old != old ? old : value",
}
_WORDS = {2: "unsigned short", 4: "unsigned int", 8: "unsigned long long"}
_SWAP = """
    ptrdiff_t at = place;
    T old = z[at], next, seen;
    {word} *address = reinterpret_cast<{word}*>(&z[at]);
    while (true) {{
        next = {fold};
        {word} found = atomicCAS(address, *reinterpret_cast<{word}*>(&old),
                                 *reinterpret_cast<{word}*>(&next));
        seen = *reinterpret_cast<T*>(&found);
        if (found == *reinterpret_cast<{word}*>(&old)) break;
        old = seen;
    }}
"""
_ADD = "atomicAdd(&z[place], value);"


@cache
def _kernel(xp: Any, by: str, size: int) -> Any:
    """The kernel that folds numbers of so many bytes."""
    code = _SWAP.format(word=_WORDS[size], fold=_FOLDS[by])
    return xp.ElementwiseKernel("T value, int64 place", "raw T z", code, f"minidl_{by}_at_{size}")


@cache
def _adder(xp: Any) -> Any:
    """The kernel for real numbers, which the card adds in one instruction."""
    return xp.ElementwiseKernel("T value, int64 place", "raw T z", _ADD, "minidl_add_at")


def _fold(xp, z, places, value, by):
    """Works values into the flattened z at places, both broadcast."""
    if places.size == 0:
        return
    if z.dtype.kind == "c" and by == "add":  # its two parts one after the other
        parts = z.view(z.real.dtype)
        for i, part in enumerate((value.real, value.imag)):
            _fold(xp, parts, places * 2 + i, part, by)
    elif by == "add" and z.dtype.kind == "f" and z.dtype.itemsize > 2:
        _adder(xp)(value, places, z)
    elif z.dtype.itemsize in _WORDS:
        _kernel(xp, by, z.dtype.itemsize)(value, places, z)
    else:
        raise TypeError(f"A card multiplies no {z.dtype} at positions; move it to the processor.")


def _places(xp, shape, key, indices):
    """The positions in the flattened array that a key names."""
    if key == (Slot.ARRAY,) and indices[0].dtype != bool_:  # rows
        rows, row = indices[0].astype(int64), shape[1:]
        rows = xp.where(rows < 0, rows + shape[0], rows).reshape(*rows.shape, *(1 for _ in row))
        return rows * prod(row) + xp.arange(prod(row)).reshape(row)
    return xp.arange(prod(shape)).reshape(shape)[filled(key, indices)]


def _folded(xp, z, key, indices, value, by):
    """z with values folded in; single bytes as int32, for swapping takes two bytes at least."""
    small = z.dtype.itemsize == 1
    work = z.astype(int32) if small else z
    value = xp.asarray(value, work.dtype)
    watch(xp, z.shape, key, indices)
    _fold(xp, work, _places(xp, z.shape, key, indices), value, by)
    return work.astype(z.dtype) if small else work


@scatter_at.on("cuda")
def _scatter(xp, x, *indices, key, shape):
    z = add_to_rows(xp, x, indices, key, shape)
    return _folded(xp, xp.zeros(shape, x.dtype), key, indices, x, "add") if z is None else z


@fold_at.on("cuda")
def _fold_at(xp, x, value, *indices, key, by):
    return _folded(xp, x.copy(), key, indices, value, by)
