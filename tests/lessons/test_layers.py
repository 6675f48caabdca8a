"""What passes in lesson 04 is what minidl runs on; what does not pass changes nothing."""

from __future__ import annotations

import inspect
import sys
from types import CodeType

import pytest
from minidl_widgets import SignalBoard

import minidl
from minidl import nn, optim
from minidl.grading import badge
from minidl.grading.course import find_lesson

from .solving import declined, solved

LESSON = find_lesson("04")
NAMES = [name for e in LESSON.exercises().values() for name in e.replaced if name]
pytestmark = pytest.mark.usefixtures("minidl_as_it_was")


def a_step_of_training() -> nn.Sequential:
    """A network begun, loaded, trained for a step; the loss is that of equal scores at first."""
    model = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 10))
    for layer in (model[0], model[2]):
        nn.init.xavier_normal_(layer.weight)
        nn.init.xavier_uniform_(layer.weight)
        nn.init.kaiming_normal_(layer.weight)
        nn.init.kaiming_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    nn.init.xavier_normal_(model[2].weight, gain=1e-6)
    model.load_state_dict(model.state_dict())
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    loss = nn.CrossEntropyLoss()(model(minidl.randn(8, 6)), minidl.arange(8))
    assert loss.item() == pytest.approx(2.302585, abs=1e-4)
    loss.backward()
    optimizer.step()
    return model


def test_training_runs_on_the_learners_pieces(capsys: pytest.CaptureFixture[str]):
    scope = solved(LESSON)
    assert str(badge()).count("yours") == len(NAMES) == 8
    ran: set[CodeType] = set()
    sys.setprofile(lambda frame, event, arg: ran.add(frame.f_code))
    try:
        model = a_step_of_training()
    finally:
        sys.setprofile(None)
    pieces = [scope[entry] for e in LESSON.exercises().values() for entry in e.entry]
    methods = [scope["Linear"].__init__, scope["Linear"].forward]
    functions = [piece for piece in pieces if not isinstance(piece, type)] + methods
    assert [f for f in functions if inspect.unwrap(f).__code__ not in ran] == []
    assert list(model.state_dict()) == [path for path, _ in model.named_parameters()]
    assert capsys.readouterr().out == "" and str(badge()).count("yours") == 8


@pytest.mark.parametrize("id", LESSON.exercises())
def test_a_wrong_answer_leaves_minidls_own_at_work(id: str):
    names = declined(LESSON, id)
    assert str(badge()).count("your piece does not pass its check yet") == len(names)
    a_step_of_training()


def test_weights_of_the_learners_layer_and_of_minidls_fit_each_other():
    theirs = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2, bias=False))
    solved(LESSON)
    mine = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2, bias=False))
    assert type(mine[0]) is not type(theirs[0])
    mine.load_state_dict(theirs.state_dict())
    x = minidl.randn(5, 3)
    assert mine(x).tolist() == theirs(x).tolist()


def test_the_signal_board_runs_on_the_learners_pieces_and_asks_them_for_nothing_more():
    solved(LESSON)
    board = SignalBoard(nn.Sequential(nn.Linear(6, 5), nn.ReLU()), minidl.ones(2, 6), begin="He")
    assert board.scene["whose"] == "by your kaiming_normal_" and board.scene["problem"] == ""
    assert "asked for" not in str(badge()), "no option that a learner's piece does not have"


def test_the_learners_layer_begins_as_minidls_does():
    minidl.manual_seed(7)
    theirs = nn.Linear(9, 4)
    solved(LESSON)
    minidl.manual_seed(7)
    mine = nn.Linear(9, 4)
    assert minidl.allclose(mine.weight, theirs.weight) and minidl.allclose(mine.bias, theirs.bias)
