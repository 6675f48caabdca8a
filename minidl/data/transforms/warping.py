"""Turns, stretches and shears: every pixel of the result is looked up where it came from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, final

import numpy as np

from ... import ops
from ...creation import as_tensor, from_numpy
from ...tensors import Tensor
from .images import as_image, in_floats, in_kind


@final
class InterpolationMode(StrEnum):
    """How a value between pixels is found. Wherever one is asked for, its text serves as well."""

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"


def rotate(
    image: Any,
    angle: float,
    interpolation: str = "nearest",
    expand: bool = False,
    center: Sequence[float] | None = None,
    fill: float | Sequence[float] = 0,
) -> Tensor:
    """Turn an image *counter-clockwise* by an angle in degrees.

    center: (x, y) of the point that stays, in pixels from the upper left corner; the middle if
    None. expand: whether the result is made large enough to hold all corners, instead of (H, W).
    fill: what comes in from outside; one number, or one for each channel.
    """
    x = as_image(image)
    pivot = None if expand else center
    matrix = forward_matrix(x.shape[-2:], -angle, (0, 0), 1.0, (0, 0), pivot)
    size = _around(matrix, *x.shape[-2:]) if expand else x.shape[-2:]
    return warp(x, matrix, size, interpolation, fill)


def affine(
    image: Any,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: str = "nearest",
    fill: float | Sequence[float] = 0,
    center: Sequence[float] | None = None,
) -> Tensor:
    """Shear an image, turn it *clockwise* (as in torchvision), stretch it, then move it.

    angle in degrees; translate (right, down) in pixels; scale 1.0 keeps the size; shear (along x,
    along y) in degrees, one number means x alone; the rest as in `rotate`.
    """
    x = as_image(image)
    if scale <= 0:
        raise ValueError(f"scale must be positive, not {scale}")
    slant = (shear, 0.0) if isinstance(shear, int | float) else (*shear, 0.0)[:2]
    matrix = forward_matrix(x.shape[-2:], angle, translate, scale, slant, center)
    return warp(x, matrix, x.shape[-2:], interpolation, fill)


def forward_matrix(
    size: Sequence[int],
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Sequence[float],
    center: Sequence[float] | None,
) -> np.ndarray:
    """Where a point (x, y, 1) goes, seen from the middle of the image, y pointing down: (2, 3).

    p -> scale R S_y S_x (p - c) + c + t: sheared along x, along y, turned, about the point c.
    """
    a, sx, sy = (math.radians(degrees) for degrees in (angle, *shear))
    turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    along_x = np.array([[1, -math.tan(sx)], [0, 1]])
    along_y = np.array([[1, 0], [-math.tan(sy), 1]])
    linear = scale * turn @ along_y @ along_x
    height, width = size
    c = np.zeros(2) if center is None else np.array([center[0] - width / 2, center[1] - height / 2])
    moved = c + np.array(translate, float) - linear @ c
    return np.hstack([linear, moved[:, None]])


def _around(matrix: np.ndarray, height: int, width: int) -> tuple[int, int]:
    """The size of the smallest picture of the image's own pixels that holds all four corners.

    After a quarter turn they may lie between those pixels; then the picture is as large as needed.
    """
    middle = np.array([width, height]) / 2
    corners = np.array([[x, y] for x in (-1, 1) for y in (-1, 1)]) * middle
    places = corners @ matrix[:, :2].T + middle
    low, high = places.min(0), places.max(0)
    exact, around = high - low, np.ceil(high - 1e-4) - np.floor(low + 1e-4)
    size = np.where(abs(exact - np.rint(exact)) < 1e-4, np.rint(exact), around)
    wide, tall = size.astype(int).tolist()
    return tall, wide


def warp(
    x: Tensor,
    matrix: np.ndarray,
    size: Sequence[int],
    interpolation: str,
    fill: float | Sequence[float],
) -> Tensor:
    """The image (..., H, W) after a map of its points, on a picture of another size.

    For every pixel of the result the inverse map tells a place in the image, which lies between
    pixels; "nearest" takes the nearest one, "bilinear" weighs the four around it.
    """
    (height, width), (tall, wide) = x.shape[-2:], size
    linear = np.linalg.inv(matrix[:, :2])
    across, down = np.arange(wide) - (wide - 1) / 2, np.arange(tall) - (tall - 1) / 2
    grid = np.stack(np.meshgrid(across, down)) - matrix[:, 2, None, None]
    column, row = np.tensordot(linear, grid, 1)
    column, row = column + (width - 1) / 2, row + (height - 1) / 2
    colour = as_tensor(fill, dtype=x.dtype).to(x.device)
    colour = colour.reshape(-1, 1, 1) if colour.ndim else colour
    if interpolation == "nearest":
        return _read(x, np.rint(row), np.rint(column), colour)
    if interpolation != "bilinear":
        raise ValueError(f'interpolation must be "nearest" or "bilinear", not {interpolation!r}')
    values, colour = in_floats(x), in_floats(colour)
    top, left, parts = np.floor(row), np.floor(column), []
    for i in (0, 1):
        for j in (0, 1):
            weight = from_numpy((1 - abs(row - top - i)) * (1 - abs(column - left - j)))
            parts.append(_read(values, top + i, left + j, colour) * weight.to(values))
    return in_kind(parts[0] + parts[1] + parts[2] + parts[3], x)


def _read(x: Tensor, row: np.ndarray, column: np.ndarray, colour: Tensor) -> Tensor:
    """The pixels at whole places (tall, wide), and `colour` where there are none."""
    height, width = x.shape[-2:]
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    at = np.where(inside, row * width + column, 0).astype(np.int64)
    flat = x.reshape(*x.shape[:-2], height * width)
    pixels = ops.index_select(flat, -1, from_numpy(at.ravel()).to(x.device))
    pixels = pixels.reshape(*x.shape[:-2], *row.shape)
    return ops.where(from_numpy(inside).to(x.device), pixels, colour)
