"""Random programs: every emitter computes what eager mode does, and so do their gradients."""

import os
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, reject, settings

import minidl
from minidl.compiler import recomputing, trace
from minidl.compiler.emitting import prepared
from minidl.compiler.graph import Graph
from minidl.compiler.native import BuildError, steps
from minidl.compiler.native.emitting import native
from minidl.compiler.native.keeping import Shelf
from minidl.compiler.passes import optimise
from minidl.compiler.plan import plan

from .programs import Program, programs


def forgetful(graph: Graph, targets: list[int | None]) -> Any:
    """The plan that makes again whatever it can."""
    with patch.multiple(recomputing, FAR=1, LARGE=0, SMALL=1):
        return plan(graph, targets)


def compiling(graph: Graph, targets: list[int | None]) -> Any:
    """The native emitter, which leaves arrays without numbers to the plan. Threads share every
    loop, however small, and what runs once is built in a hurry."""
    try:
        with patch.multiple(steps, ALONE=1, SMALL=1), patch.dict(os.environ, MINIDL_CFLAGS="-O1"):
            return native(graph, targets, threads=2)
    except BuildError as error:
        if "no numbers" in str(error):
            reject()
        pytest.skip(str(error))


def kept(graph: Graph, targets: list[int | None]) -> Any:
    """What the next process finds of the native emitter's program, where it can be kept."""
    with patch.dict(os.environ, MINIDL_CFLAGS="-O1"):
        made, notes = prepared(graph, targets, "native")
        if any("no numbers" in note for note in notes):
            reject()
        return Shelf(graph, targets).program() or made


EMITTERS = [
    pytest.param(plan, id="plan"),
    pytest.param(forgetful, id="forgetful plan"),
    pytest.param(compiling, id="native", marks=pytest.mark.slow),  # a compiler's run per program
    pytest.param(kept, id="kept", marks=pytest.mark.slow),
]
slowly = settings(deadline=None, max_examples=60)


def compiled(emitter: Callable, graph: Graph, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """A graph's outputs by an emitter."""
    program = emitter(graph, [None] * len(graph.outputs))
    for place, x in zip(program.inputs, inputs, strict=True):
        place[...] = x
    program.run()
    return list(program.outputs)


def agree(program: Program, function: Callable, emitter: Callable) -> None:
    """Eager, the traced graph and the compiled graph give the same numbers from one seed.

    What may differ grows with the largest number on the way.
    """
    tensors = [minidl.tensor(x) for x in program.inputs]
    with np.errstate(all="ignore"):
        graph = trace(function)(*tensors)
        minidl.manual_seed(3)
        expected = function(*tensors)
        scale = _largest(graph, program.inputs)
    minidl.manual_seed(3)
    got = compiled(emitter, optimise(graph), program.inputs)
    for z, wanted in zip(got, expected, strict=True):
        wanted = wanted.detach().numpy()
        assert (z.shape, z.dtype) == (wanted.shape, wanted.dtype)
        error = 1e-5 if any(_narrow(c.output) for c in graph.calls) else 1e-12
        np.testing.assert_allclose(z, wanted, rtol=error, atol=error * scale)


def _narrow(x: Any) -> bool:
    return x.dtype == np.float32


def _largest(graph: Graph, inputs: list[np.ndarray]) -> float:
    minidl.manual_seed(3)
    values = [np.abs(x[np.isfinite(x)]) for x in graph.values(*inputs).values() if x.size]
    return max([1.0, *(float(x.max()) for x in values if x.size)])


@pytest.mark.parametrize("emitter", EMITTERS)
@given(program=programs())
@slowly
def test_programs_compute_what_eager_does(emitter: Callable, program: Program):
    agree(program, program, emitter)


@pytest.mark.parametrize("emitter", EMITTERS)
@given(program=programs(specials=True))
@slowly
def test_nan_and_inf_arrive_where_they_do_in_eager(emitter: Callable, program: Program):
    agree(program, program, emitter)


@pytest.mark.parametrize("emitter", EMITTERS)
@given(program=programs())
@slowly
def test_gradients_are_those_of_eager(emitter: Callable, program: Program):
    agree(program, program.gradients, emitter)
