"""What passes in lesson 02 is what minidl runs on; what does not pass changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.grading import badge, check, remove
from minidl.grading.course import find_lesson

from .solving import solved

LESSON = find_lesson("02")
NAMES = [name for e in LESSON.exercises().values() for name in e.replaced if name]
pytestmark = pytest.mark.usefixtures("minidl_as_it_was")


def test_the_learners_pieces_are_at_work_in_minidl():
    assert NAMES == ["primitive.broadcast", "primitive:sum_to.forward"]
    solved(LESSON)
    assert str(badge()).count("yours") == 2
    with pytest.raises(minidl.ShapeError):  # the learner's is a ValueError, and minidl's goes out
        minidl.broadcast_shapes((2, 3), (4,))
    assert minidl.broadcast_shapes((8, 1, 6), (7, 1), ()) == (8, 7, 6)
    assert minidl.broadcast_shapes() == ()
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    x, y = minidl.randn(5, 3), minidl.randn(5, 2)

    def gradients() -> list[np.ndarray]:
        model.zero_grad()
        gain = minidl.ones(3, requires_grad=True)
        (nn.functional.mse_loss(model(x * gain), y)).backward()
        return [p.grad.numpy() for p in [*model.parameters(), gain]]

    mine = gradients()
    assert str(badge()).count("yours") == 2, "neither stumbled"
    for name in NAMES:
        remove(name)
    for one, other in zip(mine, gradients(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        assert one.dtype == other.dtype == np.float32


@pytest.mark.parametrize("id", ["02.broadcast", "02.sum_to"])
def test_a_wrong_answer_leaves_minidls_own_at_work(id: str):
    exercise, scope = LESSON.exercises()[id], solved(LESSON)
    exec(exercise.wrong[0].cell(exercise.solution), scope)
    assert not check(id, scope).passed
    assert str(badge()).count("your piece does not pass its check yet") == 1
    assert minidl.broadcast_shapes((2, 1), (3,)) == (2, 3)
