"""A small lesson, and a judge of it that runs nobody's code."""

from __future__ import annotations

from pathlib import Path

import pytest

from minidl.grading.batch.grading import Judge
from minidl.grading.course import Lesson
from minidl.grading.judge.examining import Conditions

from .stand_in import examine

SPEC = '''"""Two exercises."""

from minidl.grading import Exercise, Part


def part(id, points):
    return Part(id, f"the {id}", lambda rng: {}, lambda code: 1, lambda: 1, points)


EXERCISES = [
    Exercise("01.one", "One", ("one",), [part("value", 2), part("sign", 1)]),
    Exercise("01.two", "Two", ("two",), [part("value", 3)]),
]
'''


@pytest.fixture
def small(tmp_path: Path) -> Lesson:
    """A lesson of two exercises, six points in three parts."""
    folder = tmp_path / "course" / "01_small"
    folder.mkdir(parents=True)
    (folder / "spec.py").write_text(SPEC, encoding="utf-8")
    return Lesson(folder)


@pytest.fixture
def judge() -> Judge:
    """The stand-in, under a secret of no worth."""
    return Judge(examine, Conditions(b"sixteen letters.", 5.0), "A", "v1")
