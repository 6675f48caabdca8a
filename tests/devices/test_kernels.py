"""The element-wise kernels of *_gpu.py are CUDA that NVIDIA's compiler takes; it needs no card."""

import ctypes
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from minidl.ops import folding_gpu

TYPES = {2: ["short"], 4: ["int", "float"], 8: ["long long", "double"]}
AROUND = """
typedef {kind} T;
extern "C" __global__ void elementwise(T* values, long long* places, T* z, long long count) {{
    for (long long i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x) {{
        T value = values[i];
        long long place = places[i];
        {code};
    }}
}}
"""


def compiler() -> Any:
    """The library NVRTC, where a wheel brought it, or None."""
    for parent in ("nvidia.cu13", "nvidia.cuda_nvrtc", "nvidia.cu12"):
        try:
            found = importlib.util.find_spec(parent)
        except ModuleNotFoundError:
            continue
        for folder in found.submodule_search_locations or () if found else ():
            for file in sorted(Path(folder).rglob("libnvrtc.so*")):
                return ctypes.CDLL(str(file))
    return None


def objections(library: Any, text: str) -> str:
    """What the compiler says against a text; "" where it takes it."""
    program, size = ctypes.c_void_p(), ctypes.c_size_t()
    library.nvrtcCreateProgram(ctypes.byref(program), text.encode(), b"kernel.cu", 0, None, None)
    status = library.nvrtcCompileProgram(program, 1, (ctypes.c_char_p * 1)(b"-arch=sm_80"))
    library.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    library.nvrtcGetProgramLog(program, log)
    return log.value.decode() if status else ""


class CODE:
    """In place of CuPy: a kernel is its code."""

    @staticmethod
    def ElementwiseKernel(inputs, outputs, code, name):  # noqa: N802  (CuPy's name)
        return code


KERNELS = {
    f"{by} {kind}": AROUND.format(kind=kind, code=folding_gpu._kernel(CODE, by, size))
    for by in folding_gpu._FOLDS
    for size, kinds in TYPES.items()
    for kind in kinds
}
KERNELS |= {
    f"atomic {kind}": AROUND.format(kind=kind, code=folding_gpu._adder(CODE))
    for kind in ("float", "double")
}


@pytest.mark.parametrize("name", KERNELS)
def test_the_compiler_takes_it(name):
    library = compiler()
    if library is None:
        pytest.skip("the wheel nvidia-cuda-nvrtc is not installed")
    assert not objections(library, KERNELS[name])
