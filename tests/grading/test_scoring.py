"""A notebook's score: every part counts for itself, whatever else the notebook does."""

from __future__ import annotations

import json

import pytest

from minidl.grading import score
from minidl.grading.course import builder
from minidl.grading.notebook.player import play
from minidl.grading.worker.cells import definitions

RIGHT = "def scale(x):\n    return x / x.sum(axis=1, keepdims=True)"


def notebook(*cells: tuple[str, str]) -> dict:
    """A notebook of code cells, each (exercise id or "", source)."""
    made = [
        {"cell_type": "code", "metadata": {"exercise": id} if id else {}, "source": source}
        for id, source in cells
    ]
    return {"cells": made, "metadata": {"minidl": {"lesson": "01_rows"}}}


def test_nothing_for_the_untouched_notebook_and_all_for_the_solution(lesson):
    assert score(builder.student(lesson), lesson).points == 0
    found = score(builder.unsolved(lesson), lesson)
    assert (found.points, found.possible) == (3, 3)
    assert str(found).splitlines()[0] == "01_rows: 3 of 3"


def test_a_file_says_itself_which_lesson_it_is(lesson, tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(notebook(("01.scale", RIGHT))))
    assert score(path).points == 3


@pytest.mark.parametrize(
    ("cells", "points"),
    [
        ([("01.scale", RIGHT + "\nprint(scale)\n1 / 0")], 3),  # an error after the answer
        ([("", "1 / 0"), ("", "import sys; sys.exit()"), ("01.scale", RIGHT)], 3),
        ([("01.scale", "def scale(x): return x"), ("01.scale", RIGHT)], 3),  # the last counts
        ([("01.scale", "%matplotlib inline\n" + RIGHT)], 3),
        ([("", RIGHT)], 0),  # a missing answer is a status
        ([("01.scale", "def scale(x):\n    return x / x.sum()")], 1),  # part by part
        ([], 0),
    ],
)
def test_one_odd_cell_costs_itself_alone(lesson, cells, points):
    ((id, verdict),) = play(cells, lesson.exercises())
    assert (id, verdict.points) == ("01.scale", points)


def test_a_notebook_that_kills_its_process_has_a_score(lesson):
    found = score(notebook(("01.scale", "import os; os._exit(1)")), lesson)
    assert (found.points, set(found.exercises)) == (0, {"01.scale"})


def test_a_notebook_that_never_ends_is_stopped(lesson):
    found = score(notebook(("01.scale", "while True: pass")), lesson, seconds=1.5)
    assert found.exercises["01.scale"]["parts"]["values"]["status"] == "too slow"


def test_a_file_that_is_no_notebook_is_a_sentence(lesson, tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text("{")
    with pytest.raises(ValueError, match="cannot be read as a notebook"):
        score(path, lesson)
    with pytest.raises(LookupError, match="name the lesson"):
        score({"cells": []})


def test_only_definitions_run_beside_the_exercises():
    lines = ["import math", "x = (1, -2)", "x[0] = 3", "y = train()", "print(x)", "def f(): pass"]
    source = "\n".join([*lines, "for i in x: f()"])
    assert definitions(source).splitlines() == [
        "import math",
        "x = (1, -2)",
        "",
        "def f():",
        "    pass",
    ]
    assert definitions("def (") == ""
