"""Rows of a table on a graphics card, as an embedding looks them up; and its gradient."""

from math import prod
from typing import Any

from ..alarm_gpu import CODES, alarm
from ..backend import bool_
from .indexing import Slot, gather_at
from .kernels_gpu import Family, by_numbers, flat, packed, serves
from .positions_gpu import watch

SOURCE = CODES + r"""
// Adds row i of x to row rows[i] of z, where several may meet.
extern "C" __global__ void add_to_rows(
    const T* x, const Long* rows, A* z, Long total, Long size, Long count, int* alarm) {
    for (Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; i < total;
         i += (Long)gridDim.x * blockDim.x) {
        Long row = rows[i / size];
        row += row < 0 ? count : 0;
        if (row >= 0 && row < count) atomicAdd(z + row * size + i % size, A(x[i]));
        else *alarm = POSITION;
    }
}

// The rows of x that are named, in packs; nan where there is no such row.
extern "C" __global__ void rows_of(
    const Pack* x, const Long* rows, Pack* z, Long total, Long size, Long count, int* alarm) {
    Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (i >= total) return;
    Long row = rows[i / size];
    row += row < 0 ? count : 0;
    Pack pack;
    if (row >= 0 && row < count) pack = x[row * size + i % size];
    else {
        *alarm = POSITION;
        for (int k = 0; k < V; k++) pack.at[k] = T(INFINITE - INFINITE);
    }
    z[i] = pack;
}
"""

family = Family(SOURCE)


def add_to_rows(xp: Any, x: Any, indices: tuple, key: tuple, shape: tuple) -> Any:
    """`scatter_at` of real numbers where rows are named, summed as float32 or double; else None."""
    plain = key == (Slot.ARRAY,) and indices[0].dtype != bool_ and indices[0].size and prod(shape)
    if not plain or not serves(x) or x.ndim != indices[0].ndim + len(shape) - 1:
        return None
    (rows,) = indices
    x = xp.broadcast_to(x, (*rows.shape, *shape[1:]))
    wide = "float64" if x.dtype.itemsize == 8 else "float32"
    x, rows, z = *flat(xp, x, rows.astype("int64", copy=False)), xp.zeros(shape, wide)
    blocks = min(-(-x.size // 256), 1 << 16)
    family.run(xp, "add_to_rows", x, blocks, 256, x, rows, z, x.size, prod(shape[1:]), shape[0],
               alarm(xp).address)  # fmt: skip
    return z.astype(x.dtype, copy=False)


@gather_at.on("cuda")
def _(xp, x, *indices, key):
    plain = key == (Slot.ARRAY,) and indices[0].dtype.kind in "iu" and indices[0].size
    if not plain or not serves(x):
        watch(xp, x.shape, key, indices)
        return gather_at.forward(xp, x, *indices, key=key)
    (rows,) = indices
    x, rows = flat(xp, x, rows.astype("int64", copy=False))
    z, size = xp.empty((*rows.shape, *x.shape[1:]), x.dtype), prod(x.shape[1:])
    width = packed(size, x, z)
    blocks, threads = by_numbers(z.size // width)
    family.run(xp, "rows_of", x, blocks, threads, x, rows, z, z.size // width, size // width,
               len(x), alarm(xp).address, width=width)  # fmt: skip
    return z
