"""The map, the table of lessons, and the first page of a learner's folder."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from minidl.grading.course import Lesson, lessons, start, tour
from minidl.grading.course.start import lay_start
from minidl.grading.judging import PartResult, Verdict
from minidl.grading.notebook.progress import record

ROOT = Path(__file__).resolve().parents[2]


def text(path: Path) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])


def passed(lesson: Lesson, id: str) -> None:
    """As if the learner had passed this exercise's check."""
    exercise = lesson.exercises()[id]
    record(Verdict(exercise, [PartResult(part) for part in exercise.parts]))


def test_the_page_of_the_tour_is_what_build_writes():
    assert not tour.stale(lessons()), "run `minidl build`"
    written = (ROOT / "lessons" / "README.md").read_text(encoding="utf-8")
    for lesson in lessons():
        assert f"({lesson.name}/student.ipynb)" in written


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_lesson_visits_a_room_that_is_there_and_says_how_long_it_takes(lesson: Lesson):
    known = tour.facts(lesson)
    assert known["rooms"] and known["ends"]
    assert tour.minutes(lesson), 'its first cell says "Allow about ... minutes."'
    assert set(known["rooms"]) <= {room for floor in tour.FLOORS for room in floor}


def test_every_room_of_the_map_is_in_the_house():
    places = ("", "minidl", "widgets")
    for floor in tour.FLOORS:
        for room in floor:
            assert any((ROOT / place / room).exists() for place in places), room


def test_the_first_page_tells_what_is_done_and_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = lay_start(tmp_path, lessons())
    nbformat.validate(nbformat.read(path, as_version=4))
    first = lessons()[0]
    title = tour.title(first)
    assert f"**Begin with [{title}]({first.name}.ipynb)**" in text(path)
    assert "| 0 of 6 |" in text(path) and "floor 2   tape.py [1]" in text(path)
    passed(first, "01.mul")
    lay_start(tmp_path, lessons())
    assert f"**Go on with [{title}]" in text(path) and "| 1 of 6 |" in text(path)
    for id in first.exercises():
        passed(first, id)
    lay_start(tmp_path, lessons())
    second = lessons()[1]
    assert f"**Go on with [{tour.title(second)}]" in text(path) and "| all 6 |" in text(path)
    for lesson in lessons():
        for id in lesson.exercises():
            passed(lesson, id)
    lay_start(tmp_path, lessons())
    assert "You have passed every exercise." in text(path)


def test_a_page_that_was_written_on_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = lay_start(tmp_path, lessons())
    book = json.loads(path.read_text())
    book["cells"][0]["source"] = ["my notes"]
    path.write_text(json.dumps(book))
    passed(lessons()[0], "01.mul")
    lay_start(tmp_path, lessons())
    assert text(path).startswith("my notes")


def test_a_course_without_a_tour_has_a_page_all_the_same(tmp_path, monkeypatch):
    folder = tmp_path / "course" / "01_rows"
    folder.mkdir(parents=True)
    (folder / "spec.py").write_text("EXERCISES = []\n")
    monkeypatch.setenv("MINIDL_COURSE", str(folder.parent))
    path = lay_start(tmp_path, lessons())
    assert "| [01_rows](01_rows.ipynb) |  |  |  |  |" in text(path)
    assert not tour.stale(lessons()) and start.NAME == path.name
    tour.write(lessons())
    assert not (folder.parent / "README.md").exists()
