"""The scalar benchmark trains, and sees engines that differ."""

from __future__ import annotations

import pytest

from benchmarks.scalar import agree, alone, moons


def test_lesson_01_learns_the_moons() -> None:
    found = alone("minidl", points=12, steps=12)
    assert len(found["seconds"]) == 12 and len(found["losses"]) == 13
    assert found["losses"][-1] < 0.8 * found["losses"][0]


def test_engines_that_differ_are_seen() -> None:
    found = {"losses": [1.0], "weights": [0.5, -0.5]}
    agree(found, {"losses": [1.0], "weights": [0.5, -0.5]})
    with pytest.raises(AssertionError, match="weights differ"):
        agree(found, {"losses": [1.0], "weights": [0.5, -0.6]})


def test_there_are_two_moons() -> None:
    kinds = [kind for _, _, kind in moons(10)]
    assert kinds.count(-1) == kinds.count(1) == 5
