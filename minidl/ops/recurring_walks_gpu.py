"""An LSTM layer in one launch: each block of threads takes a row of the batch through all steps.

Rows do not need each other, so nobody waits but for the threads of a block, and the weights by
which h comes back are read once: most stay in registers, the rest in shared memory. That is as many
as a processor of the card can hold, so layers of more units take a product of matrices per step.

Source: Diamos et al., "Persistent RNNs: Stashing Recurrent Weights On-Chip" (2016), section 3.
"""

from functools import cache
from typing import Any

from ..backend import products_by_tf32
from .kernels_gpu import Family

SOURCE = r"""
#define PAD (16 * CHUNKS)  // units, some of which may not be there

struct alignas(16) Four { A at[4]; };

// Four numbers of a row, or zeros where it has ended.
__device__ Four four(const T* row, Long at, Long size) {
    Four x = {};
    for (int k = 0; k < 4; k += V) {
        if (at + k >= size) break;
        Pack pack = *(const Pack*)(row + at + k);
        for (int i = 0; i < V && i < 4; i++) x.at[k + i] = pack.at[i];
    }
    return x;
}

// A thread's share of a matrix: four rows, and of their columns each LANES-th four.
template <int LANES> struct Share {
    Four kept[KEPT][4];
    Four* rest;  // what no register holds
    // found(m, k): the k-th row of the m-th four by four; its k-th column where LANES is 16
    template <class Found> __device__ Share(Four* begin, Found found) {
        rest = begin + threadIdx.x;
#pragma unroll
        for (int m = 0; m < CHUNKS; m++) {
            Four x[4], w[4];
            for (int k = 0; k < 4; k++) x[k] = found(m, k);
            for (int k = 0; k < 4; k++)
                for (int i = 0; i < 4; i++) w[k].at[i] = LANES == 16 ? x[i].at[k] : x[k].at[i];
            for (int k = 0; k < 4; k++)
                if (m < KEPT) kept[m % KEPT][k] = w[k];
                else rest[((m - KEPT) * 4 + k) * 4 * PAD] = w[k];
        }
    }
    // Four rows by a vector; the four threads, or four times four, of each get one answer each.
    __device__ A times(const A* vector) {
        const Four* x = (const Four*)vector + threadIdx.x % LANES;
        A sum[4] = {};
#pragma unroll
        for (int m = 0; m < CHUNKS; m++) {
            Four by = x[LANES * m];
#pragma unroll
            for (int p = 0; p < 4; p++) {
                Four w = m < KEPT ? kept[m % KEPT][p] : rest[((m - KEPT) * 4 + p) * 4 * PAD];
#pragma unroll
                for (int e = 0; e < 4; e++) sum[p] += w.at[e] * by.at[e];
            }
        }
        return joined(sum);
    }
    __device__ A joined(const A (&sum)[4]) {
        bool upper = threadIdx.x & LANES / 2, odd = threadIdx.x & LANES / 4;
        A x = upper ? sum[2] : sum[0], y = upper ? sum[3] : sum[1];
        x += __shfl_xor_sync(~0u, upper ? sum[0] : sum[2], LANES / 2);
        y += __shfl_xor_sync(~0u, upper ? sum[1] : sum[3], LANES / 2);
        A z = (odd ? y : x) + __shfl_xor_sync(~0u, odd ? x : y, LANES / 4);
        for (int k = LANES / 8; k; k /= 2) z += __shfl_xor_sync(~0u, z, k);
        return z;
    }
};

extern "C" __global__ void __launch_bounds__(4 * PAD) walk(
    const T* gates, const T* h, const T* c, const T* w, T* z, T* acts, T* cs, T* bends, Long steps,
    Long n, Long size, Long reverse) {
    extern __shared__ char memory[];
    A* state = (A*)memory;  // h, by turns here and PAD further on
    int unit = threadIdx.x / 4, gate = threadIdx.x % 4, first = threadIdx.x % 32 - gate;
    bool real = unit < size;
    Share<4> share((Four*)(state + 2 * PAD), [&](int m, int k) {
        return real ? four(w + (k * size + unit) * size, 4 * (gate + 4 * m), size) : Four{};
    });
    Long way = (reverse ? -n : n) * size, row = (reverse ? steps - 1 : 0) * n + blockIdx.x;
    Long begin = blockIdx.x * size + unit;
    const T* given = gates + (row * 4 + gate) * size + unit;
    T* act = acts + (given - gates);
    T* kept = (gate == 0 ? z : gate == 1 ? cs : bends) + row * size + unit;
    A before = real ? A(c[begin]) : A(0), scale = gate == 2 ? A(1) : A(0.5);
    A share_of_x = real ? A(*given) : A(0);
    if (gate == 0) state[unit] = real ? A(h[begin]) : A(0);
    __syncthreads();
    for (int left = steps - 1; left >= 0; left--) {
        given += 4 * way;
        A next = real && left ? A(*given) : A(0);
        A a = tanh((share.times(state) + share_of_x) * scale) * scale + (1 - scale);
        A in = __shfl_sync(~0u, a, first), forget = __shfl_sync(~0u, a, first + 1);
        A fresh = __shfl_sync(~0u, a, first + 2), out = __shfl_sync(~0u, a, first + 3);
        before = forget * before + in * fresh;
        A bend = tanh(before);
        T now = T(out * bend);
        state = (A*)memory + ((char*)state == memory ? PAD : 0);
        if (gate == 0) state[unit] = real ? A(now) : A(0);
        if (real) *act = T(a);
        if (real && gate < 3) *kept = gate == 0 ? now : T(gate == 1 ? before : bend);
        act += 4 * way, kept += way, share_of_x = next;
        __syncthreads();
    }
    if (real && gate == 0) z[steps * n * size + begin] = T(before);
}

extern "C" __global__ void __launch_bounds__(4 * PAD) walk_back(
    const T* g, const T* c, const T* w, const T* acts, const T* cs, const T* bends, T* d,
    Long steps, Long n, Long size, Long reverse) {
    extern __shared__ char memory[];
    A* slopes = (A*)memory;
    int unit = threadIdx.x / 4, gate = threadIdx.x % 4, first = threadIdx.x % 32 - gate;
    bool real = unit < size;
    Share<16> share((Four*)(slopes + 8 * PAD), [&](int m, int k) {
        int from = threadIdx.x % 16 + 16 * m;
        return from < size ? four(w + (k * size + from) * size, unit / 4 * 4, size) : Four{};
    });
    Long way = (reverse ? n : -n) * size, row = (reverse ? 0 : steps - 1) * n + blockIdx.x;
    Long begin = blockIdx.x * size + unit;
    // each of a cell's four threads fetches its gate, and three of them another number of the cell
    const T* act = acts + (row * 4 + gate) * size + unit;
    const T* other = (gate == 0 ? g : gate == 1 ? cs + way : bends) + row * size + unit;
    T* slope = d + (act - acts);
    bool fetches = real && gate != 2;
    if (gate == 1 && steps == 1) other = c + begin;
    A a = real ? A(*act) : A(0), more = fetches ? A(*other) : A(0), to_h = 0;
    A to_c = real ? A(g[steps * n * size + begin]) : A(0);
    for (int left = steps - 1; left >= 0; left--) {
        act += 4 * way, other += way;
        if (gate == 1 && left == 1) other = c + begin;
        A next = real && left ? A(*act) : A(0), another = fetches && left ? A(*other) : A(0);
        A forget = __shfl_sync(~0u, a, first + 1), out = __shfl_sync(~0u, a, first + 3);
        A bend = __shfl_sync(~0u, more, first + 3), twin = __shfl_xor_sync(~0u, a, 2);
        to_h += __shfl_sync(~0u, more, first);
        A down = to_c + to_h * out * (1 - bend * bend);
        A up = (gate == 3 ? to_h : down) * (gate % 2 ? more : twin);
        T s = T(up * (gate == 2 ? 1 - a * a : a * (1 - a)));
        to_c = down * forget;
        slopes[threadIdx.x] = s;
        if (real) *slope = s;
        slope += 4 * way, a = next, more = another;
        __syncthreads();
        to_h = share.times(slopes);
        slopes = (A*)memory + ((char*)slopes == memory ? 4 * PAD : 0);
    }
    if (real && gate < 2) d[(4 * steps + gate) * n * size + begin] = T(gate ? to_c : to_h);
}
"""

