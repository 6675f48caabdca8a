"""Crops, frames, mirrors and turns of images against NumPy and PyTorch."""

import importlib.util
import math

import numpy as np
import pytest

import minidl
from minidl.data import transforms as T
from minidl.data.transforms import functional as TF

needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs PyTorch")
RNG = np.random.default_rng(0)


def picture(*shape: int, kind: str = "float32") -> np.ndarray:
    numbers = RNG.random(shape)
    return (numbers * 255).astype(kind) if kind == "uint8" else numbers.astype(kind)


def same(ours: minidl.Tensor, theirs, atol: float = 0.0) -> None:
    assert ours.shape == theirs.shape and str(ours.dtype) == str(theirs.dtype)
    np.testing.assert_allclose(ours.numpy(), theirs, atol=atol, rtol=0)


@pytest.mark.parametrize("kind", ["float32", "uint8"])
@pytest.mark.parametrize("shape", [(6, 9), (3, 6, 9), (2, 3, 6, 9)])
def test_flips_and_crops_are_slices(shape, kind):
    a = picture(*shape, kind=kind)
    x = minidl.tensor(a)
    same(TF.hflip(x), a[..., ::-1])
    same(TF.vflip(x), a[..., ::-1, :])
    same(TF.crop(x, 1, 2, 3, 4), a[..., 1:4, 2:6])
    framed = np.pad(a, [(0, 0)] * (a.ndim - 2) + [(20, 20)] * 2)
    for top, left, height, width in [(-2, -3, 4, 5), (4, 7, 5, 6), (-1, -1, 8, 11), (9, 0, 2, 3)]:
        part = framed[..., 20 + top :, 20 + left :][..., :height, :width]
        same(TF.crop(x, top, left, height, width), part)


@pytest.mark.parametrize("size, corner", [((4, 5), (1, 2)), (3, (2, 3)), ((6, 9), (0, 0))])
def test_center_crop_takes_the_middle(size, corner):
    a = picture(3, 6, 9)
    height, width = size if isinstance(size, tuple) else (size, size)
    top, left = corner
    same(T.CenterCrop(size)(minidl.tensor(a)), a[:, top : top + height, left : left + width])


def test_center_crop_frames_what_is_too_small():
    a = picture(1, 2, 3)
    same(TF.center_crop(minidl.tensor(a), (5, 3)), np.pad(a, [(0, 0), (1, 2), (0, 0)]))


@pytest.mark.parametrize("padding", [2, (1, 3), (1, 2, 3, 0), [3]])
@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric"])
@pytest.mark.parametrize("kind", ["float32", "uint8"])
def test_frames_are_numpys(padding, mode, kind):
    a = picture(2, 3, 5, 6, kind=kind)
    widths = [padding] * 4 if isinstance(padding, int) else list(padding) * (4 // len(padding))
    left, top, right, bottom = widths
    expected = np.pad(a, [(0, 0), (0, 0), (top, bottom), (left, right)], mode=mode)
    same(T.Pad(padding, padding_mode=mode)(minidl.tensor(a)), expected)
    same(TF.pad(minidl.tensor(a[0, 0]), padding, 0, mode), expected[0, 0])


def test_a_frame_in_colour():
    a = picture(3, 2, 2)
    framed = TF.pad(minidl.tensor(a), 1, fill=(0.25, 0.5, 1.0)).numpy()
    assert framed[:, 0, 0].tolist() == [0.25, 0.5, 1.0]
    np.testing.assert_array_equal(framed[:, 1:3, 1:3], a)
    assert TF.pad(minidl.tensor(a), 1, fill=0.5)[:, 0].numpy().tolist() == [[0.5] * 4] * 3


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
@pytest.mark.parametrize("kind", ["float32", "float64", "uint8"])
@pytest.mark.parametrize("quarter", [-1, 0, 1, 2, 3, 5])
def test_quarter_turns_are_numpys(quarter, kind, interpolation):
    a = picture(3, 5, 8, kind=kind)
    turned = TF.rotate(minidl.tensor(a), 90 * quarter, interpolation, expand=True)
    same(turned, np.rot90(a, quarter, (-2, -1)), atol=1e-6)


def sampled(torch, a, matrix, fill, mode):
    """The picture after a map of its points (x, y), by PyTorch's affine_grid and grid_sample."""
    height, width = a.shape[-2:]
    inverse = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    scale = np.diag([width / 2, height / 2, 1])
    theta = torch.tensor((np.linalg.inv(scale) @ inverse @ scale)[None, :2])
    x = torch.tensor(a[None].astype("float64")) - fill
    grid = torch.nn.functional.affine_grid(theta, list(x.shape), align_corners=False)
    return torch.nn.functional.grid_sample(x, grid, mode, align_corners=False)[0].numpy() + fill


def about(point, linear, moved=(0.0, 0.0)):
    """The map p -> linear (p - point) + point + moved."""
    point = np.array(point, float)
    return np.hstack([linear, (point + moved - linear @ point)[:, None]])


@needs_torch
@pytest.mark.torch
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("fill", [0.0, 0.3])
@pytest.mark.parametrize("angle", [10, -33, 123.4, 270.1])
def test_turns_are_pytorchs(angle, fill, mode):
    import torch

    a, t = picture(3, 7, 10, kind="float64"), math.radians(-angle)
    turn = np.array([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]])
    expected = sampled(torch, a, about((0, 0), turn), fill, mode)
    same(TF.rotate(minidl.tensor(a), angle, mode, fill=fill), expected, atol=1e-9)
    expected = sampled(torch, a, about((2 - 5, 1 - 3.5), turn), fill, mode)
    same(TF.rotate(minidl.tensor(a), angle, mode, center=(2, 1), fill=fill), expected, atol=1e-9)


