"""Checks leave lines in the learner's own file, and nothing that befalls it stops a check."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from minidl.grading import check
from minidl.grading.course import builder
from minidl.grading.notebook import progress
from minidl.grading.notebook.progress import FILE, LessonStanding, Standing, standing, watch

from .exercises import right


@pytest.fixture
def work(lesson, tmp_path, monkeypatch):
    """A folder to work in, and the small lesson as the only one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("MINIDL_WORK", str(folder))
    lesson.student.write_text(builder.as_text(builder.student(lesson)))
    return folder


def here() -> Standing:
    """Where the learner stands in the one exercise."""
    (one,) = standing()
    assert isinstance(one, LessonStanding) and (one.name, one.title) == ("01_rows", "Rows")
    (exercise,) = one.exercises
    assert (one.points, one.possible, one.done) == (exercise.points, 3, exercise.passed)
    return exercise


def test_the_best_of_several_checks_counts(work):
    assert (here().state, here().attempts) == ("new", 0)
    check("01.scale", {"scale": lambda x: x / x.sum()})
    assert here() == Standing("01.scale", "Scale the rows", 1, 3, 1, False)
    check("01.scale", {"scale": right})
    check("01.scale", {"scale": lambda x: x})
    assert here() == Standing("01.scale", "Scale the rows", 3, 3, 3, True)
    assert (here().state, [path.name for path in work.iterdir()]) == ("done", [".minidl"])


def test_an_exercise_not_yet_begun_is_no_attempt(work):
    def scale(x):
        raise NotImplementedError

    check("01.scale", {})
    check("01.scale", {"scale": scale})
    assert here().attempts == 0 and not (work / FILE).exists()


def test_nothing_is_written_where_nothing_may_be(work):
    (work / "lesson.py").touch()  # the course's own source
    assert check("01.scale", {"scale": right}).passed
    assert here().attempts == 0 and not (work / FILE).exists()


def test_a_damaged_file_is_laid_aside(work):
    (work / FILE).parent.mkdir()
    (work / FILE).write_text("no database " * 100)
    assert here().attempts == 0
    assert check("01.scale", {"scale": right}).passed
    assert here().attempts == 1
    assert (work / FILE).with_suffix(".damaged").read_text().startswith("no database")


def test_a_locked_file_costs_the_line_and_not_the_check(work, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    check("01.scale", {"scale": right})
    other = sqlite3.connect(work / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert check("01.scale", {"scale": right}).passed
    assert here().attempts == 0  # nor can it be read
    other.close()
    assert here().attempts == 1


def test_a_python_without_sqlite_checks_all_the_same(work, monkeypatch):
    monkeypatch.setattr(progress, "sqlite3", None)
    assert check("01.scale", {"scale": right}).passed
    assert here().attempts == 0


def test_two_notebooks_at_once_lose_no_line(work):
    def ten():
        for _ in range(10):
            check("01.scale", {"scale": right})

    threads = [threading.Thread(target=ten) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert here().attempts == 30


def test_who_watches_is_told_as_long_as_they_live(work):
    class Watcher:
        told = 0

        def look(self):
            Watcher.told += 1

    watcher = Watcher()
    watch(watcher.look)
    check("01.scale", {"scale": right})
    del watcher
    check("01.scale", {"scale": right})
    assert Watcher.told == 1


def test_points_never_pass_what_an_exercise_is_worth_now(work):
    check("01.scale", {"scale": right})
    with sqlite3.connect(work / FILE) as notes:
        notes.execute("UPDATE checks SET points = 50")
    notes.close()
    assert here().points == 3


@pytest.mark.parametrize("text", ["", "{", '{"cells": []}', '{"cells": [{"source": []}]}', "[]"])
def test_a_lesson_without_a_title_goes_by_its_name(lesson, text):
    lesson.student.write_text(text)
    assert progress.title(lesson) == "01_rows"
