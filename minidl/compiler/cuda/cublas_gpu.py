"""Products of matrices by the cuBLAS that CuPy loaded, called in a way that can be captured.

CuPy refuses its own products while a stream is captured, since cuBLAS may then want memory. A
handle of our own, with memory given to it beforehand, has no such need.
"""

from __future__ import annotations

import ctypes
from functools import cache
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any, final

from ..native.kernels import Product
from ..native.views import View
from ..program import BuildError

cupy: Any = import_module("cupy")
WORKSPACE = 32 * 2**20  # bytes: what cuBLAS wants on a card with tensor cores of the fourth kind
KINDS = {"float32": 0, "float64": 1, "float16": 2, "bfloat16": 14}  # its numbers for them
SINGLE, DOUBLE = 68, 70  # CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_64F


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
        self._constants = {kind: (kind(1), kind(0)) for kind in (ctypes.c_float, ctypes.c_double)}

    def use(self, stream: Any) -> None:
        """Calls go to this stream from now on."""
        self._check(self._library.cublasSetStream_v2(self._handle, ctypes.c_void_p(stream.ptr)))
        pointer = ctypes.c_void_p(self._workspace.data.ptr)
        size = ctypes.c_size_t(WORKSPACE)
        self._check(self._library.cublasSetWorkspace_v2(self._handle, pointer, size))

    def exact(self, wanted: bool) -> None:
        """Whether products of float32 keep all digits; else TF32 may be used."""
        self._check(self._library.cublasSetMathMode(self._handle, 0 if wanted else 3))

    def __call__(self, kernel: Product, pointers: tuple[int, int, int]) -> None:
        """c = a @ b, for one pair of matrices or stacks of them.

        Args:
            pointers: where the numbers of a, b and c begin.
        """
        a, b, c = kernel.a, kernel.b, kernel.c
        if c.steps[-1] != 1 and c.shape[-1] != 1:  # by columns: the transposed product by rows
            swap = [*range(len(c.shape) - 2), len(c.shape) - 1, len(c.shape) - 2]
            a, b, c = b.permuted(swap), a.permuted(swap), c.permuted(swap)
            pointers = (pointers[1], pointers[0], pointers[2])
        outer, stack = _stack(a, b, c)
        size = c.dtype.itemsize
        for shifts in outer:
            at = [p + s * size for p, s in zip(pointers, shifts, strict=True)]
            self._multiply(a, b, c, at, stack)

    def _multiply(self, a: View, b: View, c: View, at: list[int], stack: tuple) -> None:
        """cuBLAS counts by columns, so it is asked for c^T = b^T a^T."""
        (m, n), k = c.shape[-2:], a.shape[-1]
        (ta, lda), (tb, ldb), (_, ldc) = layout(a), layout(b), layout(c)
        count, (da, db, dc) = stack
        code, wide = KINDS[c.dtype.name], c.dtype.itemsize == 8
        one, zero = self._constants[ctypes.c_double if wide else ctypes.c_float]
        x, y, z = (ctypes.c_void_p(p) for p in at)
        big = ctypes.c_longlong
        compute = DOUBLE if wide else SINGLE
        self._check(
            self._library.cublasGemmStridedBatchedEx(
                self._handle, tb, ta, n, m, k, ctypes.byref(one), y, code, ldb, big(db),
                x, code, lda, big(da), ctypes.byref(zero), z, code, ldc, big(dc), count,
                compute, -1,
            )
            if count > 1
            else self._library.cublasGemmEx(
                self._handle, tb, ta, n, m, k, ctypes.byref(one), y, code, ldb, x, code, lda,
                ctypes.byref(zero), z, code, ldc, compute, -1,
            )
        )  # fmt: skip

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


def _stack(a: View, b: View, c: View) -> tuple[list[tuple], tuple[int, tuple]]:
    """The stacks as one of even steps, and for each time that it is met the way to its begin."""
    shape = list(c.shape[:-2])
    steps = [tuple(v.steps[d] for v in (a, b, c)) for d in range(len(shape))]
    dims = [(n, s) for n, s in zip(shape, steps, strict=True) if n > 1]
    while len(dims) > 1:
        (n, s), (m, t) = dims[-2:]
        if any(x != y * m for x, y in zip(s, t, strict=True)):
            break
        dims[-2:] = [(n * m, t)]
    inner = dims.pop() if dims else (1, (0, 0, 0))
    if dims:  # the longest stack is the one that is met at once
        longest = max(range(len(dims)), key=lambda d: dims[d][0])
        if dims[longest][0] > inner[0]:
            dims[longest], inner = inner, dims[longest]
    outer = [(0, 0, 0)]
    for n, s in dims:
        outer = [tuple(x + i * y for x, y in zip(o, s, strict=True)) for o in outer
                 for i in range(n)]  # fmt: skip
    assert prod(shape) == len(outer) * inner[0]
    return outer, inner
