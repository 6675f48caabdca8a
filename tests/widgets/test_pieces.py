"""The badge with switches without a page: what it draws, hears and leaves on paper."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from minidl_widgets import Pieces
from minidl_widgets.pieces import NOTHING, drawn, static_svg

import minidl
from minidl.grading import check, remove
from minidl.grading.course import find_lesson
from minidl.grading.pieces import yours

OWNERS = [
    ("nn.Linear", "yours", ""),
    ("nn.<b>", "minidl's", "your piece raised TypeError"),
    ("nn.init.zeros_", "minidl's", "your piece does not pass its check yet"),
]


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    """A learner's folder, and minidl as it was afterwards."""
    monkeypatch.setenv("MINIDL_WORK", str(tmp_path))
    monkeypatch.setattr(yours, "_notes", {})
    monkeypatch.setattr(yours, "_passing", {})
    yield tmp_path
    for name in list(yours._installed):
        remove(name)


def pass_the_loss() -> None:
    scope = {"minidl": minidl}
    exec(find_lesson("04").solutions()["04.loss"], scope)
    assert check("04.loss", scope).passed


def test_every_sentence_is_made_here():
    parts = drawn(OWNERS, ["nn.Linear", "nn.<b>"])
    assert json.loads(json.dumps(parts)) == parts
    assert [part["said"] for part in parts] == [
        "nn.Linear runs on your code.",
        "nn.<b> runs on minidl's own code, because your piece raised TypeError.",
        "nn.init.zeros_ runs on minidl's own code, because your piece does not pass its check yet.",
    ]
    assert [part["switch"] for part in parts] == [True, True, False]


def test_a_passed_check_is_seen_and_a_switch_turns_it_back_and_forth():
    widget = Pieces()
    assert widget.parts == [] and str(widget) == "Pieces: 0 of 0 parts are yours"
    pass_the_loss()
    assert [part["name"] for part in widget.parts] == ["nn.functional.cross_entropy"]
    assert str(widget) == "Pieces: 1 of 1 parts are yours"
    turn = {"type": "switch", "name": "nn.functional.cross_entropy", "yours": False}
    widget._handle_custom_msg(turn, [])
    assert not yours.is_yours("nn.functional.cross_entropy")
    assert widget.parts[0]["why"] == "switched off by you"
    widget._handle_custom_msg({**turn, "yours": True}, [])
    assert yours.is_yours("nn.functional.cross_entropy") and widget.parts[0]["yours"]


def test_a_fall_back_is_seen_at_once(capsys):
    widget = Pieces()
    pass_the_loss()
    yours.install("nn.functional.cross_entropy", lambda input, target: input.nothing)
    minidl.nn.functional.cross_entropy(minidl.zeros(1, 2), minidl.tensor([0]))
    assert "raised AttributeError" in capsys.readouterr().out
    part = widget.parts[0]
    assert (part["yours"], part["why"]) == (False, "your piece raised AttributeError")


@pytest.mark.parametrize(
    "message",
    [{"type": "switch", "name": "nn.Module"}, {"type": "erase"}, {}, {"type": "switch"}],
)
def test_the_page_may_turn_no_other_switch(message):
    widget = Pieces()
    pass_the_loss()
    widget._handle_custom_msg(message, [])
    assert yours.is_yours("nn.functional.cross_entropy")


def test_on_paper_it_is_a_list_that_can_be_read():
    data, _ = Pieces()._repr_mimebundle_()
    assert data["text/plain"] == "Pieces: 0 of 0 parts are yours"
    assert NOTHING in data["image/svg+xml"]
    text = static_svg(drawn(OWNERS, []))
    picture = ElementTree.fromstring(text)
    assert picture.attrib["aria-label"].startswith("nn.Linear runs on your code. nn.<b> runs")
    words = [t.text for t in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words[:3] == ["nn.Linear", "yours", None] and "<b>" not in text
