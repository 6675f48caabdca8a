"""JAX: the whole step under jit, weights and optimiser state given away to be overwritten."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from benchmarks.peers import Run
from benchmarks.peers.functions import first_state, loss_of, parted, update
from benchmarks.workloads import Arrays, Batches, Workload

jax: Any = import_module("jax")


def conv(x: Any, w: Any, stride: int, padding: int) -> Any:
    """Over (batch, channels, height, width), as PyTorch has it."""
    pads = [(padding, padding)] * 2
    return jax.lax.conv_general_dilated(x, w, (stride, stride), pads)


def pool(x: Any) -> Any:
    """The largest of each 2x2."""
    by, low = (1, 1, 2, 2), -jax.numpy.inf
    return jax.lax.reduce_window(x, low, jax.lax.max, by, by, "VALID")


def gelu(x: Any) -> Any:
    return jax.nn.gelu(x, approximate=False)


def scan(cell: Callable, state: Any, given: Any) -> Any:
    return jax.lax.scan(cell, state, given)[1]


def missing(way: str, work: str) -> str | None:
    """JAX takes part everywhere."""
    return None


def build(way: str, work: Workload, start: Arrays, batches: Batches) -> Run:
    """One jitted function from weights, state and batch to the next ones."""
    nn = SimpleNamespace(conv=conv, pool=pool, gelu=gelu, sigmoid=jax.nn.sigmoid, scan=scan)
    loss = loss_of(jax.numpy, nn, work.name, work.sizes)
    slope = jax.value_and_grad(loss, has_aux=True)
    kind, options = work.optimizer

    def whole(p: Any, kept: Any, state: Any, x: Any, y: Any) -> Any:
        (value, kept), g = slope(p, kept, x, y)
        p, state = update(jax.numpy, kind, options, p, g, state)
        return value, p, kept, state

    step = jax.jit(whole, donate_argnums=(0, 1, 2))
    p, kept = parted({name: jax.numpy.array(value) for name, value in start.items()})
    now = [p, kept, first_state(jax.numpy, kind, options, p)]
    given = [(jax.numpy.asarray(x), jax.numpy.asarray(y)) for x, y in batches]

    def one(i: int) -> Any:
        value, *now[:] = step(*now, *given[i % len(given)])
        return value

    def number(value: Any) -> float:
        jax.block_until_ready(now)
        return float(value)

    return Run(one, number, jax.__version__)
