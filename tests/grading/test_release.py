"""The released notebook asks what the lesson asks, and nbgrader takes it as one of its own."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from minidl import cli
from minidl.grading.course import Lesson, builder, find_lesson, lessons
from minidl.grading.course.release import checksum, grade_id, marked, release

ROOT = Path(__file__).parents[2]
with_nbgrader = pytest.mark.skipif(
    importlib.util.find_spec("nbgrader") is None,
    reason="nbgrader is not installed (it puts an extension into JupyterLab, so no test needs it)",
)


@pytest.fixture
def ready(lesson: Lesson) -> Lesson:
    """The small lesson with its student notebook."""
    lesson.student.write_text(builder.as_text(builder.seal(builder.student(lesson))))
    return lesson


def known(cell: dict) -> dict:
    """A cell's nbgrader metadata; empty where it has none."""
    return cell["metadata"].get("nbgrader", {})


def test_each_kind_of_cell_is_marked_for_what_it_is(ready):
    cells = marked(ready)["cells"]
    text, imports, guess, exercise, check, shown, _ = cells
    for cell, name in ((text, "given-0"), (imports, "given-1")):
        assert known(cell)["locked"] and not known(cell)["grade"] and not known(cell)["solution"]
        assert known(cell)["grade_id"] == name
        assert cell["metadata"]["editable"] is False and cell["metadata"]["deletable"] is False
    assert not known(guess) and not known(shown)
    assert known(exercise)["solution"] and not known(exercise)["locked"]
    assert "editable" not in exercise["metadata"] and not exercise["metadata"]["deletable"]
    assert exercise["metadata"]["exercise"] == "01.scale"
    assert (known(exercise)["grade_id"], known(check)["grade_id"]) == ("01-scale", "check-01-scale")
    assert known(check)["grade"] and known(check)["locked"] and known(check)["points"] == 3
    assert "".join(check["source"]).startswith("result = check('01.scale')")


def test_the_checksums_are_nbgraders():
    """The numbers were computed by nbgrader 0.9.6's compute_checksum."""
    cell = {"cell_type": "code", "source": "check('01.mul')\n\u00e9", "metadata": {}}
    flags = {"grade": True, "solution": False, "locked": True, "grade_id": "a-1", "points": 2}
    found = []
    for change in ({}, {"points": 2.5}, {"grade": False}, {"grade": False, "solution": True}):
        found.append(checksum({**cell, "metadata": {"nbgrader": flags | change}}))
    assert found == KNOWN


KNOWN = [
    "4df4f8c6ea4c6fa6821640b45a970ca6",
    "99116c1b3be879a2378669560c9d581d",
    "4589ba3e3053784483c635fd5e730f20",
    "d0e39dbacabf8b57c7087c0d6bda180c",
]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_lesson_can_be_released(lesson, tmp_path):
    path = release(lesson, tmp_path / "new")
    assert path.name == f"{lesson.name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    marks = [found for cell in notebook["cells"] if (found := known(cell))]
    names = [mark["grade_id"] for mark in marks]
    assert len(set(names)) == len(names) and all(re.fullmatch(r"[\w-]+", name) for name in names)
    exercises = lesson.exercises()
    worth = {mark["grade_id"]: mark["points"] for mark in marks if mark["grade"]}
    assert worth == {f"check-{grade_id(id)}": x.points for id, x in exercises.items()}
    assert [mark["grade_id"] for mark in marks if mark["solution"]] == [*map(grade_id, exercises)]
    student = json.loads(lesson.student.read_text(encoding="utf-8"))
    same = [
        (a["source"], b["source"])
        for a, b in zip(notebook["cells"], student["cells"], strict=True)
        if not known(a).get("grade")
    ]
    assert all(ours == theirs for ours, theirs in same)
    assert notebook["metadata"]["minidl"]["lesson"] == lesson.name
    assert release(lesson, tmp_path / "new").read_text() == path.read_text()


def test_what_cannot_be_released_is_said(ready, tmp_path):
    (tmp_path / f"{ready.name}.ipynb").write_text("{}")
    with pytest.raises(FileExistsError, match="differs"):
        release(ready, tmp_path)
    notebook = json.loads(ready.student.read_text())
    lacks = {
        "no cell for 01.scale": lambda cell: "exercise" not in cell["metadata"],
        "no cell that is check": lambda cell: "check(" not in str(cell["source"]),
    }
    for words, kept in lacks.items():
        fewer = notebook | {"cells": [cell for cell in notebook["cells"] if kept(cell)]}
        ready.student.write_text(json.dumps(fewer))
        with pytest.raises(ValueError, match=words):
            marked(ready)
    ready.student.unlink()
    with pytest.raises(LookupError, match="minidl build"):
        marked(ready)


def test_the_command_writes_it(ready, tmp_path, capsys):
    assert cli.main(["release", str(ready.folder), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out" / "01_rows.ipynb")
    assert cli.main(["release", "99", "--out", str(tmp_path)]) == 2


def solved(notebook: dict, lesson: Lesson, *, but: str = "") -> dict:
    """The released notebook as a learner hands it in who solved all exercises but one."""
    answers = lesson.solutions()
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        id = cell["metadata"].get("exercise")
        if id and id != but:
            cell["source"] = answers[id]
    return notebook


VALIDATE = """
import json, logging, sys
from nbgrader.validator import Validator
from nbgrader.nbgraderformat import MetadataValidator
import nbformat
nb = nbformat.read(sys.argv[1], 4)
MetadataValidator().validate_nb(nb)
print(json.dumps(Validator().validate(sys.argv[1])))
"""


def validated(notebook: dict, folder: Path) -> dict:
    """What nbgrader's own validator says: it runs the notebook and looks at each graded cell."""
    path = folder / "01_value.ipynb"
    path.write_text(builder.as_text(notebook), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'widgets'}"}
    command = [sys.executable, "-c", VALIDATE, str(path)]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@with_nbgrader
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_round_trip_through_nbgraders_validator(tmp_path):
    lesson = find_lesson("01")
    notebook = marked(lesson)
    checks = [cell["source"] for cell in notebook["cells"] if known(cell).get("grade")]

    def failed(found):
        return [one["source"] for one in found.get("failed", [])]

    assert failed(validated(notebook, tmp_path)) == checks  # untouched
    assert validated(solved(notebook, lesson), tmp_path) == {}  # success
    but_one = validated(solved(notebook, lesson, but="01.descend"), tmp_path)
    assert failed(but_one) == checks[-1:]

    cheated = solved(notebook, lesson)
    for cell in cheated["cells"]:
        if "".join(cell["source"]) == checks[0]:
            cell["source"] = "2.0"
    assert [one["source"] for one in validated(cheated, tmp_path)["changed"]] == ["2.0"]
