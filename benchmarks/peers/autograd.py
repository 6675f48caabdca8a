"""HIPS autograd: NumPy with gradients; it has no convolution."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

from benchmarks.peers import Run
from benchmarks.peers.functions import first_state, loss_of, parted, update
from benchmarks.workloads import Arrays, Batches, Workload

autograd, np = (import_module(f"autograd{part}") for part in ("", ".numpy"))
erf = import_module("autograd.scipy.special").erf


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def gelu(x: Any) -> Any:
    return 0.5 * x * (1 + erf(x * 0.5**0.5))


def scan(cell: Callable, state: Any, given: Any) -> Any:
    outputs = []
    for x in given:
        state, y = cell(state, x)
        outputs.append(y)
    return np.stack(outputs)


def missing(way: str, work: str) -> str | None:
    """Why this contender cannot take part."""
    return "autograd has no convolution" if work.startswith("W2") else None


def build(way: str, work: Workload, start: Arrays, batches: Batches) -> Run:
    """A step that runs as NumPy does, line by line."""
    nn = SimpleNamespace(gelu=gelu, sigmoid=sigmoid, scan=scan)
    loss = loss_of(np, nn, work.name, work.sizes)
    slope = autograd.value_and_grad(lambda p, x, y: loss(p, {}, x, y)[0])
    kind, options = work.optimizer
    p, _ = parted(start)
    now = [p, first_state(np, kind, options, p)]

    def one(i: int) -> Any:
        value, g = slope(now[0], *batches[i % len(batches)])
        now[:] = update(np, kind, options, now[0], g, now[1])
        return value

    return Run(one, float, version("autograd"))