@needs_torch
@pytest.mark.torch
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize(
    "angle, moved, scale, shear",
    [(0, (2, -1), 1.0, (0, 0)), (0, (0, 0), 1.7, (0, 0)), (25, (1, 1), 0.6, (0, 0)),
     (0, (0, 0), 1.0, (20, 0)), (0, (0, 0), 1.0, (0, 15)), (-40, (3, 0), 1.2, (12, -8))],
)  # fmt: skip
def test_affine_maps_are_pytorchs(angle, moved, scale, shear, mode):
    import torch

    a = picture(2, 9, 6, kind="float64")
    r, sx, sy = (math.radians(n) for n in (angle, *shear))
    # The closed form that torchvision's documentation gives.
    linear = scale * np.array([
        [math.cos(r - sy) / math.cos(sy),
         -math.cos(r - sy) * math.tan(sx) / math.cos(sy) - math.sin(r)],
        [math.sin(r - sy) / math.cos(sy),
         -math.sin(r - sy) * math.tan(sx) / math.cos(sy) + math.cos(r)],
    ])  # fmt: skip
    expected = sampled(torch, a, about((0, 0), linear, moved), 0.0, mode)
    same(TF.affine(minidl.tensor(a), angle, moved, scale, shear, mode), expected, atol=1e-9)


def test_a_move_by_whole_pixels_is_a_crop():
    x = minidl.tensor(picture(3, 5, 6, kind="uint8"))
    moved = TF.affine(x, 0, (2, -1), 1.0, 0.0)
    assert minidl.equal(moved, TF.crop(x, 1, -2, 5, 6))


def test_turning_bytes_rounds_and_fills_each_channel():
    a = np.full((3, 8, 8), 200, np.uint8)
    turned = TF.rotate(minidl.tensor(a), 45, "bilinear", fill=(10, 20, 30)).numpy()
    assert turned.dtype == np.uint8 and turned[:, 0, 0].tolist() == [10, 20, 30]
    assert turned[:, 3:5, 3:5].min() == 200


def test_a_turn_with_room_for_all_corners():
    x = minidl.ones(1, 10, 10)
    turned = TF.rotate(x, 45, expand=True)
    # The half diagonal is 7.07, so the corners are at 5 -+ 7.07: from pixel -3 to pixel 13.
    assert turned.shape == (1, 16, 16)
    assert turned[0, 0].sum() == 0 and turned[0, 8, 1] == 1
    assert TF.rotate(minidl.ones(1, 4, 10), 180, expand=True).shape == (1, 4, 10)


