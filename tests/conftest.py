"""What holds for every test: where PyTorch is required, its absence is no reason to skip."""

from __future__ import annotations

import importlib.util
import os

import pytest


def pytest_sessionstart() -> None:
    """With MINIDL_REQUIRE_TORCH=1 a missing PyTorch ends the run before a test can skip."""
    if os.environ.get("MINIDL_REQUIRE_TORCH") and importlib.util.find_spec("torch") is None:
        raise pytest.UsageError("MINIDL_REQUIRE_TORCH is set, but PyTorch is not installed")
