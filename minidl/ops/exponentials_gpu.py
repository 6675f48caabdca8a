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
__device__ void weigh(const Pack* x, int count, A scale, A& top, A& sum) {
    top = -INFINITE, sum = 0;
    for (int i = threadIdx.x; i * V < count; i += blockDim.x) {
        Pack pack = x[i];
        A high = top;
        for (int k = 0; k < V; k++)
            if (i * V + k < count) { A y = scale * A(pack.at[k]); high = y > high ? y : high; }
        if (high > top) sum *= exp(top - high), top = high;
        for (int k = 0; k < V; k++)
            if (i * V + k < count) {
                A y = scale * A(pack.at[k]);
                if (top > -INFINITE || y != top) sum += exp(y - top);
            }
    }
    A all = largest(top);
    sum = total(top == all ? sum : sum * exp(top - all));
    top = all;
}

extern "C" __global__ void softmax(
    const T* input, T* output, Long rows, Long n, Long queries, double scale) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack* x = (const Pack*)(input + row * n);
    Pack* z = (Pack*)(output + row * n);
    int count = seen(row, queries, n);
    A top, sum;
    weigh(x, count, scale, top, sum);
    A share = 1 / sum;
    for (int i = threadIdx.x; i * V < n; i += blockDim.x) {
        Pack pack;
        if (i * V < count) pack = x[i];
        for (int k = 0; k < V; k++)
            pack.at[k] = i * V + k < count ? T(exp(A(scale) * A(pack.at[k]) - top) * share) : T(0);
        z[i] = pack;
    }
}

extern "C" __global__ void log_softmax(const T* input, T* output, Long rows, Long n) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack* x = (const Pack*)(input + row * n);
    Pack* z = (Pack*)(output + row * n);
    A top, sum;
    weigh(x, n, 1, top, sum);
    A rest = log(sum);
    for (int i = threadIdx.x; i * V < n; i += blockDim.x) {
        Pack pack = x[i];
        for (int k = 0; k < V; k++) pack.at[k] = T(A(pack.at[k]) - top - rest);
        z[i] = pack;
    }
}

extern "C" __global__ void softmax_slope(
    const T* slopes, const T* output, T* result, Long rows, Long n, Long queries, double scale) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack *g = (const Pack*)(slopes + row * n), *z = (const Pack*)(output + row * n);
    Pack* d = (Pack*)(result + row * n);
    int count = seen(row, queries, n);
    A sum = 0;
    for (int i = threadIdx.x; i * V < count; i += blockDim.x) {
        Pack up = g[i], weight = z[i];
        for (int k = 0; k < V; k++)
            if (i * V + k < count) sum += A(up.at[k]) * A(weight.at[k]);
    }
    sum = total(sum);
    for (int i = threadIdx.x; i * V < n; i += blockDim.x) {
        Pack up, weight;
        if (i * V < count) up = g[i], weight = z[i];
        for (int k = 0; k < V; k++)
            up.at[k] = i * V + k < count
                ? T(A(scale) * A(weight.at[k]) * (A(up.at[k]) - sum)) : T(0);
        d[i] = up;
    }
}

extern "C" __global__ void log_softmax_slope(
    const T* slopes, const T* output, T* result, Long rows, Long n) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack *g = (const Pack*)(slopes + row * n), *z = (const Pack*)(output + row * n);
    Pack* d = (Pack*)(result + row * n);
    A sum = 0;
    for (int i = threadIdx.x; i * V < n; i += blockDim.x) {
        Pack up = g[i];
        for (int k = 0; k < V; k++) sum += A(up.at[k]);
    }
    sum = total(sum);
    for (int i = threadIdx.x; i * V < n; i += blockDim.x) {
        Pack up = g[i], log = z[i];
        for (int k = 0; k < V; k++) up.at[k] = T(A(up.at[k]) - exp(A(log.at[k])) * sum);
        d[i] = up;
    }
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
        return along_rows(xp, name, inputs, xp.empty_like(inputs[0]), *options)

    return rule


softmax_.on("cuda")(_rule("softmax", softmax_, 0, 1.0))
softmax_slope.on("cuda")(_rule("softmax_slope", softmax_slope, 0, 1.0))
log_softmax_.on("cuda")(_rule("log_softmax", log_softmax_))
log_softmax_slope.on("cuda")(_rule("log_softmax_slope", log_softmax_slope))
