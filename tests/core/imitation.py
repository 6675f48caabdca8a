"""A graphics card played by the processor: CUDA source built by g++, threads taking turns.

Each thread of a block has a stack of its own. It runs until it must wait for the others, at a
barrier or where it hands a number to its neighbour; then the next one does. So kernels compute what
they would on a card, if slowly, and a test needs none.
"""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

import minidl.ops.cards_gpu
import minidl.optim.together_gpu  # noqa: F401
from minidl.ops.kernels_gpu import TYPES

COMPILER = shutil.which("g++") or "g++"
SHARED = 227 << 10  # bytes of shared memory that a block may ask for
FACTS = {97: SHARED, 16: 132}  # by the runtime's numbers of attributes; 16: how many processors

STAGE = r"""
#include <cmath>
#include <cstdint>
#include <cstring>
#include <ucontext.h>
#include <vector>
using namespace std;
typedef long long Long;
struct Dim { unsigned x, y, z; };
static Dim threadIdx, blockIdx, blockDim, gridDim;
#define __global__
#define __device__
#define __launch_bounds__(most)
#define __shared__ static
template <class N, class M> static N bits_as(M x) { N y; memcpy(&y, &x, sizeof y); return y; }
static float __int_as_float(int x) { return bits_as<float>(x); }
static uint64_t __umul64hi(uint64_t x, uint64_t y) { return (unsigned __int128)x * y >> 64; }
struct Half {
    _Float16 x;
    Half() = default;
    Half(float y) : x((_Float16)y) {}
    operator float() const { return (float)x; }
};
struct Brain {
    unsigned short bits;
    Brain() = default;
    Brain(float y) {
        unsigned all = bits_as<unsigned>(y);
        bits = y != y ? 0x7fff : (all + 0x7fff + (all >> 16 & 1)) >> 16;
    }
    operator float() const { return bits_as<float>((unsigned)bits << 16); }
};
template <class N> static N atomicAdd(N* at, N x) { N old = *at; *at += x; return old; }

static ucontext_t director;
static std::vector<ucontext_t> actors;
static std::vector<char> stacks;
static std::vector<char> done;
static unsigned now;
static uint64_t slots[2][1024];
static std::vector<unsigned> turns;
static const size_t STACK = 1 << 16;

static void wait() { swapcontext(&actors[now], &director); }
#define __syncthreads() wait()
static void __threadfence() {}
template <class N> static N __shfl_xor_sync(unsigned, N x, int k) {
    unsigned turn = turns[now]++ & 1;
    memcpy(&slots[turn][now], &x, sizeof x);
    wait();
    N y;
    memcpy(&y, &slots[turn][now ^ k], sizeof y);
    return y;
}
template <class N> static N __shfl_sync(unsigned, N x, int lane) {
    unsigned turn = turns[now]++ & 1;
    memcpy(&slots[turn][now], &x, sizeof x);
    wait();
    N y;
    memcpy(&y, &slots[turn][now / 32 * 32 + lane], sizeof y);
    return y;
}
static void (*scene)();
static void act() { scene(); done[now] = 1; swapcontext(&actors[now], &director); }
static void play() {
    unsigned count = blockDim.x * blockDim.y * blockDim.z, left = count;
    actors.resize(count), stacks.resize(count * STACK);
    done.assign(count, 0), turns.assign(count, 0);
    for (unsigned i = 0; i < count; i++) {
        getcontext(&actors[i]);
        actors[i].uc_stack.ss_sp = &stacks[i * STACK];
        actors[i].uc_stack.ss_size = STACK;
        makecontext(&actors[i], act, 0);
    }
    while (left)
        for (now = 0; now < count; now++) {
            if (done[now]) continue;
            threadIdx = {now % blockDim.x, now / blockDim.x % blockDim.y,
                         now / (blockDim.x * blockDim.y)};
            swapcontext(&director, &actors[now]);
            left -= done[now];
        }
}
"""

_KERNEL = re.compile(
    r'extern "C" __global__ void (?:__launch_bounds__\([^)]+\) )?(\w+)\(([^)]*)\)', re.S
)


@cache
def signatures(code: str) -> dict[str, list[str]]:
    """The arguments of every kernel in a source."""
    return {name: [a.strip() for a in args.split(",")] for name, args in _KERNEL.findall(code)}


