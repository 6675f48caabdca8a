"""A worker's folder is measured and cleared, whatever was made of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from minidl.grading.worker.sweeping import DEEP, TOO_MUCH, clear, size

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="workers need Linux")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder beside one that must stay as it is."""
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "file").write_text("stays")
    place = tmp_path / "scratch"
    place.mkdir()
    yield place
    assert (tmp_path / "beside" / "file").read_text() == "stays"


def swept(folder: Path) -> bool:
    """Whether nothing is left after clearing."""
    clear(str(folder))
    return folder.is_dir() and not list(folder.iterdir())


def test_files_are_counted_and_cleared(folder):
    assert size(str(folder)) == 0
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_bytes(bytes(1 << 20))
    assert 1 << 20 <= size(str(folder)) < 2 << 20
    assert swept(folder) and size(str(folder)) == 0


@pytest.mark.parametrize("depth", [DEEP + 5, 3000])
def test_folders_deeper_than_a_path_is_long(folder, depth, monkeypatch):
    monkeypatch.chdir(folder)
    for _ in range(depth):
        os.mkdir("d" * 9)
        os.chdir("d" * 9)
    Path("file").write_text("x")
    os.chdir(folder.parent)
    assert size(str(folder)) == TOO_MUCH
    assert swept(folder)


def test_more_than_anybody_counts(folder, monkeypatch):
    monkeypatch.setattr("minidl.grading.worker.sweeping.ENTRIES", 20)
    for n in range(30):
        (folder / str(n)).touch()
    assert size(str(folder)) == TOO_MUCH
    assert swept(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="nobody has rights here")
def test_what_denies_itself_is_too_much_and_goes(folder):
    (folder / "shut" / "inner").mkdir(parents=True)
    (folder / "shut" / "inner" / "file").write_text("x")
    (folder / "shut" / "inner").chmod(0)
    (folder / "shut").chmod(0o300)
    if os.geteuid():  # root is denied nothing
        assert size(str(folder)) == TOO_MUCH
    assert swept(folder)


def test_no_link_is_followed(folder):
    (folder / "out").symlink_to(folder.parent / "beside")
    (folder / "file").symlink_to(folder.parent / "beside" / "file")
    (folder / "within").mkdir()
    (folder / "within" / "up").symlink_to("../..")
    (folder / "loop").symlink_to("loop")
    assert size(str(folder)) < 1 << 20
    assert swept(folder)


def test_names_of_every_kind(folder):
    for n in range(1, 256):
        if n != ord("/"):
            os.makedirs(os.fsencode(folder) + b"/" + bytes([n]) * 255 + b"/\xff\n\x1b")
    assert swept(folder)


def test_a_folder_that_is_gone_is_empty(folder):
    assert size(str(folder / "gone")) == 0
    clear(str(folder / "gone"))
