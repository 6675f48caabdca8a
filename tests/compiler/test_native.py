"""The native emitter: every primitive, its gradient, threads, and what lies in memory where."""

import os
import subprocess
import sys
from itertools import combinations, product

import numpy as np
import pytest

import minidl
import minidl.nn.functional as F
from minidl import nn
from minidl.compiler import Graph, trace
from minidl.compiler.native import BuildError, building, memory, steps
from minidl.compiler.native.emitting import native
from minidl.compiler.native.views import Buffer
from minidl.primitive import TABLE
from minidl.tensors import Tensor
from tests.core.table import ROWS

pytestmark = pytest.mark.skipif(building.compiler() is None, reason="there is no C compiler")


@pytest.fixture(autouse=True)
def shared(monkeypatch):
    """However small a loop is, its threads share it."""
    monkeypatch.setattr(steps, "ALONE", 1)
    monkeypatch.setattr(steps, "SMALL", 1)


def run(graph, inputs, threads=1):
    program = native(graph, [None] * len(graph.outputs), threads)
    for place, x in zip(program.inputs, inputs, strict=True):
        np.copyto(place, x)
    program._arena.view("uint8")[...] = 255  # nan: nothing may be read that was not written
    program.run()
    return program.outputs


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("kind", ["float64", "float32"])
def test_every_primitive_computes_what_its_forward_rule_does(kind, threads):
    """All rows of the table in one program: a compiler is called once."""
    rows = [[x.astype(kind) if x.dtype.kind == "f" else x for x in row.inputs] for row in ROWS]

    def every(*xs):
        given = iter(xs)
        return [
            TABLE[row.name](*(next(given) for _ in row.inputs), **row.params) for row in ROWS
        ]

    inputs = [x for row in rows for x in row]
    results = run(trace(every)(*map(minidl.tensor, inputs)), inputs, threads)
    for row, given, got in zip(ROWS, rows, results, strict=True):
        expected = np.asarray(TABLE[row.name](*given, **row.params))
        exact = expected.dtype.itemsize == 8
        assert (got.shape, got.dtype) == (expected.shape, expected.dtype), row.name
        np.testing.assert_allclose(
            got, expected, rtol=1e-11 if exact else 1e-5, atol=1e-12 if exact else 1e-6,
            err_msg=row.name,
        )  # fmt: skip


FUNCTIONS = {
    "softmax": lambda x: x.softmax(-1),
    "log_softmax of columns": lambda x: x.log_softmax(0),
    "layer_norm": lambda x: F.layer_norm(x, x.shape[1:]),
    "gelu": F.gelu,
    "two sums of one walk": lambda x: x.exp().sum() + (x.exp() * x).sum(1).amax(),
    "transposed": lambda x: (x.T * 2).reshape(-1).tanh() + x.reshape(-1),
    "cut and put together": lambda x: minidl.cat([c.tanh() for c in x.chunk(5, 1)], 1),
    "var of rows": lambda x: x.var(1) / x.std(),
    "extremes": lambda x: x.amax(0) - x.amin(0).cumsum(0) + x.max(),
    "max_pool": lambda x: F.max_pool2d(x.reshape(1, 4, 10, 15), 2),
    "conv": lambda x: F.conv2d(x.reshape(5, 2, 6, 10), x[:3, :18].reshape(3, 2, 3, 3), padding=1),
    "grouped conv": lambda x: F.conv1d(
        x.reshape(5, 4, 30), x[:4, :6].reshape(4, 2, 3), stride=2, groups=2, dilation=2, padding=3
    ),
    "attention": lambda x: F.scaled_dot_product_attention(
        *x.reshape(3, 1, 2, 10, 10).unbind(0), is_causal=True
    ),
    "indices": lambda x: x[minidl.tensor([3, 0, -1]), 2:9] + x[:, minidl.tensor([5])][:3],
    "cross_entropy": lambda x: F.cross_entropy(x, minidl.arange(20) % 30),
    "a border of two widths": lambda x: F.conv2d(
        F.pad(x.reshape(5, 2, 6, 10), (0, 1, 1, 2)), x[:8, :8].reshape(8, 2, 2, 2)
    ),
    "windows that leave a rest": lambda x: F.conv2d(
        x.reshape(5, 2, 6, 10), x[:8, :8].reshape(8, 2, 2, 2), stride=(3, 1)
    ),
}


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_functions_and_their_gradients(threads):
    minidl.manual_seed(3)
    x = minidl.randn(20, 30)

    def both(function, x):
        x = x.detach().requires_grad_()
        z = function(x)
        weights = minidl.arange(z.numel()).reshape(z.shape) % 7 - 2.5
        (z * weights).sum().backward()
        return z, x.grad

    every = lambda x: [z for function in FUNCTIONS.values() for z in both(function, x)]
    got = run(trace(every)(x), [x.numpy()], threads)
    names = [name for name in FUNCTIONS for _ in range(2)]
    for name, mine, expected in zip(names, got, every(x), strict=True):
        np.testing.assert_allclose(
            mine, expected.detach().numpy(), rtol=2e-4, atol=2e-5, err_msg=name
        )


