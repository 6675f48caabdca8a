"""What holds for every test: one thread for matrix products; PyTorch, where it is required."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

# As `minidl lab` and `minidl build` do for their kernels; minidl/cli.py says why.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What tests compile does not fill the user's own folder.
os.environ.setdefault("MINIDL_CACHE", str(Path(__file__).parents[1] / ".pytest_cache" / "native"))


def pytest_sessionstart() -> None:
    """With MINIDL_REQUIRE_TORCH=1 a missing PyTorch ends the run before a test can skip."""
    if os.environ.get("MINIDL_REQUIRE_TORCH") and importlib.util.find_spec("torch") is None:
        raise pytest.UsageError("MINIDL_REQUIRE_TORCH is set, but PyTorch is not installed")
