"""The progress widget without a page: what it draws, what it hears, what it leaves on paper."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from minidl_widgets import Progress
from minidl_widgets.progress import drawn

from minidl.grading import check
from minidl.grading.notebook.progress import LessonStanding, Standing

LESSONS = [
    LessonStanding(
        "01_value",
        "1 · A number <that> remembers",
        (
            Standing("01.mul", 'The "rule" of the product', 2, 2, 3, True),
            Standing("01.bends", "Powers & tanh", 0.5, 4, 1, False),
            Standing("01.uses", "Letters", 0, 1, 0, False),
        ),
    ),
    LessonStanding("02_empty", "2 · Nothing to do", ()),
]


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's folder."""
    monkeypatch.setenv("MINIDL_WORK", str(tmp_path))
    return tmp_path


def test_every_sentence_is_made_here():
    course = drawn(LESSONS)
    assert json.loads(json.dumps(course, allow_nan=False)) == course
    assert course["said"] == "1 of 3 exercises, 2.5 of 7 points"
    one, empty = course["lessons"]
    assert (one["said"], round(one["share"], 3)) == ("1 of 3 exercises, 2.5 of 7 points", 0.357)
    assert (empty["said"], empty["share"]) == ("0 of 0 exercises, 0 of 0 points", 0)
    assert [exercise["said"] for exercise in one["exercises"]] == [
        '01.mul The "rule" of the product: done, 3 attempts, 2 of 2 points.',
        "01.bends Powers & tanh: begun, 1 attempt, 0.5 of 4 points.",
        "01.uses Letters: not begun, 0 of 1 point.",
    ]
    assert [exercise["name"] for exercise in one["exercises"]] == ["mul", "bends", "uses"]
    assert "Nothing is kept yet" in drawn([])["note"] and drawn([])["share"] == 0


def test_a_check_in_the_same_kernel_is_seen_at_once(work):
    widget = Progress()
    before = str(widget)
    assert before.startswith("Progress: 0 of ")
    check("01.mul", {"mul_local": lambda a, b: (b, a)})
    assert str(widget) == before.replace(": 0 of", ": 1 of").replace(", 0 of", ", 2 of")
    first = widget.course["lessons"][0]["exercises"][0]
    assert (first["id"], first["state"]) == ("01.mul", "done")


def test_the_page_may_ask_to_look_again_and_for_nothing_else(work):
    widget, other = Progress(), Progress()
    check("01.mul", {"mul_local": lambda a, b: (b, a)})
    found = other.course
    widget.course = {}
    widget._handle_custom_msg({"type": "erase"}, [])
    assert widget.course == {}
    widget._handle_custom_msg({"type": "look"}, [])
    assert widget.course == found


def test_on_paper_it_is_a_picture_that_can_be_read(work):
    data, _ = Progress()._repr_mimebundle_()
    assert data["text/plain"] == str(Progress())
    picture = ElementTree.fromstring(data["image/svg+xml"])
    assert picture.attrib["aria-label"].startswith(data["text/plain"].removeprefix("Progress: "))


def test_the_picture_holds_each_exercise_and_escapes_every_title():
    from minidl_widgets.progress_static import static_svg

    text = static_svg(drawn(LESSONS))
    picture = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    squares = [r for r in picture.iter(f"{space}rect") if "square" in r.attrib["class"]]
    assert [r.attrib["class"] for r in squares] == ["square done", "square begun", "square new"]
    assert (
        squares[0].findtext(f"{space}title") == drawn(LESSONS)["lessons"][0]["exercises"][0]["said"]
    )
    assert "<that>" not in text
