"""Colours against plain NumPy and Python's colorsys."""

import colorsys

import numpy as np
import pytest

import minidl
from minidl.data import transforms as T
from minidl.data.transforms import functional as TF

RNG = np.random.default_rng(0)


def picture(kind: str, *shape: int) -> np.ndarray:
    numbers = RNG.random(shape or (2, 3, 5, 4))
    return (numbers * 255).astype(kind) if kind == "uint8" else numbers.astype(kind)


def grey(a: np.ndarray) -> np.ndarray:
    red, green, blue = (a[..., i : i + 1, :, :].astype("float64") for i in range(3))
    mixed = 0.2989 * red + 0.587 * green + 0.114 * blue
    return np.floor(mixed) if a.dtype == np.uint8 else mixed


def bounded(a: np.ndarray, like: np.ndarray) -> np.ndarray:
    white = 255 if like.dtype == np.uint8 else 1
    return np.clip(a, 0, white).astype(like.dtype)


def close(ours: minidl.Tensor, theirs: np.ndarray) -> None:
    """Equal to rounding; where that decides between two bytes, to one."""
    assert ours.shape == theirs.shape and str(ours.dtype) == str(theirs.dtype)
    apart = abs(ours.numpy().astype("float64") - theirs)
    assert apart.max() <= (1 if theirs.dtype == np.uint8 else 1e-5)
    assert (apart > 1e-5).mean() < 0.02


@pytest.mark.parametrize("kind", ["float32", "float64", "uint8"])
@pytest.mark.parametrize("factor", [0.0, 0.3173, 1.0, 1.8337])
def test_mixtures_with_black_mean_and_grey(factor, kind):
    a = picture(kind)
    x, wide = minidl.tensor(a), a.astype("float64")
    close(TF.adjust_brightness(x, factor), bounded(factor * wide, a))
    mean = grey(a).mean(axis=(-3, -2, -1), keepdims=True)
    close(TF.adjust_contrast(x, factor), bounded(factor * wide + (1 - factor) * mean, a))
    close(TF.adjust_saturation(x, factor), bounded(factor * wide + (1 - factor) * grey(a), a))


@pytest.mark.parametrize("kind", ["float64", "uint8"])
@pytest.mark.parametrize("turn", [-0.5, -0.2, 0.0, 0.1, 0.5])
def test_the_hue_turns_as_in_colorsys(turn, kind):
    a = picture(kind, 3, 6, 6)
    a[:, 0, 0] = a[0, 0, 0]  # grey
    a[:, 0, 1] = 0
    white = 255 if kind == "uint8" else 1
    expected = np.empty(a.shape)
    for place in np.ndindex(6, 6):
        h, s, v = colorsys.rgb_to_hsv(*(a[:, *place] / white))
        expected[:, *place] = colorsys.hsv_to_rgb((h + turn) % 1, s, v)
    ours = TF.adjust_hue(minidl.tensor(a), turn)
    apart = abs(ours.numpy() - expected * white)
    assert ours.numpy().dtype == a.dtype and apart.max() <= (1.001 if kind == "uint8" else 1e-9)


def test_grey_pictures():
    a = picture("uint8")
    x = minidl.tensor(a)
    close(T.Grayscale()(x), grey(a).astype(np.uint8))
    assert minidl.equal(T.Grayscale(3)(x)[:, 2:], T.Grayscale()(x))
    one = x[:, :1]
    assert minidl.equal(T.Grayscale(3)(one), one.expand(2, 3, 5, 4))
    for change in (TF.adjust_saturation, TF.adjust_hue):
        assert minidl.equal(change(one, 0.3), one)
    mean = np.floor(one.numpy().mean((1, 2, 3), keepdims=True))
    close(TF.adjust_contrast(one, 0.0), np.broadcast_to(mean, one.shape).astype(np.uint8))


@pytest.mark.parametrize(
    "wrong, says",
    [
        (lambda x: TF.adjust_brightness(x, -1), "brightness_factor must be 0 or more"),
        (lambda x: TF.adjust_contrast(x, -1), "contrast_factor must be"),
        (lambda x: TF.adjust_saturation(x, -1), "saturation_factor must be"),
        (lambda x: TF.adjust_hue(x, 0.6), "hue_factor must be from -0.5"),
        (lambda x: TF.adjust_hue(x[:2], 0.1), "expected 1 or 3 channels"),
        (lambda x: T.Grayscale(2)(x), "num_output_channels must be 1 or 3"),
        (lambda x: T.ColorJitter(hue=0.7), "hue must be from -0.5"),
        (lambda x: T.ColorJitter(brightness=-1), "brightness must not be negative"),
        (lambda x: T.ColorJitter(contrast=(0.5, 0.1)), "contrast must run upwards, from 0"),
        (lambda x: T.ColorJitter(saturation=(1, 2, 3)), "saturation must be one number or two"),
    ],
)
def test_what_is_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong(minidl.zeros(3, 4, 4))


def test_jitter_keeps_to_its_ranges():
    white = minidl.full((3, 2, 2), 0.5)
    generator = minidl.Generator().manual_seed(0)
    seen = [float(T.ColorJitter(0.2, generator=generator)(white)[0, 0, 0]) for _ in range(200)]
    assert 0.4 <= min(seen) < 0.41 and 0.59 < max(seen) <= 0.6
    still = T.ColorJitter(brightness=(1, 1))
    assert still.brightness is None and minidl.equal(still(white), white)
    order, *factors = T.ColorJitter.get_params((0.5, 1.5), None, (0.9, 1.1), None, generator)
    assert sorted(order) == [0, 1, 2, 3] and factors[1] is None and factors[3] is None
