"""The judge's benchmark: the class it makes up, and what it counts."""

from __future__ import annotations

import json
from itertools import islice

from benchmarks.grading import _outcome, notebooks
from minidl.grading.batch import extraction
from minidl.grading.batch.job import unmarked
from minidl.grading.course import find_lesson
from minidl.grading.marks import Marks


def test_the_class_is_the_same_each_time_and_no_two_are_alike() -> None:
    lesson = find_lesson("01")
    made = list(notebooks(lesson, 20))
    assert made[:5] == list(islice(notebooks(lesson, 300), 5))
    assert len(set(made)) == 20


def test_answers_are_right_wrong_and_blank() -> None:
    lesson = find_lesson("01")
    exercises = lesson.exercises()
    blank = dict(extraction.cells(lesson.student.read_bytes(), exercises.values()))
    right = nothing = others = 0
    for data in notebooks(lesson, 60):
        assert json.loads(data)["cells"]
        found = dict(extraction.cells(data, exercises.values()))
        for id, exercise in exercises.items():
            right += found[id].startswith(exercise.solution)
            nothing += found[id] == blank[id]
            others += found[id] != blank[id] and not found[id].startswith(exercise.solution)
    assert right > others > nothing > 0


def test_what_a_class_earned_is_counted() -> None:
    marks = Marks("ada", "", "", unmarked(find_lesson("01").exercises(), "missing", ""))
    assert _outcome([marks]) == {"statuses": {"missing": len(marks.parts)}}
