"""Schedules: their curves by formula, and what they refuse."""

import math

import pytest

import minidl
from minidl import optim
from minidl.optim import lr_scheduler as schedules


def optimizer(lr=1.0):
    return optim.SGD([minidl.ones(1).requires_grad_()], lr=lr, momentum=0.9)


def curve(o, schedule, steps):
    rates = []
    for _ in range(steps):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        schedule.step()
    return rates


FORMULAS = [
    (lambda o: schedules.StepLR(o, 3, 0.5), lambda t: 0.5 ** (t // 3)),
    (lambda o: schedules.MultiStepLR(o, [2, 6], 0.5), lambda t: 0.5 ** ((t >= 2) + (t >= 6))),
    (lambda o: schedules.ExponentialLR(o, 0.9), lambda t: 0.9**t),
    (lambda o: schedules.LambdaLR(o, lambda t: 1 / (1 + t)), lambda t: 1 / (1 + t)),
    (lambda o: schedules.LinearLR(o, 0.2, 1.0, 4), lambda t: min(0.2 + 0.2 * t, 1.0)),
    (lambda o: schedules.ConstantLR(o, 0.5, 3), lambda t: 0.5 if t < 3 else 1.0),
    (
        lambda o: schedules.CosineAnnealingLR(o, 10, 0.1),
        lambda t: 0.1 + 0.9 * (1 + math.cos(math.pi * t / 10)) / 2,
    ),
]


@pytest.mark.parametrize(("build", "formula"), FORMULAS)
def test_curves(build, formula):
    o = optimizer()
    rates = curve(o, build(o), 10)
    assert rates == pytest.approx([formula(t) for t in range(10)])


def test_warm_up_then_cosine():
    o = optimizer()
    warm, cosine = schedules.LinearLR(o, 0.1, 1.0, 5), schedules.CosineAnnealingLR(o, 10)
    both = schedules.SequentialLR(o, [warm, cosine], [5])
    rates = curve(o, both, 16)
    assert rates[0] == pytest.approx(0.1) and rates[5] == 1.0 and rates[15] == pytest.approx(0)
    assert both.get_last_lr() == [o.param_groups[0]["lr"]]


def test_one_cycle_goes_up_and_down_with_momentum_against_it():
    o = optimizer()
    schedule = schedules.OneCycleLR(o, 1.0, total_steps=10, pct_start=0.5)
    assert o.param_groups[0]["lr"] == pytest.approx(1 / 25)
    assert o.param_groups[0]["momentum"] == pytest.approx(0.95)
    rates = curve(o, schedule, 10)
    assert max(rates) == rates[4] == pytest.approx(1.0)
    with pytest.raises(ValueError, match="made for 10 steps"):
        curve(o, schedule, 2)


def test_chained_schedules_multiply():
    o = optimizer()
    first, second = schedules.ExponentialLR(o, 0.5), schedules.StepLR(o, 2, 0.1)
    o.step()
    for expected in (0.5, 0.025):
        first.step()
        second.step()
        assert o.param_groups[0]["lr"] == pytest.approx(expected)


def test_a_rate_changed_by_hand_is_scaled_on():
    o = optimizer()
    schedule = schedules.ExponentialLR(o, 0.5)
    o.step()
    o.param_groups[0]["lr"] = 8.0
    schedule.step()
    assert o.param_groups[0]["lr"] == 4.0


def test_stepping_before_the_optimiser_warns():
    schedule = schedules.StepLR(optimizer(), 1)
    with pytest.warns(UserWarning, match=r"before optimizer.step\(\)"):
        schedule.step()


def test_what_is_refused():
    o = optimizer()
    with pytest.raises(TypeError, match="needs an Optimizer, got float"):
        schedules.StepLR(0.1, 1)  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="initial_lr"):
        schedules.StepLR(o, 1, last_epoch=3)
    with pytest.raises(ValueError, match="start_factor"):
        schedules.LinearLR(o, 0.0)
    with pytest.raises(ValueError, match="between 0 and 1, got 2"):
        schedules.ConstantLR(o, 2)
    with pytest.raises(ValueError, match="total_steps, or epochs"):
        schedules.OneCycleLR(o, 1.0)
    with pytest.raises(ValueError, match="'cos' or 'linear'"):
        schedules.OneCycleLR(o, 1.0, 5, anneal_strategy="up")
    with pytest.raises(ValueError, match="1 groups need as many values of max_lr, got 2"):
        schedules.OneCycleLR(o, [1.0, 2.0], 5)
    with pytest.raises(ValueError, match="1 groups need as many lr_lambdas"):
        schedules.LambdaLR(o, [lambda t: 1.0, lambda t: 2.0])
    with pytest.raises(ValueError, match="2 schedules need 1 milestones, got 0"):
        schedules.SequentialLR(o, [schedules.ExponentialLR(o, 1), schedules.StepLR(o, 1)], [])
    with pytest.raises(ValueError, match="schedule 0 belongs to another"):
        schedules.SequentialLR(o, [schedules.StepLR(optimizer(), 1)], [])
