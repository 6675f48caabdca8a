"""Optimisers change all parameters in one kernel as they change each on the processor."""

from typing import Any

import numpy as np
import pytest

import minidl
from minidl import optim
from tests.optim.ways import FUSED

WAYS: dict[str, tuple[Any, dict[str, Any]]] = {**FUSED, "RMSprop": (optim.RMSprop, {"lr": 0.1})}
SHAPES = ((7, 5), (3,), (1,), (200, 333), ())


@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("name", WAYS)
def test_steps_are_the_processors(name, kind):
    make, options = WAYS[name]

    def trained(device):
        draws = np.random.default_rng(0)
        drawn = lambda: [np.asarray(draws.normal(size=s), kind) for s in SHAPES]
        parameters = [minidl.tensor(x).to(device).requires_grad_() for x in drawn()]
        optimizer = make(parameters, **options)
        for step in range(4):
            for p, g in zip(parameters, drawn(), strict=True):
                p.grad = minidl.tensor(g).to(device)
            if step == 2:
                parameters[1].grad = None
            optimizer.step()
        return [p.detach().cpu().numpy() for p in parameters], optimizer.state_dict()["state"]

    (mine, states), (expected, others) = trained("cuda"), trained("cpu")
    for x, y in zip(mine, expected, strict=True):
        rounding = 1e-9 if kind == "float64" else 1e-5
        np.testing.assert_allclose(x, y, rtol=rounding, atol=rounding)
    for number, state in others.items():
        for key, value in state.items():
            here = states[number][key]
            if isinstance(value, minidl.Tensor):
                np.testing.assert_allclose(here.cpu().numpy(), value.numpy(), 1e-4, 1e-6)
            else:
                assert here == value


def test_clipping_is_the_processors():
    def clipped(device):
        draws = np.random.default_rng(0)
        parameters = [minidl.zeros(*s).to(device) for s in SHAPES if s]
        for p in parameters:
            p.grad = minidl.tensor(draws.normal(size=p.shape).astype("float32")).to(device)
        norm = minidl.nn.utils.clip_grad_norm_(parameters, 2.5)
        return [norm.item(), *(p.grad.cpu().numpy() for p in parameters)]

    for x, y in zip(clipped("cuda"), clipped("cpu"), strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-5)
