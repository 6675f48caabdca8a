"""The CUDA emitter without a card: its kernels run on one that is made of the processor."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings

import minidl
from benchmarks.workloads import WORKLOADS, batches, tensors, train_step, weights
from minidl import backend, nn
from minidl.compiler import entry, trace
from minidl.compiler.cuda import products
from minidl.compiler.cuda.script import Script
from minidl.compiler.graph import Graph
from minidl.compiler.native.views import Buffer, View
from minidl.compiler.passes import optimise
from minidl.compiler.program import Ends
from minidl.primitive import TABLE
from tests.nvrtc import objections

from . import imagined
from .card import Processor, missing
from .programs import Program, programs
from .test_random_programs import agree

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))
slowly = settings(deadline=None, max_examples=15)


def emulated(graph: Graph, targets: list[int | None]) -> Any:
    """A graph's program, but for arrays without numbers, which the emitter leaves to eager mode."""
    if any(0 in s.shape for s in [*graph.inputs, *(c.output for c in graph.calls)]):
        reject()
    return Processor(graph, targets)


def computed(function: Callable, *arrays: np.ndarray) -> Any:
    """Runs a function's program and compares it with eager mode; returns the program."""
    given = [minidl.tensor(x) for x in arrays]
    graph = optimise(trace(function)(*given))
    program = Processor(graph, [None] * len(graph.outputs))
    for place, x in zip(program.inputs, arrays, strict=True):
        place[...] = x
    program.run()
    expected = function(*given)
    expected = expected if isinstance(expected, tuple) else (expected,)
    for z, wanted in zip(program.outputs, expected, strict=True):
        np.testing.assert_allclose(z, wanted.numpy(), rtol=2e-5, atol=2e-5)
    return program


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.slow
@given(program=programs())
@slowly
def test_programs_compute_what_eager_does(program: Program):
    agree(program, program, emulated)


@pytest.mark.slow
@given(program=programs())
@slowly
def test_gradients_are_those_of_eager(program: Program):
    agree(program, program.gradients, emulated)


@pytest.mark.parametrize("shape", [(3, 5), (37, 100), (2, 3000), (700, 33), (3, 5000)])
def test_a_softmax_is_one_launch_for_rows_of_any_length(shape):
    program = computed(lambda x: minidl.softmax(x * 2, dim=-1), numbers(*shape))
    assert program.statistics()["kernels"] == 1


@pytest.mark.parametrize("shape", [(5, 3), (1000, 7), (4000, 40), (3, 900), (90, 5, 6, 7)])
def test_sums_across_rows_are_those_of_eager(shape):
    others = [d for d in range(len(shape)) if d != 1]
    computed(lambda x: (x.exp().sum(0), x.sum(), x.tanh().mean(others), x.amax(others)),
             numbers(*shape))  # fmt: skip


@pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 70, 33), (40, 9, 100), (2, 300, 5), (30, 20, 64)])
def test_small_products_are_functions_of_the_program(sizes):
    m, k, n = sizes
    computed(lambda x, y: (x @ y, y.mT @ x.mT + 1, (y.mT @ x.mT).mT.relu()),
             numbers(m, k) / k, numbers(k, n))  # fmt: skip
    program = computed(lambda x, y: x @ y.mT, numbers(2, 3, m, k) / k, numbers(3, n, k))
    assert program.statistics()["products"] == 0


def test_numbers_are_added_where_an_index_says():
    rows = np.array([0, 3, 3, 1, 3])
    computed(lambda x, i: minidl.zeros(4, 6).index_add(0, i, x), numbers(5, 6), rows)


def test_attention_that_is_kept_whole_remembers_its_weights_on_the_way_back(monkeypatch):
    for name in ("attention", "attention_slopes"):
        monkeypatch.setitem(TABLE[name].whole, "cpu", lambda *inputs, **how: how["causal"])

    def slopes(q, k, v, g):
        leaves = [x.clone().requires_grad_() for x in (q, k, v)]
        z = nn.functional.scaled_dot_product_attention(*leaves, is_causal=True)
        return minidl.autograd.grad(z, leaves, g)

    program = computed(slopes, *(numbers(2, 3, 70, 8) + i for i in range(4)))
    hosts = [launch.kernel.primitive.name for launch in program.script.launches if launch.kernel]
    assert [name for name in hosts if "attention" in name] == ["attention", "attention_slopes"]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_recurrent_layer_that_is_kept_whole_is_two_calls(monkeypatch, reverse):
    for name in ("lstm_steps", "lstm_slopes"):
        monkeypatch.setitem(TABLE[name].whole, "cpu", lambda *inputs, **how: how["steps"] == 5)

    def slopes(gates, h, c, w, g):
        leaves = [x.clone().requires_grad_() for x in (gates, h, c, w)]
        z = minidl.ops.lstm_steps(*leaves, steps=5, reverse=reverse, memory=[])
        return z.detach(), *minidl.autograd.grad(z, leaves, g)

    shapes = ((10, 12), (2, 3), (2, 3), (12, 3), (12, 3))
    program = computed(slopes, *(numbers(*shape) + i / 9 for i, shape in enumerate(shapes)))
    hosts = [launch.kernel.primitive.name for launch in program.script.launches if launch.kernel]
    assert [name for name in hosts if "lstm" in name] == ["lstm_steps", "lstm_slopes"]
    assert not any("left to" in note for note in program.notes)


