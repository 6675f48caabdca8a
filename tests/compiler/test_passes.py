"""The passes: what each makes of a small graph, what all keep, and that their work is linear."""

import re
import sys
from collections.abc import Callable

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.compiler import Graph, passes, trace
from minidl.compiler.passes import PASSES, optimise, stages
from minidl.compiler.plan import plan
from minidl.compiler.program import Program

X, Y = minidl.zeros(2, 3), minidl.zeros(2, 3)


def lines(graph: Graph) -> list[str]:
    """The calls of a graph and what it returns, without dtypes and with numbers from 0 on."""
    names = [*graph.inputs, *(call.output for call in graph.calls)]
    number = {x.index: i for i, x in enumerate(names)}
    text = repr(graph).replace(":float32", "")
    text = re.sub(r"%(\d+)", lambda found: f"%{number[int(found[1])]}", text)
    return [line.strip() for line in text.splitlines()[1:]]


def shown(step: Callable, function: Callable, *inputs: minidl.Tensor) -> list[str]:
    return lines(step(trace(function)(*inputs or (X, Y))))


def test_unused_leaves_out_what_no_output_needs():
    assert shown(passes.unused, lambda x, y: (x * y, x + 1)[1]) == [
        "%2[2,3] = add(%0[2,3], 1)",
        "return %2[2,3]",
    ]


def test_unused_keeps_draws_so_that_later_ones_stay_the_same():
    graph = trace(lambda x: (minidl.randn_like(x), x)[1])(X)
    assert [call.primitive.name for call in passes.unused(graph).calls] == ["normal_like"]


def test_outlines_frees_what_is_asked_for_its_shape_only():
    def function(x, y):
        return minidl.ops.fill(x * y, value=3.0), minidl.rand_like(x + y)

    graph = optimise(trace(function)(X, Y))
    assert [call.primitive.name for call in graph.calls] == ["expand", "uniform_like"]
    assert "expand(3.0, shape=(2, 3))" in repr(graph)


def test_broadcasts_computes_what_is_repeated_once():
    row = minidl.zeros(3)
    assert shown(passes.broadcasts, lambda x, r: x + r.expand(2, 3).exp(), X, row) == [
        "%2[2,3] = expand(%1[3], shape=(2, 3))",
        "%3[3] = exp(%1[3])",
        "%4[2,3] = expand(%3[3], shape=(2, 3))",
        "%5[2,3] = add(%0[2,3], %3[3])",
        "return %5[2,3]",
    ]


def test_broadcasts_multiplies_where_equal_numbers_were_added():
    graph = optimise(trace(lambda r: r.expand(4, 3).sum())(minidl.zeros(3)))
    assert lines(graph) == [
        "%1[1,3] = reshape(%0[3], shape=(1, 3))",
        "%2[1,1] = sum(%1[1,3], dims=(1,), keepdim=True)",
        "%3[1,1] = mul(%2[1,1], 4)",
        "%4[] = reshape(%3[1,1], shape=())",
        "return %4[]",
    ]


def test_constants_are_computed_while_compiling():
    w = minidl.tensor([1.0, 2.0, 3.0])
    graph = passes.constants(trace(lambda x: x + (x.new_tensor([2.0]) * w).sum())(X))
    assert lines(graph) == ["%1[2,3] = add(%0[2,3], 12.0)", "return %1[2,3]"]


def test_constants_stay_small():
    tall = lambda x: minidl.ops.fill(x[:1].expand(90000, 3), value=1.0)
    graph = optimise(trace(lambda x: tall(x).cumsum(0) + x.sum())(X))
    assert [call.primitive.name for call in graph.calls] == ["expand", "cumsum", "sum", "add"]


@pytest.mark.parametrize(
    ("function", "left"),
    [
        (lambda x, y: x + 0, []),
        (lambda x, y: 0 + x - 0, []),
        (lambda x, y: x * 1 / 1, []),
        (lambda x, y: x * minidl.ones(2, 3), []),
        (lambda x, y: minidl.neg(-x), []),
        (lambda x, y: x**1, []),
        (lambda x, y: x + (-y), ["sub"]),
        (lambda x, y: -x + y, ["sub"]),
        (lambda x, y: x - (-y), ["add"]),
        (lambda x, y: -x * -y, ["mul"]),
        (lambda x, y: x * -1, ["neg"]),
        (lambda x, y: minidl.ops.pow_(x, 2), ["mul"]),
        (lambda x, y: x**0.5, ["sqrt"]),
        (lambda x, y: x / 4, ["mul"]),
        (lambda x, y: x / 3, ["div"]),
        (lambda x, y: minidl.where(minidl.tensor(True), x, y), []),
        (lambda x, y: minidl.where(x > 0, y, y), []),
        (lambda x, y: ~~(x > 0), ["gt"]),
        (lambda x, y: x.double().float(), []),
        (lambda x, y: x.double().to(minidl.int64), ["cast"]),
        (lambda x, y: x.to(minidl.int64).float(), ["cast", "cast"]),
        (lambda x, y: x.to(minidl.float16).float(), ["cast", "cast"]),
        (lambda x, y: x * 0, ["mul"]),  # nan where x is inf
        (lambda x, y: x - x, ["sub"]),
    ],
)
def test_algebra_knows_what_is_equal(function, left):
    assert [call.primitive.name for call in optimise(trace(function)(X, Y)).calls] == left


