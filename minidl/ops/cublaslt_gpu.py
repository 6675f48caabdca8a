"""cuBLASLt, called as C, since no package that minidl asks for binds it.

Source: NVIDIA, "cuBLAS Library", chapter "Using the cuBLASLt API".
"""

import ctypes
from ctypes import byref, c_int, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from functools import cache
from importlib import import_module
from typing import Any, final

from .desk_gpu import desk
from .layouts_gpu import Layout

# cuBLASLt's numbers for what is said to it.
SINGLE, TF32, DOUBLE = 68, 77, 70  # how it computes
_TRANSPOSE_A, _TRANSPOSE_B, _EPILOGUE, _BIAS_POINTER, _BIAS = 3, 4, 7, 8, 4
_BATCH, _OFFSET = 5, 6
_SPACE, _REDUCTIONS, _ALIGNMENTS = 1, 3, (5, 6, 7, 8)
_WIDE_SUMS = 2  # the parts of a product cut in pieces are kept and added up in float32
_ROOM = 32 << 20  # bytes of workspace, as NVIDIA advises for large cards


@cache
def library() -> Any:
    """cuBLASLt; None where it is not found."""
    try:
        found = import_module("cuda.pathfinder").load_nvidia_dynamic_lib("cublasLt")
        return ctypes.CDLL(found.abs_path)
    except Exception:  # it raises different errors for what is missing
        return None


@cache
def _handle(device: int) -> c_void_p:
    """The library's handle for the current device, which is this one."""
    handle = c_void_p()
    _checked(library().cublasLtCreate(byref(handle)))
    return handle


def _checked(status: int) -> None:
    if status:
        raise RuntimeError(f"cuBLASLt: status {status}.")


def _made(kind: str, *arguments: Any) -> c_void_p:
    thing = c_void_p()
    _checked(getattr(library(), f"cublasLt{kind}Create")(byref(thing), *arguments))
    return thing


def _told(kind: str, thing: c_void_p, attribute: int, value: Any) -> None:
    set_it = getattr(library(), f"cublasLt{kind}SetAttribute")
    _checked(set_it(thing, attribute, byref(value), c_size_t(ctypes.sizeof(value))))


@final
class _Answer(ctypes.Structure):
    """What the library advises for a product."""

    _fields_ = [
        ("algorithm", c_uint64 * 8),
        ("space", c_size_t),
        ("state", c_int),
        ("waves", ctypes.c_float),
        ("reserved", c_int * 4),
    ]


@final
class Product:
    """How the library multiplies matrices of known sizes and layouts.

    cuBLAS counts columns first: to it, z = x y is the product of y and x, all transposed.

    Args:
        kind: the library's number for their dtype.
        compute: SINGLE, TF32 or DOUBLE.
        sizes: (m, k, n, count) for m x k times k x n, in stacks of so many.
        layouts: of x, y and z.
        biased: whether there is a bias.
        alignment: in bytes, of all three in memory.
        narrow: the parts of a product cut in pieces may be added up in its own dtype.
    """

    def __init__(
        self, device: int, kind: int, compute: int, sizes: tuple[int, int, int, int],
        layouts: tuple[Layout, Layout, Layout], biased: bool, alignment: int,
        narrow: bool = True,
    ):  # fmt: skip
        m, k, n, count = sizes
        x, y, z = layouts
        wide = 1 if kind == 1 else 0
        scalar: Any = ctypes.c_double if wide else ctypes.c_float
        self.how = _made("MatmulDesc", compute, wide)
        _told("MatmulDesc", self.how, _TRANSPOSE_A, c_int32(y[0]))
        _told("MatmulDesc", self.how, _TRANSPOSE_B, c_int32(x[0]))
        if biased:
            _told("MatmulDesc", self.how, _EPILOGUE, c_int32(_BIAS))
        self.places = [
            _placed(kind, rows, columns, layout, count)
            for rows, columns, layout in ((k, n, y), (m, k, x), (m, n, z))
        ]
        self.handle, self.run = _handle(device), _runner()
        self.answer = self._advised(alignment, narrow)
        self.space, self.last = self.answer.space, 1.0
        self.scale, self.zero, self.bias = scalar(1.0), scalar(0), c_uint64()
        # What does not change from call to call, as addresses.
        self.fixed = (self.handle.value, self.how.value, ctypes.addressof(self.scale))
        self.to_y, self.to_x, self.to_z = (place.value for place in self.places)
        self.more = ctypes.addressof(self.zero), ctypes.addressof(self.answer.algorithm)

    def _advised(self, alignment: int, narrow: bool) -> _Answer:
        """The algorithm that the library expects to be the fastest."""
        wish, answer, found = _made("MatmulPreference"), _Answer(), c_int()
        _told("MatmulPreference", wish, _SPACE, c_uint64(_ROOM))
        if not narrow:
            _told("MatmulPreference", wish, _REDUCTIONS, ctypes.c_uint32(_WIDE_SUMS))
        for attribute in _ALIGNMENTS:
            _told("MatmulPreference", wish, attribute, ctypes.c_uint32(alignment))
        y, x, z = self.places
        _checked(
            library().cublasLtMatmulAlgoGetHeuristic(
                self.handle, self.how, y, x, z, z, wish, 1, byref(answer), byref(found)
            )
        )
        if not found.value:
            raise RuntimeError("cuBLASLt: there is no algorithm for such a product.")
        return answer

    def __call__(self, xp: Any, x: int, y: int, z: int, scale: float, bias: Any) -> None:
        """Writes scale x y + bias into z; x, y and z are addresses."""
        if bias is not None and self.bias.value != bias.data.ptr:
            self.bias.value = bias.data.ptr
            _told("MatmulDesc", self.how, _BIAS_POINTER, self.bias)
        if scale != self.last:
            self.scale.value = self.last = scale
        own = desk(xp)
        space = own.partial(self.space, "uint8") if self.space else None
        to_z, (zero, algorithm) = self.to_z, self.more
        status = self.run(
            *self.fixed, y, self.to_y, x, self.to_x, zero, z, to_z, z, to_z, algorithm,
            0 if space is None else space.data.ptr, self.space, own.stream,
        )  # fmt: skip
        if status:
            _checked(status)


@cache
def _runner() -> Any:
    """cublasLtMatmul, which takes addresses, and one size, as numbers."""
    run = library().cublasLtMatmul
    run.argtypes = [c_void_p] * 14 + [c_size_t, c_void_p]
    return run


def _placed(number: int, rows: int, columns: int, layout: Layout, count: int) -> c_void_p:
    """The library's description of a stack of matrices, columns first."""
    transposed, step, offset = layout
    size = (rows, columns) if transposed else (columns, rows)
    made = _made("MatrixLayout", c_int(number), c_uint64(size[0]), c_uint64(size[1]), c_int64(step))
    _told("MatrixLayout", made, _BATCH, c_int32(count))
    _told("MatrixLayout", made, _OFFSET, c_int64(offset))
    return made
