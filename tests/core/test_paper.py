"""Tracing: graphs of losses, gradients and modules, and what paper refuses."""

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.compiler import trace


def test_a_graph_reads_like_the_code():
    graph = trace(lambda x, w: (x @ w).relu().sum())(minidl.zeros(2, 3), minidl.zeros(3, 4))
    assert [call.primitive.name for call in graph.calls] == ["matmul", "relu", "sum"]
    assert repr(graph).splitlines() == [
        "graph(%0:float32[2,3], %1:float32[3,4]):",
        "  %2:float32[2,4] = matmul(%0:float32[2,3], %1:float32[3,4])",
        "  %3:float32[2,4] = relu(%2:float32[2,4])",
        "  %4:float32[] = sum(%3:float32[2,4], dims=(0, 1), keepdim=False)",
        "  return %4:float32[]",
    ]


def test_loss_gradient_and_gradient_of_gradient_without_numbers():
    def loss(w, x):
        return ((x @ w).tanh() ** 2).mean()

    w, x = minidl.randn(3, 2, dtype=minidl.float64), minidl.randn(4, 3, dtype=minidl.float64)
    slope = minidl.grad(loss)
    curve = minidl.grad(lambda w, x: (slope(w, x) ** 2).sum())
    for function in (loss, slope, curve):
        graph = trace(function)(w, x)
        (got,) = graph.evaluate(w, x)
        np.testing.assert_allclose(got, function(w, x).numpy(), rtol=1e-12)
        (again,) = graph.used().evaluate(w, x)
        np.testing.assert_allclose(again, got)


def test_backward_can_be_traced():
    def step(w, x):
        w = w.detach().requires_grad_()
        (x * w).sum().backward()
        return w - 0.1 * w.grad

    x = minidl.tensor([1.0, 2.0])
    (got,) = trace(step)(minidl.ones(2), x).evaluate(minidl.ones(2), x)
    np.testing.assert_allclose(got, [0.9, 0.8], rtol=1e-6)


def test_calls_know_their_module_and_their_line():
    model = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Tanh(), nn.Linear(4, 2)))
    graph = trace(model)(minidl.zeros(5, 3))
    scopes = {call.scope for call in graph.calls}
    assert ("Sequential", "0") in scopes and ("Sequential", "1", "0") in scopes
    graph = trace(lambda x: x.exp())(minidl.zeros(2))
    assert graph.calls[0].where.startswith("test_paper.py:")


def test_captured_tensors_become_constants():
    w = minidl.tensor([3.0, 4.0])
    graph = trace(lambda x: (x * w).sum())(minidl.ones(2))
    assert "constant:float32[2]" in repr(graph)
    assert graph.evaluate(minidl.ones(2))[0] == 7


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: x if x.sum() > 0 else -x, "where"),
        (lambda x: x * x.sum().item(), "numbers"),
        (lambda x: x.tolist(), "numbers"),
        (lambda x: x[x > 0], "mask"),
        (lambda x: x[1:].add_(1), "x = x \\+ y"),
    ],
)
def test_what_needs_numbers_is_refused_with_a_sentence(function, said):
    with pytest.raises((TypeError, minidl.ShapeError), match=said):
        trace(function)(minidl.ones(3))


def test_what_is_changed_in_place_becomes_another_symbol():
    def changed(x, y):
        x.mul_(2).add_(y)
        alias = x.detach()
        alias.copy_(alias + 1)
        x[0] = 7
        y.fill_(3)
        return x, y

    x, y = minidl.ones(3), minidl.tensor([1.0])
    graph = trace(changed)(x, y)
    got = graph.evaluate(x, y)
    np.testing.assert_array_equal(got[0], [7, 4, 4])
    np.testing.assert_array_equal(got[1], [3])
    np.testing.assert_array_equal(x.numpy(), 1)


def test_a_graph_wants_the_shapes_it_was_traced_with():
    graph = trace(lambda x: x * 2)(minidl.ones(3))
    with pytest.raises(minidl.ShapeError, match=r"\(3,\).*\(4,\)"):
        graph.evaluate(minidl.ones(4))
    with pytest.raises(minidl.ShapeError, match="1 inputs, got 0"):
        graph.evaluate()


def test_the_symbols_of_two_traces_do_not_mix():
    kept = []
    trace(lambda x: kept.append(x) or x)(minidl.ones(2))
    with pytest.raises(ValueError, match="two traces"):
        trace(lambda x: x + kept[0])(minidl.ones(2))
