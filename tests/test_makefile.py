"""`make lab` and `make test` install once, and call pip again only when what they install changed.

The Makefile runs for real, in a folder whose .venv holds stand-ins that write down their calls.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .house.source import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the real Makefile and programs that only take notes."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "minidl"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> calls\n')
        (programs / name).chmod(0o755)
    return tmp_path


def make(clone: Path, *arguments: str) -> list[str]:
    """Run make; what was called, one line for each."""
    calls = clone / "calls"
    calls.unlink(missing_ok=True)
    # What was told to the make that runs this test.
    told = ("MAKE", "MFLAGS", "ARGS", "MARK", "PARALLEL", "BROWSERS")
    env = {k: v for k, v in os.environ.items() if not k.startswith(told)}
    subprocess.run(["make", *arguments], cwd=clone, env=env, check=True, capture_output=True)
    return calls.read_text().splitlines()


def test_lab_installs_once_and_neither_torch_nor_tools(clone: Path) -> None:
    first = make(clone, "lab", "ARGS=--port 9")
    assert len(first) == 2 and "install --editable .[course] --constraint" in first[0]
    assert first[1] == "minidl lab --port 9"
    assert make(clone, "lab") == ["minidl lab"]


def test_tests_install_once_and_serve_the_lab_too(clone: Path) -> None:
    first = make(clone, "test", "ARGS=-x")
    assert [line.split("install ")[-1].split(" --constraint")[0] for line in first] == [
        "--editable .[dev]",
        "torch==2.13.0",
        "python -m pytest -m (not slow) and not browser -n auto --maxprocesses 4 -x",
        "python -m pytest -m (not slow) and browser -n auto --maxprocesses 2 --dist loadfile -x",
    ]
    assert make(clone, "test", "PARALLEL=") == [
        "python -m pytest -m (not slow) and not browser",
        "python -m pytest -m (not slow) and browser",
    ]
    assert make(clone, "lab") == ["minidl lab"]


def test_a_changed_dependency_installs_again(clone: Path) -> None:
    make(clone, "lab")
    with (clone / "constraints.txt").open("a") as file:
        file.write("numpy==3.0.0\n")
    assert len(make(clone, "lab")) == 2
    assert make(clone, "lab") == ["minidl lab"]
    assert len(list((clone / ".venv").glob("ready-lab-*"))) == 1


def test_without_torch_the_tests_run_all_the_same(clone: Path) -> None:
    python = clone / ".venv" / "bin" / "python"
    python.write_text(python.read_text() + 'case "$*" in *torch*) exit 1;; esac\n')
    assert make(clone, "test")[-1].startswith("python -m pytest")


def test_a_failed_install_is_tried_again(clone: Path) -> None:
    python = clone / ".venv" / "bin" / "python"
    good = python.read_text()
    python.write_text(good + "exit 1\n")
    with pytest.raises(subprocess.CalledProcessError):
        make(clone, "lab")
    python.write_text(good)
    assert len(make(clone, "lab")) == 2
