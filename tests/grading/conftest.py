"""A small lesson of its own, so that these tests stand apart from the course."""

from __future__ import annotations

from pathlib import Path

import pytest

from minidl.grading.course import Lesson

LESSON = '''# %% [markdown]
# # Rows
# One idea.

# %%
import numpy as np
from minidl.grading import check, predict

# %%
### BEGIN SOLUTION
guess = 3
### STUDENT
# guess = None  # your number
### END SOLUTION
predict("01.rows", guess, "How many rows?")

# %% exercise="01.scale"
def scale(x):
    """Each row divided by its sum."""
    ### BEGIN SOLUTION
    return x / x.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %%
check("01.scale")

# %% tags=["nbval-ignore-output"]
print(object())

# %% tags=["solution-only"]
print("for teachers")

# %% tags=["raises-exception"]
raise ValueError("shown on purpose")
'''

SPEC = '''"""The exercises of this lesson."""

from tests.grading.exercises import SCALE

EXERCISES = [SCALE]
'''


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """A lesson in a folder of its own, importable from the kernel too."""
    folder = tmp_path / "course" / "01_rows"
    folder.mkdir(parents=True)
    (folder / "lesson.py").write_text(LESSON, encoding="utf-8")
    (folder / "spec.py").write_text(SPEC, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("MINIDL_COURSE", str(folder.parent))
    return Lesson(folder)
