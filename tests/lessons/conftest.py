"""minidl as it was, after a test that put a learner's pieces to work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from minidl.grading import remove
from minidl.grading.pieces import yours


@pytest.fixture
def minidl_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A folder of the learner's own; afterwards nothing of theirs is at work."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(yours, "_notes", {})
    monkeypatch.setattr(yours, "_passing", {})
    yield
    for name in list(yours._installed):
        remove(name)
