"""Sizes of signals: right to the last digit, and nothing is changed by looking."""

from __future__ import annotations

import math

import numpy as np
import pytest
from minidl_widgets.signals import growth, measure, same_dice, size_of

import minidl
from minidl import nn


def network() -> nn.Sequential:
    minidl.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


def rms(x) -> float:
    return float(np.sqrt((np.asarray(x, np.float64) ** 2).mean()))


def test_each_size_is_that_of_the_numbers_themselves():
    model, x = network(), minidl.randn(7, 3)
    signals = measure(model, x, lambda output: (output**2).sum())
    hidden = model[0](x)
    output = model[2](hidden.relu())
    (output**2).sum().backward()
    assert [(s.path, s.kind) for s in signals] == [("0", "Linear"), ("1", "ReLU"), ("2", "Linear")]
    first, bend, last = signals
    assert first.forward.rms == pytest.approx(rms(hidden.detach().numpy()), rel=1e-6)
    assert first.forward.mean == pytest.approx(hidden.mean().item(), rel=1e-5)
    assert first.forward.spread == pytest.approx(hidden.detach().numpy().std(), rel=1e-6)
    assert bend.forward.zeros == pytest.approx((hidden.detach().numpy() <= 0).mean())
    assert last.back is not None and last.weight_back is not None and first.weight is not None
    assert last.back.rms == pytest.approx(rms(2 * output.detach().numpy()), rel=1e-6)
    assert last.weight_back.rms == pytest.approx(rms(model[2].weight.grad.numpy()), rel=1e-6)
    assert first.weight.rms == pytest.approx(rms(model[0].weight.detach().numpy()), rel=1e-6)
    assert bend.weight is bend.weight_back is None


def test_the_gradient_enters_with_size_one_where_no_loss_is_given():
    (signal,) = measure(nn.Identity(), minidl.zeros(400, 50))
    assert signal.back is not None and signal.back.rms == pytest.approx(1, abs=0.02)


def test_nothing_is_changed_by_looking():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
    model[0].weight.grad = minidl.ones(4, 3)
    minidl.manual_seed(5)
    expected = minidl.rand(1).item()
    minidl.manual_seed(5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    measure(model, minidl.ones(6, 3))
    assert minidl.rand(1).item() == expected, "the dice lie as they did"
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[name].numpy(), err_msg=name)
    assert model[0].weight.grad.tolist() == [[1.0] * 3] * 4 and model[3].weight.grad is None
    assert [part._hooks.after for part in model if part._hooks] == [{}] * 4, "no hook is left"


def test_a_part_that_is_called_twice_is_measured_twice_and_parts_can_be_chosen():
    shared = nn.Linear(3, 3)
    model = nn.Sequential(shared, nn.Tanh(), shared)
    signals = measure(model, minidl.ones(2, 3))
    assert [s.path for s in signals] == ["0", "1", "0"]
    assert signals[0].forward != signals[2].forward
    assert signals[0].weight_back == signals[2].weight_back, "one weight, one gradient"
    (whole,) = measure(model, minidl.ones(2, 3), wanted=lambda path, part: path == "")
    assert whole.kind == "Sequential" and whole.forward == signals[2].forward


def test_a_part_with_weights_and_parts_is_measured_itself():
    class Twofold(nn.Module):
        def __init__(self):
            super().__init__()
            self.turn = nn.Parameter(minidl.eye(3))
            self.bend = nn.Tanh()

        def forward(self, x):
            return self.bend(x @ self.turn)

    signals = measure(nn.Sequential(Twofold()), minidl.ones(2, 3))
    assert [(s.path, s.weight is not None) for s in signals] == [("0.bend", False), ("0", True)]


def test_frozen_networks_tuples_and_whole_numbers():
    model = network()
    for parameter in model.parameters():
        parameter.requires_grad = False
    signals = measure(model, minidl.ones(2, 3))
    assert signals[0].back is not None and signals[0].weight_back is None
    words = nn.Sequential(nn.Embedding(5, 4), nn.LSTM(4, 3))
    embedding, sequence = measure(words, minidl.tensor([[1, 2], [0, 4]]))
    assert embedding.back is not None and sequence.forward.rms > 0


def test_signals_that_left_all_numbers_behind_are_told():
    model = nn.Linear(2, 2, bias=False)
    nn.init.constant_(model.weight, 3e38)
    (signal,) = measure(model, minidl.ones(1, 2))
    assert signal.forward.rms == math.inf
    assert size_of([]) is None and size_of([np.zeros((0, 3))]) is None


def test_growth_is_the_factor_per_step():
    assert growth([1, 2, 4, 8]) == pytest.approx(2)
    assert growth([0.0, 8, 4, 2, math.inf]) == pytest.approx(0.5)
    assert math.isnan(growth([0.0, 1.0])) and math.isnan(growth([]))


def test_dice_thrown_inside_are_not_thrown_outside():
    minidl.manual_seed(1)
    expected = minidl.rand(2).tolist()
    minidl.manual_seed(1)
    with same_dice(9):
        drawn = minidl.rand(3).tolist()
    assert minidl.rand(2).tolist() == expected
    with same_dice(9):
        assert minidl.rand(3).tolist() == drawn
