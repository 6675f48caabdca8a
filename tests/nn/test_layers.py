"""Layers and containers without PyTorch: shapes, randomness, errors for beginners."""

from collections import OrderedDict

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.nn import functional as F


def test_linear_is_x_times_w_transposed_plus_b():
    layer = nn.Linear(3, 2)
    x = minidl.randn(5, 4, 3)
    expected = x.numpy() @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
    np.testing.assert_allclose(layer(x).detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    assert nn.Linear(3, 2, bias=False).bias is None
    assert nn.Linear(3, 2, dtype=minidl.float64).weight.dtype == minidl.float64


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((8, 63), r"Linear\(64 -> 32\) expects an input of shape \(\*, 64\), got \(8, 63\)"),
        ((8, 8, 8), r"got \(8, 8, 8\); flatten it first, for example with nn.Flatten\(1\)"),
        ((64, 5), r"got \(64, 5\); it looks transposed"),
        ((), r"got \(\)"),
    ],
)
def test_linear_explains_a_wrong_shape(shape, message):
    with pytest.raises(minidl.ShapeError, match=message):
        nn.Linear(64, 32)(minidl.ones(shape))


def test_linear_explains_a_wrong_dtype():
    with pytest.raises(TypeError, match=r"float32, its input is float64.*x.to\(minidl.float32\)"):
        nn.Linear(2, 2)(minidl.ones(2, 2).double())
    with pytest.raises(TypeError, match="expects a Tensor, got list"):
        nn.Linear(2, 2)([1.0, 2.0])


def test_sequential_says_which_layer_failed():
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.Linear(33, 10))
    with pytest.raises(minidl.ShapeError) as caught:
        net(minidl.ones(2, 8, 8))
    assert caught.value.__notes__ == [f"in layer '2' of Sequential: {net[2]!r}"]


def test_dropout_keeps_the_mean_and_sleeps_in_eval():
    minidl.manual_seed(0)
    layer = nn.Dropout(0.25)
    x = minidl.ones(20000).requires_grad_()
    y = layer(x)
    kept = y.detach().numpy() != 0
    assert abs(kept.mean() - 0.75) < 0.02
    np.testing.assert_allclose(y.detach().numpy()[kept], 1 / 0.75, rtol=1e-6)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy() != 0, kept)
    assert layer.eval()(x) is x
    with pytest.raises(ValueError, match="between 0 and 1, got 1.5"):
        nn.Dropout(1.5)


def test_dropout_of_channels_says_what_it_takes_for_a_channel():
    with pytest.warns(UserWarning, match=r"dropout2d is meant for \(N, C, H, W\), got \(3, 4\)"):
        assert F.dropout2d(minidl.ones(3, 4), 1.0).tolist() == [[0.0] * 4] * 3
    with pytest.warns(UserWarning, match="dropout3d is meant for"):
        rows = F.dropout3d(minidl.ones(64, 5), 0.5)
    assert {tuple(row) for row in rows.tolist()} == {(0.0,) * 5, (2.0,) * 5}


def test_dropout_can_be_repeated_from_the_generator_state():
    state = minidl.default_generator.state_dict()
    first = F.dropout(minidl.ones(100))
    assert not np.array_equal(first.numpy(), F.dropout(minidl.ones(100)).numpy())
    minidl.default_generator.load_state_dict(state)
    np.testing.assert_array_equal(first.numpy(), F.dropout(minidl.ones(100)).numpy())


def test_dropout_on_paper_draws_afresh():
    from minidl.compiler import trace

    graph = trace(lambda x: F.dropout(x))(minidl.ones(200))
    ones = np.ones(200, "float32")
    assert not np.array_equal(graph.evaluate(ones)[0], graph.evaluate(ones)[0])


def test_sequential_is_a_list():
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    net.append(nn.Linear(3, 1)).insert(1, nn.Tanh())
    assert [type(m).__name__ for m in net] == ["Linear", "Tanh", "ReLU", "Linear"]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "3.weight", "3.bias"]
    assert len(net[1:]) == 3 and isinstance(net[1:], nn.Sequential) and net[-1] is net[3]
    assert list(net[1:]._modules) == ["1", "2", "3"]
    del net[1]
    assert isinstance(net.pop(1), nn.ReLU) and len(net) == 2
    net[1] = nn.Identity()
    assert net(minidl.ones(1, 2)).shape == (1, 3)
    with pytest.raises(IndexError, match="holds 2 modules; no index 2"):
        net[2]
    named = nn.Sequential(OrderedDict(a=nn.Linear(1, 1), b=nn.ReLU()))
    assert list(named.state_dict()) == ["a.weight", "a.bias"] and named.a is named[0]


def test_one_hot_and_its_errors():
    assert F.one_hot(minidl.tensor([0, 2])).tolist() == [[1, 0, 0], [0, 0, 1]]
    with pytest.raises(IndexError, match="one_hot: label 3 at index 0"):
        F.one_hot(minidl.tensor([3]), 3)
    with pytest.raises(TypeError, match="int64, got float32"):
        F.one_hot(minidl.tensor([0.0]))


def test_softmax_without_dim_warns():
    with pytest.warns(UserWarning, match="without dim"):
        nn.Softmax()(minidl.ones(2, 2))


def test_vectors_of_parameters():
    net = nn.Linear(3, 2)
    vector = nn.utils.parameters_to_vector(net.parameters())
    assert vector.shape == (8,)
    nn.utils.vector_to_parameters(minidl.arange(8.0), net.parameters())
    assert net.weight.tolist() == [[0, 1, 2], [3, 4, 5]] and net.bias.tolist() == [6, 7]
    with pytest.raises(minidl.ShapeError, match="hold 8 numbers"):
        nn.utils.vector_to_parameters(minidl.ones(7), net.parameters())
