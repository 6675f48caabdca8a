"""What passes in lesson 05 is what minidl trains by; what does not pass changes nothing."""

from __future__ import annotations

import inspect
import sys
from types import CodeType
from typing import Any

import pytest

import minidl
from minidl import nn, optim
from minidl.grading import badge, remove
from minidl.grading.course import find_lesson
from minidl.optim.optimizer import is_ours

from .solving import declined, solved

LESSON = find_lesson("05")
NAMES = [name for e in LESSON.exercises().values() for name in e.replaced if name]
MAKERS = {
    "SGD": lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9, weight_decay=0.01),
    "RMSprop": lambda ps: optim.RMSprop(ps, lr=0.01),
    "Adam": lambda ps: optim.Adam(ps, lr=0.01, weight_decay=0.01),
    "AdamW": lambda ps: optim.AdamW(ps, lr=0.01),
}
pytestmark = pytest.mark.usefixtures("minidl_as_it_was")


def trained(make, steps: int = 6) -> list[Any]:
    """The parameters of a small network after some steps on a schedule."""
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
    optimizer = make(model.parameters())
    rates = optim.lr_scheduler.OneCycleLR(optimizer, 0.05, total_steps=steps, cycle_momentum=False)
    x, target = minidl.randn(8, 6), minidl.arange(8) % 3
    for step in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), target).backward()
        optimizer.step()
        if step < steps - 1:
            rates.step()
    return [p.detach().numpy().copy() for p in model.parameters()]


@pytest.mark.parametrize("name", MAKERS)
def test_training_by_the_learners_rules_goes_where_minidls_goes(name: str):
    theirs = trained(MAKERS[name])
    solved(LESSON)
    for mine, one in zip(trained(MAKERS[name]), theirs, strict=True):
        assert mine == pytest.approx(one, rel=1e-4, abs=1e-6)


def test_training_runs_on_the_learners_pieces(capsys: pytest.CaptureFixture[str]):
    scope = solved(LESSON)
    assert str(badge()).count("yours") == len(NAMES) == 6 + 1
    capsys.readouterr()
    ran: set[CodeType] = set()
    sys.setprofile(lambda frame, event, arg: ran.add(frame.f_code))
    try:
        for make in MAKERS.values():
            trained(make)
        optim.lr_scheduler.LinearLR(optim.SGD([minidl.zeros(1)]), 0.5).jump(2)
    finally:
        sys.setprofile(None)
    pieces = {n: scope[n] for e in LESSON.exercises().values() for n in e.entry}
    del pieces["warm_then_cosine"]  # replaces nothing: the lesson hands it to LambdaLR
    assert [n for n, f in pieces.items() if inspect.unwrap(f).__code__ not in ran] == []
    assert capsys.readouterr().out == ""


def test_what_a_learner_left_out_stays_minidls_and_is_told():
    solved(LESSON)
    trained(lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True))
    assert "minidl's where nesterov= is asked for" in str(badge())


def test_a_card_and_a_trace_see_that_a_rule_is_not_minidls():
    optimizers = {name: make([minidl.zeros(2)]) for name, make in MAKERS.items()}
    assert all(is_ours(one.update) for one in optimizers.values())
    solved(LESSON)
    assert not any(is_ours(one.update) for one in optimizers.values())
    assert is_ours(optim.Adagrad([minidl.zeros(2)]).update) is False  # the pull is the learner's
    for name in NAMES:
        remove(name)
    assert all(is_ours(one.update) for one in optimizers.values())


@pytest.mark.parametrize("name", MAKERS)
def test_a_compiled_step_uses_them(name: str):
    solved(LESSON)
    p = minidl.tensor([1.0, -2.0, 3.0], requires_grad=True)
    q = minidl.tensor([1.0, -2.0, 3.0], requires_grad=True)
    eager, traced = MAKERS[name]([p]), MAKERS[name]([q])

    def step(x, optimizer):
        optimizer.zero_grad()
        (x * x * x).sum().backward()
        optimizer.step()

    compiled = minidl.compile(lambda: step(q, traced))
    for _ in range(4):
        step(p, eager)
        compiled()
    assert q.tolist() == pytest.approx(p.tolist(), rel=1e-3)


@pytest.mark.parametrize("id", LESSON.exercises())
def test_a_wrong_answer_leaves_minidls_own_at_work(id: str):
    declined(LESSON, id)
    for make in MAKERS.values():
        trained(make)