def test_weights_are_written_where_the_old_ones_stood():
    graph = Graph()
    w, x = (Tensor(graph.add_input((4, 4), np.dtype("float32"))) for _ in range(2))
    graph.outputs = [(w - 0.5 * x).array, (w @ x).array, x.array, w.array]
    program = native(graph, [0, None, None, 1], 1)
    weights, other = np.ones((4, 4), "float32"), np.full((4, 4), 2.0, "float32")
    program.bind(0, weights)
    program.bind(1, other)
    program.run()
    assert (weights == 0).all() and (program.outputs[1] == 8).all()  # read before they change
    assert (program.outputs[2] == 2).all() and (other == 1).all()


def test_two_states_may_change_places():
    graph = Graph()
    a, b = (graph.add_input((3,), np.dtype("float32")) for _ in range(2))
    graph.outputs = [b, a]
    program = native(graph, [0, 1], 1)
    np.copyto(program.inputs[0], [1, 2, 3])
    np.copyto(program.inputs[1], [4, 5, 6])
    program.run()
    assert program.inputs[0].tolist() == [4, 5, 6] and program.inputs[1].tolist() == [1, 2, 3]


def test_an_index_out_of_range_is_refused():
    table, i = minidl.randn(5, 3), minidl.tensor([0, 4])
    graph = trace(lambda t, i: t[i])(table, i)
    program = native(graph, [None], 1)
    np.copyto(program.inputs[0], table.numpy())
    np.copyto(program.inputs[1], [0, -5])
    program.run()
    np.testing.assert_array_equal(program.outputs[0], table.numpy()[[0, 0]])
    np.copyto(program.inputs[1], [0, 5])
    with pytest.raises(IndexError, match="out of range"):
        program.run()
    np.copyto(program.inputs[1], [1, 2])
    program.run()


def test_random_numbers_are_those_of_eager():
    x = minidl.randn(40, 50)
    function = lambda x: F.dropout(x, 0.4) + minidl.randn_like(x)
    graph = trace(function)(x)
    program = native(graph, [None], 2)
    np.copyto(program.inputs[0], x.numpy())
    minidl.manual_seed(5)
    expected = [function(x).numpy() for _ in range(3)]
    minidl.manual_seed(5)
    for z in expected:
        program.run()
        np.testing.assert_allclose(program.outputs[0], z, rtol=1e-5, atol=1e-6)
    assert not np.allclose(expected[0], expected[1])


def test_memory_is_used_again():
    def chain(x):
        for _ in range(30):
            x = (x @ x).tanh()
        return x

    program = native(trace(chain)(minidl.randn(64, 64)), [None], 1)
    assert program.statistics()["arena_bytes"] <= 3 * 64 * 64 * 4 + 256


