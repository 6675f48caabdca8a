"""PyTorch, where it is there; with MINIDL_REQUIRE_TORCH=1 it must be."""

import importlib
import os

import pytest

if os.environ.get("MINIDL_REQUIRE_TORCH") == "1":
    torch = importlib.import_module("torch")
else:
    torch = pytest.importorskip("torch")
