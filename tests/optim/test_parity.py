"""What optimisers remember, whole schedules, and clipping, against PyTorch."""

import json
import warnings

import numpy as np
import pytest

import minidl

from ..nn.twin import torch

pytestmark = pytest.mark.torch

_rng = np.random.default_rng(0)
START = [_rng.normal(size=(3, 4)), _rng.normal(size=3)]
X = _rng.normal(size=(8, 4))
Y = _rng.normal(size=(8, 3))

# Their steps are tried in tests/parity; here it is what they remember, and that it travels.
OPTIMISERS = [
    "SGD(ps, lr=0.1)",
    "SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1)",
    "SGD([{'params': ps[0], 'lr': 0.3}, {'params': ps[1:], 'momentum': 0.5}], lr=0.1)",
    "RMSprop(ps, centered=True, momentum=0.5, maximize=True)",
    "Adam(ps, lr=0.1, amsgrad=True)",
    "AdamW([{'params': ps[:1], 'weight_decay': 0.0}, {'params': ps[1:]}], lr=0.1)",
    "Adagrad(ps, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.5)",
    "Adadelta(ps, weight_decay=0.1)",
    "Adamax(ps, lr=0.1)",
    "NAdam(ps, lr=0.1, decoupled_weight_decay=True)",
    "RAdam(ps, lr=0.1, betas=(0.9, 0.9))",
]


def problem(framework, width="float32"):
    """Parameters of a small regression, and the function that puts gradients into them."""
    ps = [framework.tensor(p.astype(width), requires_grad=True) for p in START]
    x, y = (framework.tensor(a.astype(width)) for a in (X, Y))

    def backward():
        loss = ((x @ ps[0].T + ps[1] - y) ** 2).mean()
        loss.backward()
        return loss

    return ps, backward


def steps(framework, optimizer, backward, count):
    for _ in range(count):
        optimizer.zero_grad()
        backward()
        optimizer.step()


def assert_close(mine, theirs, rtol, atol):
    for p, q in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol, atol)


@pytest.mark.parametrize("width", ["float32", "float64"])
@pytest.mark.parametrize("code", OPTIMISERS)
def test_what_is_remembered_after_ten_steps(code, width):
    ends = []
    for framework in (minidl, torch):
        ps, backward = problem(framework, width)
        optimizer = eval(f"o.{code}", {"o": framework.optim, "ps": ps})
        steps(framework, optimizer, backward, 10)
        ends.append((ps, optimizer))
    (mine, my_optimizer), (theirs, their_optimizer) = ends
    rtol, atol = (1e-4, 2e-5) if width == "float32" else (1e-6, 1e-8)  # NAdam's float32 product
    assert_close(mine, theirs, rtol, atol)
    a, b = my_optimizer.state_dict(), their_optimizer.state_dict()
    assert set(a) == set(b) and list(a["state"]) == list(b["state"])
    for number, state in a["state"].items():
        assert set(state) == {k for k, v in b["state"][number].items() if v is not None}
    for mine, theirs in zip(a["param_groups"], b["param_groups"], strict=True):
        assert {k: theirs[k] for k in mine} == mine


@pytest.mark.parametrize("code", OPTIMISERS)
def test_a_state_from_pytorch_continues_here(code):
    ps, backward = problem(torch, "float64")
    theirs = eval(f"o.{code}", {"o": torch.optim, "ps": ps})
    steps(torch, theirs, backward, 3)
    mine_ps, my_backward = problem(minidl, "float64")
    mine = eval(f"o.{code}", {"o": minidl.optim, "ps": mine_ps})
    with minidl.no_grad():
        for p, q in zip(mine_ps, ps, strict=True):
            p.copy_(q.detach().numpy())
    state = theirs.state_dict()
    arrays = {
        n: {k: v.numpy() for k, v in s.items() if v is not None} for n, s in state["state"].items()
    }
    mine.load_state_dict({"state": arrays, "param_groups": state["param_groups"]})
    steps(minidl, mine, my_backward, 3)
    steps(torch, theirs, backward, 3)
    assert_close(mine_ps, ps, 1e-6, 1e-8)