@pytest.mark.parametrize(
    ("function", "left"),
    [
        (lambda x, y: x.reshape(6).reshape(3, 2), ["reshape"]),
        (lambda x, y: x.reshape(6).reshape(2, 3), []),
        (lambda x, y: x.T.T, []),
        (lambda x, y: x.unsqueeze(0).permute(1, 0, 2).permute(1, 2, 0), ["reshape", "permute"]),
        (lambda x, y: x.expand(2, 3), []),
        (lambda x, y: x.unsqueeze(0).expand(4, 2, 3).expand(5, 4, 2, 3), ["reshape", "expand"]),
        (lambda x, y: x.flip(0).flip(0), []),
        (lambda x, y: x[:, :], []),
        (lambda x, y: x.clone(), []),
    ],
)
def test_movement_moves_once(function, left):
    assert [call.primitive.name for call in optimise(trace(function)(X, Y)).calls] == left


def test_duplicates_are_computed_once_but_drawn_each_for_itself():
    def function(x, y):
        return (x * y)[0:1] + (x * y)[0:1] + minidl.rand_like(x) + minidl.rand_like(x)

    names = [c.primitive.name for c in passes.duplicates(trace(function)(X, Y)).calls]
    assert names == ["mul", "crop", "add", "uniform_like", "add", "uniform_like", "add"]


def test_duplicates_tell_equal_numbers_of_other_kinds_apart():
    graph = trace(lambda x, y: (x / 0.0, x / -0.0, x * 1, x * True))(X, Y)
    assert len(passes.duplicates(graph).calls) == 4


def test_stages_name_what_each_pass_made():
    graph = trace(lambda x, y: (x * 1 + y * 1).sum())(X, Y)
    found = stages(graph)
    assert [name for name, _ in found] == ["traced", *(step.__name__ for step in PASSES)]
    assert found[0][1] is graph and repr(found[-1][1]) == repr(optimise(graph))


def test_passes_leave_the_graph_they_were_given_and_keep_lines_and_modules():
    model = nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.LayerNorm(4))
    graph = trace(model)(X)
    before = repr(graph)
    new = optimise(graph)
    assert repr(graph) == before
    assert all(call.where.endswith("in traced") or ".py:" in call.where for call in new.calls)
    scopes = {call.scope for call in new.calls}
    assert scopes == {("Sequential", name) for name in "012"}


def test_an_output_may_be_an_input_or_a_constant():
    graph = optimise(trace(lambda x, y: (x * 1, minidl.ones_like(y) * 2, x))(X, Y))
    assert graph.outputs[0] is graph.inputs[0] is graph.outputs[2]
    got = graph.evaluate(np.full((2, 3), 5.0, "float32"), np.zeros((2, 3), "float32"))
    assert got[0][0, 0] == 5 and got[1][0, 0] == 2


# Growth -----------------------------------------------------------------------------------------


def chained(length: int) -> Callable:
    """A function of as many operations: some that passes change, and a long dependence."""

    def function(x):
        z = x
        for i in range(length // 5):
            z = (-(z * 1 + 0.5)).reshape(6).reshape(2, 3)
            z = z + (x * (i % 7))
        return z

    return function


def work(function: Callable, *args) -> tuple[int, Graph]:
    """How many functions are called to do it: a measure that does not depend on the machine."""
    count = 0

    def seen(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        result = function(*args)
    finally:
        sys.setprofile(None)
    return count, result


def planned(graph: Graph) -> Program:
    return plan(graph, [None])


@pytest.mark.parametrize("step", [*PASSES, planned], ids=lambda step: step.__name__)
def test_work_grows_with_the_graph_and_no_faster(step: Callable):
    (few, _), (many, _) = (work(step, trace(chained(n))(X)) for n in (200, 2000))
    assert many < 10.5 * few


def test_tracing_is_the_same_work_for_each_operation():
    (few, small), (many, large) = (work(trace(chained(n)), X) for n in (200, 2000))
    assert len(large.calls) == 10 * len(small.calls) and many < 10.5 * few


def test_gradients_of_long_programs_are_planned_in_proportion():
    def summed(n: int) -> Callable:
        return minidl.grad(lambda x: chained(n)(x.tanh()).tanh().sum())

    (few, _), (many, _) = (work(planned, optimise(trace(summed(n))(X))) for n in (200, 2000))
    assert many < 10.5 * few


@pytest.mark.slow
def test_a_graph_of_200_000_operations_is_traced_optimised_planned_and_run():
    graph = trace(chained(200_000))(X)
    assert len(graph.calls) >= 200_000
    program = planned(optimise(graph))
    program.inputs[0][...] = 0.25
    program.run()
    np.testing.assert_allclose(program.outputs[0], chained(200_000)(X + 0.25).numpy(), rtol=1e-4)
