"""Clipping: the norm is bounded, directions stay, and nan is not passed over in silence."""

import pytest

import minidl
from minidl.nn.utils import clip_grad_norm_, clip_grad_value_


def parameters(*gradients):
    made = [minidl.zeros(len(g)).requires_grad_() for g in gradients]
    for p, g in zip(made, gradients, strict=True):
        p.grad = minidl.tensor(g)
    return made


def test_the_common_norm_is_bounded():
    ps = parameters([3.0, 0.0], [4.0])
    assert clip_grad_norm_(ps, 1.0).item() == pytest.approx(5)
    assert ps[0].grad.tolist() == pytest.approx([0.6, 0]) and ps[1].grad.item() == pytest.approx(
        0.8
    )
    assert clip_grad_norm_(ps, 2.0).item() == pytest.approx(1)
    assert ps[1].grad.item() == pytest.approx(0.8)


def test_one_tensor_none_and_generators_are_taken():
    p, q = parameters([3.0, 4.0], [1.0])
    q.grad = None
    assert clip_grad_norm_(p, 10.0).item() == pytest.approx(5)
    assert clip_grad_norm_((x for x in (p, q)), 10.0).item() == pytest.approx(5)
    assert clip_grad_norm_([q], 1.0).item() == 0


def test_a_norm_that_is_no_number_can_raise():
    ps = parameters([float("nan")])
    assert clip_grad_norm_(ps, 1.0).isnan()
    with pytest.raises(RuntimeError, match="norm of the gradients is nan"):
        clip_grad_norm_(ps, 1.0, error_if_nonfinite=True)


def test_values_are_bounded_one_by_one():
    ps = parameters([3.0, -0.2, -7.0])
    clip_grad_value_(ps, 0.5)
    assert ps[0].grad.tolist() == pytest.approx([0.5, -0.2, -0.5])
