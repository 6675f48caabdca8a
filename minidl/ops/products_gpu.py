"""Products of matrices on a graphics card, by cuBLASLt: of stacks, transposed, a bias added.

CuPy's matmul copies transposed stacks, takes neither a factor nor a bias, and may not be recorded
in a CUDA graph; the library under it can do all of that. Where it is not found, CuPy's serves.
"""

from functools import cache
from importlib import import_module
from typing import Any

from ..backend import broadcast_shapes
from ..backends.cuda import matmul as switches
from .layouts_gpu import laid

_KINDS = {"e": 2, "E": 14, "f": 0, "d": 1}  # the library's numbers for dtypes, by their letters


@cache
def library() -> Any:
    """The file that calls cuBLASLt; None where that, or Python's way to call C, is missing."""
    try:
        found = import_module(".cublaslt_gpu", __package__)
    except ImportError:
        return None
    return found if found.library() is not None else None


# For each way in which two arrays lay before: what multiplies them, the result's shape, and whether
# either must be copied first. A layer asks for the same in each step, and looking at shapes costs
# as much as the call.
_known: dict[tuple, tuple[Any, tuple[int, ...], bool, bool]] = {}


def multiply(
    xp: Any, x: Any, y: Any, out: Any = None, scale: float = 1.0, bias: Any = None
) -> Any:  # fmt: skip
    """scale x y + bias, for matrices or stacks of them; transposed ones need not be copied.

    Args:
        x: (..., m, k).
        y: (..., k, n), the same sizes before, or 1 there.
        out: (..., m, n), where the result is to be written; rows must be contiguous.
        bias: (n,), contiguous; or None.
    """
    kind = x.dtype.char
    if kind not in _KINDS or y.dtype.char != kind or library() is None:
        return _plain(xp, x, y, out, scale, bias)
    low = x.data.ptr | y.data.ptr | (0 if out is None else out.data.ptr)
    key = (
        x.shape, x.strides, y.shape, y.strides, kind, bias is None, low & 255,
        None if out is None else out.strides, switches.rounds(kind),
    )  # fmt: skip
    known = _known.get(key)
    if known is None:
        known = _known[key] = _learned(xp, x, y, out, bias, key)
    product, shape, copy_x, copy_y = known
    if product is None:
        return _plain(xp, x, y, out, scale, bias)
    z = xp.empty(shape, x.dtype) if out is None else out
    x = xp.ascontiguousarray(xp.broadcast_to(x, (*shape[:-2], *x.shape[-2:]))) if copy_x else x
    y = xp.ascontiguousarray(xp.broadcast_to(y, (*shape[:-2], *y.shape[-2:]))) if copy_y else y
    product(xp, x.data.ptr, y.data.ptr, z.data.ptr, scale, bias)
    return z


def _learned(xp: Any, x: Any, y: Any, out: Any, bias: Any, key: tuple) -> tuple:
    """What multiplies arrays that lie like these; None where the library has nothing for them."""
    front = broadcast_shapes(x.shape[:-2], y.shape[:-2])
    shape, size = (*front, x.shape[-2], y.shape[-1]), x.dtype.itemsize
    if 0 in shape or not x.shape[-1]:
        return None, shape, False, False
    (to_x, copy_x), (to_y, copy_y) = (_ready(xp, a, shape) for a in (x, y))
    packed = xp.empty(shape, x.dtype) if out is None else out
    to_z = laid(shape, packed.strides, size)
    if to_z is None or to_z[0]:
        raise ValueError(f"A product cannot be written with strides {packed.strides}.")
    low, count = key[6] or 256, packed.size // (shape[-1] * shape[-2])
    rounded = key[8]
    tf32 = size == 4 and rounded
    compute = library().DOUBLE if size == 8 else library().TF32 if tf32 else library().SINGLE
    try:
        product = library().Product(
            xp.cuda.runtime.getDevice(), _KINDS[key[4]], compute,
            (*x.shape[-2:], shape[-1], count), (to_x, to_y, to_z), bias is not None, low & -low,
            size > 2 or rounded,
        )  # fmt: skip
    except RuntimeError:  # it has no algorithm
        product = None
    return product, shape, copy_x, copy_y


def _ready(xp: Any, x: Any, shape: tuple) -> tuple[Any, bool]:
    """How a stack as large as the result's lies, and whether it must be copied to lie so."""
    wide = xp.broadcast_to(x, (*shape[:-2], *x.shape[-2:]))
    found = laid(wide.shape, wide.strides, x.dtype.itemsize)
    if found is not None:
        return found, False
    (rows, columns), plain = wide.shape[-2:], wide.shape[-2] * wide.shape[-1]
    return (False, columns, plain if wide.size > rows * columns else 0), True


def _plain(xp: Any, x: Any, y: Any, out: Any, scale: float, bias: Any) -> Any:
    """The same by CuPy's own means, which knows no stacks of bfloat16, not even empty ones."""
    if x.size and y.size:
        z = xp.matmul(x, y)
    else:
        front = broadcast_shapes(x.shape[:-2], y.shape[:-2])
        z = xp.zeros((*front, x.shape[-2], y.shape[-1]), x.dtype)
    z = z if scale == 1 else z * z.dtype.type(scale)
    z = z if bias is None else z + bias
    if out is None:
        return z
    out[...] = z
    return out
