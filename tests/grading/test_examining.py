"""A submission's marks: each part for itself, and nothing gained by any trick."""

from __future__ import annotations

import pytest

from minidl.grading.examining import Conditions, examine

RIGHT = "def scale(x):\n    return x / x.sum(axis=1, keepdims=True)"


@pytest.mark.parametrize(
    ("source", "statuses"),
    [
        (RIGHT, ["passed", "passed"]),
        ("def scale(x):\n    return x / x.sum()", ["failed", "passed"]),
        ("def scale(x):\n    return 1 / 0", ["error", "error"]),
        ("def scale(x):\n    raise NotImplementedError", ["missing", "missing"]),
        ("", ["missing", "missing"]),
    ],
)
def test_every_part_gets_a_mark(lesson, source, statuses):
    marks = examine([("01.scale", source)], lesson, Conditions(b"secret"))
    assert [mark.id for mark in marks] == ["01.scale/values", "01.scale/one"]
    assert [mark.status for mark in marks] == statuses
    assert [mark.points for mark in marks] == [
        mark.max_points if mark.status == "passed" else 0 for mark in marks
    ]
