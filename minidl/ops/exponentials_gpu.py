"""Softmax and its logarithm on a graphics card: a row is read, and once more as it is written."""

from typing import Any

from .exponentials import log_softmax_, log_softmax_slope, softmax_, softmax_slope
from .kernels_gpu import Family, by_rows, flat, packed, rows_of, serves

# A causal row is one of `queries` in turn, and row i looks at its first i + 1 numbers only.
SOURCE = r"""
__device__ Long row_of() { return blockIdx.x * (Long)blockDim.y + threadIdx.y; }
__device__ int seen(Long row, Long queries, Long n) {
    return queries && row % queries + 1 < n ? row % queries + 1 : n;
}

// The largest of a row times a scale, and the sum of e^(x - largest) over it.
__device__ void weigh(Line& x, A scale, A& top, A& sum) {
    top = -INFINITE, sum = 0;
    x.each([&](int, Pack& pack, int size) {
        A high = top;
        for (int k = 0; k < size; k++) {
            A y = scale * A(pack.at[k]);
            high = y > high ? y : high;
        }
        if (high > top) sum *= exp(top - high), top = high;
        for (int k = 0; k < size; k++) {
            A y = scale * A(pack.at[k]);
            if (top > -INFINITE || y != top) sum += exp(y - top);
        }
    });
    A all = largest(top);
    sum = total(top == all ? sum : sum * exp(top - all));
    top = all;
}
// Zeros for the packs of a row that begin at or behind a number.
__device__ void clear(Pack* z, int begin, int n) {
    Pack nothing;
    for (int k = 0; k < V; k++) nothing.at[k] = T(0);
    for (int i = (begin + V - 1) / V + threadIdx.x; i * V < n; i += blockDim.x) z[i] = nothing;
}

extern "C" __global__ void __launch_bounds__(1024) softmax(
    const T* input, T* output, Long rows, Long n, Long queries, double scale) {
    Long row = row_of();
    if (row >= rows) return;
    Pack* z = (Pack*)(output + row * n);
    Line x(input + row * n, seen(row, queries, n));
    A top, sum;
    weigh(x, scale, top, sum);
    A share = 1 / sum;
    x.each([&](int i, Pack pack, int size) {
        for (int k = 0; k < V; k++)
            pack.at[k] = k < size ? T(exp(A(scale) * A(pack.at[k]) - top) * share) : T(0);
        z[i] = pack;
    });
    clear(z, x.count, n);
}

extern "C" __global__ void __launch_bounds__(1024) log_softmax(
    const T* input, T* output, Long rows, Long n) {
    Long row = row_of();
    if (row >= rows) return;
    Pack* z = (Pack*)(output + row * n);
    Line x(input + row * n, n);
    A top, sum;
    weigh(x, 1, top, sum);
    A rest = log(sum);
    x.each([&](int i, Pack pack, int) {
        for (int k = 0; k < V; k++) pack.at[k] = T(A(pack.at[k]) - top - rest);
        z[i] = pack;
    });
}

extern "C" __global__ void __launch_bounds__(1024) softmax_slope(
    const T* slopes, const T* output, T* result, Long rows, Long n) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack* z = (const Pack*)(output + row * n);
    Pack* d = (Pack*)(result + row * n);
    Line g(slopes + row * n, n);
    A sum = 0;
    g.each([&](int i, Pack& up, int) {
        Pack weight = z[i];
        for (int k = 0; k < V; k++) sum += A(up.at[k]) * A(weight.at[k]);
    });
    sum = total(sum);
    g.each([&](int i, Pack up, int) {
        Pack weight = z[i];
        for (int k = 0; k < V; k++) up.at[k] = T(A(weight.at[k]) * (A(up.at[k]) - sum));
        d[i] = up;
    });
}

extern "C" __global__ void __launch_bounds__(1024) log_softmax_slope(
    const T* slopes, const T* output, T* result, Long rows, Long n) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack* z = (const Pack*)(output + row * n);
    Pack* d = (Pack*)(result + row * n);
    Line g(slopes + row * n, n);
    A sum = 0;
    g.each([&](int, Pack& up, int) {
        for (int k = 0; k < V; k++) sum += A(up.at[k]);
    });
    sum = total(sum);
    g.each([&](int i, Pack up, int) {
        Pack log = z[i];
        for (int k = 0; k < V; k++) up.at[k] = T(A(up.at[k]) - exp(A(log.at[k])) * sum);
        d[i] = up;
    });
}
"""

family = Family(SOURCE)


def along_rows(xp: Any, name: str, inputs: tuple, into: Any, *options: Any) -> Any:
    """Runs a kernel on the rows of arrays of one shape, and returns what it wrote `into`."""
    n, rows = into.shape[-1], rows_of(into)
    width = packed(n, *inputs, into)
    blocks, threads = by_rows(rows, n // width)
    family.run(xp, name, into, blocks, threads, *inputs, into, rows, n, *options, width=width)
    return into


def _rule(name: str, primitive: Any, *options: Any) -> Any:
    """The rule by a kernel where the dimension is the last, else by what the primitive is of."""

    def rule(xp: Any, *inputs: Any, dim: int) -> Any:
        if dim != inputs[0].ndim - 1 or not serves(*inputs):
            return primitive.composition(*inputs, dim=dim)
        inputs = tuple(flat(xp, *inputs))
        return along_rows(xp, name, inputs, xp.empty(inputs[0].shape, inputs[0].dtype), *options)

    return rule


softmax_.on("cuda")(_rule("softmax", softmax_, 0, 1.0))
softmax_slope.on("cuda")(_rule("softmax_slope", softmax_slope))
log_softmax_.on("cuda")(_rule("log_softmax", log_softmax_))
log_softmax_slope.on("cuda")(_rule("log_softmax_slope", log_softmax_slope))
