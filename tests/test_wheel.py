"""An installed wheel holds the course, finds it by itself, and gives away questions only."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .house.source import ROOT

pytest.importorskip("hatchling")

LESSONS = sorted(path.parent.name for path in ROOT.glob("lessons/*/student.ipynb"))
LAY_OUT = """
from pathlib import Path
from minidl.grading.course import lessons
from minidl.grading.course.working_copy import lay_out
lay_out(Path("my-course"), lessons())
print(*(sorted(exercise.solution != "" for x in lessons() for exercise in x.exercises().values())))
"""
ASK = "from minidl.grading.course import lessons; print(*(x.student for x in lessons()), sep='\\n')"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that pip would call."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_course_and_no_solved_notebook(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"minidl/tensors.py", "minidl_widgets/__init__.py"} <= names
    assert {n for n in names if n.startswith("minidl_widgets/") and n.endswith((".js", ".css"))}
    course = {name for name in names if name.startswith("minidl/_course/")}
    kept = ("student.ipynb", "spec.py", "answers.py")
    told = {f"minidl/_course/{lesson}/{name}" for lesson in LESSONS for name in kept}
    assert course == {*told, "minidl/_course/tour.toml"}
    assert not {name for name in names if name.endswith(("lesson.py", "solution.ipynb"))}
    assert "minidl/_attacks/time/loop.py" in names


def installed(wheel: Path, folder: Path, code: str) -> str:
    """What code prints where minidl is this wheel and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    env = {**os.environ, "PYTHONPATH": str(folder / "site")}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_installed_anywhere_it_finds_its_course(wheel: Path, tmp_path: Path) -> None:
    lines = installed(wheel, tmp_path, ASK).split()
    found = [Path(line).relative_to(tmp_path / "site") for line in lines]
    assert [path.parts[-2] for path in found] == LESSONS


def test_a_learners_folder_holds_the_questions_alone(wheel: Path, tmp_path: Path) -> None:
    """The specs find the answers in the package; the notebooks are the student's, to the byte."""
    assert set(installed(wheel, tmp_path, LAY_OUT).split()) == {"True"}
    mine = {str(p.relative_to(tmp_path / "my-course")) for p in tmp_path.glob("my-course/**/*.*")}
    assert mine == {".minidl", ".minidl/manifest.json", *(f"{lesson}.ipynb" for lesson in LESSONS)}
    for lesson in LESSONS:
        given = (tmp_path / "my-course" / f"{lesson}.ipynb").read_bytes()
        assert given == (ROOT / "lessons" / lesson / "student.ipynb").read_bytes()
