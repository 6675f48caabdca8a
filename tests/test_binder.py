"""Binder's files say what they must; `binder/check` builds from them, which takes minutes."""

from __future__ import annotations

import os
import subprocess

from .house.source import ROOT

BINDER = ROOT / "binder"


def test_the_python_is_one_that_the_package_takes() -> None:
    assert (BINDER / "runtime.txt").read_text().strip() == "python-3.11"


def test_the_course_is_installed_from_this_repository_in_tested_versions() -> None:
    text = (BINDER / "requirements.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines == ["--constraint ../constraints.txt", "--editable .[course]"]
    assert (BINDER / "../constraints.txt").is_file(), "a constraint's path begins at its own file"


def test_post_build_can_be_run_and_is_sound() -> None:
    for name in ("postBuild", "check"):
        script = BINDER / name
        assert os.access(script, os.X_OK), f"binder/{name} is not executable"
        subprocess.run(["bash", "-n", script], check=True)


def test_constraints_are_names_and_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins and all(line.count("==") == 1 for line in pins)
    assert not [line for line in pins if any(c in line for c in "+@/ ;")]
    assert "torch==2.13.0" in pins