def test_rows_of_softmax_are_one_walk():
    program = native(trace(lambda x: x.softmax(-1))(minidl.randn(8, 16)), [None], 1)
    assert program.statistics()["kernels"] == 1
    assert "fast_exp" in program.source()
    assert program.notes == ["1 x fused into one loop: amax, sub, exp, sum, div"]


@pytest.mark.parametrize("threads", [1, 2])
def test_places_of_a_row_may_add_to_one_sum(threads):
    """In each row of 56 places, seven add to each of eight sums: none may do so side by side."""
    x = np.random.default_rng(0).standard_normal((6, 4, 7, 8)).astype("float32")
    both = lambda y: [y.sum((2, 3)), y.sum((0, 1, 2))]
    function = lambda x: both(2 * x)
    rows, columns = run(trace(function)(minidl.tensor(x)), [x], threads)
    np.testing.assert_allclose(rows, (2 * x).sum((2, 3)), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(columns, (2 * x).sum((0, 1, 2)), rtol=1e-4, atol=1e-4)


def test_notes_say_what_kept_calls_apart():
    program = native(trace(lambda x: (x.exp() @ x).tanh().T.exp())(minidl.randn(8, 8)), [None], 1)
    assert "1 results go through memory: matmul reads it whole" in program.notes


def test_what_c_cannot_do_numpy_does_between():
    a = minidl.randn(4, 4)
    function = lambda a: minidl.linalg.inv(a @ a.T + minidl.eye(4)).exp() @ a
    graph = trace(function)(a)
    program = native(graph, [None], 1)
    np.copyto(program.inputs[0], a.numpy())
    program.run()
    np.testing.assert_allclose(program.outputs[0], function(a).numpy(), rtol=1e-4)
    assert any("inv" in note for note in program.notes)


def test_what_networks_are_made_of_is_left_to_no_other():
    """No call of a usual training step falls out of the native function."""
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(128, 12), nn.LayerNorm(12), nn.GELU(), nn.Dropout(0.1), nn.Linear(12, 5),
    )  # fmt: skip
    optimizer = minidl.optim.AdamW(model.parameters())

    @minidl.compile
    def step(x, y):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    x, y = minidl.randn(4, 1, 8, 8), minidl.tensor([0, 1, 2, 4])
    for _ in range(3):
        step(x, y)
    assert "left to NumPy" not in str(step.explain())
    assert "NativeProgram" in str(step.explain())


def test_heads_lie_side_by_side_at_once_though_others_read_them_too():
    p, v, w = minidl.rand(2, 3, 5, 5), minidl.randn(2, 3, 5, 4), minidl.randn(12, 7)

    def function(p, v, w):
        heads = p @ v
        return heads.transpose(1, 2).reshape(2, 5, 12) @ w, (heads * 2).sum(-1)

    program = native(trace(function)(p, v, w), [None, None], 1)
    for place, x in zip(program.inputs, (p, v, w), strict=True):
        place[...] = x.numpy()
    program.run()
    for got, wanted in zip(program.outputs, function(p, v, w), strict=True):
        np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-5, atol=1e-6)
    assert "/* copy" not in program.source()


def test_functions_of_c_are_exact_enough():
    """Units in the last place, over the range of each: what runtime.h's comments promise."""
    x = np.linspace(-30, 30, 200_001).astype("float32")
    cases = {
        "exp": (lambda t: t.exp(), np.exp, x), "tanh": (lambda t: t.tanh(), np.tanh, x),
        "log": (lambda t: t.log(), np.log, np.exp(x)),
        "expm1": (lambda t: minidl.expm1(t), np.expm1, x),
        "erf": (lambda t: minidl.erf(t), None, x / 6),
    }  # fmt: skip
    for name, (function, reference, points) in cases.items():
        (got,) = run(trace(function)(minidl.tensor(points)), [points])
        wide = minidl.tensor(points.astype("float64"))
        expected = function(wide).numpy() if reference is None else reference(wide.numpy())
        distance = np.abs(got - expected) / np.spacing(np.abs(expected).astype("float32"))
        assert distance.max() < (6 if name == "erf" else 2.5), (name, distance.max())


