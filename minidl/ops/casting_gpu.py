"""Numbers in another dtype on a graphics card, several by each thread: CuPy moves them singly.

And all weights of a region of `autocast` by one launch, which costs as much as one for each.
"""

from typing import Any

import numpy

from ..precision import CAST_ALL
from .kernels_gpu import Family, by_numbers, packed, serves
from .movement import cast

MANY = 120  # arrays in a launch: their addresses travel with it, in at most 4 KB

_EACH = r"""
struct alignas(V * sizeof(TYPE)) TYPEPack { TYPE at[V]; };
extern "C" __global__ void cast_LETTER(const Pack* x, TYPEPack* z, Long packs) {
    Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (i >= packs) return;
    Pack pack = x[i];
    TYPEPack result;
    for (int k = 0; k < V; k++) result.at[k] = TYPE(A(pack.at[k]));
    z[i] = result;
}
extern "C" __global__ void cast_all_LETTER(Rows rows) {
    const T* x = rows.x[blockIdx.y];
    TYPE* z = (TYPE*)rows.z[blockIdx.y];
    Long n = rows.n[blockIdx.y], step = (Long)gridDim.x * blockDim.x * V;
    for (Long i = (blockIdx.x * (Long)blockDim.x + threadIdx.x) * V; i < n; i += step) {
        if (i + V > n) {
            for (Long k = i; k < n; k++) z[k] = TYPE(A(x[k]));
            return;
        }
        Pack pack = *(const Pack*)(x + i);
        TYPEPack result;
        for (int k = 0; k < V; k++) result.at[k] = TYPE(A(pack.at[k]));
        *(TYPEPack*)(z + i) = result;
    }
}
"""
SOURCE = f"struct Rows {{ const T* x[{MANY}]; void* z[{MANY}]; Long n[{MANY}]; }};\n" + "".join(
    _EACH.replace("TYPE", name).replace("LETTER", letter)
    for letter, name in {"f": "float", "d": "double", "e": "Half", "E": "Brain"}.items()
)
family = Family(SOURCE)


@cast.on("cuda")
def _(xp, x, *, dtype):
    if dtype.char not in "fdeE" or not serves(x) or not x.flags.c_contiguous:
        return cast.forward(xp, x, dtype=dtype)
    z = xp.empty(x.shape, dtype)
    width = packed(x.size, x, z)
    blocks, threads = by_numbers(x.size // width)
    family.run(xp, f"cast_{dtype.char}", x, blocks, threads, x, z, x.size // width, width=width)
    return z


def _all(xp: Any, arrays: list[Any], dtype: Any) -> list[Any] | None:
    """`cast` of several arrays; None where there is no kernel for one of them."""
    if dtype.char not in "fdeE" or not serves(*arrays):
        return None
    if not all(x.flags.c_contiguous for x in arrays):
        return None
    results = [xp.empty(x.shape, dtype) for x in arrays]
    for i in range(0, len(arrays), MANY):
        _launched(xp, arrays[i : i + MANY], results[i : i + MANY])
    return results


def _launched(xp: Any, arrays: list[Any], results: list[Any]) -> None:
    rows, like = numpy.zeros((3, MANY), "int64"), arrays[0]
    rows[0, : len(arrays)] = [x.data.ptr for x in arrays]
    rows[1, : len(arrays)] = [z.data.ptr for z in results]
    rows[2, : len(arrays)] = [x.size for x in arrays]
    width = packed(0, *arrays, *results)
    blocks = min(-(-max(x.size for x in arrays) // (256 * 4 * width)), 512)
    family.run(xp, f"cast_all_{results[0].dtype.char}", like, (blocks, len(arrays)), 256,
               rows.reshape(-1).view(f"V{rows.nbytes}"), width=width)  # fmt: skip


CAST_ALL["cuda"] = _all
