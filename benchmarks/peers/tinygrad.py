"""tinygrad: the whole step under TinyJit, with its own optimisers; kernels are built by clang."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

from benchmarks.peers import Run
from benchmarks.peers.functions import loss_of, parted
from benchmarks.workloads import Arrays, Batches, Workload

tinygrad: Any = import_module("tinygrad")
Tensor: Any = tinygrad.Tensor


def split(x: Any, parts: int, axis: int) -> Any:
    return x.chunk(parts, dim=axis)


def conv(x: Any, w: Any, stride: int, padding: int) -> Any:
    return x.conv2d(w, stride=stride, padding=padding)


def scan(cell: Callable, state: Any, given: Any) -> Any:
    outputs = []
    for t in range(given.shape[0]):
        state, y = cell(state, given[t])
        outputs.append(y)
    return Tensor.stack(*outputs)


NUMPY = SimpleNamespace(  # the names that functions.py takes from NumPy
    exp=Tensor.exp, log=Tensor.log, sqrt=Tensor.sqrt, tanh=Tensor.tanh, maximum=Tensor.maximum,
    transpose=Tensor.permute, split=split, arange=Tensor.arange, triu=Tensor.triu,
    full=lambda shape, value, dtype: Tensor.full(shape, value, dtype=dtype),
    zeros=lambda shape, dtype: Tensor.zeros(*shape, dtype=dtype),
    max=lambda x, axis, keepdims=False: x.max(axis, keepdim=keepdims),
    mean=lambda x, axis, keepdims=False: x.mean(axis, keepdim=keepdims),
    sum=lambda x, axis, keepdims=False: x.sum(axis, keepdim=keepdims),
    var=lambda x, axis: x.var(axis, correction=0),
)  # fmt: skip
NN = SimpleNamespace(conv=conv, pool=Tensor.max_pool2d, sigmoid=Tensor.sigmoid, scan=scan,
                     gelu=lambda x: 0.5 * x * (1 + (x * 0.5**0.5).erf()))  # fmt: skip


def missing(way: str, work: str) -> str | None:
    """Why this contender cannot take part."""
    if shutil.which(os.environ.get("CC", "clang")) is None:
        return "tinygrad needs the compiler clang"
    return None


def build(way: str, work: Workload, start: Arrays, batches: Batches) -> Run:
    """One jitted function, which overwrites weights, statistics and the optimiser's state."""
    weights = {name: Tensor(value).realize() for name, value in start.items()}
    p, kept = parted(weights)
    kind, options = work.optimizer
    rest = {} if kind == "SGD" else {"eps": 1e-8}
    optimizer = getattr(tinygrad.nn.optim, kind)([*p.values()], **options, **rest)
    loss = loss_of(NUMPY, NN, work.name, work.sizes)

    @tinygrad.TinyJit
    def step(x: Any, y: Any) -> Any:
        with tinygrad.Context(TRAINING=1):
            optimizer.zero_grad()
            value, new = loss(p, kept, x, y)
            value.backward()
            changed = [old.assign(new[name]) for name, old in kept.items()]
            return value.realize(*changed, *optimizer.schedule_step())

    given = [(Tensor(x).realize(), Tensor(y).realize()) for x, y in batches]
    return Run(lambda i: step(*given[i % len(given)]), lambda z: z.item(), version("tinygrad"))