def test_halves_are_moved_by_c_and_asked_by_numpy():
    x = np.array([0.0, -0.0, np.nan, 1, np.inf], "float16")
    for function in (minidl.isnan, minidl.logical_not, lambda t: t.bool(), lambda t: t.flip(0)):
        (got,) = run(trace(function)(minidl.tensor(x)), [x])
        np.testing.assert_array_equal(got, function(minidl.tensor(x)).numpy())


def test_functions_of_c_at_their_ends():
    x = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 89.0, -120.0, 1e-30], "float32")
    with np.errstate(all="ignore"):
        for function in (np.exp, np.tanh, np.log, np.expm1, np.sqrt):
            name = function.__name__
            (got,) = run(trace(lambda t, n=name: getattr(minidl, n)(t))(minidl.tensor(x)), [x])
            np.testing.assert_allclose(got, function(x), rtol=1e-6, atol=3e-38)


def test_a_child_process_has_threads_of_its_own():
    code = """
import os, numpy as np, minidl
from minidl.compiler import trace
from minidl.compiler.native.emitting import native
x = minidl.randn(200, 300)
program = native(trace(lambda x: (x.exp() @ x.T).sum(0))(x), [None], 2)
np.copyto(program.inputs[0], x.numpy()); program.run(); before = program.outputs[0].copy()
child = os.fork()
program.run()
assert np.array_equal(program.outputs[0], before)
if child: assert os.waitpid(child, 0)[1] == 0
else: os._exit(0)
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=100)


def test_processes_may_build_at_once(tmp_path):
    code = "from minidl.compiler.native.building import build; print(build('int x;'))"
    environment = {**os.environ, "MINIDL_CACHE": str(tmp_path)}
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = {process.communicate(timeout=100)[0] for process in both}
    assert len(said) == 1 and all(process.returncode == 0 for process in both)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".c", ".so"]


def test_without_a_compiler_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("MINIDL_CC", "")
    monkeypatch.setenv("MINIDL_CACHE", str(tmp_path))
    building.compiler.cache_clear()
    try:
        with pytest.raises(BuildError, match="no C compiler"):
            native(trace(lambda x: x + 12345)(minidl.ones(3)), [None])
    finally:
        building.compiler.cache_clear()


def test_a_compiler_that_cannot_be_called_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MINIDL_CC", "no-such-compiler")
    monkeypatch.setenv("MINIDL_CACHE", str(tmp_path))
    for known in (building.compiler, building.identity):
        known.cache_clear()
    try:
        with pytest.raises(BuildError, match="no-such-compiler cannot be called"):
            native(trace(lambda x: x + 12345)(minidl.ones(3)), [None])
    finally:
        for known in (building.compiler, building.identity):
            known.cache_clear()


def test_without_ctypes_numpy_runs_the_plan():
    code = """
import os, sys
sys.modules["ctypes"] = sys.modules["_ctypes"] = None
if hasattr(os, "sched_getaffinity"): del os.sched_getaffinity
import minidl
function = minidl.compile(lambda x: x.exp().sum())
assert function(minidl.zeros(3)).item() == 3
(meaning,) = function.explain().meanings
assert meaning["backend"] == "Plan" and "ctypes" in meaning["notes"][0], meaning
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)


def test_a_recurrent_layer_shares_its_loops():
    model = nn.LSTM(3, 4)
    x = minidl.randn(12, 2, 3)

    def loss(x):
        return (model(x)[0] ** 2).sum()

    graph = trace(lambda x: minidl.grad(loss)(x))(x)
    program = native(graph, [None], 1)
    np.copyto(program.inputs[0], x.numpy())
    program.run()
    expected = minidl.grad(loss)(x).detach().numpy()
    np.testing.assert_allclose(program.outputs[0], expected, rtol=1e-4, atol=1e-6)
    assert program.statistics()["functions"] < program.statistics()["kernels"] / 2


