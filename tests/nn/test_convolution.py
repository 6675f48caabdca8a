"""Convolutions, pooling, borders and resampling on paper, and what their results are good for."""

import numpy as np
import pytest

import minidl
import minidl.nn.functional as F
from minidl import nn
from minidl.compiler import trace

_rng = np.random.default_rng(3)
IMAGE = minidl.tensor(_rng.normal(size=(2, 4, 6, 5)).astype("float32"))
WEIGHT = minidl.tensor(_rng.normal(size=(6, 2, 3, 2)).astype("float32"))

CALLS = {
    "conv2d": lambda x: F.conv2d(x, WEIGHT, stride=(2, 1), padding=1, groups=2),
    "same": lambda x: F.conv2d(x, WEIGHT, padding="same", dilation=2, groups=2),
    "conv_transpose2d": lambda x: F.conv_transpose2d(x, WEIGHT[:4], None, 2, 1, 1, 2),
    "max_pool2d": lambda x: F.max_pool2d(x, 3, 2, 1, ceil_mode=True),
    "indices": lambda x: F.max_pool2d(x, 3, 2, 1, return_indices=True)[1] * 1.0,
    "avg_pool2d": lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
    "adaptive_avg_pool2d": lambda x: F.adaptive_avg_pool2d(x, (4, 5)),
    "adaptive_max_pool2d": lambda x: F.adaptive_max_pool2d(x, (4, 2)),
    "global": lambda x: F.adaptive_avg_pool2d(x, 1),
    "unfold": lambda x: F.unfold(x, 2, padding=1),
    "fold": lambda x: F.fold(x.reshape(2, 4, 30), (7, 6), 2),
    "reflect": lambda x: F.pad(x, (2, 1, -1, 3), "reflect"),
    "circular": lambda x: F.pad(x, (2, 1, -1, 3), "circular"),
    "constant": lambda x: F.pad(x, (2, 1, -1, 3), value=3.0),
    "nearest": lambda x: F.interpolate(x, (7, 10)),
    "bicubic": lambda x: F.interpolate(x, scale_factor=1.7, mode="bicubic"),
    "antialias": lambda x: F.interpolate(x, (3, 2), mode="bilinear", antialias=True),
    "area": lambda x: F.interpolate(x, (4, 3), mode="area"),
    "pixel_shuffle": lambda x: F.pixel_shuffle(x, 2),
    "layer": nn.Conv2d(4, 3, 3, padding=2, padding_mode="replicate"),
}


@pytest.mark.parametrize("name", CALLS)
def test_paper_writes_what_eager_computes(name):
    graph = trace(CALLS[name])(IMAGE)
    (got,) = graph.evaluate(IMAGE)
    np.testing.assert_allclose(got, CALLS[name](IMAGE).detach().numpy(), rtol=1e-6)
    assert tuple(graph.outputs[0].shape) == got.shape


@pytest.mark.parametrize("name", [name for name in CALLS if name != "indices"])
def test_paper_traces_gradients(name):
    def gradient(x):
        return minidl.grad(lambda x: (CALLS[name](x) ** 2).sum())(x)

    (got,) = trace(gradient)(IMAGE).evaluate(IMAGE)
    np.testing.assert_allclose(got, gradient(IMAGE).detach().numpy(), rtol=1e-5, atol=1e-5)


def test_what_comes_out_lies_in_order_so_that_view_works():
    net = nn.Sequential(nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    assert net(IMAGE).view(2, -1).shape == (2, 36)


def test_a_large_batch_is_computed_in_parts_that_join():
    x = minidl.tensor(_rng.normal(size=(40, 3, 40, 40)), requires_grad=True)  # 1.2 million columns
    weight = minidl.tensor(_rng.normal(size=(2, 3, 3, 3)), requires_grad=True)
    whole = F.conv2d(x, weight)
    alone = minidl.cat([F.conv2d(x[i : i + 1], weight) for i in range(40)])
    np.testing.assert_allclose(whole.detach().numpy(), alone.detach().numpy())
    mine, theirs = (minidl.autograd.grad((z * z).sum(), [x, weight]) for z in (whole, alone))
    for got, expected in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", [nn.Conv2d, nn.ConvTranspose2d])
def test_weights_begin_within_one_over_the_root_of_fan_in(kind):
    layer = kind(8, 8, (3, 5), groups=2)
    bound = 1 / np.sqrt(4 * 15)
    for numbers in (layer.weight.detach().numpy(), layer.bias.detach().numpy()):
        assert np.abs(numbers).max() <= bound
    assert np.abs(layer.weight.detach().numpy()).max() > 0.95 * bound
