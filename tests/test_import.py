"""`import minidl` brings nothing along that it does not need; `benchmarks.import_time` times it."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.import_time import UNWANTED

ROOMS = ("nn", "optim", "data", "training", "compiler", "grading", "amp", "utils")


def test_import_brings_no_other_package_and_no_room_that_waits_for_its_first_use() -> None:
    code = "import sys, minidl; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    late = {*UNWANTED, *(f"minidl.{room}" for room in ROOMS), "subprocess", "ctypes.util"}
    assert "minidl.tensors" in loaded
    assert not late.intersection(loaded)
