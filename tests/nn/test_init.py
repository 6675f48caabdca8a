"""Initialisers: the spread each promises, and the generator each draws from."""

import math

import pytest

import minidl
from minidl import nn

SPREADS = [
    (lambda w, **k: nn.init.uniform_(w, -2, 4, **k), 1.0, 6 / math.sqrt(12)),
    (lambda w, **k: nn.init.normal_(w, 3, 0.5, **k), 3.0, 0.5),
    (lambda w, **k: nn.init.xavier_uniform_(w, **k), 0.0, math.sqrt(2 / 700)),
    (lambda w, **k: nn.init.xavier_normal_(w, gain=2, **k), 0.0, 2 * math.sqrt(2 / 700)),
    (lambda w, **k: nn.init.kaiming_uniform_(w, nonlinearity="relu", **k), 0.0, math.sqrt(2 / 300)),
    (lambda w, **k: nn.init.kaiming_normal_(w, mode="fan_out", **k), 0.0, math.sqrt(2 / 400)),
    (lambda w, **k: nn.init.trunc_normal_(w, std=0.02, a=-0.04, b=0.04, **k), 0.0, 0.0176),
]


@pytest.mark.parametrize(("fill", "mean", "std"), SPREADS)
def test_spread(fill, mean, std):
    w = minidl.empty(400, 300).requires_grad_()
    assert fill(w, generator=minidl.Generator(0)) is w
    assert w.is_leaf and w.requires_grad
    assert w.mean().item() == pytest.approx(mean, abs=0.01)
    assert w.std().item() == pytest.approx(std, rel=0.02)
    again = fill(minidl.empty(400, 300), generator=minidl.Generator(0))
    assert again.tolist() == w.tolist()


def test_truncated_normal_stays_inside():
    w = nn.init.trunc_normal_(minidl.empty(10000), a=-1, b=0.5)
    assert w.min().item() >= -1 and w.max().item() <= 0.5
    with pytest.raises(ValueError, match="hardly ever"):
        nn.init.trunc_normal_(w, mean=10.0)


def test_constants():
    assert nn.init.eye_(minidl.empty(2, 3)).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert nn.init.ones_(minidl.empty(2)).tolist() == [1, 1]
    assert nn.init.zeros_(minidl.ones(2)).tolist() == [0, 0]
    assert nn.init.constant_(minidl.ones(2), 7).tolist() == [7, 7]


def test_fans_count_a_convolution_window():
    assert nn.init.fans(minidl.empty(8, 3, 5, 5)) == (75, 200)
    with pytest.raises(minidl.ShapeError, match=r"shape \(3,\) has not"):
        nn.init.xavier_uniform_(minidl.empty(3))


def test_gains():
    assert nn.init.calculate_gain("leaky_relu", 0.2) == pytest.approx(math.sqrt(2 / 1.04))
    assert nn.init.calculate_gain("conv2d") == 1 and nn.init.calculate_gain("tanh") == 5 / 3
    with pytest.raises(ValueError, match="No gain is known for 'cube'"):
        nn.init.calculate_gain("cube")
    with pytest.raises(ValueError, match="fan_in"):
        nn.init.kaiming_normal_(minidl.empty(2, 2), mode="fan")
