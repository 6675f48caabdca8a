"""Batch normalisation on a graphics card: x is read once for its moments, once to be normalised.

A channel's numbers lie in N places, a row of L in each sample; several blocks share them and leave
their sums, which a last block adds up in the same order each time.
"""

from math import prod
from typing import Any

from ..backend import device_of
from .batch_normalizing import FOLLOW, batch_norm_, batch_norm_slopes, channel_moments
from .kernels_gpu import Family, flat, packed, serves

SOURCE = r"""
// Goes through a block's share of a channel: f(offset) for every pack of it. `length` is in packs.
template <class F> __device__ void walk(int n, int channels, int length, F f) {
    Long count = (Long)n * length, step = (Long)gridDim.y * blockDim.x;
    for (Long i = blockIdx.y * (Long)blockDim.x + threadIdx.x; i < count; i += step) {
        Long sample = count >> 31 ? i / length : (unsigned)i / (unsigned)length;
        f((sample * channels + blockIdx.x) * length + i - sample * length);
    }
}

// Sums of x and x^2, less the channel's first number, since large sums lose digits.
extern "C" __global__ void moments_apart(
    const Pack* x, A* sums, Long n, Long channels, Long length) {
    A near = A(x[blockIdx.x * length].at[0]), once = 0, twice = 0;
    walk(n, channels, length, [&](Long at) {
        Pack pack = x[at];
        for (int k = 0; k < V; k++) {
            A centred = A(pack.at[k]) - near;
            once += centred;
            twice += centred * centred;
        }
    });
    once = total(once), twice = total(twice);
    if (threadIdx.x) return;
    sums[(blockIdx.x * gridDim.y + blockIdx.y) * 2] = once;
    sums[(blockIdx.x * gridDim.y + blockIdx.y) * 2 + 1] = twice;
}

// Of each channel, the mean and the variance, from the sums of `parts` blocks.
extern "C" __global__ void moments_joined(
    const T* x, const A* sums, A* moments, Long parts, Long channels, Long numbers, Long each) {
    Long c = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (c >= channels) return;
    A once = 0, twice = 0;
    for (int i = 0; i < parts; i++)
        once += sums[(c * parts + i) * 2], twice += sums[(c * parts + i) * 2 + 1];
    once /= numbers, twice /= numbers;
    A var = twice - once * once, mean = A(x[c * each]) + once;
    var = var < 0 ? 0 : var;  // nan stays
    moments[c] = mean, moments[channels + c] = var;
}

extern "C" __global__ void batch_norm(
    const Pack* x, const A* w, const A* b, const A* moments, Pack* z, Long packs, Long channels,
    Long length, double eps) {
    for (Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; i < packs;
         i += (Long)gridDim.x * blockDim.x) {
        int c = packs >> 31 ? i / length % channels
                            : (unsigned)i / (unsigned)length % (unsigned)channels;
        A scale = w[c] / sqrt(moments[channels + c] + A(eps)), shift = b[c] - moments[c] * scale;
        Pack pack = x[i];
        for (int k = 0; k < V; k++) pack.at[k] = T(A(pack.at[k]) * scale + shift);
        z[i] = pack;
    }
}

// Running statistics move towards a batch's by a share of the way.
extern "C" __global__ void follow(
    T* mean, T* var, const T* known, Long channels, double share, double unbiased) {
    Long c = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (c >= channels) return;
    mean[c] = T(A(mean[c]) * A(1 - share) + A(share) * A(known[c]));
    var[c] = T(A(var[c]) * A(1 - share) + A(share * unbiased) * A(known[channels + c]));
}

// Sums of g and g (x - mean).
extern "C" __global__ void slopes_apart(
    const Pack* g, const Pack* x, const A* moments, A* sums, Long n, Long channels, Long length) {
    A mean = moments[blockIdx.x], once = 0, product = 0;
    walk(n, channels, length, [&](Long at) {
        Pack up = g[at], pack = x[at];
        for (int k = 0; k < V; k++) {
            once += A(up.at[k]);
            product += A(up.at[k]) * (A(pack.at[k]) - mean);
        }
    });
    once = total(once), product = total(product);
    if (threadIdx.x) return;
    sums[(blockIdx.x * gridDim.y + blockIdx.y) * 2] = once;
    sums[(blockIdx.x * gridDim.y + blockIdx.y) * 2 + 1] = product;
}

// dL/dw and dL/db, and of dL/dx = by_g g + by_x x + rest its three factors for each channel.
extern "C" __global__ void slopes_joined(
    const A* sums, const A* moments, const A* w, T* to_w, T* to_b, A* factors, Long parts,
    Long channels, Long numbers, double eps) {
    Long c = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (c >= channels) return;
    A once = 0, product = 0;
    for (int i = 0; i < parts; i++)
        once += sums[(c * parts + i) * 2], product += sums[(c * parts + i) * 2 + 1];
    A scale = 1 / sqrt(moments[channels + c] + A(eps));
    to_w[c] = T(product * scale);
    to_b[c] = T(once);
    A by_x = -scale * scale * product / numbers;
    factors[c] = scale * w[c];
    factors[channels + c] = factors[c] * by_x;
    factors[2 * channels + c] = factors[c] * (-once / numbers - by_x * moments[c]);
}

extern "C" __global__ void batch_norm_slopes(
    const Pack* g, const Pack* x, const A* factors, Pack* d, Long packs, Long channels,
    Long length) {
    for (Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; i < packs;
         i += (Long)gridDim.x * blockDim.x) {
        int c = packs >> 31 ? i / length % channels
                            : (unsigned)i / (unsigned)length % (unsigned)channels;
        A by_g = factors[c], by_x = factors[channels + c], rest = factors[2 * channels + c];
        Pack up = g[i], pack = x[i];
        for (int k = 0; k < V; k++)
            up.at[k] = T(A(up.at[k]) * by_g + A(pack.at[k]) * by_x + rest);
        d[i] = up;
    }
}
"""

