"""What minidl finds out about the machine, and what it sets before NumPy is loaded."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import numpy as np
import pytest

from minidl import machine


def test_blas_is_numpys_own_and_multiplies() -> None:
    blas = machine.blas()
    if blas is None:
        pytest.skip("this NumPy's BLAS cannot be reached")
    a, b = np.random.default_rng(0).random((2, 5, 5), dtype=np.float32)
    result = np.empty((5, 5), np.float32)
    size = ctypes.c_int64 if blas.bits == 64 else ctypes.c_int32
    real, array = ctypes.c_float, ctypes.c_void_p
    kinds = [*[ctypes.c_int] * 3, *[size] * 3, real, array, size, array, size, real, array, size]
    call = ctypes.CFUNCTYPE(None, *kinds)(blas.address(blas.sgemm))
    rows, plain = 101, 111
    call(rows, plain, plain, 5, 5, 5, 1.0, a.ctypes.data, 5, b.ctypes.data, 5, 0.0,
         result.ctypes.data, 5)  # fmt: skip
    np.testing.assert_allclose(result, a @ b, rtol=1e-6)


def test_blas_counts_its_threads() -> None:
    blas = machine.blas()
    if blas is None or blas.set_threads is None or blas.get_threads is None:
        pytest.skip("this NumPy's BLAS has no such call")
    before = blas.get_threads()
    try:
        blas.set_threads(2)
        assert blas.get_threads() == 2
    finally:
        blas.set_threads(before)


def test_there_is_no_blas_before_numpy() -> None:
    """The file can be read by itself: it must not load NumPy, whose BLAS it is to set up."""
    code = (
        "import runpy, sys; found = runpy.run_path(sys.argv[1]); "
        "print(found['blas'](), 'numpy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, machine.__file__]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["None", "False"]
