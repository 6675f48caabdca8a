"""A whole batch in a process of its own, judged by the stand-in: what the tests kill and resume."""

from __future__ import annotations

import sys
from pathlib import Path

from minidl.grading.batch import executors
from minidl.grading.batch.grading import Judge, Options, grade
from minidl.grading.course import Lesson
from minidl.grading.judge.examining import Conditions

from .stand_in import examine


def main(lesson: str, submissions: str, out: str, database: str = "") -> None:
    """Grades with two processes."""
    judge = Judge(examine, Conditions(b"sixteen letters.", 5.0), "A", "v1")
    options = Options(database=database)
    workers = executors.processes(2)
    grade(Lesson(Path(lesson)), Path(submissions), Path(out), judge, workers, options)


if __name__ == "__main__":
    main(*sys.argv[1:])
