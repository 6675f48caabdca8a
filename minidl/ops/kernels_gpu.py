"""CUDA source, compiled when it is first needed, for each dtype apart.

A family's kernels are one text in which `T` is the type that numbers are kept in, `A` the one they
are computed in (float for half precision, as sums of halves lose too much), and a `Pack` is `V` of
them that one instruction fetches: 16 bytes where rows allow, which a card's memory likes best.
"""

from math import prod
from typing import Any, final

_WARP = 32  # threads that run together, and can hand each other numbers without memory
_MOST = 1024  # threads in a block
_PLAIN = 48 << 10  # bytes of shared memory that a block gets without asking

# Half precision in our own words: NVRTC finds no header of CUDA's where only its library is.
TYPES = r"""
struct Half {
    unsigned short bits;
    Half() = default;
    __device__ Half(float x) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x)); }
    __device__ operator float() const {
        float x;
        asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
        return x;
    }
};
struct Brain {  // bfloat16: the upper half of a float
    unsigned short bits;
    Brain() = default;
    __device__ Brain(float x) {
#if __CUDA_ARCH__ >= 800
        asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
#else
        unsigned all = __float_as_uint(x);
        bits = x != x ? 0x7fff : (all + 0x7fff + (all >> 16 & 1)) >> 16;
#endif
    }
    __device__ operator float() const { return __uint_as_float((unsigned)bits << 16); }
};
typedef long long Long;
"""

SHARED = r"""
struct alignas(V * sizeof(T)) Pack { T at[V]; };

#define INFINITE A(__int_as_float(0x7f800000))

// The sum, or the largest, of one number from each thread of a row; every thread gets it. A row is
// a warp, or a whole block, and is added up in the same order each time.
template <class Join> __device__ A joined(A x, Join join) {
    for (int k = 16; k; k >>= 1) x = join(x, __shfl_xor_sync(~0u, x, k));
    if (blockDim.x == 32) return x;
    __shared__ A parts[32];
    __syncthreads();
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = x;
    __syncthreads();
    x = parts[0];
    for (int i = 1; i < blockDim.x / 32; i++) x = join(x, parts[i]);
    return x;
}
// A row, read once: each thread keeps its packs, if they are few enough, else they are read again.
#define KEPT 8
struct Line {
    const Pack* x;
    int count;
    bool fits;
    Pack kept[KEPT];
    __device__ Line(const T* begin, int count) : x((const Pack*)begin), count(count) {
        fits = count <= KEPT * V * blockDim.x;
        if (!fits) return;
#pragma unroll
        for (int j = 0; j < KEPT; j++) {
            int i = threadIdx.x + j * blockDim.x;
            if (i * V < count) kept[j] = x[i];
        }
    }
    // Calls f(number of the pack, the pack, how many of the row's numbers it holds).
    template <class F> __device__ void each(F f) {
        if (fits) {
#pragma unroll
            for (int j = 0; j < KEPT; j++) {
                int i = threadIdx.x + j * blockDim.x;
                if (i * V < count) f(i, kept[j], count - i * V < V ? count - i * V : V);
            }
        } else
            for (int i = threadIdx.x; i * V < count; i += blockDim.x) {
                Pack pack = x[i];
                f(i, pack, count - i * V < V ? count - i * V : V);
            }
    }
};

// The same for a row that is read anew each time.
struct Again {
    const Pack* x;
    int count;
    __device__ Again(const T* begin, int count) : x((const Pack*)begin), count(count) {}
    template <class F> __device__ void each(F f) {
        for (int i = threadIdx.x; i * V < count; i += blockDim.x) {
            Pack pack = x[i];
            f(i, pack, count - i * V < V ? count - i * V : V);
        }
    }
};

__device__ A total(A x) { return joined(x, [](A x, A y) { return x + y; }); }
__device__ A largest(A x) { return joined(x, [](A x, A y) { return x > y ? x : y; }); }
"""

_NAMES = {"f": "float", "d": "double", "e": "Half", "E": "Brain"}  # by the letters of dtypes


