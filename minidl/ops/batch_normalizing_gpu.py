"""Batch normalisation on a graphics card: x is read once for its moments, once to be normalised.

A channel's numbers lie in N places, a row of L in each sample; several blocks share them and leave
their sums, which the last of them adds up in the same order each time.
"""

from math import prod
from typing import Any

from .batch_normalizing import FOLLOW, batch_norm_, batch_norm_slopes, channel_moments
from .desk_gpu import desk
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

// Adds up what the blocks of a channel found, in the same order each time. True in that one of them
// which comes last: it has the sums then.
__device__ bool gathered(A* sums, int* arrived, A& once, A& twice) {
    if (gridDim.y == 1) return true;
    __shared__ int last;
    if (threadIdx.x == 0) {
        A* mine = sums + (blockIdx.x * gridDim.y + blockIdx.y) * 2;
        mine[0] = once, mine[1] = twice;
        __threadfence();
        last = atomicAdd(arrived + blockIdx.x, 1) == gridDim.y - 1;
    }
    __syncthreads();
    if (!last) return false;
    __threadfence();
    const volatile A* all = sums + blockIdx.x * gridDim.y * 2;
    once = 0, twice = 0;
    for (int i = threadIdx.x; i < gridDim.y; i += blockDim.x)
        once += all[2 * i], twice += all[2 * i + 1];
    once = total(once), twice = total(twice);
    if (threadIdx.x == 0) arrived[blockIdx.x] = 0;
    return true;
}

// Of each channel, the mean and the variance. Its sums are of x and x^2, less the channel's first
// number, since large sums lose digits. Running statistics, if any, move a share of the way there.
extern "C" __global__ void moments(
    const Pack* x, A* sums, int* arrived, A* z, A* running_mean, A* running_var, Long n,
    Long channels, Long length, double share, double unbiased) {
    Long c = blockIdx.x, numbers = n * length * V;
    A near = A(x[c * length].at[0]), once = 0, twice = 0;
    walk(n, channels, length, [&](Long at) {
        Pack pack = x[at];
        for (int k = 0; k < V; k++) {
            A centred = A(pack.at[k]) - near;
            once += centred;
            twice += centred * centred;
        }
    });
    once = total(once), twice = total(twice);
    if (!gathered(sums, arrived, once, twice) || threadIdx.x) return;
    once /= numbers, twice /= numbers;
    A var = twice - once * once, mean = near + once;
    var = var < 0 ? 0 : var;  // nan stays
    z[c] = mean, z[channels + c] = var;
    if (!running_mean) return;
    running_mean[c] = running_mean[c] * A(1 - share) + A(share) * mean;
    running_var[c] = running_var[c] * A(1 - share) + A(share * unbiased) * var;
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

// dL/dw and dL/db, and of dL/dx = by_g g + by_x x + rest its three factors for each channel, which
// lie behind the sums. These are of g and g (x - mean).
extern "C" __global__ void slopes(
    const Pack* g, const Pack* x, const A* moments, const A* w, A* sums, int* arrived, A* to_w,
    A* to_b, Long n, Long channels, Long length, double eps) {
    Long c = blockIdx.x, numbers = n * length * V;
    A mean = moments[c], once = 0, product = 0;
    walk(n, channels, length, [&](Long at) {
        Pack up = g[at], pack = x[at];
        for (int k = 0; k < V; k++) {
            once += A(up.at[k]);
            product += A(up.at[k]) * (A(pack.at[k]) - mean);
        }
    });
    once = total(once), product = total(product);
    if (!gathered(sums, arrived, once, product) || threadIdx.x) return;
    A scale = 1 / sqrt(moments[channels + c] + A(eps));
    to_w[c] = product * scale;
    to_b[c] = once;
    A by_x = -scale * scale * product / numbers, *factors = sums + 2 * channels * gridDim.y;
    factors[c] = scale * w[c];
    factors[channels + c] = factors[c] * by_x;
    factors[2 * channels + c] = factors[c] * (-once / numbers - by_x * mean);
}

extern "C" __global__ void batch_norm_slopes(
    const Pack* g, const Pack* x, const A* sums, Pack* d, Long packs, Long channels, Long length,
    Long parts) {
    const A* factors = sums + 2 * channels * parts;
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
    n, channels, *places = x.shape
    length = prod(places)
    width = packed(length, x, *others)
    return n, channels, length // width, width


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


def _measured(
    xp: Any, x: Any, mean: Any = 0, var: Any = 0, momentum: float = 0.0, unbiased: float = 0.0
) -> Any:
    """channel_moments(x), and running statistics, if there are any, moved towards it."""
    (x,) = flat(xp, x)
    n, channels, length, width = _sizes(x)
    blocks, z = _blocks(n, channels, length), xp.empty((2, channels), _wide(x))
    own = desk(xp)
    sums, arrived = own.partial(2 * blocks[1] * channels, z.dtype), own.arrived(channels)
    family.run(xp, "moments", x, blocks, _THREADS, x, sums, arrived, z, mean, var, n, channels,
               length, momentum, unbiased, width=width)  # fmt: skip
    return z


def _follow(xp: Any, x: Any, mean: Any, var: Any, momentum: float) -> Any:
    kind, count = _wide(x), x.size // x.shape[1]
    plain = all(y.dtype == kind and y.flags.c_contiguous for y in (mean, var))
    if not plain or not serves(x):
        return None
    return _measured(xp, x, mean, var, float(momentum), count / max(count - 1, 1))


FOLLOW["cuda"] = _follow


@channel_moments.on("cuda")
def _(xp: Any, x: Any) -> Any:
    return _measured(xp, x) if serves(x) else channel_moments.composition(x)


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


@batch_norm_.slopes_on("cuda")
def _slopes(xp, g, z, x, w, b, *, eps, known=None):
    """dL/dx, dL/dw and dL/db, the last two in single precision at least."""
    if not serves(g, x):
        return None
    g, x = flat(xp, g, x)
    moments = _measured(xp, x) if known is None else known
    w, moments = _exactly(xp, x, w, moments)
    dx, (to_w, to_b) = xp.empty(x.shape, x.dtype), (xp.empty(w.shape, w.dtype) for _ in "wb")
    n, channels, length, width = _sizes(x, g, dx)
    blocks, packs, own = _blocks(n, channels, length), n * channels * length, desk(xp)
    sums = own.partial((2 * blocks[1] + 3) * channels, w.dtype)
    arrived = own.arrived(channels)
    family.run(xp, "slopes", x, blocks, _THREADS, g, x, moments, w, sums, arrived, to_w, to_b,
               n, channels, length, eps, width=width)  # fmt: skip
    family.run(xp, "batch_norm_slopes", x, min(-(-packs // 256), 1 << 16), 256, g, x, sums, dx,
               packs, channels, length, blocks[1], width=width)  # fmt: skip
    return dx, to_w, to_b


@batch_norm_slopes.on("cuda")
def _(xp, g, x, w, *, eps, known=None):
    found = _slopes(xp, g, None, x, w, None, eps=eps, known=known)
    if found is None:
        return batch_norm_slopes.composition(g, x, w, eps=eps)
    return xp.concatenate([y.reshape(-1).astype(x.dtype, copy=False) for y in found])
