"""The kernels of *_gpu.py on an imitated card, in the place of CuPy's RawModule.

They compute what they would on a card, if slowly, and a test needs none.
"""

import ctypes
import re
from functools import cache

import numpy as np

import minidl.ops.cards_gpu
import minidl.optim.together_gpu  # noqa: F401
from tests.imitation.building import built, missing as missing

SHARED = 227 << 10  # bytes of shared memory that a block may ask for
FACTS = {97: SHARED, 16: 132}  # by the runtime's numbers of attributes; 16: how many processors

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
extern "C" void play_{name}(unsigned* d, void** given) {{
    stage::play({{d[0], d[1], d[2]}}, {{d[3], d[4], d[5]}}, [=] {{ {name}({given}); }});
}}
"""


@cache
def played(code: str) -> ctypes.CDLL:
    """A library with the kernels of a source."""
    text = re.sub(r"extern __shared__ char memory\[\];",
                  f"alignas(16) static char memory[{SHARED}];", code)  # fmt: skip
    entrances = "".join(_entrance(*one) for one in signatures(code).items())
    return built(f"using namespace std;\n{text}{entrances}")


def play(code: str, name: str, blocks: tuple, threads: tuple, arguments: tuple) -> None:
    """Runs a kernel on NumPy arrays."""
    dims = (ctypes.c_uint * 6)(*(n for d in (blocks, threads) for n in (*d, 1, 1)[:3]))
    values = [_value(x) for x in arguments]
    pointers = (ctypes.c_void_p * len(values))(*(ctypes.addressof(v) for v in values))
    getattr(played(code), f"play_{name}")(dims, pointers)


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
