"""What passes in lesson 06 is what minidl loads data by; what does not pass changes nothing."""

from __future__ import annotations

import inspect
import sys
from types import CodeType
from typing import Any

import pytest

import minidl
from minidl.data import DataLoader, Normalize, RandomShift, datasets, random_split
from minidl.grading import badge
from minidl.grading.course import find_lesson

from .solving import declined, solved

LESSON = find_lesson("06")
NAMES = [name for e in LESSON.exercises().values() for name in e.replaced if name]
pytestmark = pytest.mark.usefixtures("minidl_as_it_was")


def moving_digits() -> Any:
    """Digits that are moved when they are asked for; by the names as they are at work now."""
    wide = Normalize.fit(datasets.digits("train", flat=False), (0, 2, 3))
    return minidl.data.Transformed(wide.apply(datasets.digits("test", flat=False)), RandomShift(2))


def epoch(loader: DataLoader) -> tuple[list, list]:
    """All pictures and labels of one pass, as plain numbers."""
    batches = [(x.flatten(1).tolist(), y.tolist()) for x, y in loader]
    return [row for x, _ in batches for row in x], [label for _, y in batches for label in y]


def test_loading_runs_on_the_learners_pieces(capsys: pytest.CaptureFixture[str]):
    scope = solved(LESSON)
    assert str(badge()).count("yours") == len(NAMES) == 7
    capsys.readouterr()
    ran: set[CodeType] = set()
    sys.setprofile(lambda frame, event, arg: ran.add(frame.f_code))
    try:
        epoch(DataLoader(moving_digits(), 64, shuffle=True))
        next(iter(DataLoader(datasets.digits("test"), 64)))  # whole batches are gathered
    finally:
        sys.setprofile(None)
    pieces = [scope[n] for e in LESSON.exercises().values() for n in e.entry]
    pieces = [p for p in pieces if p not in (scope["Loader"], scope["normalized"])]  # the lesson's
    written = [m for p in pieces if isinstance(p, type) for m in vars(p).values() if callable(m)]
    written += [p for p in pieces if not isinstance(p, type)]
    assert [f for f in written if inspect.unwrap(f).__code__ not in ran] == []
    assert capsys.readouterr().out == ""


def test_each_digit_comes_once_whatever_the_number_of_threads():
    solved(LESSON)
    data = moving_digits()
    found = []
    for threads in (0, 2):
        loader = DataLoader(
            data, 64, shuffle=True, num_workers=threads, generator=minidl.Generator(3)
        )
        found.append([epoch(loader), epoch(loader)])
    assert found[0] == found[1]
    (first, labels), (second, others) = found[0]
    assert sorted(labels) == sorted(others) == sorted(datasets.digits("test").tensors[1].tolist())
    assert labels != others and first != second


def test_a_pass_goes_on_where_it_was_left():
    solved(LESSON)
    loader = DataLoader(moving_digits(), 50, shuffle=True, generator=minidl.Generator(5))
    walk = iter(loader)
    next(walk)
    state = walk.state_dict()
    rest = [y.tolist() for _, y in walk]
    other = DataLoader(moving_digits(), 50, shuffle=True, generator=minidl.Generator(6))
    other.load_state_dict(state)
    assert [y.tolist() for _, y in other] == rest


def test_what_was_made_before_still_works():
    before = datasets.wine("train")
    wanted = Normalize.fit(before)
    parts = random_split(before, [0.5, 0.5], minidl.Generator(0))
    solved(LESSON)
    after = Normalize.fit(before)
    assert after.mean.tolist() == pytest.approx(wanted.mean.tolist(), rel=1e-5)
    assert after.std.tolist() == pytest.approx(wanted.std.tolist(), rel=1e-5)
    assert len(after.apply(before)) == len(before)
    assert sum(len(y) for _, y in DataLoader(parts[0], 10)) == len(parts[0])


@pytest.mark.parametrize("id", LESSON.exercises())
def test_a_wrong_answer_leaves_minidls_own_at_work(id: str):
    declined(LESSON, id)
    images, labels = epoch(DataLoader(moving_digits(), 64, shuffle=True))
    assert sorted(labels) == sorted(datasets.digits("test").tensors[1].tolist())
