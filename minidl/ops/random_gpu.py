"""The processor's stream of random numbers, drawn on a graphics card: the same, bit by bit.

NumPy's generator is a congruence, state <- state * a + c modulo 2^128, and where it will stand
after k draws is found in log k steps: a^k and the sum of powers by squaring. So every thread jumps
to its place in the stream, and then goes on in leaps as long as there are threads.

Normal numbers, integers below a bound and permutations stay with the processor: they reject draws,
so where the stream stands after them only the card would know, and one had to wait for its answer.

Source: F. Brown, "Random Number Generation with Arbitrary Strides" (1994); M. O'Neill, "PCG"
(2014), sections 4.3.1 and 6.3.4 (the output XSL RR).
"""

from functools import lru_cache
from typing import Any

from .kernels_gpu import Family
from .random import bernoulli_, uniform_like

SOURCE = r"""
struct Wide { unsigned long long high, low; };
__device__ Wide operator*(Wide x, Wide y) {
    return {__umul64hi(x.low, y.low) + x.high * y.low + x.low * y.high, x.low * y.low};
}
__device__ Wide operator+(Wide x, Wide y) {
    Wide z = {x.high + y.high, x.low + y.low};
    z.high += z.low < x.low;
    return z;
}
// state * factor + term, k times over.
__device__ Wide after(Wide state, Wide factor, Wide term, unsigned long long k) {
    for (; k; k >>= 1) {
        if (k & 1) state = state * factor + term;
        term = term * factor + term;
        factor = factor * factor;
    }
    return state;
}
__device__ unsigned long long shown(Wide state) {
    unsigned long long x = state.high ^ state.low;
    int by = state.high >> 58;
    return x >> by | x << (-by & 63);
}

// Numbers from 0 to 1. A draw has 64 bits, for one double or two floats; `left` says whether the
// first float is what the last draw left over. leap and gain lead over all threads' draws at once.
extern "C" __global__ void uniform(
    T* z, Long n, Long left, Long leftover, Long s1, Long s0, Long c1, Long c0, Long leap1,
    Long leap0, Long gain1, Long gain0) {
    const Wide factor = {0x2360ed051fc65da4ull, 0x4385df649fccf645ull};
    Wide state = {(unsigned long long)s1, (unsigned long long)s0};
    Wide term = {(unsigned long long)c1, (unsigned long long)c0};
    Wide leap = {(unsigned long long)leap1, (unsigned long long)leap0};
    Wide gain = {(unsigned long long)gain1, (unsigned long long)gain0};
    const Long threads = (Long)gridDim.x * blockDim.x;
    Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (i == 0 && left) z[0] = T(float((unsigned)leftover >> 8) * (1 / 16777216.0f));
    state = after(state, factor, term, i + 1);
    for (;; i += threads) {
        unsigned long long draw = shown(state);
        if (sizeof(T) == 8) {
            if (i >= n) return;
            z[i] = T((draw >> 11) * (1 / 9007199254740992.0));
        } else {
            Long at = 2 * i + left;
            if (at >= n) return;
            z[at] = T(float((unsigned)draw >> 8) * (1 / 16777216.0f));
            if (at + 1 < n) z[at + 1] = T(float((unsigned)(draw >> 40)) * (1 / 16777216.0f));
        }
        state = state * leap + gain;
    }
}
"""

family = Family(SOURCE)
_FACTOR, _ALL = 0x2360ED051FC65DA44385DF649FCCF645, (1 << 128) - 1


@lru_cache(256)
def _leap(term: int, draws: int) -> tuple[int, int]:
    """What state * leap + gain must be to lead over so many draws."""
    leap, gain, factor = 1, 0, _FACTOR
    while draws:
        if draws & 1:
            leap, gain = leap * factor & _ALL, (gain * factor + term) & _ALL
        factor, term = factor * factor & _ALL, (term * factor + term) & _ALL
        draws >>= 1
    return leap, gain


def _halves(x: int) -> tuple[int, int]:
    """128 bits as two numbers of 64, in which a kernel sees the same bits."""
    return tuple(h - (h >> 63 << 64) for h in (x >> 64, x & (1 << 64) - 1))  # type: ignore[return-value]


def _shown(state: int) -> int:
    """The 64 bits that a state gives."""
    x, by = (state >> 64 ^ state) & (1 << 64) - 1, state >> 122
    return (x >> by | x << (64 - by)) & (1 << 64) - 1


def _drawn(xp: Any, z: Any, generator: Any) -> Any:
    """Fills an array with the generator's next numbers, and leads the generator on."""
    source = generator.bits.bit_generator
    now = source.state
    state, term = now["state"]["state"], now["state"]["inc"]
    single = z.dtype.itemsize < 8
    left = now["has_uint32"] if single else 0
    draws = (z.size - left + 1) // 2 if single else z.size
    if z.size:
        blocks = max(1, min(-(-draws // 2048), 1056))
        numbers = (state, term, *_leap(term, blocks * 256))
        halves = [half for number in numbers for half in _halves(number)]
        family.run(xp, "uniform", z, blocks, 256, z, z.size, left, now["uinteger"], *halves)
        source.state = _later(now, draws, (z.size - left) % 2 if single else None)
    return z


def _later(now: dict[str, Any], draws: int, over: int | None) -> dict[str, Any]:
    """The generator's state after some draws, with half of the last left `over`, or none."""
    leap, gain = _leap(now["state"]["inc"], draws)
    state = (now["state"]["state"] * leap + gain) & _ALL
    later = {**now, "state": {**now["state"], "state": state}}
    if over is not None:
        later["has_uint32"] = over
        if draws:
            later["uinteger"] = _shown(state) >> 32
    return later


@uniform_like.on("cuda")
def _(xp, x, *, generator):
    return _drawn(xp, xp.empty(x.shape, x.dtype), generator)


@bernoulli_.on("cuda")
def _(xp, p, *, generator):
    """Whether probabilities lie between 0 and 1 is not asked: the answer would hold all up."""
    draws = xp.empty(p.shape, "float64" if p.dtype.itemsize == 8 else "float32")
    return (_drawn(xp, draws, generator) < p).astype(p.dtype)
