"""What is found in a folder of submissions, and what is not followed, opened or read."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from pathlib import Path

import pytest

from minidl.grading.batch.submissions import chosen, find, read
from minidl.grading.course import Lesson, find_lesson

from .notebooks import lay

SYSTEM = os.name == "posix"


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """Lesson 01."""
    return find_lesson("01")


def found(folder: Path, lesson: Lesson, policy: str = "last", **options) -> dict[str, str]:
    """{learner: file} of those that are judged, where each learner has one."""
    return {one.learner: one.file for one in chosen(find(folder, lesson, **options), policy)}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["ada.ipynb", "bob.IPYNB"], {"ada": "ada.ipynb", "bob": "bob.IPYNB"}),
        (["ada/x.ipynb", "bob/y.ipynb"], {"ada": "ada/x.ipynb", "bob": "bob/y.ipynb"}),
        (["ada/x.ipynb", "bob.ipynb"], {"ada": "ada/x.ipynb", "bob": "bob.ipynb"}),
        (["ada/01_value/n.ipynb"], {"ada": "ada/01_value/n.ipynb"}),
        (["ada/hw1/n.ipynb"], {"ada": "ada/hw1/n.ipynb"}),
        (["ada/value/n.ipynb", "ada/03_tensor/n.ipynb"], {"ada": "ada/value/n.ipynb"}),
        (["ada/01_value.ipynb", "ada/03_tensor.ipynb"], {"ada": "ada/01_value.ipynb"}),
        (["ada/b.ipynb", "ada/a.ipynb"], {"ada": "ada/a.ipynb"}),  # the younger one
        (["ada/a.ipynb", "ada.ipynb"], {"ada": "ada.ipynb"}),
        (["ada/a.ipynb", "ada/.ipynb_checkpoints/b.ipynb", ".x.ipynb"], {"ada": "ada/a.ipynb"}),
        (["ada/notes.txt", "bob.ipynb"], {"ada": "", "bob": "bob.ipynb"}),
        (["ada/hw1/n.ipynb", "ada/hw2/n.ipynb", "bob.ipynb"], {"ada": "", "bob": "bob.ipynb"}),
        (
            ["nbgrader_config.py", "submitted/ada/01_value/n.ipynb", "source/01_value/n.ipynb"],
            {"ada": "ada/01_value/n.ipynb"},
        ),
    ],
)
def test_layouts(tmp_path: Path, lesson: Lesson, files: list[str], expected: dict) -> None:
    lay(tmp_path, dict.fromkeys(files, b"{}"))
    assert found(tmp_path, lesson) == expected


def test_best_takes_every_attempt(tmp_path: Path, lesson: Lesson) -> None:
    lay(tmp_path, {"ada/2.ipynb": b"2", "ada/1.ipynb": b"1", "bob.ipynb": b"3"})
    files = [one.file for one in chosen(find(tmp_path, lesson), "best")]
    assert files == ["ada/2.ipynb", "ada/1.ipynb", "bob.ipynb"]


def test_the_folder_of_marks_is_no_learner(tmp_path: Path, lesson: Lesson) -> None:
    lay(tmp_path, {"ada.ipynb": b"", "marks/feedback/x.ipynb": b""})
    assert found(tmp_path, lesson, without=[tmp_path / "marks"]) == {"ada": "ada.ipynb"}


@pytest.mark.parametrize("name", ["nowhere", "file", "empty"])
def test_nothing_to_grade_is_said(tmp_path: Path, lesson: Lesson, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(LookupError, match="submissions"):
        find(tmp_path / name, lesson)


@pytest.mark.skipif(not SYSTEM, reason="names of files are bytes on POSIX systems")
@pytest.mark.parametrize(
    ("name", "learner"),
    [
        (b"=1+1", "=1+1"),
        (b"<script>alert(1)<", "<script>alert(1)<"),
        ("Zoë 学生 🦆".encode(), "Zoë 学生 🦆"),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"x..\\..\\y", "x..\\..\\y"),
        (b"a\nb", "a\nb"),
        (b"x" * 200, "x" * 200),
    ],
)
def test_names_are_kept_as_they_are(tmp_path, lesson, name: bytes, learner: str) -> None:
    (tmp_path / os.fsdecode(name + b".ipynb")).write_bytes(b"data")
    (one,) = find(tmp_path, lesson)
    assert one.learner == learner and one.file == learner + ".ipynb"
    assert read(one).data == b"data"
    one.learner.encode("utf-8")


@pytest.mark.skipif(not SYSTEM, reason="links need a right on Windows")
def test_no_link_leads_out(tmp_path: Path, lesson: Lesson) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(b"secret")
    place = lay(tmp_path / "in", {"ada/own.txt": b"own", "bob.ipynb": b"bob's"})
    (place / "cleo.ipynb").symlink_to("bob.ipynb")  # another learner's
    (place / "dora.ipynb").symlink_to(secret)
    (place / "eva.ipynb").symlink_to("eva.ipynb")  # round and round
    (place / "fay").symlink_to(tmp_path, target_is_directory=True)
    (place / "ada" / "x.ipynb").symlink_to("own.txt")  # her own: followed
    (place / "gil").mkdir()
    (place / "gil" / "x.ipynb").symlink_to("../bob.ipynb")
    (place / "hal").mkdir()
    (place / "hal" / "01_value").symlink_to(place / "ada", target_is_directory=True)
    held = {one.learner: read(one) for one in find(place, lesson)}
    assert held["ada"].data == b"own" and held["bob"].data == b"bob's"
    for name in ("cleo", "dora", "eva", "fay", "gil"):
        assert held[name].data == b"" and "link" in held[name].refusal, name
    assert "no notebook" in held["hal"].refusal


@pytest.mark.skipif(not SYSTEM, reason="a named pipe is POSIX")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, lesson: Lesson) -> None:
    os.mkfifo(tmp_path / "ada.ipynb")
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "x.ipynb").mkdir()
    held = {one.learner: read(one).refusal for one in find(tmp_path, lesson)}
    assert "only looks like" in held["ada"] and "no notebook" in held["bob"]


def test_a_hash_is_of_all_bytes(tmp_path: Path, lesson: Lesson) -> None:
    lay(tmp_path, {"ada.ipynb": b"abc"})
    content = read(find(tmp_path, lesson)[0])
    assert content.sha256 == hashlib.sha256(b"abc").hexdigest() and not content.refusal


def test_a_huge_file_is_not_read_whole(tmp_path, lesson) -> None:
    place = lay(tmp_path, {"ada.ipynb": b"[", "bob.ipynb": b"["})
    for name, size in (("ada", 200 * 2**20), ("bob", 200 * 2**20 + 1)):
        os.truncate(place / f"{name}.ipynb", size)  # a hole: it takes no room on the disk
    tracemalloc.start()
    ada, bob = map(read, find(place, lesson))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "200 MB" in ada.refusal and "Clear all outputs" in ada.refusal and ada.data == b""
    assert ada.sha256 != bob.sha256 and len(ada.sha256) == 64
    assert most < 70 * 2**20


@pytest.mark.skipif(
    not SYSTEM or getattr(os, "geteuid", int)() == 0, reason="root may open everything"
)
def test_a_folder_that_cannot_be_opened_harms_nobody_else(tmp_path, lesson) -> None:
    place = lay(tmp_path, {"ada/x.ipynb": b"", "bob.ipynb": b""})
    (place / "ada").chmod(0)
    held = {one.learner: one.refusal for one in find(place, lesson)}
    (place / "ada").chmod(0o700)
    assert "cannot be opened" in held["ada"] and held["bob"] == ""


def test_a_file_that_went_away_is_a_refusal(tmp_path: Path, lesson: Lesson) -> None:
    (one,) = find(lay(tmp_path, {"ada.ipynb": b""}), lesson)
    (tmp_path / "ada.ipynb").unlink()
    assert "cannot be opened" in read(one).refusal
