"""The schedule that watches a number."""

import json

import pytest

import minidl
from minidl.optim.lr_scheduler import ReduceLROnPlateau


def _made(**options):
    optimizer = minidl.optim.SGD([minidl.ones(1, requires_grad=True)], lr=1.0)
    return optimizer, ReduceLROnPlateau(optimizer, **options)


def test_the_rate_falls_when_the_loss_does_not():
    optimizer, schedule = _made(factor=0.5, patience=1)
    rates = []
    for loss in [3.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0]:
        schedule.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    assert rates == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5]
    assert schedule.get_last_lr() == [0.5]


def test_its_state_is_plain_and_goes_on():
    optimizer, schedule = _made(factor=0.5, patience=1)
    for loss in [3.0, 3.0]:
        schedule.step(minidl.tensor(loss))
    state = json.loads(json.dumps(schedule.state_dict()))
    other, resumed = _made(factor=0.5, patience=1)
    resumed.load_state_dict(state)
    for which in (schedule, resumed):
        which.step(3.0)
    assert optimizer.param_groups[0]["lr"] == other.param_groups[0]["lr"] == 0.5


def test_an_optimiser_of_ones_own_needs_only_step():
    class Halve(minidl.optim.Optimizer):
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    self.state[p]["seen"] = self.state[p].get("seen", 0) + 1
                    p.data.mul_(group["factor"])

    x = minidl.ones(2, requires_grad=True)
    optimizer = Halve([x], {"factor": 0.5})
    optimizer.step()
    optimizer.step()
    assert x.tolist() == [0.25, 0.25]
    assert optimizer.state_dict()["state"] == {0: {"seen": 2}}
    with pytest.raises(NotImplementedError, match="update or step"):
        x.grad = minidl.ones(2)
        minidl.optim.Optimizer([x], {}).step()