@pytest.mark.parametrize("name", [n for n in WORKLOADS if n not in ("W2", "W2r")])
def test_training_steps_are_those_of_eager(name, monkeypatch):
    def prepared(graph, targets, backend, place, ends):
        return Processor(optimise(graph), targets, Ends(ends.numbers)), []

    monkeypatch.setattr(entry, "prepared", prepared)
    work = WORKLOADS[name].sized(**WORKLOADS[name].small)
    start, given = weights(work), tensors(minidl, batches(work))
    eager = train_step(minidl, work, start)
    compiled = minidl.compile(train_step(minidl, work, start))
    losses = [[step(*given[i % len(given)]).item() for i in range(12)]
              for step in (eager, compiled)]  # fmt: skip
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-5, atol=1e-5)
    assert "Processor" in str(compiled.explain())


def test_learning_rates_and_counts_of_steps_stay_on_the_processor():
    work = WORKLOADS["W1"].sized(**WORKLOADS["W1"].small)
    step = minidl.compile(train_step(minidl, work, weights(work)))
    step(*tensors(minidl, batches(work))[0])
    made = step.entries[0]
    given = [p for p, source in enumerate(made.capture.sources) if source.kind == "number"]
    program = Processor(made.graph, made.capture.targets, Ends(given))
    assert given
    assert program.numbers.run is not None
    assert not any(x.shape == () and x.dtype == np.float64 for call in program.numbers.graph.calls
                   for x in call.inputs if hasattr(x, "graph") and x not in
                   set(program.numbers.graph.inputs))  # fmt: skip


def test_steps_that_do_not_wait_for_each_other_share_a_launch():
    program = computed(lambda x, y: (x + 1, y * 2, x.sum(1)), numbers(9, 8), numbers(3, 5))
    assert program.statistics()["kernels"] == 1
    assert program.statistics()["steps"] > 1


# The real compiler ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["W1", "W2r", "W4"])
def test_the_source_compiles(name):
    work = WORKLOADS[name]
    step = minidl.compile(train_step(minidl, work, weights(work)), backend="plan")
    step(*tensors(minidl, batches(work))[0])
    made = step.entries[0]
    script = Script(made.graph, made.capture.targets)
    against = objections(script.text, "--std=c++17", "--gpu-architecture=sm_90")
    assert not against, against[:3000]


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_halves_are_computed_with_as_float32_and_rounded(name):
    if name == "bfloat16":
        pytest.importorskip("ml_dtypes")
    x = minidl.tensor(numbers(37, 100)).to(getattr(minidl, name))

    def function(x):
        return minidl.softmax(x * 2, dim=-1), x.sum(0), x.amax(1), x.relu() @ x.mT, x.float().mean()

    graph = optimise(trace(function)(x))
    program = Processor(graph, [None] * len(graph.outputs))
    program.inputs[0][...] = x.array
    program.run()
    assert not any("left to" in note for note in program.notes)
    close = 2e-3 if name == "float16" else 1e-2
    for z, wanted in zip(program.outputs, function(x), strict=True):
        assert z.dtype == wanted.dtype
        np.testing.assert_allclose(z.astype("float32"), wanted.float().numpy(), close, close)


# From source to replay ------------------------------------------------------------------------


@pytest.fixture
def running(monkeypatch):
    """`running_gpu` with an imagined CuPy under it."""
    parts = [f"minidl.compiler.cuda.{name}_gpu" for name in ("running", "cublas", "nodes")]
    for part in parts:
        monkeypatch.delitem(sys.modules, part, raising=False)
    monkeypatch.setitem(sys.modules, "cupy", imagined.cupy())
    module = importlib.import_module(parts[0])
    monkeypatch.setattr(module, "Multiplier", imagined.Multiplier)
    monkeypatch.setitem(backend._PLACES, imagined.Array, backend.cpu)
    yield module
    for part in parts:
        sys.modules.pop(part, None)


def captured(running: Any, function: Callable, *arrays: np.ndarray) -> Any:
    """A function's program, its inputs filled, run once."""
    graph = optimise(trace(function)(*map(minidl.tensor, arrays)))
    program = running.CudaProgram(graph, [None] * len(graph.outputs))
    for place, x in zip(program.inputs, arrays, strict=True):
        place[...] = x
    program.run()
    return program


