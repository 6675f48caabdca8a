"""Peers without modules: plain functions that find minidl's losses; tinygrad, where it can run."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

import minidl
from benchmarks.contest import contest
from benchmarks.peers.functions import first_state, loss_of, parted, update
from benchmarks.workloads import WORKLOADS, batches, tensors, train_step, weights

WORKS = {name: work.sized(**work.small) for name, work in WORKLOADS.items()}


def scan(cell: Callable, state: Any, given: Any) -> Any:
    outputs = []
    for x in given:
        state, y = cell(state, x)
        outputs.append(y)
    return np.stack(outputs)


def windows(x: np.ndarray, size: tuple[int, int], step: int) -> np.ndarray:
    shown = np.lib.stride_tricks.sliding_window_view(x, size, (2, 3))
    return shown[:, :, ::step, ::step]


def conv(x: np.ndarray, w: np.ndarray, stride: int, padding: int) -> np.ndarray:
    x = np.pad(x, [(0, 0), (0, 0), *[(padding, padding)] * 2])
    return np.einsum("nchwij,ocij->nohw", windows(x, w.shape[2:], stride), w)


NN = SimpleNamespace(
    scan=scan, conv=conv, pool=lambda x: windows(x, (2, 2), 2).max((-2, -1)),
    sigmoid=lambda x: 1 / (1 + np.exp(-x)),
    gelu=lambda x: 0.5 * x * (1 + minidl.erf(minidl.tensor(x * 0.5**0.5)).numpy()),
)  # fmt: skip


@pytest.mark.parametrize("name", WORKS)
def test_the_functions_are_the_models(name: str) -> None:
    work = WORKS[name]
    start, given = weights(work), batches(work)
    p, kept = parted(start)
    value, new = loss_of(np, NN, name, work.sizes)(p, kept, *given[0])
    wanted = train_step(minidl, work, start)(*tensors(minidl, given)[0])
    np.testing.assert_allclose(value, wanted.item(), rtol=1e-5)
    assert new.keys() == kept.keys()


@pytest.mark.parametrize("name", ["W1s", "W1", "W2r", "W4"])
def test_the_updates_are_the_optimisers(name: str) -> None:
    work, draws = WORKS[name], np.random.default_rng(0)
    kind, options = work.optimizer
    start = {"w": draws.normal(size=(3, 4)), "b": draws.normal(size=4)}
    slopes = [{key: draws.normal(size=x.shape) for key, x in start.items()} for _ in range(3)]
    mine = {key: minidl.tensor(x).requires_grad_() for key, x in start.items()}
    optimizer = getattr(minidl.optim, kind)([*mine.values()], **options)
    theirs, state = start, first_state(np, kind, options, start)
    for g in slopes:
        for key, x in mine.items():
            x.grad = minidl.tensor(g[key])
        optimizer.step()
        theirs, state = update(np, kind, options, theirs, g, state)
    for key, x in mine.items():
        np.testing.assert_allclose(theirs[key], x.detach().numpy(), rtol=1e-9)


def test_tinygrad_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tinygrad", MagicMock())
    monkeypatch.delitem(sys.modules, "benchmarks.peers.tinygrad", raising=False)
    peer = importlib.import_module("benchmarks.peers.tinygrad")
    monkeypatch.delitem(sys.modules, "benchmarks.peers.tinygrad")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert peer.missing("tinygrad", "W1") == "tinygrad needs the compiler clang"
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    assert peer.missing("tinygrad", "W1") is None


def test_tinygrad_takes_part_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.contest.LONG_ENOUGH", 1e-4)
    told = contest(WORKS["W1s"], ["minidl", "tinygrad"], rounds=1, threads=1)["tinygrad"]
    lacks = ("tinygrad is not installed", "tinygrad needs the compiler clang")
    assert told.get("missing") in lacks or len(told["seconds"]) == 1