def test_a_key_of_slices_alone_is_no_index():
    x = minidl.randn(2, 3, 8, 8)
    pooled = minidl.compile(lambda x: F.max_pool2d(x, 3, 2, 1) * 2)
    np.testing.assert_array_equal(pooled(x).numpy(), (F.max_pool2d(x, 3, 2, 1) * 2).numpy())


@pytest.mark.parametrize(("threads", "kind"), [(1, "float32"), (2, "float32"), (2, "float64")])
@pytest.mark.parametrize("rows", [1, 3, 7, 12, 27, 64])
@pytest.mark.parametrize("turned", [False, True])
def test_a_matrix_that_is_met_again_is_laid_out_once(rows, turned, threads, kind):
    def steps_of_a_sequence(h, w, v):
        w = w.t() if turned else w
        for _ in range(4):
            h = (h @ w).tanh() @ v
        return h

    shapes = ((rows, 19), (45, 19) if turned else (19, 45), (45, 19))
    draws = np.random.default_rng(0)
    inputs = [draws.normal(size=shape).astype(kind) / 5 for shape in shapes]
    graph = trace(steps_of_a_sequence)(*map(minidl.tensor, inputs))
    text = native(graph, [None], threads).source()
    assert (text.count(" as panels,"), text.count(" in panels,")) == (2, 8)
    (got,) = run(graph, inputs, threads)
    expected = steps_of_a_sequence(*map(minidl.tensor, inputs)).numpy()
    exact = kind == "float64"
    np.testing.assert_allclose(got, expected, rtol=1e-11 if exact else 1e-4,
                               atol=1e-12 if exact else 1e-5)  # fmt: skip


def attention_of(shapes, causal, layout):
    """A function of q, k, v and g that answers with z and the gradients, and inputs for it."""
    draws = np.random.default_rng(4)
    inputs = [draws.normal(size=shape).astype("float32") for shape in shapes]
    if layout == "in the middle of rows":  # as heads that are cut from one product
        inputs = [np.ascontiguousarray(x.swapaxes(-2, -3)) for x in inputs]
    if layout == "turned":
        inputs = [np.ascontiguousarray(x.swapaxes(-1, -2)) for x in inputs]

    def function(q, k, v, g):
        if layout != "in order":
            dims = (-2, -3) if layout == "in the middle of rows" else (-1, -2)
            q, k, v, g = (x.transpose(*dims) for x in (q, k, v, g))
        leaves = [x.detach().requires_grad_() for x in (q * 3, k, v)]
        z = F.scaled_dot_product_attention(*leaves, is_causal=causal)
        together = z.transpose(-2, -3).reshape(*z.shape[:-3], z.shape[-2], -1)
        return together * 2, *minidl.autograd.grad(z, leaves, g)

    return function, inputs


def test_zeros_around_a_part_are_written_wherever_it_lies():
    """The gradient of k[:, :1] lies among those of q, k and v, and is 0 for all other heads."""

    def slopes(p, w):
        p = p.detach().requires_grad_()
        q, k, v = (x.reshape(2, 6, 3, 4).transpose(1, 2) for x in (p @ w).chunk(3, 2))
        scores = (q @ k[:, :1].expand(2, 3, 6, 4).transpose(2, 3)).softmax(-1)
        return minidl.autograd.grad((scores @ v + q).square().sum(), [p])

    draws = np.random.default_rng(0)
    inputs = [draws.normal(size=shape).astype("float32") for shape in ((2, 6, 12), (12, 36))]
    (expected,) = slopes(*map(minidl.tensor, inputs))
    (got,) = run(trace(slopes)(*map(minidl.tensor, inputs)), inputs)
    np.testing.assert_allclose(got, expected.numpy(), rtol=1e-4, atol=1e-4)


