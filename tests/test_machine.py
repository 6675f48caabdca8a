"""What minidl finds out about the machine, and what it sets before NumPy is loaded."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import minidl
from minidl import machine
from minidl.grading import doctor


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


# What is set up before NumPy is loaded --------------------------------------------------------


def fresh(code: str, **environment: str) -> list[str]:
    """The words that some code prints in a new interpreter whose environment chooses nothing."""
    chosen = (*machine.THREADS, *machine.SETTINGS, "OPENBLAS_CORETYPE", "OPENBLAS_THREAD_TIMEOUT")
    plain = {k: v for k, v in os.environ.items() if k not in chosen and k[:7] != "MALLOC_"}
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, env=plain | environment)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


SETTINGS = "import minidl.machine as m; print('|'.join(m.SETTINGS.values()).replace(' ', '_'))"


def test_every_switch_turns_its_setting_off() -> None:
    off = {name: "off" for name in machine.SETTINGS}
    (said,) = fresh(SETTINGS, **off)
    assert said.split("|") == [f"left_alone_({name}=off)" for name in off]


def test_what_the_user_chose_stays() -> None:
    chosen = {"OPENBLAS_CORETYPE": "Haswell", "OMP_NUM_THREADS": "1"}
    (said,) = fresh(SETTINGS, MALLOC_TRIM_THRESHOLD_="131072", **chosen)
    assert said == (
        "as_OPENBLAS_CORETYPE=Haswell_says|as_MALLOC_TRIM_THRESHOLD__says|as_OMP_NUM_THREADS=1_says"
    )


def test_the_file_is_read_before_numpy() -> None:
    code = """
import sys
from typing import Any
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in ("numpy", "minidl.machine"):
            print(name)
sys.meta_path.insert(0, Watch())
import minidl
"""
    assert fresh(code) == ["minidl.machine", "numpy"]


@pytest.mark.skipif(machine._allocator() == "the system's", reason="not glibc's allocator")
def test_big_arrays_come_from_memory_that_is_kept() -> None:
    code = """
import minidl, numpy, resource
for _ in range(6):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    numpy.ones(12 << 20, numpy.float32)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    kept = int(fresh(code, NUMPY_MADVISE_HUGEPAGE="0")[0])
    new = int(fresh(code, NUMPY_MADVISE_HUGEPAGE="0", MINIDL_ALLOCATOR="off")[0])
    assert new > 5000 and kept < 100  # pages of 4 kB, of which the array has 12288


ZEN5 = {"vendor_id": "AuthenticAMD", "cpu family": "26", "flags": " ".join(machine.AVX512)}


@pytest.mark.parametrize(
    ("found", "set_to"),
    [
        (ZEN5, "SkylakeX"),
        ({**ZEN5, "cpu family": "25"}, None),
        ({**ZEN5, "vendor_id": "GenuineIntel"}, None),
        ({**ZEN5, "flags": "avx2 fma"}, None),
        ({}, None),
    ],
)
def test_kernels_are_chosen_where_the_library_would_not(found, set_to, monkeypatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(machine, "processor", lambda: found)
    assert "NumPy was loaded" in machine._kernels() or set_to is None
    monkeypatch.delitem(sys.modules, machine.EXTENSION)
    machine._kernels()
    assert os.environ.get("OPENBLAS_CORETYPE") == set_to


@pytest.mark.parametrize(
    ("files", "shares"),
    [
        ({"cpu.max": "150000 100000\n"}, [2]),
        ({"cpu.max": "max 100000\n"}, []),
        ({"cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n"}, [4]),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, []),
        ({}, []),
    ],
)
def test_a_containers_share_is_read(files, shares, tmp_path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert machine._shares(str(tmp_path)) == shares


def test_threads_are_no_more_than_the_share(monkeypatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(machine, "_bound", lambda: 8)
    monkeypatch.delitem(sys.modules, machine.EXTENSION)
    monkeypatch.setattr(machine, "_shares", lambda: [])
    assert machine._threads() == "one for each core" and os.environ == {}
    monkeypatch.setattr(machine, "_shares", lambda: [3, 5])
    assert machine._threads().endswith("share of the processor, 3")
    assert os.environ == {"OPENBLAS_NUM_THREADS": "3"} and machine.cores() == 3


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "16"),
        ({"MINIDL_THREADS": "off"}, "None"),
        ({"OPENBLAS_THREAD_TIMEOUT": "20"}, "20"),
    ],
)
def test_threads_of_blas_rest(environment: dict[str, str], expected: str) -> None:
    code = "import os, minidl; print(os.environ.get('OPENBLAS_THREAD_TIMEOUT'))"
    assert fresh(code, **environment) == [expected]


def test_threads_can_be_set_later() -> None:
    before = minidl.get_num_threads()
    try:
        for threads in (2, 1):
            minidl.set_num_threads(threads)
            assert minidl.get_num_threads() == threads
    finally:
        minidl.set_num_threads(before)
    refused: list[Any] = [0, -1, 1.5, True]
    for wrong in refused:
        with pytest.raises(ValueError, match="set_num_threads: expected a whole number"):
            minidl.set_num_threads(wrong)


def test_threads_can_be_set_without_a_library(monkeypatch) -> None:
    monkeypatch.setattr(machine, "blas", lambda: None)
    monkeypatch.setattr(machine, "_asked", [])
    assert minidl.get_num_threads() == machine.cores()
    minidl.set_num_threads(3)
    assert minidl.get_num_threads() == 3


def test_the_doctor_tells_all_of_it() -> None:
    text = doctor.describe(doctor.examine())
    for name, what in machine.SETTINGS.items():
        assert f"{what} ({name})" in text
    blas = machine.blas()
    assert blas is None or f"{blas.name}, {blas.core} kernels" in text
