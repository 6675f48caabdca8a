"""A whole batch: what is judged, what is taken from the ledger, and what the folder then holds."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from minidl.grading.batch.executors import Workers
from minidl.grading.batch.grading import Judge, Options, grade
from minidl.grading.course import Lesson
from minidl.grading.judge.examining import Conditions

from .notebooks import lay
from .stand_in import calls, handed_in

THREADS = Workers(ThreadPoolExecutor, 2)


@pytest.fixture
def run(small: Lesson, judge: Judge, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """`run()`: one batch over the folder "in"; the results of results.json."""

    def batch(by: Judge = judge, **options: Any) -> list[dict[str, Any]]:
        out = tmp_path / "out"
        grade(small, tmp_path / "in", out, by, THREADS, Options(**options))
        return json.loads((out / "results.json").read_bytes())["results"]

    return batch


def test_everyone_has_a_result(run, small, tmp_path: Path) -> None:
    files = {
        "ada.ipynb": handed_in("ada"),
        "bob/x.ipynb": handed_in("bob", two="crashed"),
        "cy.ipynb": b"{",
        "dora/notes.txt": b"",
    }
    lay(tmp_path / "in", files)
    found = {one["learner"]: one for one in run()}
    assert {name: one["score"] for name, one in found.items()} == {
        "ada": 6, "bob": 3, "cy": 0, "dora": 0,
    }  # fmt: skip
    assert {one["max_score"] for one in found.values()} == {6}
    assert found["ada"]["sha256"] == hashlib.sha256(files["ada.ipynb"]).hexdigest()
    assert [part["status"] for part in found["bob"]["parts"]] == ["passed", "passed", "crashed"]
    assert "too early" in found["cy"]["parts"][0]["message"]
    assert "no notebook" in found["dora"]["parts"][0]["message"] and found["dora"]["file"] == ""
    assert sorted(calls(small)) == ["ada", "bob"]


def test_what_was_judged_is_not_judged_again(run, small, tmp_path: Path) -> None:
    place = lay(tmp_path / "in", {"ada.ipynb": handed_in("ada"), "bob.ipynb": handed_in("bob")})
    first = run()
    files = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.*") if p.suffix != ".sqlite"}
    assert run() == first and len(calls(small)) == 2
    assert files == {path: path.read_bytes() for path in files}
    lay(place, {"bob.ipynb": handed_in("bob's second", "failed"), "cy.ipynb": handed_in("cy")})
    assert [one["score"] for one in run()] == [6, 3, 6]
    assert calls(small)[2:] in (["bob's second", "cy"], ["cy", "bob's second"])


def test_regrade_judges_everything_anew(run, small, tmp_path: Path) -> None:
    lay(tmp_path / "in", {"ada.ipynb": handed_in("ada")})
    assert run() == run(regrade=True) == run()
    assert calls(small) == ["ada", "ada"]


@pytest.mark.parametrize("change", ["sandbox", "secret", "spec"])
def test_other_conditions_are_another_result(run, small, judge, tmp_path, change) -> None:
    lay(tmp_path / "in", {"ada.ipynb": handed_in("ada")})
    run()
    other = {
        "sandbox": replace(judge, sandbox="C"),
        "secret": replace(judge, conditions=Conditions(b"another secret..", 5.0)),
        "spec": replace(judge, spec_version="v2"),
    }[change]
    run(other)
    assert calls(small) == ["ada", "ada"]
    top = json.loads((tmp_path / "out" / "results.json").read_bytes())
    assert (top["sandbox"], top["spec_version"]) == (other.sandbox, other.spec_version)


def test_the_last_or_the_best_of_several(run, small, tmp_path: Path) -> None:
    lay(tmp_path / "in", {
        "ada/first.ipynb": handed_in("first", "failed"),
        "ada/second.ipynb": handed_in("second"),
        "ada/third.ipynb": handed_in("third", two="error"),
        "ada/fourth.ipynb": b"[]",
        "bob/one.ipynb": handed_in("one"), "bob/two.ipynb": handed_in("two"),
        "bob/same.ipynb": handed_in("two"),
    })  # fmt: skip
    os.utime(tmp_path / "in" / "bob" / "same.ipynb", (9999, 9999))
    assert [(one["file"], one["score"]) for one in run()] == [
        ("ada/fourth.ipynb", 0), ("bob/same.ipynb", 6),
    ]  # fmt: skip
    assert [(one["file"], one["score"]) for one in run(policy="best")] == [
        ("ada/second.ipynb", 6), ("bob/same.ipynb", 6),
    ]  # fmt: skip
    assert calls(small).count("two") == 1


def test_what_could_not_be_judged_is_told_and_tried_by_the_next_run(run, small, tmp_path) -> None:
    place = lay(tmp_path / "in", {"ada.ipynb": handed_in("ada", doing="# fault"),
                                  "bob.ipynb": handed_in("bob")})  # fmt: skip
    ada, bob = run()
    assert {part["status"] for part in ada["parts"]} == {"infrastructure"} and bob["score"] == 6
    assert "would not start" in ada["parts"][0]["message"]
    assert calls(small).count("ada") == 3
    data = handed_in("ada", doing="# fault")
    (place / "ada.ipynb").write_bytes(data.replace(b"# fault", b"# fault once"))
    assert [one["score"] for one in run()] == [6, 6]
    assert calls(small).count("bob") == 1


def test_progress_counts_to_the_end(run, tmp_path: Path) -> None:
    counted: list[int] = []

    def progress(total: int) -> Callable[[], object]:
        return lambda: counted.append(total)

    lay(tmp_path / "in", {"a.ipynb": handed_in("a"), "b.ipynb": b"", "c/x.txt": b""})
    run(progress=progress)
    run(progress=progress)
    assert counted == [3] * 6


def test_courses_share_a_database(run, small, tmp_path: Path) -> None:
    lay(tmp_path / "in", {"ada.ipynb": handed_in("ada")})
    database = f"sqlite:///{tmp_path}/all.sqlite"
    for course in ("2026", "2027", "2026"):
        run(course=course, database=database)
    assert calls(small) == ["ada", "ada"]
    assert not (tmp_path / "out" / "ledger.sqlite").exists()


def test_the_marks_may_lie_among_the_submissions(small, judge, tmp_path: Path) -> None:
    place = lay(tmp_path / "in", {"ada.ipynb": handed_in("ada")})
    for _ in range(2):
        report = grade(small, place, place / "marks", judge, THREADS)
        assert [marks.learner for marks in report.marks] == ["ada"]
