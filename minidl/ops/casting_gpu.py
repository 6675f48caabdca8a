"""Numbers in another dtype on a graphics card, several by each thread: CuPy moves them singly."""

from .kernels_gpu import Family, by_numbers, packed, serves
from .movement import cast

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
"""
SOURCE = "".join(
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