# Sixteens of units that a block may serve, and of how many each thread's weights are in registers:
# of 128 units' six, since with seven the registers overflow, and shared memory is slower.
KEPT = {2: 2, 4: 4, 6: 6, 8: 6}
FAMILIES = {chunks: Family(f"#define CHUNKS {chunks}\n#define KEPT {kept}\n{SOURCE}")
            for chunks, kept in KEPT.items()}  # fmt: skip
STATES = {"walk": 2, "walk_back": 8}  # numbers per unit that the threads tell each other

# How many rows of 128 units each processor of the card may take, one after the other, before
# products of matrices, which read the weights once for all rows, are faster (seen on an H100):
# where those are exact in float32, and where the card has units made for them.
EXACT, ROUNDED = 12, 4


def chunks_for(w: Any) -> int:
    """Sixteens of units of a block for these weights, (4 H, H); 0 where it cannot hold them."""
    most = 4 if w.dtype.char == "d" else 8
    return next((k for k in KEPT if w.shape[1] <= 16 * k and k <= most), 0)


def _shared(chunks: int, w: Any, name: str) -> int:
    """Bytes of shared memory of a block."""
    left = chunks - KEPT[chunks]
    return max(4, w.dtype.itemsize) * 16 * chunks * (STATES[name] + left * 4 * 16)


@cache
def _card(xp: Any, device: int) -> tuple[int, int]:
    """The most shared memory, in bytes, that a block may ask for, and how many processors there
    are: cudaDevAttrMaxSharedMemoryPerBlockOptin, cudaDevAttrMultiProcessorCount."""
    ask = xp.cuda.runtime.deviceGetAttribute
    return max(ask(97, device), 48 << 10), ask(16, device)


def serves(xp: Any, w: Any, n: int) -> bool:
    """Whether a block of the card in use can hold these weights, and n rows are not too many."""
    kind, chunks = w.dtype.char, chunks_for(w)
    if not chunks or kind not in "fdeE":
        return False
    room, processors = _card(xp, xp.cuda.runtime.getDevice())
    most = EXACT if kind == "f" and not products_by_tf32() else ROUNDED
    return n * chunks <= 8 * most * processors and _shared(chunks, w, "walk_back") <= room


def run(xp: Any, name: str, w: Any, arrays: tuple, steps: int, n: int, reverse: bool) -> None:
    """Starts a walk of n rows, of which a block takes each."""
    chunks, size = chunks_for(w), w.shape[1]
    width = 1 if size % 4 or w.data.ptr % (4 * w.dtype.itemsize) else 4
    FAMILIES[chunks].run(xp, name, w, n, 64 * chunks, *arrays, steps, n, size, int(reverse),
                         width=width, shared=_shared(chunks, w, name))  # fmt: skip
