"""Transforms of single samples."""

import numpy as np
import pytest

import minidl
from minidl.data import Compose, Normalize, RandomShift, TensorDataset, ToTensor, transforms


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


def test_vectors_are_channels_of_images_and_features_of_the_rest():
    x = minidl.rand(2, 3, 4, 5, generator=minidl.Generator(0))
    mean, std = (0.1, 0.2, 0.3), (1.0, 2.0, 4.0)
    z = Normalize(mean, std)(x)
    for channel in range(3):
        expected = (x[:, channel] - mean[channel]) / std[channel]
        assert minidl.allclose(z[:, channel], expected)
    assert minidl.equal(Normalize(mean, std)(x[1]), z[1])
    assert minidl.allclose(Normalize(mean, std).inverse(z), x, atol=1e-6)
    assert minidl.equal(Normalize((0.5,), (0.5,))(x[0, :1]), (x[0, :1] - 0.5) / 0.5)
    rows = x[0, :, :, 0].t()
    expected = (rows - minidl.tensor(mean)) / minidl.tensor(std)
    assert minidl.allclose(Normalize(mean, std)(rows), expected)
    own = x.clone()
    assert Normalize(mean, std, inplace=True)(own) is own and minidl.equal(own, z)
    for wrong in ((0.1, 0.2), (0.1, 0.2, 0.3, 0.4)):
        with pytest.raises(minidl.ShapeError, match="mean .* does not fit"):
            Normalize(wrong, 1.0)(x)
    with pytest.raises(ValueError, match="std holds a 0"):
        Normalize(0.0, (1.0, 0.0))
    with pytest.raises(TypeError, match="ToTensor"):
        Normalize(0.0, 1.0)(minidl.zeros(1, 2, 2, dtype=minidl.uint8))


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
    assert minidl.equal(ToTensor()(np.full((2, 2), 0.25)), minidl.full((1, 2, 2), 0.25))
    ready = minidl.full((3, 2, 2), 51, dtype=minidl.uint8)
    assert minidl.allclose(ToTensor()(ready), minidl.full((3, 2, 2), 0.2))


def test_pictures_of_pillow_go_through_the_usual_chain():
    image = pytest.importorskip("PIL.Image")
    array = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    chain = transforms.Compose(
        [
            transforms.RandomCrop((6, 8), padding=4, generator=minidl.Generator(0)),
            transforms.RandomHorizontalFlip(1.0),
            transforms.ToTensor(),
            transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
    )
    x = chain(image.fromarray(array))
    assert x.shape == (3, 6, 8) and x.dtype == minidl.float32
    assert -1 <= float(x.min()) and float(x.max()) <= 1
    plain = transforms.PILToTensor()(image.fromarray(array))
    assert plain.dtype == minidl.uint8
    assert np.array_equal(plain.numpy(), array.transpose(2, 0, 1))
    assert ToTensor()(image.fromarray(array).convert("L")).shape == (1, 6, 8)
    assert minidl.equal(transforms.functional.to_tensor(array), ToTensor()(image.fromarray(array)))


def test_dtypes_keep_black_and_white():
    to = transforms.functional.convert_image_dtype
    levels = minidl.arange(256, dtype=minidl.uint8).reshape(1, 16, 16)
    floats = to(levels, minidl.float32)
    assert float(floats.max()) == 1 and minidl.equal(to(floats, minidl.uint8), levels)
    assert to(floats, minidl.float64).dtype == minidl.float64
    assert to(minidl.tensor([[0.5, 1.5]]), minidl.uint8).tolist() == [[127, 255]]
