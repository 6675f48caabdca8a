"""The commands a newcomer types, and the folder that holds their work."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from minidl import cli
from minidl.grading import doctor
from minidl.grading.course import Lesson
from minidl.grading.course.working_copy import lay_out


def notebook(source: str, **cell) -> str:
    """A notebook of one cell, as text."""
    made = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": [source],
    } | cell
    return json.dumps({"cells": [made], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """A course of one lesson, version one."""
    folder = tmp_path / "course" / "01_rows"
    folder.mkdir(parents=True)
    (folder / "spec.py").write_text("EXERCISES = []\n")
    (folder / "solution.ipynb").write_text(notebook("the answer"))
    (folder / "student.ipynb").write_text(notebook("version one"))
    monkeypatch.setenv("MINIDL_COURSE", str(folder.parent))
    return Lesson(folder)


def test_the_folder_holds_questions_and_no_answers(course, tmp_path):
    mine = tmp_path / "mine"
    assert lay_out(mine, [course]) == []
    assert [path.name for path in sorted(mine.iterdir())] == [".minidl", "01_rows.ipynb"]
    assert lay_out(mine, [course]) == []


def test_an_untouched_notebook_is_brought_up_to_date(course, tmp_path):
    mine = tmp_path / "mine"
    lay_out(mine, [course])
    ran = notebook("version one", outputs=[{"output_type": "stream"}], execution_count=3)
    (mine / "01_rows.ipynb").write_text(ran)  # run, saved, not edited
    course.student.write_text(notebook("version two"))
    assert lay_out(mine, [course]) == ["01_rows.ipynb was brought up to date."]
    assert "version two" in (mine / "01_rows.ipynb").read_text()
    assert lay_out(mine, [course]) == []


def test_work_is_never_overwritten(course, tmp_path):
    mine = tmp_path / "mine"
    lay_out(mine, [course])
    (mine / "01_rows.ipynb").write_text(notebook("my work"))
    assert lay_out(mine, [course]) == []  # no new version, nothing to say
    course.student.write_text(notebook("version two"))
    said = lay_out(mine, [course])
    assert said == [
        "01_rows.ipynb holds your work and stays as it is; "
        "the course's new version lies beside it as 01_rows.new.ipynb."
    ]
    assert "my work" in (mine / "01_rows.ipynb").read_text()
    assert "version two" in (mine / "01_rows.new.ipynb").read_text()
    assert lay_out(mine, [course]) == []  # said once
    course.student.write_text(notebook("version three"))
    assert "01_rows.new2.ipynb" in lay_out(mine, [course])[0]


@pytest.mark.parametrize("manifest", [None, "{", "[]"])
def test_without_a_manifest_every_difference_is_work(course, tmp_path, manifest):
    mine = tmp_path / "mine"
    lay_out(mine, [course])
    place = mine / ".minidl" / "manifest.json"
    place.unlink() if manifest is None else place.write_text(manifest)
    (mine / "01_rows.ipynb").write_text(notebook("my work"))
    assert "stays as it is" in lay_out(mine, [course])[0]
    assert "my work" in (mine / "01_rows.ipynb").read_text()


def test_a_notebook_that_is_no_json_is_work(course, tmp_path):
    mine = tmp_path / "mine"
    lay_out(mine, [course])
    (mine / "01_rows.ipynb").write_text("half a fi")
    course.student.write_text(notebook("version two"))
    assert "stays as it is" in lay_out(mine, [course])[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nothing"], "There is no lesson 'nothing'. The lessons here are: 01_rows."),
        (["build"], "notebooks are made in a clone"),
        (["lab", "{file}"], "is a file; name a folder"),
    ],
)
def test_a_mistake_gets_a_sentence_and_no_stack(course, tmp_path, capsys, arguments, words):
    file = tmp_path / "file"
    file.touch()
    assert cli.main([argument.format(file=file) for argument in arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("minidl: ") and words in said and "Traceback" not in said


@pytest.mark.parametrize("arguments", [[], ["bild"], ["lab", "--port", "many"], ["lab", "--poort"]])
def test_a_wrong_call_shows_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "usage: minidl" in capsys.readouterr().err


def test_build_check_names_what_is_stale(course, capsys):
    course.source.write_text("# %%\nprint(1)\n")
    assert cli.main(["build", "--check", "01"]) == 1
    said = capsys.readouterr().err
    assert "01_rows/student.ipynb was made from another lesson.py or spec.py." in said


def test_the_doctor_knows_what_is_here(course, capsys):
    assert cli.main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["libraries"]["numpy"] and "cpu" in found["devices"] and found["blas"]
    assert found["lessons"] == ["01_rows"]


def test_the_doctor_says_how_to_get_what_is_missing(monkeypatch, capsys):
    real = doctor._version
    monkeypatch.setattr(
        doctor, "_version", lambda name: None if name == "anywidget" else real(name)
    )
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "Missing: anywidget. Get it with: pip install 'minidl[course]'" in said


def test_the_lab_serves_the_course_and_ends_at_ctrl_c(course, tmp_path):
    pytest.importorskip("jupyterlab")
    port, mine = _free_port(), tmp_path / "mine"
    command = [sys.executable, "-m", "minidl.cli", "lab", str(mine), "--no-browser"]
    command += ["--port", str(port), "--", "--IdentityProvider.token=secret"]
    root = Path(__file__).resolve().parents[1]
    server = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        page = _open(f"http://127.0.0.1:{port}/api/contents?token=secret")
        names = {entry["name"] for entry in json.loads(page)["content"]}
        assert names == {"01_rows.ipynb", "start.ipynb"}
        server.send_signal(signal.SIGINT)
        said = server.communicate(timeout=30)[0]
    finally:
        server.kill()
    assert server.returncode == 0, said
    assert "Your course is in" in said and "Goodbye" in said
    assert "Traceback" not in said


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _open(address: str, patience: float = 40) -> bytes:
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                return page.read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