def written(source: str, kind: str, width: int) -> str:
    """The text that is compiled for numbers of a dtype, whose letter is `kind`, `width` of them in
    a pack."""
    wide = "double" if kind == "d" else "float"
    header = f"typedef {_NAMES[kind]} T;\ntypedef {wide} A;\n#define V {width}\n"
    return TYPES + header + SHARED + source


def serves(*arrays: Any) -> bool:
    """Whether kernels are written for these arrays: real numbers, of one dtype, and some."""
    kind = arrays[0].dtype.char
    if kind not in _NAMES:
        return False
    for x in arrays:
        if x.dtype.char != kind or not x.size:
            return False
    return True


@final
class Family:
    """The kernels of one text of CUDA, called by name.

    Attributes:
        source: the text, in terms of `T`, `A`, `V` and `Pack`.
    """

    every: "list[Family]" = []  # so that tests can compile them all

    def __init__(self, source: str):
        self.source = source
        self._modules: dict[tuple[str, int], Any] = {}
        self._kernels: dict[tuple[str, str, int], Any] = {}
        self._asked: dict[tuple[int, int], int] = {}
        Family.every.append(self)

    def _compiled(self, xp: Any, name: str, kind: str, width: int) -> Any:
        module = self._modules.get((kind, width))
        if module is None:
            code = written(self.source, kind, width)
            module = self._modules[kind, width] = xp.RawModule(code=code, options=("--std=c++17",))
        kernel = self._kernels[name, kind, width] = module.get_function(name)
        return kernel

    def _ask(self, xp: Any, kernel: Any, shared: int) -> None:
        """Asks a card once for more shared memory than a kernel gets unasked."""
        key = (id(kernel), xp.cuda.runtime.getDevice())
        if self._asked.get(key) != shared:
            kernel.max_dynamic_shared_size_bytes = self._asked[key] = shared

    def run(
        self, xp: Any, name: str, like: Any, blocks: Any, threads: Any, *arguments: Any, width=1,
        shared=0,
    ) -> None:  # fmt: skip
        """Starts a kernel for numbers of the dtype of `like`.

        Args:
            blocks, threads: how many, as a number or a tuple of up to three.
            arguments: arrays, which must be contiguous; int for `Long`, float for `double`.
            width: numbers in a pack.
            shared: bytes of shared memory.
        """
        kind = like.dtype.char
        kernel = self._kernels.get((name, kind, width)) or self._compiled(xp, name, kind, width)
        if shared > _PLAIN:
            self._ask(xp, kernel, shared)
        blocks = blocks if type(blocks) is tuple else (blocks,)
        threads = threads if type(threads) is tuple else (threads,)
        kernel(blocks, threads, arguments, shared_mem=shared)


# Sizes ------------------------------------------------------------------------------------------


def packed(n: int, *arrays: Any) -> int:
    """How many numbers make a pack where rows of n lie in these arrays: 16 bytes of them, or 1."""
    width = 16 // arrays[0].dtype.itemsize
    if n % width:
        return 1
    for x in arrays:
        if x.data.ptr & 15:
            return 1
    return width


def by_rows(rows: int, packs: int) -> tuple[int, tuple[int, int]]:
    """Blocks and threads for rows of so many packs: a warp for a short row, a block for a long."""
    if packs <= 8 * _WARP:
        return -(-rows // 8), (_WARP, 8)
    return rows, (min(_MOST, -(-packs // (4 * _WARP)) * _WARP), 1)


def by_numbers(packs: int) -> tuple[int, int]:
    """Blocks and threads with one thread for each pack."""
    return -(-packs // 256), 256


def flat(xp: Any, *arrays: Any) -> list[Any]:
    """The same numbers, contiguous in memory."""
    return [x if x.flags.c_contiguous else xp.ascontiguousarray(x) for x in arrays]


def rows_of(x: Any) -> int:
    """How many rows the last dimension makes of an array."""
    return prod(x.shape[:-1])
