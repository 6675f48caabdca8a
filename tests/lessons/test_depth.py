"""What passes in lesson 10 is what minidl normalizes and drops by; the rest changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

import minidl
from minidl import nn, optim
from minidl.grading import badge, check, remove
from minidl.grading.course import find_lesson
from minidl.grading.pieces import yours

from .solving import solved

LESSON = find_lesson("10")
NAMES = [name for e in LESSON.exercises().values() for name in e.replaced if name]
pytestmark = pytest.mark.usefixtures("minidl_as_it_was")


def trained() -> dict[str, np.ndarray]:
    """What a small network is after ten steps, its running averages too."""
    minidl.manual_seed(4)
    model = nn.Sequential(
        *(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(48, 6), nn.BatchNorm1d(6, momentum=None), nn.LayerNorm(6), nn.Dropout(0.2)),
        nn.Linear(6, 4),
    )
    x, y = minidl.randn(9, 1, 6, 6), minidl.arange(9) % 4
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.eval()
    with minidl.no_grad():
        answers = model(x[:1])
    state = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    return {**state, "answers": answers.numpy()}


def test_training_runs_on_the_learners_pieces_and_ends_where_minidls_ends():
    assert NAMES == [f"nn.functional.{name}" for name in ("batch_norm", "layer_norm", "dropout")]
    solved(LESSON)
    assert str(badge()).count("yours") == 3
    mine = trained()
    assert str(badge()).count("yours") == 3, "none stumbled"
    for name in NAMES:
        remove(name)
    theirs = trained()
    assert mine.keys() == theirs.keys() and "1.running_var" in mine
    for name, value in mine.items():
        np.testing.assert_allclose(value, theirs[name], rtol=2e-4, atol=2e-5, err_msg=name)
        assert value.dtype == theirs[name].dtype


def test_what_minidl_refuses_is_refused_and_what_it_takes_is_taken(capsys):
    solved(LESSON)
    with pytest.raises(ValueError, match="its own mean"):
        nn.BatchNorm1d(2)(minidl.ones(1, 2))
    with pytest.raises(ValueError):
        nn.functional.batch_norm(minidl.ones(2, 2), None, None)
    loose = nn.BatchNorm1d(2, affine=False, track_running_stats=False).eval()
    assert loose(minidl.tensor([[1.0, 2.0], [3.0, 2.0]])).numpy().round(2).tolist() == [
        [-1.0, 0.0],
        [1.0, 0.0],
    ]
    dropped = nn.Dropout(0.5, inplace=True)(minidl.ones(50))  # an option of minidl's alone
    assert set(dropped.tolist()) == {0.0, 2.0}
    assert str(badge()).count("yours") == 3 and capsys.readouterr().out == ""


@pytest.mark.parametrize("id", ["10.batch", "10.layer", "10.dropout"])
def test_a_wrong_answer_leaves_minidls_own_at_work(id: str):
    exercise, scope = LESSON.exercises()[id], solved(LESSON)
    exec(exercise.wrong[0].cell(exercise.solution), scope)
    assert not check(id, scope).passed
    (name,) = exercise.replaced
    assert name and not yours.is_yours(name)
    assert str(badge()).count("your piece does not pass its check yet") == 1
    trained()
