"""Initialisers: the generator each draws from, and what they say; numbers stand in tests/parity."""

import math

import pytest

import minidl
from minidl import nn

FILLS = [
    lambda w, **k: nn.init.uniform_(w, -2, 4, **k),
    lambda w, **k: nn.init.normal_(w, 3, 0.5, **k),
    nn.init.xavier_uniform_,
    nn.init.xavier_normal_,
    nn.init.kaiming_uniform_,
    nn.init.kaiming_normal_,
    nn.init.trunc_normal_,
    lambda w, **k: nn.init.trunc_normal_(w, 0.5, a=0.4, b=0.6, **k),
    nn.init.orthogonal_,
    lambda w, **k: nn.init.sparse_(w, 0.3, **k),
]


@pytest.mark.parametrize("fill", FILLS)
def test_draws_come_from_the_generator_alone(fill):
    before = minidl.default_generator.state_dict()
    first, again = (fill(minidl.empty(8, 5), generator=minidl.Generator(3)) for _ in range(2))
    other = fill(minidl.empty(8, 5), generator=minidl.Generator(4))
    assert first.tolist() == again.tolist() != other.tolist()
    assert minidl.default_generator.state_dict() == before


@pytest.mark.parametrize("side", [1, -1])
def test_a_normal_number_far_from_its_mean_lies_near_the_bound(side):
    """Given that x > 8, x - 8 is nearly exponential with mean 1 / 8."""
    bounds = (8.0, 50.0) if side == 1 else (-50.0, -8.0)
    w = nn.init.trunc_normal_(minidl.empty(20000, dtype=minidl.float64), 0.0, 1.0, *bounds)
    beyond = side * w - 8
    assert beyond.min().item() >= 0
    exact = math.exp(-32) / math.sqrt(2 * math.pi) / (math.erfc(8 / math.sqrt(2)) / 2) - 8
    assert beyond.mean().item() == pytest.approx(exact, rel=0.05)


def test_fans_count_a_convolution_window():
    assert nn.init.fans(minidl.empty(8, 3, 5, 5)) == (75, 200)
    with pytest.raises(minidl.ShapeError, match=r"shape \(3,\) has not"):
        nn.init.xavier_uniform_(minidl.empty(3))


def test_an_unknown_gain_is_told_the_known_ones():
    with pytest.raises(ValueError, match="No gain is known for 'cube'; known are conv1d, .* tanh"):
        nn.init.calculate_gain("cube")
