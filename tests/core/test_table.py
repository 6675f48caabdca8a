"""Every primitive against its row: numbers, gradients, gradients of gradients, shapes, paper."""

import numpy as np
import pytest

import minidl
from minidl.compiler import replay, trace
from minidl.primitive import TABLE

from .table import RANDOM, ROWS, TIED

IDS = [f"{row.name}-{i}" for i, row in enumerate(ROWS)]


def _derived(primitive):
    """Whether it has a gradient, of its own or of its parts."""
    return primitive.rules is not None or primitive.composition is not None


def _fused(row):
    return TABLE[row.name].composition is not None


def _nudged(row):
    primitive = TABLE[row.name]
    if row.nudge is not None:
        return row.nudge
    return (
        tuple(i for i, x in enumerate(row.inputs) if x.dtype.kind in "fc")
        if _derived(primitive)
        else ()
    )


def _function(row):
    """The row's primitive as a function of the inputs that are nudged, complex ones as pairs."""
    places = _nudged(row)

    def call(*moving):
        inputs = [minidl.tensor(x) for x in row.inputs]
        for place, x in zip(places, moving, strict=True):
            pair = inputs[place].is_complex()
            inputs[place] = row.through(TABLE["view_as_complex"](x) if pair else x)
        return _as_pairs(TABLE[row.name](*inputs, **row.params))

    return call, [_as_pairs(minidl.tensor(row.inputs[i])) for i in places]


def _as_pairs(x):
    return minidl.view_as_real(x) if x.is_complex() else x


def test_every_primitive_has_a_row():
    compiled = replay.replayed.name  # a compiled call as the tape sees it, held in tests/compiler
    assert {row.name for row in ROWS} | RANDOM | {compiled} == set(TABLE)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_forward_is_numpys(row):
    got = TABLE[row.name](*(minidl.tensor(x) for x in row.inputs), **row.params)
    expected = np.asarray(row.reference(*row.inputs))
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_bare_arrays_give_the_same_without_a_tape(row):
    got = TABLE[row.name](*row.inputs, **row.params)
    assert not isinstance(got, minidl.Tensor)
    np.testing.assert_allclose(got, row.reference(*row.inputs), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("row", list(filter(_fused, ROWS)), ids=lambda r: r.name)
def test_fused_is_composed(row):
    primitive = TABLE[row.name]
    results = []
    for function in (primitive, primitive.composition):
        inputs = [minidl.tensor(x) for x in row.inputs]
        moving = [inputs[i].requires_grad_() for i in _nudged(row)]
        output = function(*inputs, **row.params)
        results.append([minidl.tensor(function(*row.inputs, **row.params)), output.detach()])
        if moving:
            seed = minidl.arange(output.numel(), dtype=output.dtype).reshape(output.shape).cos()
            results[-1] += minidl.autograd.grad(output, moving, seed)
    for fused, composed in zip(*results, strict=True):
        np.testing.assert_allclose(fused.numpy(), composed.numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("row", [r for r in ROWS if _nudged(r)], ids=lambda r: r.name)
def test_gradient_is_what_nudging_says(row):
    function, inputs = _function(row)
    assert minidl.check_grad(function, *inputs)


@pytest.mark.parametrize("row", [r for r in ROWS if _nudged(r)], ids=lambda r: r.name)
def test_gradient_of_gradient_is_what_nudging_says(row):
    function, inputs = _function(row)
    # squared, so that linear operations have a second derivative that is not 0
    assert minidl.check_grad(lambda *xs: function(*xs) ** 2, *inputs, order=2)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_without_a_rule_no_gradient_is_promised(row):
    inputs = [minidl.tensor(x) for x in row.inputs]
    for x in inputs:
        if x.is_floating_point() or x.is_complex():
            x.requires_grad_()
    output = TABLE[row.name](*inputs, **row.params)
    wanted = any(x.requires_grad for x in inputs)
    assert output.requires_grad == (wanted and _derived(TABLE[row.name]))


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_outline_is_the_real_shape_and_dtype(row):
    for kind in ("float64", "float32", "float16"):
        inputs = [x.astype(kind) if x.dtype.kind == "f" else x for x in row.inputs]
        real = np.asarray(TABLE[row.name](*inputs, **row.params))
        outline = TABLE[row.name].outline(*inputs, **row.params)
        assert (outline.shape, outline.dtype) == (real.shape, real.dtype)


@pytest.mark.parametrize("row", [r for r in ROWS if _nudged(r)], ids=lambda r: r.name)
def test_gradients_keep_shape_and_dtype(row):
    for kind in ("float32", "float16"):
        function, inputs = _function(row)
        inputs = [x.to(kind).requires_grad_() for x in inputs]
        output = function(*inputs)
        if not output.requires_grad:
            continue
        output.float().sum().backward()
        for x in inputs:
            assert x.grad is None or (x.grad.shape, x.grad.dtype) == (x.shape, x.dtype)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_paper_writes_what_eager_computes(row):
    inputs = [minidl.tensor(x) for x in row.inputs]
    graph = trace(lambda *xs: TABLE[row.name](*xs, **row.params))(*inputs)
    (got,) = graph.evaluate(*inputs)
    np.testing.assert_allclose(got, row.reference(*row.inputs), rtol=1e-12, atol=1e-14)
    assert (graph.outputs[0].shape, graph.outputs[0].dtype) == (np.shape(got), got.dtype)


@pytest.mark.parametrize("row", [r for r in ROWS if _nudged(r)], ids=lambda r: r.name)
def test_paper_traces_the_gradient_and_its_gradient(row):
    function, inputs = _function(row)

    def loss(*xs):
        return (function(*xs) ** 2).sum()

    def once(*xs):
        return minidl.grad(loss, tuple(range(len(xs))))(*xs)

    def twice(*xs):
        return minidl.grad(lambda *ys: sum((g**2).sum() for g in once(*ys)))(*xs)

    for derivative in (once, twice):
        (got, *_) = trace(derivative)(*inputs).evaluate(*inputs)
        expected = derivative(*inputs)
        expected = expected[0] if isinstance(expected, tuple) else expected
        np.testing.assert_allclose(got, expected.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["amax", "amin"])
def test_ties_share_the_gradient(name):
    x = minidl.tensor(TIED, requires_grad=True)
    getattr(minidl, name)(x if name == "amax" else -x).backward()
    sign = 1 if name == "amax" else -1
    assert x.grad.tolist() == [[0, sign * 0.5], [sign * 0.5, 0]]


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_tied_operands_share_the_gradient(name):
    x, y = (minidl.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    getattr(minidl, name)(x, y).sum().backward()
    assert x.grad.tolist() == y.grad.tolist() == [0.5, 0.5]
