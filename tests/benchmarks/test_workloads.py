"""The workloads are the same training in minidl and in PyTorch, on small sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minidl
from benchmarks.contest import contest
from benchmarks.storage import opened, stored
from benchmarks.workloads import (
    BATCHES,
    WORKLOADS,
    Workload,
    batches,
    tensors,
    train_step,
    weights,
)

WORKS = [work.sized(**work.small) for work in WORKLOADS.values()]
NAMES = list(WORKLOADS)


def losses(m: Any, work: Workload, steps: int) -> list[float]:
    step, given = train_step(m, work, weights(work)), tensors(m, batches(work))
    return [step(*given[i % BATCHES]).item() for i in range(steps)]


@pytest.mark.parametrize("work", WORKS, ids=NAMES)
def test_training_lowers_the_loss(work: Workload) -> None:
    found = losses(minidl, work, 30 * BATCHES)
    assert np.mean(found[-BATCHES:]) < np.mean(found[:BATCHES])


@pytest.mark.torch
@pytest.mark.parametrize("work", WORKS, ids=NAMES)
def test_losses_are_pytorchs(work: Workload) -> None:
    torch = pytest.importorskip("torch")
    np.testing.assert_allclose(losses(minidl, work, 6), losses(torch, work, 6), rtol=1e-4)


@pytest.mark.parametrize("work", WORKS, ids=NAMES)
def test_what_is_stored_is_opened(work: Workload, tmp_path: Any) -> None:
    stored(work, tmp_path)
    again, start, given = opened(tmp_path)
    assert again == work
    first = weights(work)
    assert start.keys() == first.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(start[name], value)
    for (x, y), (u, v) in zip(batches(work), given, strict=True):
        np.testing.assert_array_equal(x, u)
        np.testing.assert_array_equal(y, v)


def test_the_sizes_are_those_of_the_table() -> None:
    """How many weights each model has, worked out by hand."""
    counts = {name: sum(a.size for a in weights(w).values()) for name, w in WORKLOADS.items()}
    assert counts["W1s"] == 64 * 32 + 32 + 32 * 10 + 10
    assert counts["W1"] == 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10
    assert counts["W2s"] == 9 * 16 + 16 + 9 * 16 * 32 + 32 + 512 * 10 + 10
    assert counts["W2"] == 9 * 32 + 32 + 9 * 32 * 64 + 64 + 9216 * 128 + 128 + 1280 + 10
    assert counts["W3"] == 128 * 128 + 2 * 4 * 128 * 128 + 2 * 4 * 128 + 128 * 128 + 128
    block = 128 * 384 + 384 + 128 * 128 + 128 + 2 * 128 * 512 + 512 + 128 + 4 * 128
    assert counts["W4"] == 3 * 128 * 128 + 4 * block + 2 * 128


@pytest.mark.torch
def test_a_contest_in_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setattr("benchmarks.contest.LONG_ENOUGH", 1e-4)
    found = contest(WORKS[2], ["minidl", "torch", "autograd"], rounds=3, threads=1)
    assert "missing" in found["autograd"]  # where it is not installed, or has no convolution
    for way in ("minidl", "torch"):
        told = found[way]
        assert len(told["seconds"]) == 3 and min(told["seconds"]) > 0
        assert told["first"] > 0 and told["import"] > 0 and told["peak"] > told["before"] > 10
