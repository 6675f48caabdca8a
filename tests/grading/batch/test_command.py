"""`minidl grade` as a teacher types it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from minidl import cli
from minidl.grading.batch import command, grading, tables
from minidl.grading.batch.command import read_secret
from minidl.grading.batch.executors import Workers

from .notebooks import lay
from .stand_in import handed_in


@pytest.fixture
def call(small, judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`call("--csv", "canvas")`: the command over the folder "in", judged by the stand-in."""
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(command, "_judge", lambda options, lesson: judge)
    monkeypatch.setattr(
        command, "_workers", lambda options: (Workers(ThreadPoolExecutor, 2), lambda: None)
    )
    lay(tmp_path / "in", {"ada.ipynb": handed_in("ada"), "bob.ipynb": handed_in("bob", "error")})

    def run(*words: str) -> int:
        place, out = str(tmp_path / "in"), str(tmp_path / "out")
        return cli.main(["grade", str(small.folder), place, "--out", out, *words])

    return run


def test_marks_and_a_summary(call, tmp_path: Path, capsys) -> None:
    assert call("--csv", "canvas", "--csv", "moodle") == 0
    said = capsys.readouterr().out
    assert "01.one  1 of 2 passed" in said and "1 x error: It is error." in said
    assert str(tmp_path / "out" / "class.html") in said
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"results.json", "grades.csv", "canvas.csv", "moodle.csv", "class.html"} <= names


def test_what_has_no_result_is_the_exit_status(call, tmp_path: Path, capsys) -> None:
    lay(tmp_path / "in", {"cy.ipynb": handed_in("cy", doing="# bug")})
    assert call() == 1
    assert "1 of 3 could not be judged" in capsys.readouterr().out


def test_ctrl_c_says_how_to_go_on(call, capsys, monkeypatch) -> None:
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "grade", stopped)
    assert call() == 130
    assert "the same command goes on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["01"], "minidl grade LESSON FOLDER --out DIR"),
        (["01", "{in}"], "minidl grade LESSON FOLDER --out DIR"),
        (["nowhere", "{in}", "--out", "x"], "There is no lesson 'nowhere'"),
        (["01", "{in}/none", "--out", "x"], "is no folder of submissions"),
        (["01", "{in}", "--out", "x", "--executor", "mpi://x"], "only dask://HOST:PORT"),
        (["01", "{in}", "--out", "x", "--database", "what"], "--database"),
        (["01", "{in}", "--out", "x", "--seed-secret", "{in}/none"], "No such file"),
        (["01", "{in}", "--out", "x", "--seed-secret", "{in}/short"], "a secret has at least 16"),
    ],
)
def test_a_mistake_gets_a_sentence(tmp_path, capsys, monkeypatch, words, said) -> None:
    monkeypatch.chdir(tmp_path)
    place = lay(tmp_path / "in", {"ada.ipynb": b"{}", "short": b"short"})
    words = [word.format(**{"in": place}) for word in words]
    assert cli.main(["grade", *words, "--unsafe-no-sandbox"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("minidl: ") and said in error


@pytest.mark.parametrize(
    "words",
    [["--workers", "0"], ["--workers", "x"], ["--deadline", "-1"], ["--deadline", "nan"],
     ["--policy", "first"], ["--csv", "excel"]],
)  # fmt: skip
def test_a_wrong_option_shows_the_usage(words: list[str], capsys) -> None:
    with pytest.raises(SystemExit):
        cli.main(["grade", "01", "x", "--out", "y", *words])
    assert "usage:" in capsys.readouterr().err


def test_the_command_knows_every_table() -> None:
    assert set(command.KINDS) == set(tables.KINDS)


def test_the_command_costs_nothing_until_it_runs() -> None:
    code = "import minidl.cli, sys; print({'sqlalchemy', 'distributed', 'tqdm'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_a_secret_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    place = tmp_path / "new" / "secret"
    first = read_secret(place, make=True)
    assert first == read_secret(place, make=True) and len(first) >= 32
    assert first != read_secret(tmp_path / "other", make=True)
    if os.name == "posix":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("held", [True, False])
def test_the_doctor_tells_attack_by_attack(monkeypatch, capsys, held: bool) -> None:
    found = [("read a file", True, "FileNotFoundError"), ("take memory", held, "MemoryError")]
    monkeypatch.setattr("minidl.grading.sandbox.doctor.report", lambda tier: found)
    assert cli.main(["grade", "doctor", "--unsafe-no-sandbox"]) == int(not held)
    said = capsys.readouterr().out
    assert "best is tier" in said and "read a file  stopped  FileNotFoundError" in said
    assert ("NOT STOPPED" in said) == (not held) and f"{1 + held} of 2 attacks" in said


def test_without_a_sandbox_nothing_is_run(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("minidl.grading.sandbox.tiers", lambda: [])
    place = lay(tmp_path / "in", {"ada.ipynb": b"{}"})
    for words in (["01", str(place), "--out", str(tmp_path / "out")], ["doctor"]):
        assert cli.main(["grade", *words]) == 2
        said = capsys.readouterr().err
        assert "This machine has no sandbox." in said and "--unsafe-no-sandbox" in said


def test_a_whole_batch_of_a_lesson(tmp_path: Path, capsys) -> None:
    """Lesson 01 by its own judge: the solution earns everything, the untouched notebook nothing."""
    from minidl.grading.course import find_lesson

    lesson = find_lesson("01")
    files = {"ada.ipynb": lesson.solution.read_bytes(), "bob.ipynb": lesson.student.read_bytes()}
    place = lay(tmp_path / "in", files)
    words = [str(place), "--out", str(tmp_path / "out"), "--workers", "2", "--unsafe-no-sandbox"]
    assert cli.main(["grade", "01", *words]) == 0
    top = json.loads((tmp_path / "out" / "results.json").read_bytes())
    ada, bob = top["results"]
    assert ada["score"] == ada["max_score"] > 0 == bob["score"]
    assert {part["status"] for part in bob["parts"]} == {"missing"}