family = Family(SOURCE)
_BLOCKS = 1056  # as keep a large card busy: those of a walk, all channels together
_THREADS = 256


def _sizes(x: Any, *others: Any) -> tuple[int, int, int, int]:
    """N, C, L in packs, and how many numbers a pack has."""
    width = packed(prod(x.shape[2:]), x, *others)
    return x.shape[0], x.shape[1], prod(x.shape[2:]) // width, width


def _blocks(n: int, channels: int, length: int) -> tuple[int, int]:
    """Blocks for a walk: for each channel, several that share it."""
    return channels, max(1, min(_BLOCKS // channels, n * length // (4 * _THREADS)))


def _wide(x: Any) -> str:
    return "float64" if x.dtype.itemsize == 8 else "float32"


def _exactly(xp: Any, like: Any, *arrays: Any) -> list[Any]:
    """What belongs to channels, as kernels take it: contiguous, in single precision at least."""
    letter = "d" if like.dtype.itemsize == 8 else "f"
    return [x if x.dtype.char == letter and x.flags.c_contiguous
            else xp.ascontiguousarray(x, dtype=letter) for x in arrays]  # fmt: skip


def _follow(mean: Any, var: Any, known: Any, count: int, momentum: float) -> bool:
    if not serves(known, mean, var) or not (mean.flags.c_contiguous and var.flags.c_contiguous):
        return False
    unbiased = count / max(count - 1, 1)
    xp = device_of(mean).xp  # type: ignore[union-attr]
    family.run(xp, "follow", mean, -(-mean.size // 128), 128, mean, var, known, mean.size,
               float(momentum), unbiased)  # fmt: skip
    return True


FOLLOW["cuda"] = _follow


@channel_moments.on("cuda")
def _measured(xp: Any, x: Any) -> Any:
    if not serves(x):
        return channel_moments.composition(x)
    (x,) = flat(xp, x)
    n, channels, length, width = _sizes(x)
    blocks = _blocks(n, channels, length)
    sums, z = (xp.empty(s, _wide(x)) for s in ((*blocks, 2), (2, channels)))
    family.run(xp, "moments_apart", x, blocks, _THREADS, x, sums, n, channels, length,
               width=width)  # fmt: skip
    family.run(xp, "moments_joined", x, -(-channels // 128), 128, x, sums, z, blocks[1], channels,
               n * length * width, length * width)  # fmt: skip
    return z


@batch_norm_.on("cuda")
def _(xp, x, w, b, *, eps, known=None):
    if not serves(x):
        return batch_norm_.composition(x, w, b, eps=eps)
    (x,) = flat(xp, x)
    moments = _measured(xp, x) if known is None else known
    w, b, moments = _exactly(xp, x, w, b, moments)
    z = xp.empty(x.shape, x.dtype)
    n, channels, length, width = _sizes(x, z)
    packs = n * channels * length
    family.run(xp, "batch_norm", x, min(-(-packs // 256), 1 << 16), 256, x, w, b, moments, z,
               packs, channels, length, eps, width=width)  # fmt: skip
    return z


@batch_norm_slopes.on("cuda")
def _(xp, g, x, w, *, eps, known=None):
    if not serves(g, x):
        return batch_norm_slopes.composition(g, x, w, eps=eps)
    g, x = flat(xp, g, x)
    moments = _measured(xp, x) if known is None else known
    w, moments = _exactly(xp, x, w, moments)
    d = xp.empty(x.size + 2 * x.shape[1], x.dtype)
    n, channels, length, width = _sizes(x, g, d)
    blocks, packs = _blocks(n, channels, length), n * channels * length
    sums, factors = (xp.empty(s, _wide(x)) for s in ((*blocks, 2), (3, channels)))
    family.run(xp, "slopes_apart", x, blocks, _THREADS, g, x, moments, sums, n, channels, length,
               width=width)  # fmt: skip
    to_w, to_b = d[x.size : x.size + channels], d[x.size + channels :]
    family.run(xp, "slopes_joined", x, -(-channels // 128), 128, sums, moments, w, to_w, to_b,
               factors, blocks[1], channels, n * length * width, eps)  # fmt: skip
    family.run(xp, "batch_norm_slopes", x, min(-(-packs // 256), 1 << 16), 256, g, x, factors, d,
               packs, channels, length, width=width)  # fmt: skip
    return d
