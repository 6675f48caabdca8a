"""Transforms of single samples."""

import numpy as np
import pytest

import minidl
from minidl.data import Compose, Normalize, RandomShift, TensorDataset, ToTensor


@pytest.mark.parametrize("dim, shape", [(0, (3,)), (None, (1,))])
def test_normalize_there_and_back(dim, shape):
    x = minidl.randn(50, 3, generator=minidl.Generator(0)) * 5 + 2
    scale = Normalize.fit(x, dim)
    assert scale.mean.shape == shape
    z = scale(x)
    assert minidl.allclose(z.mean(dim=dim), minidl.tensor(0.0), atol=1e-5)
    assert minidl.allclose(scale.inverse(z), x, atol=1e-5)


def test_normalize_keeps_a_feature_that_never_varies():
    x = minidl.tensor([[1.0, 7.0], [3.0, 7.0]])
    assert Normalize.fit(x)(x).tolist() == [[-1.0, 0.0], [1.0, 0.0]]


def test_normalize_images_by_channel():
    x = minidl.randn(20, 3, 4, 4, generator=minidl.Generator(0))
    assert Normalize.fit(x, (0, 2, 3)).mean.shape == (3, 1, 1)
    labels = minidl.arange(20)
    applied = Normalize.fit(x).apply(TensorDataset(x, labels, classes=("a", "b")))
    assert applied.classes == ("a", "b") and minidl.equal(applied.tensors[1], labels)


def test_random_shift_moves_and_fills_with_zero():
    x = minidl.zeros(1, 5, 5)
    x[0, 2, 2] = 1.0
    generator = minidl.Generator().manual_seed(0)
    places = set()
    for _ in range(200):
        moved = RandomShift(2, generator)(x)
        assert moved.shape == (1, 5, 5) and float(moved.sum()) == 1
        places.add(int(moved.reshape(-1).argmax()))
    assert len(places) == 25
    assert minidl.equal(RandomShift(0)(x), x)


def test_to_tensor_and_compose():
    picture = np.full((4, 6, 3), 255, np.uint8)
    x = Compose([ToTensor(), lambda x: x * 2])(picture)
    assert x.shape == (3, 4, 6) and x.dtype == minidl.float32 and float(x.max()) == 2
    assert ToTensor()(np.zeros((4, 6), np.uint8)).shape == (1, 4, 6)
