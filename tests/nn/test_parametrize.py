"""Parametrisations beyond parity: learners' own, copies, training, and old keys."""

from copy import deepcopy

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.nn.utils import parametrizations, parametrize
from minidl.nn.weight_norm import weight_of


class Symmetric(nn.Module):
    def forward(self, x):
        return (x + x.t()) / 2

    def right_inverse(self, x):
        return x.tril() * 2 - x * minidl.eye(3)


class Doubled(nn.Module):
    def forward(self, x):
        return x * 2


def test_parametrisations_are_applied_in_turn():
    layer = nn.Linear(3, 3)
    kept, before = layer.weight, layer.weight.detach().clone()
    parametrize.register_parametrization(layer, "weight", Symmetric())
    parametrize.register_parametrization(layer, "weight", Doubled())
    chain = layer.parametrizations.weight
    assert len(chain) == 2 and isinstance(chain[1], Doubled)
    assert chain.original is kept, "an optimiser made before still holds the right tensor"
    below = before.tril()
    start = below * 2 - before * minidl.eye(3)
    np.testing.assert_allclose(layer.weight.detach(), start + start.t(), rtol=1e-6)
    layer(minidl.randn(2, 3)).sum().backward()
    assert kept.grad is not None and layer.bias.grad is not None


def test_a_parametrised_tensor_can_be_set_where_its_inverse_is_known():
    layer = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
    wanted = minidl.tensor([[1.0, 2, 3], [2, 4, 5], [3, 5, 6]])
    layer.weight = wanted
    assert minidl.allclose(layer.weight, wanted)
    parametrize.register_parametrization(layer, "bias", Doubled())
    with pytest.raises(RuntimeError, match="Doubled has no right_inverse"):
        layer.bias = minidl.zeros(3)


def test_what_changes_the_shape_is_refused_unless_asked_for():
    class Longer(nn.Module):
        def forward(self, x):
            return minidl.cat([x, x])

    layer = nn.Linear(3, 3)
    with pytest.raises(ValueError, match=r"\(3, 3\) into .*\(6, 3\).*unsafe"):
        parametrize.register_parametrization(layer, "weight", Longer())
    assert type(layer) is nn.Linear and list(layer.state_dict()) == ["weight", "bias"]
    parametrize.register_parametrization(layer, "weight", Longer(), unsafe=True)
    assert layer.weight.shape == (6, 3)


def test_removing_leaves_copies_alone():
    layer = parametrizations.weight_norm(nn.Linear(3, 4))
    copy, x = deepcopy(layer), minidl.randn(2, 3)
    expected = layer(x).detach()
    parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear and isinstance(layer.weight, nn.Parameter)
    assert not parametrize.is_parametrized(layer) and parametrize.is_parametrized(copy, "weight")
    np.testing.assert_allclose(layer(x).detach(), expected, atol=1e-6)
    np.testing.assert_allclose(copy(x).detach(), expected, atol=1e-6)
    assert isinstance(copy, nn.Linear) and type(copy).__name__ == "ParametrizedLinear"
    assert parametrize.type_before_parametrizations(copy) is nn.Linear


def test_a_value_is_computed_once_inside_cached():
    calls = []

    class Counted(nn.Module):
        def forward(self, x):
            calls.append(1)
            return x * 1

    layer = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Counted())
    calls.clear()
    with parametrize.cached():
        assert layer.weight is layer.weight
    assert len(calls) == 1
    assert layer.weight is not layer.weight and len(calls) == 3


def test_weight_norm_begins_where_the_weight_was_and_learns():
    layer = nn.Linear(3, 4)
    before = layer.weight.detach().clone()
    parametrizations.weight_norm(layer)
    np.testing.assert_allclose(layer.weight.detach(), before, rtol=1e-6)
    optimizer = minidl.optim.SGD(layer.parameters(), lr=0.1)
    layer(minidl.randn(8, 3)).square().mean().backward()
    optimizer.step()
    assert not minidl.allclose(layer.weight, before)


def test_weight_norm_has_second_derivatives():
    v, g = minidl.randn(4, 3), minidl.rand(4, 1)
    assert minidl.check_grad(lambda v, g: weight_of(v, g), v, g, order=2)


def test_weight_norm_reads_the_keys_of_the_older_form():
    old = nn.utils.weight_norm(nn.Linear(3, 4))
    new = parametrizations.weight_norm(nn.Linear(3, 4))
    assert {"weight_g", "weight_v"} <= set(old.state_dict())
    new.load_state_dict(old.state_dict())
    x = minidl.randn(2, 3)
    np.testing.assert_allclose(new(x).detach(), old(x).detach(), atol=1e-6)


@pytest.mark.parametrize("make", [parametrizations.spectral_norm, nn.utils.spectral_norm])
def test_spectral_norm_bounds_the_stretch(make):
    layer = make(nn.Linear(6, 5))
    with minidl.no_grad():
        for _ in range(60):
            layer(minidl.zeros(1, 6))
    assert minidl.linalg.svd(layer.weight).S.max().item() == pytest.approx(1, abs=1e-3)


def test_spectral_norm_rests_in_eval():
    layer = parametrizations.spectral_norm(nn.Linear(6, 5)).eval()
    before = layer.parametrizations.weight[0]._u.clone()
    layer(minidl.zeros(1, 6))
    assert minidl.equal(layer.parametrizations.weight[0]._u, before)
