"""Whether positions are in range, on a graphics card: CuPy takes any, modulo the dimension's size.

Looking would mean to wait for the card, so a kernel looks, and leaves word (`alarm_gpu`).
"""

from typing import Any

import numpy

from ..alarm_gpu import CODES, alarm
from ..backend import bool_
from .indexing import WATCH, Slot, put_at
from .kernels_gpu import Family

MANY = 8  # arrays of positions in a launch
SOURCE = CODES + r"""
struct Keys { const Long* at[MANY]; Long count[MANY], size[MANY]; };
// from_end: positions may be negative.
extern "C" __global__ void positions(Keys keys, Long from_end, int* alarm) {
    const Long *at = keys.at[blockIdx.y], count = keys.count[blockIdx.y];
    const Long size = keys.size[blockIdx.y], least = from_end ? -size : 0;
    for (Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; i < count;
         i += (Long)gridDim.x * blockDim.x)
        if (at[i] < least || at[i] >= size) *alarm = POSITION;
}
""".replace("MANY", str(MANY))

family = Family(SOURCE)
_ANY = numpy.empty(0, "float32")  # the kernel is the same for all dtypes of numbers


def watch(xp: Any, shape: tuple, key: tuple, indices: tuple, from_end: bool = True) -> None:
    """Has positions looked at that a key's template takes along the dimensions of a shape.

    from_end: negative ones are allowed, and count from the end.
    """
    found, dim, arrays = [], 0, iter(indices)
    for k in key:
        array = next(arrays) if k is Slot.ARRAY else None
        if array is not None and array.dtype == bool_:
            dim += array.ndim
        elif k is not None:
            if array is not None and array.size:
                found.append((_once(xp, array), shape[dim]))
            dim += 1
    for i in range(0, len(found), MANY):
        _look(xp, found[i : i + MANY], from_end)


def _once(xp: Any, array: Any) -> Any:
    """All of an array's numbers as int64, and each but once where it was expanded."""
    if 0 in array.strides:
        array = array[tuple(slice(None, None if step else 1) for step in array.strides)]
    return xp.ascontiguousarray(array.astype("int64", copy=False))


def _look(xp: Any, found: list[tuple[Any, int]], from_end: bool) -> None:
    keys = numpy.zeros((3, MANY), "int64")
    keys[0, : len(found)] = [array.data.ptr for array, _ in found]
    keys[1, : len(found)] = [array.size for array, _ in found]
    keys[2, : len(found)] = [size for _, size in found]
    blocks = min(-(-int(keys[1].max()) // 256), 1024)
    family.run(xp, "positions", _ANY, (blocks, len(found)), 256,
               keys.reshape(-1).view(f"V{keys.nbytes}"), int(from_end),
               alarm(xp).address)  # fmt: skip


WATCH["cuda"] = watch


@put_at.on("cuda")
def _(xp, x, value, *indices, key):
    watch(xp, x.shape, key, indices)
    return put_at.forward(xp, x, value, *indices, key=key)
