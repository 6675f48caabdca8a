"""The element-wise kernels of *_gpu.py are CUDA that NVIDIA's compiler takes; it needs no card."""

import pytest

from minidl.ops import folding_gpu
from tests.nvrtc import objections

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
    assert not objections(KERNELS[name], "-arch=sm_80")