@pytest.mark.parametrize("angle", [0, 10, 45, 90, 137.5, 180, -100])
@pytest.mark.parametrize("size", [(10, 10), (5, 8), (9, 4)])
def test_the_room_is_as_large_as_pillows(size, angle):
    image = pytest.importorskip("PIL.Image")
    a = picture(*size, kind="uint8")
    theirs = np.asarray(image.fromarray(a).rotate(angle, expand=True))
    ours = TF.rotate(minidl.tensor(a[None]), angle, expand=True).numpy()[0]
    assert ours.shape == theirs.shape
    assert (ours == theirs).mean() > 0.9, "pixels but for those whose place lies on an edge"


def test_turning_has_a_gradient():
    x = minidl.rand(1, 5, 5, generator=minidl.Generator(0)).requires_grad_()
    TF.rotate(x, 30, "bilinear").sum().backward()
    inner = x.grad[0, 2, 2]  # type: ignore[index]
    assert 0.5 < float(inner) < 1.5


@needs_torch
@pytest.mark.torch
@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear", "bicubic"])
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("size", [(4, 5), (13, 20), (13, 5)])
def test_resizing_is_pytorchs(size, antialias, mode):
    import torch

    a = picture(2, 3, 9, 11)
    smooth = {"antialias": antialias, "align_corners": False} if mode[0] == "b" else {}
    x = torch.tensor(a)
    expected = torch.nn.functional.interpolate(x, size, mode=mode, **smooth).numpy()
    same(TF.resize(minidl.tensor(a), size, mode, antialias=antialias), expected, atol=1e-5)


@pytest.mark.parametrize(
    "shape, size, most, expected",
    [((6, 9), 3, None, (3, 4)), ((9, 6), 3, None, (4, 3)), ((6, 9), 12, None, (12, 18)),
     ((6, 9), 4, 5, (3, 5)), ((6, 9), [5], None, (5, 7)), ((6, 9), (2, 3), None, (2, 3))],
)  # fmt: skip
def test_one_number_keeps_the_shape(shape, size, most, expected):
    assert T.Resize(size, max_size=most)(minidl.zeros(3, *shape)).shape == (3, *expected)


def test_resized_bytes_stay_bytes():
    x = minidl.tensor(np.array([[[0, 255]]], np.uint8))
    assert TF.resize(x, (1, 4)).tolist() == [[[0, 64, 191, 255]]]
    assert TF.resized_crop(x, 0, 1, 1, 1, (2, 2)).tolist() == [[[255, 255], [255, 255]]]


@pytest.mark.parametrize(
    "wrong, says",
    [
        (lambda x: TF.pad(x, (1, 2, 3)), "padding must be 1, 2 or 4"),
        (lambda x: TF.pad(x, 1, padding_mode="wrap"), "padding_mode must be one of"),
        (lambda x: TF.pad(x, 5, padding_mode="symmetric"), "mirror of 4 pixels"),
        (lambda x: TF.rotate(x, 10, "bicubic"), "interpolation must be"),
        (lambda x: TF.affine(x, 0, (0, 0), 0.0, 0), "scale must be positive"),
        (lambda x: TF.center_crop(x, (1, 2, 3)), "output_size must be"),
        (lambda x: T.CenterCrop(0), "size must be a positive integer"),
        (lambda x: T.RandomCrop(9)(x), r"size \(9, 9\) does not fit"),
        (lambda x: TF.hflip(minidl.zeros(3)), "expected .*height, width"),
        (lambda x: TF.hflip(np.zeros(3)), "must be .H, W. or"),
        (lambda x: TF.resize(x, 4, max_size=3), "max_size must be more"),
        (lambda x: TF.resize(x, (4, 4), max_size=9), "max_size is for"),
        (lambda x: T.RandomRotation(-5), "degrees must not be negative"),
        (lambda x: T.RandomRotation((5, 1)), "degrees must run upwards"),
        (lambda x: T.RandomAffine(0, translate=(2, 0)), "translate holds shares"),
        (lambda x: T.RandomAffine(0, scale=(0, 1)), "scale must be positive"),
        (lambda x: T.RandomResizedCrop(2, ratio=(0, 1)), "ratio must be positive"),
        (lambda x: T.RandomErasing(scale=(0.5, 0.1)), "scale must run upwards"),
        (lambda x: T.RandomHorizontalFlip(1.5), "p must be a probability"),
    ],
)
def test_what_is_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong(minidl.zeros(3, 4, 4))
    with pytest.raises(TypeError, match="expected a tensor"):
        TF.hflip("picture.png")
