"""Attention on a graphics card: products of stacks of matrices, and a softmax that knows the past.

Where cuDNN serves, which it does for half precision, no weights are written at all: they are found
again on the way back from the logarithms of their sums.

Source: Dao et al., "FlashAttention: Fast and Memory-Efficient Exact Attention" (2022), for cuDNN's.
"""

from typing import Any

from . import cudnn_gpu
from .attending import attention, attention_slopes, attention_weights
from .exponentials_gpu import SOURCE as EXPONENTIALS, along_rows
from .kernels_gpu import Family, by_rows, flat, packed, rows_of, serves
from .products_gpu import multiply

SOURCE = (
    EXPONENTIALS
    + r"""
// dL/dscores of each query: weight (up - share) scale, where the share, which softmax takes from
// each row, is the sum of g z over the m numbers of its answer.
extern "C" __global__ void attention_slope(
    const T* g, const T* z, const T* slopes, const T* output, T* result, Long rows, Long n, Long m,
    Long queries, double scale) {
    Long row = row_of();
    if (row >= rows) return;
    A share = 0;
    for (int i = threadIdx.x; i < m; i += blockDim.x)
        share += A(g[row * m + i]) * A(z[row * m + i]);
    share = total(share);
    const Pack *up = (const Pack*)(slopes + row * n), *w = (const Pack*)(output + row * n);
    Pack* d = (Pack*)(result + row * n);
    int count = seen(row, queries, n);
    for (int i = threadIdx.x; i * V < count; i += blockDim.x) {
        Pack pack = up[i], weight = w[i];
        for (int k = 0; k < V; k++)
            pack.at[k] = i * V + k < count
                ? T(A(scale) * A(weight.at[k]) * (A(pack.at[k]) - share)) : T(0);
        d[i] = pack;
    }
    clear(d, count, n);
}
"""
)

family = Family(SOURCE)
LONG = 2**16  # queries times keys: writing so many weights down costs more than finding them again


def _weights(xp: Any, q: Any, k: Any, scale: float, causal: bool) -> Any:
    """softmax(scale q k^T), written over the scores."""
    scores = multiply(xp, q, k.swapaxes(-1, -2))
    queries = q.shape[-2] if causal else 0
    return along_rows(xp, "softmax", (scores,), scores, queries, float(scale))


@attention_weights.on("cuda")
def _(xp, q, k, *, scale, causal):
    if not serves(q, k):
        return attention_weights.composition(q, k, scale=scale, causal=causal)
    return _weights(xp, q, k, scale, causal)


@attention.on("cuda")
def _(xp, q, k, v, *, scale, causal, memory=None):
    if not serves(q, k, v):
        return attention.composition(q, k, v, scale=scale, causal=causal)
    flash = cudnn_gpu.attention(xp, q, k, v, scale, causal)
    z, *kept = flash or (None, _weights(xp, q, k, scale, causal))
    z = multiply(xp, kept[0], v) if z is None else z
    if memory is not None:
        memory[:] = kept
    return z


@attention_slopes.on("cuda")
def _(xp, g, z, q, k, v, *, scale, causal, memory=None):
    if not serves(g, z, q, k, v):
        return attention_slopes.composition(g, z, q, k, v, scale=scale, causal=causal)
    sizes = (0, q.size, q.size + k.size, q.size + k.size + v.size)
    d = xp.empty(sizes[-1], q.dtype)
    to_q, to_k, to_v = (d[i:j].reshape(x.shape)
                        for i, j, x in zip(sizes, sizes[1:], (q, k, v), strict=False))  # fmt: skip
    if memory and memory[0] is None:
        logs, into = memory[1], (to_q, to_k, to_v)
        cudnn_gpu.attention_slopes(xp, g, q, k, v, z, logs, scale, causal, into)
        return d
    w = memory[0] if memory else _weights(xp, q, k, scale, causal)
    multiply(xp, w.swapaxes(-1, -2), g, out=to_v)
    s = multiply(xp, g, v.swapaxes(-1, -2))
    g, z = flat(xp, g, z)
    width = packed(s.shape[-1], s, w)
    blocks, threads = by_rows(rows_of(s), s.shape[-1] // width)
    family.run(xp, "attention_slope", s, blocks, threads, g, z, s, w, s, rows_of(s), s.shape[-1],
               z.shape[-1], q.shape[-2] if causal else 0, float(scale), width=width)  # fmt: skip
    multiply(xp, s, k, out=to_q)
    multiply(xp, s.swapaxes(-1, -2), q, out=to_k)
    return d


def _long(q: Any, k: Any, v: Any, **_: Any) -> bool:
    """Whether cuDNN serves, and there are many weights that it need not write."""
    return q.shape[-2] * k.shape[-2] >= LONG and cudnn_gpu.attends(q, v)


attention.kept_whole("cuda", _long)
attention_slopes.kept_whole("cuda", lambda g, z, *inputs, **how: _long(*inputs))
