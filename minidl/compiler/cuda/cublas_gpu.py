"""Products of matrices by the cuBLAS that CuPy loaded, called in a way that can be captured.

CuPy refuses its own products while a stream is captured, since cuBLAS may then want memory. A
handle of our own, with memory given to it beforehand, has no such need.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any, final

import numpy as np

from ...backend import products_by_tf32
from ..native.kernels import Product
from ..native.views import View
from ..program import BuildError

cupy: Any = import_module("cupy")
WORKSPACE = 32 * 2**20  # bytes: what cuBLAS wants on a card with tensor cores of the fourth kind
KINDS = {"float32": 0, "float64": 1, "float16": 2, "bfloat16": 14}  # its numbers for them
LONG = 2**30  # operations of a call that takes longer than to ask for it
WIDE = 16  # CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION
SINGLE, DOUBLE, TF32 = 68, 70, 77  # CUBLAS_COMPUTE_32F, _64F, _32F_FAST_TF32


@cache
def _library() -> Any:
    """The library that CuPy's own products call."""
    cupy.cuda.Device().cublas_handle  # noqa: B018  (loads it)
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    found = {line.split()[-1] for line in lines if "libcublas.so" in line}
    if not found:
        raise BuildError("no cuBLAS is loaded")
    return ctypes.CDLL(found.pop())


@final
class Multiplier:
    """A handle of cuBLAS with memory of its own, for one program."""

    def __init__(self) -> None:
        self._library, self._handle = _library(), ctypes.c_void_p()
        self._check(self._library.cublasCreate_v2(ctypes.byref(self._handle)))
        self._workspace = cupy.empty(WORKSPACE, cupy.uint8)
        self._lists: list[Any] = []  # where the matrices of stacks begin
        self._constants = {kind: (kind(1), kind(0)) for kind in (ctypes.c_float, ctypes.c_double)}

    def use(self, stream: Any, narrow: bool) -> None:
        """Calls go to this stream from now on.

        narrow: where cuBLAS cuts a sum in pieces, they may be joined in the matrices' own dtype.
        """
        self._check(self._library.cublasSetMathMode(self._handle, 0 if narrow else WIDE))
        self._check(self._library.cublasSetStream_v2(self._handle, ctypes.c_void_p(stream.ptr)))
        pointer = ctypes.c_void_p(self._workspace.data.ptr)
        size = ctypes.c_size_t(WORKSPACE)
        self._check(self._library.cublasSetWorkspace_v2(self._handle, pointer, size))

    def call(self, kernel: Product, pointers: tuple[int, int, int]) -> Callable[[], None]:
        """What computes c = a @ b, for one pair of matrices or stacks of them.

        Args:
            pointers: where the numbers of a, b and c begin.
        """
        a, b, c = kernel.a, kernel.b, kernel.c
        if c.steps[-1] != 1 and c.shape[-1] != 1:  # by columns: the transposed product by rows
            swap = [*range(len(c.shape) - 2), len(c.shape) - 1, len(c.shape) - 2]
            a, b, c = b.permuted(swap), a.permuted(swap), c.permuted(swap)
            pointers = (pointers[1], pointers[0], pointers[2])
        outer, (count, stack) = stacks(a, b, c)
        if prod(c.shape[:-2]) == 1:
            return self._one(a, b, c, pointers)
        if len(outer) == 1 or 2 * c.size // len(outer) * a.shape[-1] >= LONG:
            size = c.dtype.itemsize
            begins = [tuple(p + s * size for p, s in zip(pointers, shifts, strict=True))
                      for shifts in outer]  # fmt: skip
            calls = [self._strided(a, b, c, begin, count, stack) for begin in begins]
            return partial(_all, calls)
        return self._each(a, b, c, pointers, prod(c.shape[:-2]))

    def _sizes(self, a: View, b: View, c: View) -> tuple:
        """What every call is told first; cuBLAS counts by columns, so it computes c^T = b^T a^T."""
        (m, n), k = c.shape[-2:], a.shape[-1]
        wide = c.dtype.itemsize == 8
        constants = self._constants[ctypes.c_double if wide else ctypes.c_float]
        one, zero = map(ctypes.byref, constants)
        rounds = c.dtype.itemsize == 4 and products_by_tf32()
        compute = DOUBLE if wide else TF32 if rounds else SINGLE
        first = (self._handle, layout(b)[0], layout(a)[0], n, m, k, one)
        return first, zero, KINDS[c.dtype.name], [layout(x)[1] for x in (a, b, c)], compute

    def _one(self, a: View, b: View, c: View, pointers: tuple) -> Callable[[], None]:
        first, zero, code, (la, lb, lc), compute = self._sizes(a, b, c)
        x, y, z = map(ctypes.c_void_p, pointers)
        gemm, check = self._library.cublasGemmEx, self._check
        given = (*first, y, code, lb, x, code, la, zero, z, code, lc, compute, -1)
        return lambda: check(gemm(*given))

    def _strided(
        self, a: View, b: View, c: View, pointers: tuple, count: int, stack: tuple
    ) -> Callable[[], None]:
        """Matrices that lie one after another, always equally far."""
        first, zero, code, (la, lb, lc), compute = self._sizes(a, b, c)
        x, y, z = map(ctypes.c_void_p, pointers)
        da, db, dc = map(ctypes.c_longlong, stack)
        gemm, check = self._library.cublasGemmStridedBatchedEx, self._check
        given = (*first, y, code, lb, db, x, code, la, da, zero, z, code, lc, dc, count, compute,
                 -1)  # fmt: skip
        return lambda: check(gemm(*given))

    def _each(self, a: View, b: View, c: View, pointers: tuple, count: int) -> Callable[[], None]:
        """Matrices that lie anywhere: cuBLAS is given a list of where each begins."""
        first, zero, code, (la, lb, lc), compute = self._sizes(a, b, c)
        lists = [cupy.asarray(p + places(v)) for p, v in zip(pointers, (a, b, c), strict=True)]
        self._lists += lists
        x, y, z = (ctypes.c_void_p(found.data.ptr) for found in lists)
        gemm, check = self._library.cublasGemmBatchedEx, self._check
        given = (*first, y, code, lb, x, code, la, zero, z, code, lc, count, compute, -1)
        return lambda: check(gemm(*given))

    def _check(self, status: int) -> None:
        if status:
            raise BuildError(f"cuBLAS answers with its error {status}")

    def __del__(self) -> None:
        if self._handle:
            self._library.cublasDestroy_v2(self._handle)


