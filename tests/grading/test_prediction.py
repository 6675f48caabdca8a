"""Guess first, then look."""

from __future__ import annotations

import json

import numpy as np
import pytest

from minidl.grading import predict, reveal
from minidl.grading.notebook import prediction


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """A kernel of its own, beside an empty notebook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(prediction, "_guesses", {})


@pytest.mark.parametrize(
    ("guess", "actual", "agrees"),
    [
        (-5, -5.0, True),
        (0.5, 0.503, True),
        (0.5, 0.6, False),
        ((2, 3), (2, 3), True),
        ((2, 3), (3, 2), False),
        ("Adam", "adam", True),
        ("Adam", "SGD", False),
        ([1, 2], np.array([1, 2]), True),
        (3, "three", False),
        (True, True, True),
    ],
)
def test_guess_and_answer_stand_side_by_side(guess, actual, agrees):
    predict("01.q", guess, "Which?")
    text = str(reveal("01.q", actual))
    assert text.startswith("Which? You predicted ")
    assert text.endswith(": as you predicted." if agrees else ": not as you predicted.")


def test_the_time_goes_into_the_record_and_not_into_the_output(tmp_path):
    said = str(predict("01.q", 3, "How many?")) + str(reveal("01.q", 4))
    lines = (tmp_path / ".minidl" / "predictions.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["event"] for event in events] == ["predict", "reveal"]
    assert all(event["time"][:2] == "20" and event["time"] not in said for event in events)


@pytest.mark.parametrize("nothing", [None, ...])
def test_without_a_guess_it_asks_for_one(nothing, tmp_path):
    assert str(predict("01.q", nothing, "How many?")) == (
        "How many? Write your guess above, then run this cell again."
    )
    assert not (tmp_path / ".minidl").exists()
    assert str(reveal("01.q", 4)) == "The answer is 4. There was no prediction."


def test_nothing_is_written_beside_a_lessons_source(tmp_path):
    (tmp_path / "lesson.py").touch()
    predict("01.q", 3)
    assert not (tmp_path / ".minidl").exists()
