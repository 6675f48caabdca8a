"""Optimisers without PyTorch: formulas by hand, states, groups and what they refuse."""

import json

import numpy as np
import pytest

import minidl
from minidl import optim

KINDS = [
    lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True),
    lambda ps: optim.RMSprop(ps, lr=0.05, centered=True, momentum=0.1),
    lambda ps: optim.Adam(ps, lr=0.1, amsgrad=True),
    lambda ps: optim.AdamW(ps, lr=0.1),
]


def leaf(*numbers):
    return minidl.tensor(list(numbers), requires_grad=True)


def bowl(ps, optimizer, steps):
    """Steps towards the bottom of (p - 1)^2."""
    for _ in range(steps):
        optimizer.zero_grad()
        sum((((p - 1) ** 2).sum() for p in ps), minidl.tensor(0.0)).backward()
        optimizer.step()


def test_sgd_by_hand():
    p = leaf(1.0)
    optimizer = optim.SGD([p], lr=0.1, momentum=0.5)
    for expected in (0.8, 0.5):  # v = 2, then 0.5 * 2 + 2 = 3
        p.grad = minidl.tensor([2.0])
        optimizer.step()
        assert p.item() == pytest.approx(expected)


def test_adams_first_step_is_lr_in_the_gradients_direction():
    p = leaf(1.0, 1.0)
    optimizer = optim.Adam([p], lr=0.01)
    p.grad = minidl.tensor([1e-3, -1e3])
    optimizer.step()
    assert p.tolist() == pytest.approx([0.99, 1.01], rel=1e-4)


def test_adamw_decays_weights_apart_from_the_gradient():
    p = leaf(2.0)
    optimizer = optim.AdamW([p], lr=0.1, weight_decay=0.5)
    p.grad = minidl.tensor([0.0])
    optimizer.step()
    assert p.item() == pytest.approx(2 * 0.95)


@pytest.mark.parametrize("kind", KINDS)
def test_all_reach_the_bottom_and_keep_float32(kind):
    ps = [leaf(3.0, -2.0), minidl.tensor([[0.5]], requires_grad=True)]
    bowl(ps, kind(ps), 300)
    for p in ps:
        np.testing.assert_allclose(p.detach().numpy(), 1, atol=0.05)
        assert p.dtype == minidl.float32 and p.is_leaf and p.requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_run_goes_on_bit_for_bit(kind):
    straight = [leaf(3.0, -2.0)]
    optimizer = kind(straight)
    bowl(straight, optimizer, 5)
    resumed = [minidl.tensor(straight[0].tolist(), requires_grad=True)]
    state = optimizer.state_dict()
    second = kind(resumed)
    second.load_state_dict(state)
    bowl(straight, optimizer, 5)
    bowl(resumed, second, 5)
    assert straight[0].tolist() == resumed[0].tolist()


def test_the_state_is_plain_and_numbered():
    ps = [leaf(1.0), leaf(2.0, 3.0)]
    optimizer = optim.Adam([{"params": ps[1]}, {"params": [ps[0]], "lr": 0.5}], lr=0.1)
    bowl(ps, optimizer, 2)
    state = optimizer.state_dict()
    assert [g["params"] for g in state["param_groups"]] == [[0], [1]]
    assert state["param_groups"][1]["lr"] == 0.5 and state["param_groups"][0]["lr"] == 0.1
    assert sorted(state["state"][0]) == ["exp_avg", "exp_avg_sq", "step"]
    assert state["state"][0]["exp_avg"].shape == (2,) and state["state"][1]["step"] == 2
    json.dumps(state["param_groups"])


def test_loading_copies_and_takes_keys_from_json():
    p, q = leaf(1.0), leaf(1.0)
    first, second = optim.Adam([p]), optim.Adam([q], lr=7.0)
    bowl([p], first, 1)
    state = first.state_dict()
    second.load_state_dict({**state, "state": {"0": state["state"][0]}})
    assert second.param_groups[0]["lr"] == 1e-3
    bowl([q], second, 1)
    assert state["state"][0]["step"] == 1
    assert second.state[q]["exp_avg"].array is not first.state[p]["exp_avg"].array
    with pytest.raises(ValueError, match=r"hold \[1\] parameters, those of the state \[2\]"):
        second.load_state_dict(optim.Adam([p, q]).state_dict())


def test_parameters_without_a_gradient_rest():
    p, q = leaf(1.0), leaf(1.0)
    optimizer = optim.SGD([p, q], lr=1.0)
    p.grad = minidl.tensor([1.0])
    optimizer.step()
    assert p.item() == 0 and q.item() == 1 and q not in optimizer.state


def test_a_closure_runs_with_gradients_on():
    p = leaf(3.0)
    optimizer = optim.SGD([p], lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = ((p - 1) ** 2).sum()
        loss.backward()
        return loss

    with minidl.no_grad():
        assert optimizer.step(closure).item() == 4
    assert p.item() == 1


def test_zero_grad():
    p = leaf(1.0)
    optimizer = optim.SGD([p])
    p.grad = minidl.tensor([3.0])
    optimizer.zero_grad(set_to_none=False)
    assert p.grad.tolist() == [0]
    optimizer.zero_grad()
    assert p.grad is None


def test_a_step_is_seen_by_the_tape():
    p = leaf(2.0)
    loss = (p * p).sum()
    p.grad = minidl.tensor([1.0])
    optim.SGD([p]).step()
    with pytest.raises(minidl.GradientError, match="changed in place"):
        loss.backward()


def test_what_cannot_be_optimised_is_refused():
    p = leaf(1.0)
    with pytest.raises(TypeError, match="several parameters"):
        optim.SGD(p)
    with pytest.raises(ValueError, match="empty list"):
        optim.SGD([])
    with pytest.raises(ValueError, match="appears twice"):
        optim.SGD([p, p])
    with pytest.raises(ValueError, match="computed from others"):
        optim.SGD([p * 2])
    with pytest.raises(TypeError, match="got tuple; pass model.parameters"):
        optim.SGD(minidl.nn.Linear(1, 1).named_parameters())
    optimizer = optim.SGD([p])
    with pytest.raises(ValueError, match="appears twice"):
        optimizer.add_param_group({"params": p})


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("SGD(ps, lr=-1)", "lr must be at least 0"),
        ("SGD(ps, momentum=-0.1)", "momentum must be at least"),
        ("SGD(ps, nesterov=True)", "Nesterov momentum needs"),
        ("SGD(ps, momentum=0.9, dampening=0.1, nesterov=True)", "Nesterov"),
        ("RMSprop(ps, alpha=-1)", "alpha must be"),
        ("Adam(ps, betas=(1.0, 0.9))", r"betas\[0\] must be in \[0.0, 1.0\), got 1.0"),
        ("Adam(ps, betas=(0.9, -0.1))", r"betas\[1\]"),
        ("AdamW(ps, eps=-1e-8)", "eps must be"),
        ("AdamW(ps, weight_decay=-1)", "weight_decay must be"),
    ],
)
def test_options_out_of_range_are_refused(code, message):
    with pytest.raises(ValueError, match=message):
        eval(f"optim.{code}", {"optim": optim, "ps": [leaf(1.0)]})


def test_it_prints_its_options():
    text = repr(optim.SGD([leaf(1.0)], lr=0.5))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    lr: 0.5")
