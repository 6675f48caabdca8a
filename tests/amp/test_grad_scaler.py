"""GradScaler: what it multiplies, when it leaves a step out, how its factor changes, its state."""

import math

import pytest

import minidl
from minidl import nn, optim
from minidl.amp import GradScaler


def setting(**options):
    weight = nn.Parameter(minidl.ones(2))
    return weight, optim.SGD([weight], lr=0.5), GradScaler("cpu", init_scale=8.0, **options)


def test_a_step_divides_what_backward_multiplied():
    weight, optimizer, scaler = setting()
    scaler.scale((weight * 3).sum()).backward()
    assert weight.grad.tolist() == [24, 24]
    scaler.step(optimizer)
    scaler.update()
    assert weight.tolist() == [-0.5, -0.5] and scaler.get_scale() == 8
    first, second = scaler.scale([weight.sum(), (weight * 2).sum()])
    assert first.item() == -8 and second.item() == -16


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_a_step_with_an_infinite_gradient_is_left_out(bad):
    weight, optimizer, scaler = setting(growth_interval=2)
    scales = []
    for factor in (1.0, bad, 1.0, 1.0, bad):
        optimizer.zero_grad()
        scaler.scale((weight * minidl.tensor([1.0, factor])).sum()).backward()
        before = weight.tolist()
        scaler.step(optimizer)
        scaler.update()
        assert (weight.tolist() == before) == (factor != 1.0)
        scales.append(scaler.get_scale())
    assert scales == [8, 4, 4, 8, 4]


def test_gradients_are_clipped_in_between():
    weight, optimizer, scaler = setting()
    scaler.scale((weight * minidl.tensor([3.0, 4.0])).sum()).backward()
    scaler.unscale_(optimizer)
    assert weight.grad.tolist() == [3, 4]
    assert nn.utils.clip_grad_norm_([weight], 1.0).item() == 5
    with pytest.raises(RuntimeError, match="unscaled"):
        scaler.unscale_(optimizer)
    scaler.step(optimizer)
    assert weight.tolist() == pytest.approx([0.7, 0.6], abs=1e-5)
    with pytest.raises(RuntimeError, match="stepped already"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="stepped"):
        scaler.unscale_(optimizer)


def test_several_optimisers_share_a_factor():
    weight, optimizer, scaler = setting()
    other = nn.Parameter(minidl.ones(1))
    second = optim.SGD([other], lr=1.0)
    scaler.scale(weight.sum() + (other * math.inf).sum()).backward()
    scaler.step(optimizer)
    scaler.step(second)
    scaler.update()
    assert weight.tolist() == [0.5, 0.5] and other.tolist() == [1] and scaler.get_scale() == 4


def test_switched_off_it_does_nothing():
    weight, optimizer, _ = setting()
    scaler = GradScaler(enabled=False)
    loss = weight.sum()
    assert scaler.scale(loss) is loss and scaler.get_scale() == 1 and scaler.state_dict() == {}
    loss.backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    assert weight.tolist() == [0.5, 0.5] and not scaler.is_enabled()


def test_its_state_goes_on():
    weight, optimizer, scaler = setting(growth_interval=3)
    for _ in range(2):
        scaler.scale(weight.sum()).backward()
        scaler.step(optimizer)
        scaler.update()
    again = GradScaler("cpu")
    again.load_state_dict(scaler.state_dict())
    assert again.state_dict() == scaler.state_dict() == {
        "scale": 8.0, "growth_factor": 2.0, "backoff_factor": 0.5, "growth_interval": 3,
        "_growth_tracker": 2,
    }  # fmt: skip
    again.update(32.0)
    assert again.get_scale() == 32
    with pytest.raises(RuntimeError, match="empty"):
        again.load_state_dict({})


def test_refusals():
    weight, optimizer, scaler = setting()
    with pytest.raises(RuntimeError, match="no parameter"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="first"):
        scaler.update()
    with pytest.raises(ValueError, match="above 1"):
        GradScaler(growth_factor=1.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        GradScaler(backoff_factor=1.5)
    half = nn.Parameter(minidl.ones(2, dtype=minidl.float16))
    scaler.scale(half.sum()).backward()
    with pytest.raises(ValueError, match="float32"):
        scaler.unscale_(optim.SGD([half], lr=1.0))


@pytest.mark.torch
def test_it_moves_as_pytorchs():
    torch = pytest.importorskip("torch")

    def scales(m):
        weight = m.nn.Parameter(m.ones(2))
        optimizer = m.optim.SGD([weight], lr=0.1)
        scaler = m.amp.GradScaler("cpu", init_scale=4.0, growth_interval=2)
        found = []
        for bad in (0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0):
            optimizer.zero_grad()
            scaler.scale((weight * (math.inf if bad else 1.0)).sum()).backward()
            scaler.step(optimizer)
            scaler.update()
            found.append((scaler.get_scale(), weight.tolist()))
        return found

    for (scale, weights), (wanted, expected) in zip(scales(minidl), scales(torch), strict=True):
        assert scale == wanted and weights == pytest.approx(expected)
