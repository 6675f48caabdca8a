"""A rule may meet its rate and its count of steps as tensors, as a compiled step gives them."""

import numpy as np
import pytest

import minidl
from minidl import optim

RULES = [
    "SGD(ps, lr=0.1)",
    "SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1)",
    "RMSprop(ps, lr=0.01, centered=True, momentum=0.5, weight_decay=0.1)",
    "Adam(ps, lr=0.01, amsgrad=True, weight_decay=0.1)",
    "AdamW(ps, lr=0.01)",
    "Adagrad(ps, lr=0.1, lr_decay=0.1, weight_decay=0.1)",
    "Adadelta(ps, weight_decay=0.1)",
    "Adamax(ps, lr=0.01, weight_decay=0.1)",
    "NAdam(ps, lr=0.01)",
    "NAdam(ps, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
    "RAdam(ps, lr=0.01, betas=(0.9, 0.9))",
    "RAdam(ps, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
    "Muon(ps, lr=0.01)",
]
RNG = np.random.default_rng(0)
START = RNG.normal(size=(3, 4)).astype(np.float32)
GRADIENTS = RNG.normal(size=(12, 3, 4)).astype(np.float32)


def run(code, group_with, state_with):
    """Twelve calls of a rule; before each, its rate and its state are changed by two functions."""
    p = minidl.tensor(START)
    optimizer = eval(f"optim.{code}", {"optim": optim, "ps": [p]})
    group, state = optimizer.param_groups[0], optimizer.state[p]
    for number, gradient in enumerate(GRADIENTS):
        if number:  # the first call lays the state out
            for key, value in list(state.items()):
                state[key] = state_with(value)
        rate = group_with(0.01 / (number + 1))
        optimizer.update(p, minidl.tensor(gradient), state, {**group, "lr": rate})
    return p, state


def as_tensor(value):
    if isinstance(value, minidl.Tensor):
        return value
    kind = minidl.int64 if isinstance(value, int) else minidl.float64
    return minidl.tensor(value, dtype=kind)


def refuse(self, *_):
    raise AssertionError("a rule looked at a number")


@pytest.mark.parametrize("code", RULES)
def test_rate_and_step_may_be_tensors(code, monkeypatch):
    numbers, _ = run(code, lambda lr: lr, lambda x: x)
    with monkeypatch.context() as patch:  # on paper there are no numbers to look at
        for name in ("__bool__", "__float__", "item", "tolist"):
            patch.setattr(minidl.Tensor, name, refuse)
        tensors, state = run(code, as_tensor, as_tensor)
    assert tensors.dtype == minidl.float32
    np.testing.assert_allclose(tensors.numpy(), numbers.numpy(), rtol=2e-6, atol=1e-7)
    assert int(state.get("step", 12)) == 12
