"""Activations on a graphics card: each number is read once and written once."""

from typing import Any

from .bends import gelu_, gelu_slope, gelu_tanh, gelu_tanh_slope, silu_, silu_slope
from .elementwise import relu
from .kernels_gpu import Family, by_numbers, flat, packed, serves

SOURCE = r"""
const double ROOT = 0.7978845608028654;  // sqrt(2 / pi)

__device__ A sigmoid(A x) { return 1 / (1 + exp(-x)); }
// GELU by tanh is x sigmoid(2 t) with t = sqrt(2 / pi) (x + 0.044715 x^3).
__device__ A twice(A x) { return A(2 * ROOT) * (x + A(0.044715) * x * x * x); }

__device__ A gelu_of(A x) { return A(0.5) * x * (1 + erf(x * A(0.7071067811865476))); }
__device__ A gelu_tanh_of(A x) { return x * sigmoid(twice(x)); }
__device__ A silu_of(A x) { return x * sigmoid(x); }

__device__ A gelu_steep(A x) {
    A density = exp(A(-0.5) * x * x) * A(ROOT / 2);
    return A(0.5) * (1 + erf(x * A(0.7071067811865476))) + x * density;
}
__device__ A gelu_tanh_steep(A x) {
    A share = sigmoid(twice(x));
    A inner = A(2 * ROOT) * (1 + A(3 * 0.044715) * x * x);
    return share + x * share * (1 - share) * inner;
}
__device__ A silu_steep(A x) {
    A share = sigmoid(x);
    return share + x * share * (1 - share);
}
__device__ A relu_of(A x) { return x < 0 ? A(0) : x; }  // nan stays
__device__ A relu_steep(A z) { return z > 0; }
"""

_EACH = r"""
extern "C" __global__ void NAME(const Pack* x, Pack* z, Long packs) {
    Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (i >= packs) return;
    Pack pack = x[i];
    for (int k = 0; k < V; k++) pack.at[k] = T(NAME_of(A(pack.at[k])));
    z[i] = pack;
}
extern "C" __global__ void NAME_slope(const Pack* g, const Pack* x, Pack* d, Long packs) {
    Long i = blockIdx.x * (Long)blockDim.x + threadIdx.x;
    if (i >= packs) return;
    Pack up = g[i], pack = x[i];
    for (int k = 0; k < V; k++) up.at[k] = T(A(up.at[k]) * NAME_steep(A(pack.at[k])));
    d[i] = up;
}
"""

SOURCE += "".join(_EACH.replace("NAME", name) for name in ("gelu", "gelu_tanh", "silu", "relu"))
family = Family(SOURCE)


def _run(xp: Any, name: str, *inputs: Any) -> Any:
    z = xp.empty(inputs[0].shape, inputs[0].dtype)
    inputs = tuple(flat(xp, *inputs))
    width = packed(z.size, *inputs, z)
    blocks, threads = by_numbers(z.size // width)
    family.run(xp, name, z, blocks, threads, *inputs, z, z.size // width, width=width)
    return z


def _bend(name: str, primitive: Any, slope: Any) -> None:
    """Gives an activation and its slope their kernels."""

    @primitive.on("cuda")
    def _(xp, x):
        return _run(xp, name, x) if serves(x) else primitive.composition(x)

    @slope.on("cuda")
    def _(xp, g, z, x):
        if not serves(g, x):
            return slope.composition(g, z, x)
        return _run(xp, name + "_slope", g, x)


_bend("gelu", gelu_, gelu_slope)
_bend("gelu_tanh", gelu_tanh, gelu_tanh_slope)
_bend("silu", silu_, silu_slope)


@relu.on("cuda")
def _(xp, x):
    return _run(xp, "relu", x) if serves(x) else relu.forward(xp, x)


@relu.slopes_on("cuda")
def _(xp, g, z, x):
    return (_run(xp, "relu_slope", g, z),) if serves(g, z) else None