def layout(view: View) -> tuple[int, int]:
    """Whether a matrix is to be read transposed, and how far its rows (or columns) lie apart."""
    (m, n), (down, right) = view.shape[-2:], view.steps[-2:]
    if (right == 1 or n == 1) and (down >= n or m == 1):
        return 0, max(down if m > 1 else n, n, 1)
    return 1, max(right if n > 1 else m, m, 1)


def places(view: View) -> Any:
    """How many bytes behind a stack's begin each of its matrices begins."""
    found = np.zeros((), np.int64)
    for n, step in zip(view.shape[:-2], view.steps[:-2], strict=True):
        found = found[..., None] + np.arange(n) * step
    return found.ravel() * view.dtype.itemsize


def _all(calls: list[Callable[[], None]]) -> None:
    for call in calls:
        call()


def stacks(a: View, b: View, c: View) -> tuple[list[tuple], tuple[int, tuple]]:
    """The matrices as stacks that lie evenly: where each stack begins, and of one stack how many
    matrices it has and how far apart they lie in a, b and c."""
    shape = c.shape[:-2]
    steps = [tuple(v.steps[d] for v in (a, b, c)) for d in range(len(shape))]
    dims: list[tuple[int, tuple]] = []
    for n, s in zip(shape, steps, strict=True):
        if dims and all(x == y * n for x, y in zip(dims[-1][1], s, strict=True)):
            dims[-1] = (dims[-1][0] * n, s)
        elif n > 1:
            dims.append((n, s))
    inner = max(dims, key=lambda dim: dim[0], default=(1, (0, 0, 0)))
    begins = [(0, 0, 0)]
    for dim in dims:
        if dim is not inner:
            begins = [tuple(x + i * y for x, y in zip(begin, dim[1], strict=True))
                      for begin in begins for i in range(dim[0])]  # fmt: skip
    return begins, inner
