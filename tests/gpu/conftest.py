"""Tests that need a graphics card: each skips where CuPy finds none."""

import pytest

from minidl import cuda


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = None if cuda.is_available() else "no CUDA device that CuPy can use"
    for item in items:
        if "gpu" in item.path.parts:
            item.add_marker(pytest.mark.gpu)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))