SCHEDULES = [
    "StepLR(o, 3)",
    "StepLR(o, 2, gamma=0.5)",
    "MultiStepLR(o, [2, 5, 5], gamma=0.5)",
    "ExponentialLR(o, 0.9)",
    "LambdaLR(o, lambda t: 1 / (t + 1))",
    "LambdaLR(o, [lambda t: 0.9**t, lambda t: 1.0])",
    "ConstantLR(o)",
    "ConstantLR(o, factor=0.5, total_iters=3)",
    "LinearLR(o)",
    "LinearLR(o, start_factor=0.1, end_factor=0.7, total_iters=4)",
    "LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=4)",
    "CosineAnnealingLR(o, 5)",
    "CosineAnnealingLR(o, T_max=4, eta_min=0.01)",
    "CosineAnnealingLR(o, T_max=1)",
    "CosineAnnealingWarmRestarts(o, 4)",
    "CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2, eta_min=0.01)",
    "OneCycleLR(o, max_lr=1.0, total_steps=14)",
    "OneCycleLR(o, [1.0, 2.0], epochs=7, steps_per_epoch=2, anneal_strategy='linear')",
    "OneCycleLR(o, 1.0, total_steps=20, three_phase=True, pct_start=0.4, cycle_momentum=False)",
    "OneCycleLR(o, 1.0, total_steps=14, div_factor=10.0, final_div_factor=100.0)",
    "SequentialLR(o, [s.LinearLR(o, 0.1), s.CosineAnnealingLR(o, 8)], milestones=[5])",
    "SequentialLR(o, [s.ConstantLR(o, 0.1, 2), s.ExponentialLR(o, 0.9), s.StepLR(o, 2)], [4, 8])",
    "SequentialLR(o, [s.ExponentialLR(o, 0.9), s.LambdaLR(o, lambda t: 0.5**t)], [3])",
]


def curve(framework, code, optimiser, load_at=None):
    """Rates and momenta over 14 steps; at `load_at` a fresh schedule takes over the state."""
    a, b = (framework.ones(1).requires_grad_() for _ in range(2))
    groups = [{"params": [a], "lr": 0.5}, {"params": [b]}]
    build = {
        "SGD": lambda: framework.optim.SGD(groups, lr=0.1, momentum=0.9),
        "Adam": lambda: framework.optim.Adam(groups, lr=0.1),
    }[optimiser]
    made = build()
    names = {"s": framework.optim.lr_scheduler, "o": made}
    schedule, rates = eval(f"s.{code}", names), []
    for i in range(14):
        rates.append([g["lr"] for g in made.param_groups])
        assert schedule.get_last_lr() == rates[-1]
        rates[-1] = rates[-1] + [g.get("momentum", g.get("betas")) for g in made.param_groups]
        if i == load_at:
            state, options = schedule.state_dict(), made.state_dict()
            made = names["o"] = build()
            schedule = eval(f"s.{code}", names)
            made.load_state_dict(json.loads(json.dumps(options)))
            schedule.load_state_dict(json.loads(json.dumps(state)))
        made.step()
        schedule.step()
    return rates


def flat(rates):
    return np.array([np.hstack(row) for row in rates])


@pytest.mark.parametrize("optimiser", ["SGD", "Adam"])
@pytest.mark.parametrize("code", SCHEDULES)
def test_schedules(code, optimiser):
    mine = curve(minidl, code, optimiser)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = curve(torch, code, optimiser)
    np.testing.assert_allclose(flat(mine), flat(theirs), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("code", SCHEDULES)
def test_schedules_resume_from_json(code):
    assert curve(minidl, code, "Adam", load_at=6) == curve(minidl, code, "Adam")


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, float("inf")])
@pytest.mark.parametrize("limit", [0.1, 100.0])
def test_clipping(p, limit):
    ends = []
    for framework in (minidl, torch):
        ps, backward = problem(framework)
        backward()
        norm = framework.nn.utils.clip_grad_norm_(ps, limit, p)
        framework.nn.utils.clip_grad_value_(ps, 0.5)
        ends.append([norm.numpy(), *(q.grad.numpy() for q in ps)])
    for a, b in zip(*ends, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
