"""Windows on a graphics card: a thread for each, or, on the way back, for each number under them.

Up to three dimensions; fewer are as if others of size 1 stood in front.
"""

from functools import cache, partial
from math import prod
from typing import Any

import numpy

from .kernels_gpu import Family, flat, serves
from .pooling import argmax_windows, max_windows, spread_windows, spread_winners, sum_windows
from .sliding import counts

SOURCE = r"""
struct Windows { int shape[3], count[3], size[3], step[3], gap[3]; };

// Calls f(offset of a place in its plane, number of the place) for all places of window p.
template <class F> __device__ void look(const Windows& how, Long p, F f) {
    int at[3];
    for (int d = 2; d >= 0; d--) at[d] = p % how.count[d] * how.step[d], p /= how.count[d];
    int place = 0;
    for (int i = 0; i < how.size[0]; i++)
        for (int j = 0; j < how.size[1]; j++)
            for (int k = 0; k < how.size[2]; k++) {
                int x = at[0] + i * how.gap[0], y = at[1] + j * how.gap[1];
                f((x * how.shape[1] + y) * how.shape[2] + at[2] + k * how.gap[2], place++);
            }
}

// Calls f(window's number in its plane) for all windows that have a place at offset i.
template <class F> __device__ void under(const Windows& how, int i, F f) {
    int at[3], first[3], last[3];
    for (int d = 2; d >= 0; d--) {
        at[d] = i % how.shape[d], i /= how.shape[d];
        int behind = at[d] - how.gap[d] * (how.size[d] - 1);
        first[d] = behind > 0 ? (behind + how.step[d] - 1) / how.step[d] : 0;
        last[d] = at[d] / how.step[d];
        if (last[d] >= how.count[d]) last[d] = how.count[d] - 1;
    }
    for (int x = first[0]; x <= last[0]; x++) {
        if ((at[0] - x * how.step[0]) % how.gap[0]) continue;
        for (int y = first[1]; y <= last[1]; y++) {
            if ((at[1] - y * how.step[1]) % how.gap[1]) continue;
            for (int z = first[2]; z <= last[2]; z++)
                if ((at[2] - z * how.step[2]) % how.gap[2] == 0)
                    f((x * how.count[1] + y) * how.count[2] + z);
        }
    }
}
#define EACH(count) Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x; if (i >= count) return;

// The first of the largest, or the last nan: its number, and where it stands in its plane.
__device__ int best_of(const Windows& how, const T* plane, Long p, A& best) {
    int where = -1;
    look(how, p, [&](int offset, int place) {
        A x = plane[offset];
        if (where < 0 || x > best || x != x) best = x, where = offset;
    });
    return where;
}
extern "C" __global__ void max_windows(
    const T* x, T* z, Long total, Long plane, Long windows, Windows how) {
    EACH(total)
    A best;
    best_of(how, x + i / windows * plane, i % windows, best);
    z[i] = T(best);
}
extern "C" __global__ void argmax_windows(
    const T* x, Long* z, Long total, Long plane, Long windows, Windows how) {
    EACH(total)
    A best;
    Long begin = i / windows * plane;
    z[i] = begin + best_of(how, x + begin, i % windows, best);
}
extern "C" __global__ void winners(
    const T* x, int* z, Long total, Long plane, Long windows, Windows how) {
    EACH(total)
    A best;
    z[i] = best_of(how, x + i / windows * plane, i % windows, best);
}
extern "C" __global__ void spread_winners(
    const T* g, const int* winners, T* d, Long total, Long plane, Long windows, Windows how) {
    EACH(total)
    Long begin = i / plane * windows;
    int offset = i % plane;
    A sum = 0;
    under(how, offset, [&](int p) {
        if (winners[begin + p] == offset) sum += A(g[begin + p]);
    });
    d[i] = T(sum);
}
extern "C" __global__ void sum_windows(
    const T* x, T* z, Long total, Long plane, Long windows, Windows how) {
    EACH(total)
    const T* here = x + i / windows * plane;
    A sum = 0;
    look(how, i % windows, [&](int offset, int) { sum += A(here[offset]); });
    z[i] = T(sum);
}
extern "C" __global__ void spread_windows(
    const T* g, T* d, Long total, Long plane, Long windows, Windows how) {
    EACH(total)
    const T* here = g + i / plane * windows;
    A sum = 0;
    under(how, i % plane, [&](int p) { sum += A(here[p]); });
    d[i] = T(sum);
}
"""

family = Family(SOURCE)


@cache
def _geometry(spatial: tuple, sizes: tuple, steps: tuple, gaps: tuple) -> tuple[int, int, Any]:
    """Numbers in a plane, windows in it, and a `Windows` as a kernel takes it by value."""
    count, numbers = counts(spatial, sizes, steps, gaps), []
    for along in (spatial, count, sizes, steps, gaps):
        numbers += [*(1,) * (3 - len(sizes)), *along]
    return prod(spatial), prod(count), numpy.array(numbers, "int32").view("V60")


def _serves(sizes: tuple, *arrays: Any) -> bool:
    planes = (prod(x.shape[-len(sizes) :]) for x in arrays)
    return serves(*arrays) and len(sizes) <= 3 and max(planes) < 1 << 31


def _run(xp: Any, name: str, inputs: tuple, z: Any, geometry: tuple) -> Any:
    """Runs a kernel with a thread for each number of z."""
    if z.size:
        family.run(xp, name, inputs[0], -(-z.size // 256), 256, *inputs, z, z.size, *geometry)
    return z


def _seen(name: str, primitive: Any, kind: Any = None) -> None:
    """Gives a primitive that makes a number of each window its kernel."""

    @primitive.on("cuda")
    def _(xp, x, *, sizes, steps, gaps):
        how = {"sizes": sizes, "steps": steps, "gaps": gaps}
        if not _serves(sizes, x):
            return (primitive.composition or partial(primitive.forward, xp))(x, **how)
        (x,) = flat(xp, x)
        z = xp.empty(primitive.outline(x, **how).shape, kind or x.dtype)
        return _run(xp, name, (x,), z, _geometry(x.shape[-len(sizes) :], sizes, steps, gaps))


_seen("max_windows", max_windows)
_seen("argmax_windows", argmax_windows, "int64")
_seen("sum_windows", sum_windows)


@spread_windows.on("cuda")
def _(xp, x, *, shape, sizes, steps, gaps):
    if not _serves(sizes, x):
        return spread_windows.forward(xp, x, shape=shape, sizes=sizes, steps=steps, gaps=gaps)
    z = xp.empty((*x.shape[: -len(shape)], *shape), x.dtype)
    geometry = _geometry(tuple(shape), sizes, steps, gaps)
    return _run(xp, "spread_windows", tuple(flat(xp, x)), z, geometry)


@spread_winners.on("cuda")
def _(xp, g, x, z, *, sizes, steps, gaps):
    if not _serves(sizes, x, g):
        return spread_winners.composition(g, x, z, sizes=sizes, steps=steps, gaps=gaps)
    g, x = flat(xp, g, x)
    geometry = _geometry(x.shape[-len(sizes) :], sizes, steps, gaps)
    winners = _run(xp, "winners", (x,), xp.empty(z.shape, "int32"), geometry)
    return _run(xp, "spread_winners", (g, winners), xp.empty_like(x), geometry)