def test_two_dtypes_meet_as_in_eager_mode():
    x, y = np.ones((4, 5), "float64"), np.ones((5, 3), "float32")
    graph = Graph()
    symbols = [graph.add_input(a.shape, a.dtype) for a in (x, y)]
    graph.outputs = [minidl.ops.matmul_(*symbols)]
    np.testing.assert_array_equal(run(graph, [x, y])[0], x @ y)


def test_options_that_are_numpy_numbers_widen_nothing():
    function = lambda x, w: (
        F.layer_norm(x, (8,), w, w, np.float64(1e-5)),
        F.scaled_dot_product_attention(x, x, x, scale=np.float64(0.3)),
    )
    given = minidl.randn(2, 5, 8), minidl.randn(8)
    for mine, other in zip(minidl.compile(function)(*given), function(*given), strict=True):
        assert mine.dtype == other.dtype == minidl.float32
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-5, atol=1e-6)


LAYOUTS = ("in order", "in the middle of rows", "turned")
SIZES = (64, 64, 8, 8), (130, 97, 5, 19), (70, 129, 16, 3), (1, 4100, 2, 2)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_attention_is_one_step(threads):
    """Whatever its sizes and wherever its numbers lie; all in one program."""
    parts = []
    for layout, causal, (queries, keys, d, m) in product(LAYOUTS, (False, True), SIZES):
        matrices = (queries, d), (keys, d), (keys, m), (queries, m)
        parts.append(attention_of([(2, 3, *matrix) for matrix in matrices], causal, layout))
    inputs = [x for _, given in parts for x in given]

    def every(*xs):
        given = iter(xs)
        return [z for part, _ in parts for z in part(*(next(given) for _ in range(4)))]

    graph = trace(every)(*map(minidl.tensor, inputs))
    assert "memory" not in str(graph)  # a note of eager mode's
    text = native(graph, [None] * len(graph.outputs), threads).source()
    assert text.count(" attention(p, &s") == text.count(" attention_slopes(p, &s") == len(parts)
    expected = every(*map(minidl.tensor, inputs))
    for number, (mine, other) in enumerate(zip(run(graph, inputs, threads), expected, strict=True)):
        np.testing.assert_allclose(mine, other.detach().numpy(), rtol=2e-4, atol=2e-5,
                                   err_msg=f"result {number % 4} of {number // 4}")  # fmt: skip


def test_attention_of_wild_numbers_is_as_eager():
    shapes = [(2, 2, 64, 8)] * 4
    function, inputs = attention_of(shapes, True, "in order")
    inputs[0] *= 30  # scores of some hundreds
    inputs[1][0, 0, 40] = np.nan  # queries from 40 on meet it
    graph = trace(function)(*map(minidl.tensor, inputs))
    expected = function(*map(minidl.tensor, inputs))
    for mine, other in zip(run(graph, inputs, 2), expected, strict=True):
        other = other.detach().numpy()
        np.testing.assert_array_equal(np.isnan(mine), np.isnan(other))
        np.testing.assert_allclose(mine, other, rtol=1e-3, atol=2e-4)


def test_what_is_alive_at_once_lies_apart_and_little_is_wasted():
    draws = np.random.default_rng(0)
    lives = [(a, a + n) for a, n in draws.integers(0, (90, 10), (200, 2))] + [(0, 100)] * 3
    buffers = [Buffer("arena", int(draws.integers(1, 5000)), np.dtype("float32")) for _ in lives]
    program = []
    for number in range(101):
        touched = [b for b, (a, z) in zip(buffers, lives, strict=True) if number in (a, z)]
        program.append(steps.Step([], touched, lambda at: []))
    size = memory.place(program)
    for (one, (a, z)), (other, (b, y)) in combinations(zip(buffers, lives, strict=True), 2):
        if a <= y and b <= z:
            low, high = sorted((one, other), key=lambda buffer: buffer.offset)
            assert low.offset + low.bytes <= high.offset
    assert size <= 1.1 * memory.peak(program)
