"""A learner's derivative rules in a primitive: at work, taken out again, and falling back."""

from __future__ import annotations

import minidl
from minidl.grading import badge, install, remove
from minidl.primitive import TABLE


def test_a_joint_rule_comes_back_as_it_was():
    cat = TABLE["cat"]
    before = (cat.rules, cat.joint, cat.shapes_only, cat.reads(0b111))
    install("primitive:cat.vjp", (lambda g, z, *xs, dim: [g * 0 for _ in xs],))
    assert cat.rules != before[0]
    remove("primitive:cat.vjp")
    assert (cat.rules, cat.joint, cat.shapes_only, cat.reads(0b111)) == before


def test_a_rule_that_stumbles_falls_back_with_one_sentence(capsys):
    def stumbles(g, z, x):
        raise ValueError("it does not fit.")

    exp = TABLE["exp"]
    before = exp.rules
    install("primitive:exp.vjp", (stumbles,))
    x = minidl.zeros(2, requires_grad=True)
    minidl.exp(x).sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]
    assert exp.rules == before
    said = capsys.readouterr().out
    assert said.startswith(
        "Your derivative of exp raised ValueError: it does not fit. From here on"
    )


def test_the_learners_rule_reaches_the_gradient_of_the_gradient():
    seen = []

    def mine(g, z, x):
        seen.append(type(g).__name__)
        return g * z

    install("primitive:exp.vjp", (mine,))
    try:
        second = minidl.grad(lambda x: minidl.grad(lambda y: minidl.exp(y).sum())(x).sum())
        assert second(minidl.zeros(2)).tolist() == [1.0, 1.0]
    finally:
        remove("primitive:exp.vjp")
    assert set(seen) == {"Tensor"}


def test_the_tape_keeps_no_more_for_a_learners_rule_than_it_reads():
    exp = TABLE["exp"]
    install("primitive:exp.vjp", (lambda g, z, x: g * z,))
    try:
        assert exp.reads(0b11) == (True, (False,))
        install("primitive:exp.vjp", (lambda g, z, x: g * minidl.ops.exp(x),))
        assert exp.reads(0b11) == (True, (True,))  # x for the learner's, z for the fall-back
    finally:
        remove("primitive:exp.vjp")


def test_a_learners_forward_rule_works_by_methods_and_comes_out_again():
    sum_to = TABLE["sum_to"]
    before, seen = sum_to.forward, []

    def mine(x, shape):
        seen.append((x.shape, shape))
        return x.sum(0)

    install("primitive:sum_to.forward", mine)
    try:
        x = minidl.zeros(3, requires_grad=True)
        (x + minidl.zeros(2, 3)).sum().backward()
        assert x.grad.tolist() == [2.0, 2.0, 2.0]
        assert seen == [((2, 3), (3,))]
        assert any(line.split() == ["sum_to", "yours"] for line in str(badge()).splitlines())
    finally:
        remove("primitive:sum_to.forward")
    assert sum_to.forward is before


def test_a_forward_rule_that_stumbles_falls_back_with_one_sentence(capsys):
    sum_to = TABLE["sum_to"]
    before = sum_to.forward
    install("primitive:sum_to.forward", lambda x, shape: x.no_such_thing)
    x = minidl.zeros(3, requires_grad=True)
    (x + minidl.zeros(2, 3)).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 2.0]
    assert sum_to.forward is before
    assert capsys.readouterr().out.startswith("Your sum_to raised AttributeError")
