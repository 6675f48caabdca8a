"""Sums over the rows of a matrix on a graphics card, as biases' gradients ask for them."""

from math import prod
from typing import Any

from .kernels_gpu import Family, packed, serves
from .reduction import sum_to

SOURCE = r"""
// Each block adds up 32 packs of columns over a part of the rows; its threads share the rows.
template <class In, class Out, int W>
__device__ void add_rows(const In* x, Out* z, Long rows, Long n, Long step = 0) {
    step = step ? step : n;  // from a row to the next
    struct alignas(W * sizeof(In)) Packed { In at[W]; };
    __shared__ A sums[8][32 * W + 1];
    Long column = (blockIdx.x * 32 + threadIdx.x) * (Long)W;
    A sum[W] = {};
    if (column < n)
        for (Long i = blockIdx.y * 8 + threadIdx.y; i < rows; i += 8 * gridDim.y) {
            Packed pack = *(const Packed*)(x + i * step + column);
            for (int k = 0; k < W; k++) sum[k] += A(pack.at[k]);
        }
    for (int k = 0; k < W; k++) sums[threadIdx.y][k * 32 + threadIdx.x] = sum[k];
    __syncthreads();
    if (threadIdx.y || column >= n) return;
    for (int k = 0; k < W; k++) {
        A all = 0;
        for (int i = 0; i < 8; i++) all += sums[i][k * 32 + threadIdx.x];
        z[blockIdx.y * n + column + k] = Out(all);
    }
}
extern "C" __global__ void rows_apart(const T* x, A* z, Long rows, Long n) {
    add_rows<T, A, V>(x, z, rows, n);
}
extern "C" __global__ void rows_joined(const A* x, T* z, Long rows, Long n) {
    add_rows<A, T, 1>(x, z, rows, n);
}
// The same where columns from n on are another result's, of as many columns.
extern "C" __global__ void two_rows_joined(const A* x, T* z, T* more, Long rows, Long n) {
    add_rows<A, T, 1>(x + blockIdx.z * n, blockIdx.z ? more : z, rows, n, 2 * n);
}
"""

family = Family(SOURCE)
_BLOCKS = 528  # as keep a large card busy


def add_rows(xp: Any, x: Any, z: Any) -> Any:
    """Writes the sum over the rows of a matrix into z: of parts of it first, then of those."""
    (rows, n), wide = x.shape, "float64" if x.dtype.itemsize == 8 else "float32"
    width = packed(n, x)
    across = -(-n // (32 * width))
    apart = max(1, min(_BLOCKS // across, rows // 32, 256))
    done = apart == 1 and x.dtype == wide
    sums = z if done else xp.empty((apart, n), wide)
    family.run(xp, "rows_apart", x, (across, apart), (32, 8), x, sums, rows, n, width=width)
    return z if done else join_rows(xp, sums, z)


def join_rows(xp: Any, sums: Any, z: Any) -> Any:
    """The sum over the rows of a matrix of float, or double, written into a row of any dtype."""
    n = z.size
    family.run(xp, "rows_joined", z, -(-n // 32), (32, 8), sums, z, len(sums), n)
    return z


def join_two_rows(xp: Any, sums: Any, z: Any, more: Any) -> None:
    """The same for sums of two results, one beside the other, of as many numbers."""
    n = z.size
    family.run(xp, "two_rows_joined", z, (-(-n // 32), 1, 2), (32, 8), sums, z, more, len(sums), n)


@sum_to.on("cuda")
def _(xp, x, *, shape):
    if serves(x) and x.shape[x.ndim - len(shape) :] == shape and x.ndim > len(shape):
        lines = xp.ascontiguousarray(x).reshape(-1, prod(shape))
        return add_rows(xp, lines, xp.empty(shape, x.dtype))
    return sum_to.forward(xp, x, shape=shape)