def test_products_are_captured_anew_when_a_switch_of_theirs_changes(running, monkeypatch):
    monkeypatch.setattr(products, "LARGEST", 0)
    x, y = (numbers(9, 9).astype("float16") for _ in "xy")
    imagined.Multiplier.narrow.clear()
    program, switch = captured(running, lambda x, y: x @ y, x, y), minidl.backends.cuda.matmul
    program.run()
    assert imagined.Multiplier.narrow == [True]
    try:
        switch.allow_fp16_reduced_precision_reduction = False
        program.run()
        program.run()
    finally:
        switch.allow_fp16_reduced_precision_reduction = True
    assert imagined.Multiplier.narrow == [True, False]


def test_one_graph_is_captured_and_replayed_on_new_numbers(running):
    x, y = numbers(6, 5), numbers(5, 4)
    program = captured(running, lambda x, y: minidl.softmax(x @ y, dim=-1).sum(0), x, y)
    assert program.statistics()["captured"] == "1 graph"
    for factor in (1, 2):
        program.inputs[0][...] = x * factor
        program.run()
        wanted = minidl.softmax(minidl.tensor(x * factor) @ minidl.tensor(y), dim=-1).sum(0)
        np.testing.assert_allclose(program.outputs[0], wanted.numpy(), rtol=1e-5)


def test_what_cannot_be_captured_stands_between_graphs(running, monkeypatch):
    monkeypatch.setattr(running.CudaProgram, "_tried", lambda self, action: "it waits for the card")
    program = captured(running, lambda x: minidl.cumsum(x + 1, 0) * 2, numbers(6, 5))
    assert program.statistics()["captured"] == "2 graphs, 1 calls of CuPy between them"
    assert any("cumsum is not part of a captured graph: it waits" in n for n in program.notes)
    wanted = np.cumsum(numbers(6, 5) + 1, 0) * 2
    np.testing.assert_allclose(program.outputs[0], wanted, rtol=1e-5)


def test_memory_that_is_bound_anew_is_captured_anew(running):
    program = captured(running, lambda x: x * 2, numbers(6, 5))
    other = numbers(6, 5).view(imagined.Array) + 1
    program.bind(0, other)
    program.run()
    np.testing.assert_allclose(program.outputs[0], other * 2)


@pytest.mark.parametrize("largest", [0, 100])
@pytest.mark.parametrize("changes", [False, True])
def test_arrays_that_are_brought_and_taken_may_lie_anywhere(running, monkeypatch, changes, largest):
    """Read and written there, or copied: where a library reads them, or something is changed."""
    monkeypatch.setattr(products, "LARGEST", largest)
    graph = optimise(trace(lambda x, y, w: (x * 2 + w, x @ y, w * 3))(
        *map(minidl.tensor, (numbers(6, 5), numbers(5, 4), numbers(5)))))  # fmt: skip
    targets = [None, None, 2 if changes else None]
    program = running.CudaProgram(graph, targets, Ends(given=(0, 1), taken=(0, 1)))
    program.inputs[2][...] = numbers(5)
    weight = numbers(5)
    for factor in (1, 2, 3):
        x, y = (numbers(*n).view(imagined.Array) * factor for n in ((6, 5), (5, 4)))
        made = [np.zeros(n, "float32").view(imagined.Array) for n in ((6, 5), (6, 4))]
        for place, array in zip([*program.given.values(), *program.taken.values()], [x, y, *made],
                                strict=True):  # fmt: skip
            place[0] = program.address(array)
        program.run()
        np.testing.assert_allclose(made[0], x * 2 + weight, rtol=1e-5)
        np.testing.assert_allclose(made[1], x @ y, rtol=1e-5, atol=1e-6)
        weight = weight * 3 if changes else weight
    assert program.statistics()["captured"] == "1 graph"


def test_an_index_out_of_range_is_said_at_the_next_run(running):
    program = captured(running, lambda x, i: x[i], numbers(4, 2), np.array([0, 9]))
    with pytest.raises(IndexError, match="out of range"):
        program.run()
    program.inputs[1][...] = 1
    program.run()
    program.run()


@pytest.mark.parametrize("heads", [1, 3])
def test_stacks_that_lie_unevenly_are_met_in_even_pieces(running, heads):
    """As attention's keys: of each sample all heads, in the middle of a wider matrix."""
    cublas = importlib.import_module("minidl.compiler.cuda.cublas_gpu")
    rows, size, batch = 8, 4, 5
    wide, square = 3 * heads * size, rows * rows
    memory = Buffer("arena", 10**4, np.dtype("float32"))
    a = View(memory, 0, (batch, heads, rows, size), (rows * wide, size, wide, 1))
    b = View(memory, 0, (batch, heads, size, rows), (0, size, 1, wide))
    c = View(memory, 0, (batch, heads, rows, rows), (heads * square, square, rows, 1))
    begins, (count, steps) = cublas.stacks(a, b, c)
    met = {tuple(x + i * s for x, s in zip(begin, steps, strict=True)) for begin in begins
           for i in range(count)}  # fmt: skip
    wanted = zip(*(cublas.places(view) // 4 for view in (a, b, c)), strict=True)
    assert met == {tuple(map(int, places)) for places in wanted}
    assert len(begins) == heads
