"""The workloads as plain functions, run by NumPy alone: the losses and updates are minidl's."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import minidl
from benchmarks.peers.functions import first_state, loss_of, parted, update
from benchmarks.workloads import ADAM, ADAMW, MOMENTUM, SGD, WORKLOADS, batches, tensors, weights


def scan(cell: Any, state: Any, given: Any) -> Any:
    outputs = []
    for x in given:
        state, y = cell(state, x)
        outputs.append(y)
    return np.stack(outputs)


NN = SimpleNamespace(
    scan=scan,
    sigmoid=lambda x: 1 / (1 + np.exp(-x)),
    gelu=lambda x: x * (1 + np.vectorize(math.erf)(x * 0.5**0.5)) / 2,
    conv=lambda x, w, stride, padding: minidl.nn.functional.conv2d(
        minidl.tensor(x), minidl.tensor(w), None, stride, padding
    ).numpy(),
    pool=lambda x: minidl.nn.functional.max_pool2d(minidl.tensor(x), 2).numpy(),
)


@pytest.mark.parametrize("name", WORKLOADS)
def test_losses_and_statistics(name: str) -> None:
    work = WORKLOADS[name].sized(**WORKLOADS[name].small)
    start, given = weights(work), batches(work)
    found, kept = loss_of(np, NN, name, work.sizes)(*parted(start), *given[0])
    model = work.model(minidl, **work.sizes)
    model.load_state_dict({key: minidl.tensor(value) for key, value in start.items()})
    x, y = tensors(minidl, given)[0]
    logits = model(x)
    if logits.ndim > 2:
        logits, y = logits.flatten(0, 1), y.flatten()
    expected = minidl.nn.functional.cross_entropy(logits, y).item()
    assert found == pytest.approx(expected, rel=1e-5)
    state = model.state_dict()
    for key, value in kept.items():
        np.testing.assert_allclose(value, state[key].numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", [SGD, MOMENTUM, ADAM, ADAMW], ids=lambda o: str(o[1]))
def test_updates(optimizer: Any) -> None:
    kind, options = optimizer
    draws = np.random.default_rng(0)
    p = {"w": draws.normal(size=(3, 2)).astype("float32")}
    parameter = minidl.tensor(p["w"].copy()).requires_grad_()
    theirs = getattr(minidl.optim, kind)([parameter], **options)
    state = first_state(np, kind, options, p)
    for _ in range(4):
        g = {"w": draws.normal(size=(3, 2)).astype("float32")}
        p, state = update(np, kind, options, p, g, state)
        parameter.grad = minidl.tensor(g["w"])
        theirs.step()
        np.testing.assert_allclose(p["w"], parameter.detach().numpy(), rtol=1e-4, atol=1e-6)
