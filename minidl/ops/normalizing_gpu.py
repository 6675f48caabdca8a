"""Layer normalisation on a graphics card: one kernel forward, and one, with its sums, back."""

from math import prod
from typing import Any

from .kernels_gpu import Family, by_rows, flat, packed, serves
from .normalizing import layer_norm_, layer_norm_slopes
from .sums_gpu import join_two_rows

SOURCE = r"""
// The mean of a row and 1 / sqrt(var + eps); numbers are looked at twice, since the difference of
// two large sums would lose digits.
template <class Row> __device__ void measure(Row& x, Long n, A eps, A& mean, A& scale) {
    A sum = 0, squares = 0;
    x.each([&](int, Pack& pack, int) {
        for (int k = 0; k < V; k++) sum += A(pack.at[k]);
    });
    mean = total(sum) / n;
    x.each([&](int, Pack& pack, int) {
        for (int k = 0; k < V; k++) {
            A centred = A(pack.at[k]) - mean;
            squares += centred * centred;
        }
    });
    scale = 1 / sqrt(total(squares) / n + eps);
}

extern "C" __global__ void __launch_bounds__(1024) layer_norm(
    const T* input, const Pack* w, const Pack* b, T* output, Long rows, Long n, double eps) {
    Long row = blockIdx.x * (Long)blockDim.y + threadIdx.y;
    if (row >= rows) return;
    Pack* z = (Pack*)(output + row * n);
    Line x(input + row * n, n);
    A mean, scale;
    measure(x, n, eps, mean, scale);
    x.each([&](int i, Pack pack, int) {
        Pack by = w[i], plus = b[i];
        for (int k = 0; k < V; k++)
            pack.at[k] = T((A(pack.at[k]) - mean) * scale * A(by.at[k]) + A(plus.at[k]));
        z[i] = pack;
    });
}

// A block goes through some of the rows, and adds up each column of g and g * normal as it goes.
extern "C" __global__ void __launch_bounds__(1024) layer_norm_slopes(
    const T* slopes, const T* input, const Pack* w, T* result, A* sums, Long rows, Long n,
    double eps) {
    extern __shared__ char memory[];
    A* columns = (A*)memory;
    int packs = n / V;
    for (int i = threadIdx.x; i < 2 * n; i += blockDim.x) columns[i] = 0;
    __syncthreads();
    for (Long row = blockIdx.x; row < rows; row += gridDim.x) {
        const Pack* g = (const Pack*)(slopes + row * n);
        Pack* d = (Pack*)(result + row * n);
        Again x(input + row * n, n);
        A mean, scale, by_normal = 0, plain = 0;
        measure(x, n, eps, mean, scale);
        x.each([&](int i, Pack& pack, int) {
            Pack up = g[i], by = w[i];
            for (int k = 0; k < V; k++) {
                A h = up.at[k], normal = (A(pack.at[k]) - mean) * scale;
                columns[k * packs + i] += h * normal;
                columns[n + k * packs + i] += h;
                by_normal += h * A(by.at[k]) * normal;
                plain += h * A(by.at[k]);
            }
        });
        by_normal = total(by_normal) / n;
        plain = total(plain) / n;
        x.each([&](int i, Pack& pack, int) {
            Pack up = g[i], by = w[i];
            for (int k = 0; k < V; k++) {
                A normal = (A(pack.at[k]) - mean) * scale;
                A slope = A(up.at[k]) * A(by.at[k]) - plain - normal * by_normal;
                up.at[k] = T(slope * scale);
            }
            d[i] = up;
        });
    }
    __syncthreads();
    for (int c = threadIdx.x; c < 2 * n; c += blockDim.x) {
        int column = c % n;
        sums[blockIdx.x * 2 * n + c] = columns[c / n * n + column % V * packs + column / V];
    }
}
"""

family = Family(SOURCE)
_SHARED = 48 << 10  # bytes of shared memory that a block gets without asking
_BLOCKS = 528


def _rows(x: Any, w: Any) -> Any:
    """x as a matrix with a normalised set in each row."""
    return x.reshape(-1, prod(w.shape))


@layer_norm_.on("cuda")
def _(xp, x, w, b, *, eps):
    if not serves(x, w, b):
        return layer_norm_.composition(x, w, b, eps=eps)
    x2, w, b = flat(xp, _rows(x, w), w, b)
    z = xp.empty(x2.shape, x2.dtype)
    n, rows = x2.shape[1], len(x2)
    width = packed(n, x2, w, b, z)
    blocks, threads = by_rows(rows, n // width)
    family.run(xp, "layer_norm", z, blocks, threads, x2, w, b, z, rows, n, eps, width=width)
    return z.reshape(x.shape)


@layer_norm_.slopes_on("cuda")
def _slopes(xp, g, z, x, w, b, *, eps):
    """dL/dx, dL/dw and dL/db."""
    n, wide = w.size, 8 if x.dtype.itemsize == 8 else 4
    if not serves(g, x, w) or 2 * n * wide > _SHARED:
        return None
    dx, to_w, to_b = (xp.empty(y.shape, x.dtype) for y in (x, w, w))
    g, x, w = flat(xp, _rows(g, w), _rows(x, w), w)
    width, blocks = packed(n, g, x, w, dx), min(len(x), _BLOCKS)
    threads = min(512, -(-n // width // 32) * 32)
    sums = xp.empty((blocks, 2 * n), f"float{8 * wide}")
    family.run(xp, "layer_norm_slopes", x, blocks, threads, g, x, w, dx, sums, len(x), n, eps,
                width=width, shared=2 * n * wide)  # fmt: skip
    join_two_rows(xp, sums, to_w, to_b)
    return dx, to_w, to_b


@layer_norm_slopes.on("cuda")
def _(xp, g, x, w, *, eps):
    found = _slopes(xp, g, None, x, w, None, eps=eps)
    if found is None:
        return layer_norm_slopes.composition(g, x, w, eps=eps)
    return xp.concatenate([y.reshape(-1, w.size) for y in found])
