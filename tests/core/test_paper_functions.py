"""Composed functions on paper: the same lines, written down without numbers, then run."""

import numpy as np
import pytest

import minidl as m
from minidl.compiler import trace

X = m.tensor(np.random.default_rng(0).normal(size=(3, 4)))
I = m.tensor([[0, 2, 1, 0], [1, 1, 3, 2]])  # noqa: E741

LINES = """
x.reshape(2, -1)
x.flatten()
x.unflatten(1, (2, 2))
x.view(4, 3)
x.squeeze()
x.movedim(0, 1)
x.expand(2, 3, 4)
x.repeat(2, 3)
x.tile(2)
x.repeat_interleave(2, 1)
x.repeat_interleave(i[0], 1, output_size=3)
m.meshgrid(x[0], x[1], indexing="xy")[1]
x.roll((1, -1), (0, 1))
x.flip(0, 1)
x.rot90()
m.cat([x, x], 1)
m.stack([x, x], 1)
m.hstack([x, x])
m.vstack([x, x])
x.split([1, 3], 1)[1]
x.chunk(2, 1)[1]
x.unbind(1)[2]
x.unfold(1, 2, 1)
x.diagonal(1)
x.diag()
x[0].diag(1)
x.diag_embed()
x.trace()
x.tril()
x.triu(1)
x[0]
x[1:, None, ::2]
x[..., -1]
x[[0, 2]]
x[i[0, :2]]
x[:, i]
x[0, i[1]]
x[i[0, 0]]
x[1:][:, i[0]]
x.gather(1, i)
x.take_along_dim(i[:1], 1)
x.take(i)
x.scatter(1, i, x)
x.scatter(1, i, 2.0)
x.scatter_add(1, i, x)
x.scatter_reduce(1, i, x, "amax")
x.scatter_reduce(1, i, x, "mean", include_self=False)
x.index_select(1, i[1])
x.index_add(1, i[1], x)
x.index_copy(1, i[1, 1:], x[:, 1:])
x.index_fill(1, i[1], 1.0)
x.index_put((i[0, :2], i[1, :2]), x[0, :2], accumulate=True)
x.sort(1).values
x.argsort(0, descending=True)
x.topk(2)[0]
m.searchsorted(x.sort(1).values, x)
m.bucketize(x, x[0].sort().values)
"""


@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_a_line_can_be_written_down_and_run(line):
    def function(x, i):
        return eval(line, {"m": m, "x": x, "i": i})  # noqa: S307

    graph = trace(function)(X, I)
    (got,) = graph.evaluate(X, I)
    expected = function(X, I).numpy()
    assert (graph.outputs[0].shape, graph.outputs[0].dtype) == (expected.shape, expected.dtype)
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    "line",
    [
        "x[x > 0]",
        "x.nonzero()",
        "x.unique()",
        "i[0].bincount()",
        "x.repeat_interleave(i[0], 1)",
        "x.masked_select(x > 0)",
    ],
)
def test_shapes_that_depend_on_numbers_are_refused(line):
    with pytest.raises((TypeError, m.ShapeError), match="numbers"):
        trace(lambda x, i: eval(line, {"x": x, "i": i}))(X, I)  # noqa: S307
