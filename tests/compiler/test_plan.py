"""The plan: every primitive of the table, bound memory, targets, the random stream."""

import numpy as np
import pytest

import minidl
from minidl.compiler import trace
from minidl.compiler.passes import optimise
from minidl.compiler.plan import plan
from minidl.primitive import TABLE

from ..core.table import RANDOM, ROWS

IDS = [f"{row.name}-{i}" for i, row in enumerate(ROWS)]


def moving(row):
    """The inputs of real numbers that have a gradient."""
    real = [i for i, x in enumerate(row.inputs) if x.dtype.kind == "f" and TABLE[row.name].rules]
    return real if row.nudge is None else [i for i in row.nudge if i in real]


def run(graph, inputs):
    program = plan(graph, [None] * len(graph.outputs))
    for place, x in zip(program.inputs, inputs, strict=True):
        place[...] = x
    program.run()
    return program.outputs


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_every_primitive_gives_eagers_numbers(row):
    tensors = [minidl.tensor(x) for x in row.inputs]
    masks = [x.dtype == minidl.bool for x in tensors]
    if row.name in ("gather_at", "scatter_at", "put_at", "fold_at") and any(masks):
        pytest.skip("a mask has no shape on paper")
    function = lambda *xs: TABLE[row.name](*xs, **row.params)
    (got,) = run(optimise(trace(function)(*tensors)), row.inputs)
    expected = function(*tensors)
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(got, expected.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("row", [r for r in ROWS if moving(r)], ids=lambda row: row.name)
def test_every_gradient_is_eagers(row):
    places = moving(row)

    def gradients(*xs):
        leaves = [x.detach().requires_grad_(i in places) for i, x in enumerate(xs)]
        inputs = [row.through(x) if i in places else x for i, x in enumerate(leaves)]
        z = TABLE[row.name](*inputs, **row.params)
        z = minidl.view_as_real(z) if z.is_complex() else z
        found = minidl.autograd.grad((z**2).sum(), [leaves[i] for i in places], allow_unused=True)
        return tuple(g for g in found if g is not None)

    tensors = [minidl.tensor(x) for x in row.inputs]
    got = run(optimise(trace(gradients)(*tensors)), row.inputs)
    for z, wanted in zip(got, gradients(*tensors), strict=True):
        np.testing.assert_allclose(z, wanted.numpy(), rtol=1e-10, atol=1e-12)


def _drawn(name, x):
    params = {"integers_like": {"low": 0, "high": 9}}.get(name, {})
    params |= {"draws": 2, "replacement": True} if name == "multinomial" else {}
    return TABLE[name](*([x, x] if name == "normal" else [x]), **params,
                       generator=minidl.default_generator)  # fmt: skip


@pytest.mark.parametrize("name", sorted(RANDOM))
def test_random_primitives_draw_what_eager_draws_and_afresh_each_run(name):
    x = minidl.tensor([0.5, 0.25, 0.75, 0.5, 0.5, 0.5, 0.5, 0.5])
    graph = optimise(trace(lambda x: (_drawn(name, x), _drawn(name, x)))(x))
    program = plan(graph, [None, None])
    program.inputs[0][...] = x.array
    minidl.manual_seed(5)
    expected = [_drawn(name, x).numpy() for _ in range(4)]
    minidl.manual_seed(5)
    program.run()
    first = [z.copy() for z in program.outputs]
    program.run()
    for z, wanted in zip([*first, *program.outputs], expected, strict=True):
        np.testing.assert_array_equal(z, wanted)


def test_an_input_is_read_where_it_is_bound_and_written_where_it_is_a_target():
    graph = trace(lambda w, g: (w - 0.5 * g, (w * g).sum()))(minidl.ones(3), minidl.ones(3))
    program = plan(optimise(graph), [0, None])
    weights = np.array([1, 2, 3], "float32")
    program.bind(0, weights)
    program.inputs[1][...] = 2
    program.run()
    assert weights.tolist() == [0, 1, 2] and program.outputs[1] == 12
    assert program.outputs[0] is weights
    program.run()
    assert weights.tolist() == [-1, 0, 1] and program.outputs[1] == 6
    program.bind(0, again := np.ones(3, "float32"))
    program.run()
    assert again.tolist() == [0, 0, 0] and weights.tolist() == [-1, 0, 1]


def test_targets_are_written_after_all_inputs_are_read():
    graph = trace(lambda x, y: (y, x, x + y, y[::2]))(minidl.ones(3), minidl.ones(3))
    program = plan(optimise(graph), [0, 1, None, None])
    program.inputs[0][...], program.inputs[1][...] = [1, 2, 3], [4, 5, 6]
    program.run()
    assert [z.tolist() for z in program.outputs] == [[4, 5, 6], [1, 2, 3], [5, 7, 9], [4, 6]]


def test_outputs_are_no_windows_into_memory_that_changes():
    graph = trace(lambda x: (x.T, x, x * 2, x * 2))(minidl.ones(2, 2))
    program = plan(optimise(graph), [None] * 4)
    program.inputs[0][...] = [[1, 2], [3, 4]]
    program.run()
    program.inputs[0][...] = 0
    assert program.outputs[0].tolist() == [[1, 3], [2, 4]]
    program.outputs[2][...] = 7
    assert program.outputs[3].tolist() == [[2, 4], [6, 8]]


def steps_of(function, *inputs, targets=None):
    """The lines of a plan without the places in the user's code, and the plan."""
    graph = optimise(trace(function)(*inputs))
    program = plan(graph, targets or [None] * len(graph.outputs))
    return [line.split("  #")[0] for line in program.source().splitlines()], program


def test_rules_become_ufuncs_that_write_over_what_is_read_for_the_last_time():
    lines, program = steps_of(lambda x: (x.sigmoid() * x).sum(0), minidl.ones(2, 3))
    assert lines == [
        "memory: 64 bytes",
        "m0[2,3] = multiply(x0[2,3], 0.5)",
        "m0[2,3] = tanh(m0[2,3])",
        "m0[2,3] = multiply(m0[2,3], 0.5)",
        "m0[2,3] = add(m0[2,3], 0.5)",
        "m0[2,3] = multiply(m0[2,3], x0[2,3])",
        "z0[3] = add.reduce(m0[2,3], axis=(0,), dtype=float32, keepdims=False)",
    ]
    facts = program.statistics()
    assert (facts["kernels"], facts["buffers"], facts["peak_bytes"]) == (6, 2, 64 + 12)
    assert facts["bytes_moved"] == 24 * 2 * 4 + 24 * 3 + 24 + 12


def test_views_are_no_steps_and_keep_what_they_show_alive():
    lines, program = steps_of(lambda x: x.exp().T.reshape(-1) * 2, minidl.ones(2, 3))
    assert lines[1:] == [
        "m0[2,3] = exp(x0[2,3])",
        "m64[6] = reshape(m0[2,3].permute[3,2], shape=(6,))",
        "z0[6] = multiply(m64[6], 2)",
    ]
    program.inputs[0][...] = np.log([[1, 2, 3], [4, 5, 6]])
    program.run()
    np.testing.assert_allclose(program.outputs[0], [2, 8, 4, 10, 6, 12], rtol=1e-6)


def test_a_long_chain_needs_no_more_memory_than_a_short_one():
    def function(x):
        for _ in range(40):
            x = (x @ x).tanh() + x
        return x

    _, program = steps_of(function, minidl.ones(8, 8))
    assert program.statistics()["peak_bytes"] == 3 * 256


def test_results_are_written_straight_over_the_inputs_they_replace():
    def step(w, g, m):
        m = m * 0.9 + g
        return w - 0.1 * m, m

    lines, _ = steps_of(step, *[minidl.ones(3)] * 3, targets=[0, 2])
    assert [line[:2] for line in lines[1:]] == ["m0", "z1", "m0", "z0"]


def test_inputs_that_share_memory_are_read_before_any_is_written():
    graph = optimise(trace(lambda x, y: (x * 2, y + 1))(minidl.ones(4), minidl.ones(4)))
    program = plan(graph, [0, None])
    memory = np.arange(6, dtype="float32")
    program.bind(0, memory[:4])
    program.bind(1, memory[2:])
    program.run()
    assert memory.tolist() == [0, 2, 4, 6, 4, 5] and program.outputs[1].tolist() == [3, 4, 5, 6]


def test_an_input_may_be_bound_to_memory_that_is_not_in_order():
    graph = optimise(trace(lambda x: x.reshape(-1) * 2)(minidl.ones(2, 3)))
    program = plan(graph, [None])
    memory = np.arange(6, dtype="float32").reshape(3, 2)
    program.bind(0, memory.T)
    program.run()
    assert program.outputs[0].tolist() == [0, 4, 8, 2, 6, 10]
    memory += 1
    program.run()
    assert program.outputs[0].tolist() == [2, 6, 10, 4, 8, 12]


def test_integers_too_large_for_their_dtype_lose_their_upper_bits_as_in_eager():
    x = minidl.tensor([1, 2], dtype=minidl.uint8)
    (got,) = run(optimise(trace(lambda x: x + 300)(x)), [x.numpy()])
    assert got.tolist() == (x + 300).tolist() == [45, 46]


def test_what_reads_an_output_finds_it_where_it_is_bound():
    def step(w, room):
        g = w * 3
        return g, w - g.reshape(2, 2).sum()

    graph = optimise(trace(step)(minidl.ones(4), minidl.ones(4)))
    program = plan(graph, [1, 0])
    for _ in range(2):
        weights, room = np.ones(4, "float32"), np.zeros(4, "float32")
        program.bind(0, weights)
        program.bind(1, room)
        program.run()
        assert room.tolist() == [3] * 4 and weights.tolist() == [-11] * 4


def test_cheap_results_are_made_again_rather_than_kept():
    def function(x):
        half = x * 0.5 + 1
        z = half.exp()
        for _ in range(100):
            z = z.tanh()
        return z * half

    x = minidl.ones(128, 128)
    lines, program = steps_of(function, x)
    made = [line.split(" = ")[1].split("(")[0] for line in lines[1:]]
    assert made == ["multiply", "add", "exp", *["tanh"] * 100, "multiply", "add", "multiply"]
    assert program.statistics()["peak_bytes"] == 3 * 4 * 128 * 128
    program.inputs[0][...] = 1
    program.run()
    np.testing.assert_allclose(program.outputs[0], function(x).numpy(), rtol=1e-6)
