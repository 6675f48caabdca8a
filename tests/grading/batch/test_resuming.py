"""A judge killed at any moment resumes: the same results.json, no result twice, none lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from minidl.grading.batch import grading
from minidl.grading.course import Lesson

from .notebooks import lay
from .stand_in import CALLS, calls, handed_in

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


def batch(lesson: Lesson, submissions: Path, out: Path, database: str = "") -> subprocess.Popen:
    """A batch that runs."""
    words = [sys.executable, "-m", f"{__package__}.one_batch", lesson.folder, submissions, out]
    return subprocess.Popen([*words, database], cwd=ROOT, stderr=subprocess.PIPE)


def finished(process: subprocess.Popen) -> None:
    """Waits for it and wants it to have gone well."""
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 0, said.decode()


def family(process: subprocess.Popen) -> list[psutil.Process]:
    """The judge's helpers."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def gone(processes: list[psutil.Process]) -> bool:
    """Whether they end, within a while, with the one that started them."""
    return not psutil.wait_procs(processes, timeout=20)[1]


def submissions(folder: Path, count: int) -> Path:
    """So many, of every kind."""
    kinds = ["passed", "failed", "error", "timeout"]
    files = {
        f"n{i:03}.ipynb": handed_in(f"n{i:03}", kinds[i % 4], kinds[i % 3], "# slow")
        for i in range(count)
    }
    files["n001.ipynb"] = b'{"cells": ['
    files["n002.ipynb"] = handed_in("n002", doing="# fault once")
    return lay(folder, files)


def kill_and_resume(lesson: Lesson, tmp_path: Path, count: int, moments: int, seed: int) -> None:
    """Kills each batch once, at a random moment, and compares what it ends with."""
    place = submissions(tmp_path / "in", count)
    start = time.monotonic()
    finished(batch(lesson, place, tmp_path / "calm"))
    lasted = time.monotonic() - start
    undisturbed = (tmp_path / "calm" / "results.json").read_bytes()
    draw = random.Random(seed)
    for moment in range(moments):
        (lesson.folder / CALLS).unlink()
        out = tmp_path / f"killed{moment}"
        process = batch(lesson, place, out)
        time.sleep(draw.uniform(0.05, 0.95) * lasted)
        children = family(process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert gone(children), "a worker outlives its judge"
        before = results_in(out)
        finished(batch(lesson, place, out))
        assert (out / "results.json").read_bytes() == undisturbed
        judged_twice(lesson, before, in_flight=4)
        assert len(results_in(out)) == count
        shutil.rmtree(out)


def results_in(out: Path) -> list[str]:
    """Whose results are in the ledger."""
    if not (out / "ledger.sqlite").exists():
        return []
    file = sqlite3.connect(out / "ledger.sqlite")
    try:
        return [name for (name,) in file.execute("SELECT learner FROM minidl_marks")]
    except sqlite3.OperationalError:  # killed before there was a table
        return []
    finally:
        file.close()


def judged_twice(lesson: Lesson, before: list[str], in_flight: int) -> None:
    """Only what was in flight is judged again, and nothing that had a result."""
    called = calls(lesson)
    twice = {name for name in called if called.count(name) > 1} - {"n002"}
    assert len(twice) <= in_flight, twice
    assert not twice & set(before), "a submission with a result was judged again"


@pytest.mark.timeout(300)
def test_killed_at_three_moments(small: Lesson, tmp_path: Path) -> None:
    kill_and_resume(small, tmp_path, count=40, moments=3, seed=0)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_twenty_moments_of_two_hundred(small: Lesson, tmp_path: Path) -> None:
    kill_and_resume(small, tmp_path, count=200, moments=20, seed=1)


def test_two_batches_do_not_share_a_folder(small: Lesson, tmp_path: Path) -> None:
    place = submissions(tmp_path / "in", 4)
    out = tmp_path / "out"
    out.mkdir()
    with grading.alone(out):
        second = batch(small, place, out)
        said = second.communicate(timeout=100)[1].decode()
    assert second.returncode and "Another `minidl grade` is at work" in said
    finished(batch(small, place, out))


@pytest.mark.timeout(300)
def test_the_same_on_postgres(small: Lesson, tmp_path: Path) -> None:
    from .postgres import serving

    place = submissions(tmp_path / "in", 40)
    finished(batch(small, place, tmp_path / "sqlite"))
    with serving() as address:
        process = batch(small, place, tmp_path / "out", address)
        while len(calls(small)) < 60:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.communicate()
        finished(batch(small, place, tmp_path / "out", address))
    results = [(tmp_path / name / "results.json").read_bytes() for name in ("sqlite", "out")]
    assert results[0] == results[1]


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")
def test_the_sandboxed_judge_is_killed_and_resumes(tmp_path: Path) -> None:
    """`minidl grade` itself, on lesson 01: all but the measured seconds is the same in the end."""
    from minidl.grading.course import find_lesson
    from minidl.grading.sandbox import NoSandbox, best

    try:
        best()
    except NoSandbox as error:
        pytest.skip(str(error))
    right = find_lesson("01").solution.read_bytes()
    place = lay(tmp_path / "in", {
        f"n{i:02}.ipynb": right.replace(b"return b, a", b"return a, b") if i % 3 else right
        for i in range(16)
    })  # fmt: skip
    secret = tmp_path / "secret"
    secret.write_text("sixteen letters, or more")

    def command(out: Path) -> subprocess.Popen:
        words = [sys.executable, "-m", "minidl.cli", "grade", "01", place, "--out", out]
        words += ["--workers", "2", "--seed-secret", secret]
        return subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)

    finished(command(tmp_path / "calm"))
    for moment in (2, 7, 11):
        out = tmp_path / f"killed{moment}"
        process = command(out)
        while len(results_in(out)) < moment:
            assert process.poll() is None
            time.sleep(0.02)
        children = family(process)
        process.kill()
        process.communicate()
        assert gone(children), "a worker outlives its judge"
        finished(command(out))
        assert without_seconds(out) == without_seconds(tmp_path / "calm")


def without_seconds(out: Path) -> dict[str, Any]:
    """What results.json says, but for what was measured."""
    found = json.loads((out / "results.json").read_bytes())
    for result in found["results"]:
        for part in result["parts"]:
            del part["seconds"]
    return found