def _entrance(name: str, arguments: list[str]) -> str:
    """A C function that plays one kernel, block after block."""
    kinds = [re.sub(r"\w+$", "", a).strip() for a in arguments]
    given = ", ".join(f"*({kind}*)given[{i}]" for i, kind in enumerate(kinds))
    return f"""
extern "C" void play_{name}(unsigned* d, void** what) {{
    static void** given;
    given = what;
    gridDim = {{d[0], d[1], d[2]}}, blockDim = {{d[3], d[4], d[5]}};
    scene = [] {{ {name}({given}); }};
    for (unsigned z = 0; z < d[2]; z++)
        for (unsigned y = 0; y < d[1]; y++)
            for (unsigned x = 0; x < d[0]; x++) blockIdx = {{x, y, z}}, play();
}}
"""


@cache
def built(code: str) -> ctypes.CDLL:
    """A library with the kernels of a source."""
    text = code.replace(TYPES, "")
    text = re.sub(r"extern __shared__ char memory\[\];", "alignas(16) static char memory[232448];",
                  text)  # fmt: skip
    text = STAGE + text + "".join(_entrance(*one) for one in signatures(code).items())
    folder = Path(tempfile.gettempdir()) / "minidl-imitation"
    folder.mkdir(exist_ok=True)
    stem = folder / hashlib.sha256(text.encode()).hexdigest()[:24]
    library = stem.with_suffix(".so")
    if not library.exists():
        own = stem.with_suffix(f".{os.getpid()}.so")  # others may be at the same
        own.with_suffix(".cpp").write_text(text)
        build = [COMPILER, "-std=c++17", "-O1", "-w", "-shared", "-fPIC", "-fpermissive"]
        subprocess.run([*build, own.with_suffix(".cpp"), "-o", own], check=True)
        own.replace(library)
    return ctypes.CDLL(str(library))


@cache
def missing() -> str | None:
    """Why nothing can be played here."""
    try:
        built('extern "C" __global__ void nothing(Long n) {}')
    except (OSError, subprocess.CalledProcessError) as error:
        return f"g++ cannot build what plays a card: {error}"
    return None


def play(code: str, name: str, blocks: tuple, threads: tuple, arguments: tuple) -> None:
    """Runs a kernel on NumPy arrays."""
    dims = (ctypes.c_uint * 6)(*(n for d in (blocks, threads) for n in (*d, 1, 1)[:3]))
    values = [_value(x) for x in arguments]
    pointers = (ctypes.c_void_p * len(values))(*(ctypes.addressof(v) for v in values))
    getattr(built(code), f"play_{name}")(dims, pointers)


def _value(x):
    if isinstance(x, np.ndarray) and x.dtype.char == "V":
        return ctypes.create_string_buffer(x.tobytes())
    if isinstance(x, np.ndarray):
        return ctypes.c_void_p(x.ctypes.data)
    return ctypes.c_double(x) if isinstance(x, float) else ctypes.c_longlong(x)


class Module:
    """A compiled module, whose kernels hold what they are called with against what they take."""

    def __init__(self, code: str, options: tuple):
        self.code = code

    def get_function(self, name: str):
        wanted = signatures(self.code)[name]

        def launch(blocks, threads, arguments, shared_mem=0):
            most = launch.max_dynamic_shared_size_bytes
            arguments = tuple(getattr(x, "inside", x) for x in arguments)
            assert all(type(n) is int and n > 0 for n in (*blocks, *threads)), (name, blocks)
            assert np.prod(threads) <= 1024 and shared_mem <= most <= SHARED
            assert len(arguments) == len(wanted), (name, len(arguments), wanted)
            for want, given in zip(wanted, arguments, strict=True):
                assert _fits(want, given), (name, want, type(given), given)
            play(self.code, name, blocks, threads, arguments)

        launch.max_dynamic_shared_size_bytes = 48 << 10
        return launch


def _fits(want: str, given) -> bool:
    if "*" in want:
        if type(given) is int:
            return given == 0 or want.endswith("* alarm")
        kind = want.replace("const", "").split("*")[0].strip()
        size = {"Long": "int64", "Row": "int64", "int": "int32", "Piece": "int32"}.get(kind)
        whole = isinstance(given, np.ndarray) and given.flags.c_contiguous
        return whole and (given.dtype == size if size else given.dtype.char in "fdeE")
    if want.startswith("Long"):
        return type(given) is int
    if want.startswith("double"):
        return type(given) is float
    return type(given) is np.ndarray and given.size == 1 and given.dtype.char == "V"
