"""What counts as an image, and in how many ways PyTorch's users say a size or a range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...backend import float32, uint8
from ...creation import from_numpy
from ...errors import ShapeError
from ...ops import clamp, round
from ...tensors import Tensor


def as_image(image: Any) -> Tensor:
    """A tensor (..., H, W) as it is; an array or a Pillow image (H, W[, C]) as tensor (C, H, W).

    Raises ShapeError for what has no height and width, TypeError for what holds no numbers.
    """
    if isinstance(image, Tensor):
        if image.ndim < 2:
            raise ShapeError(f"image: expected (..., height, width), got shape {image.shape}")
        return image
    array = np.asarray(image)
    if array.dtype.kind not in "uifb":
        raise TypeError(f"image: expected a tensor, an array or a picture, got {type(image)}")
    if array.ndim not in (2, 3):
        raise ShapeError(f"image: an array must be (H, W) or (H, W, channels), not {array.shape}")
    array = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return from_numpy(np.array(array, order="C"))  # a copy: a picture's own memory is read-only


def channels(image: Tensor, wanted: Sequence[int] = (1, 3)) -> int:
    """How many channels there are; ShapeError if not as many as a transform can work with."""
    count = image.shape[-3] if image.ndim > 2 else 0
    if count not in wanted:
        raise ShapeError(
            f"image: expected {' or '.join(map(str, wanted))} channels (..., channels, height, "
            f"width), got shape {image.shape}"
        )
    return count


def brightest(image: Tensor) -> float:
    """The number that means white."""
    return 255.0 if image.dtype == uint8 else 1.0


def in_floats(image: Tensor) -> Tensor:
    """The same numbers with room for fractions."""
    return image if image.is_floating_point() else image.to(float32)


def in_kind(values: Tensor, like: Tensor) -> Tensor:
    """Fractions back in the dtype of an image; bytes are rounded and kept within 0..255."""
    if like.is_floating_point():
        return values.to(like.dtype)
    values = round(values)
    return (clamp(values, 0, 255) if like.dtype == uint8 else values).to(like.dtype)


def size_of(size: int | Sequence[int], name: str = "size") -> tuple[int, int]:
    """(height, width); one number is a square."""
    both = (size,) if isinstance(size, int) else tuple(size)
    if len(both) not in (1, 2) or not all(isinstance(n, int) and n > 0 for n in both):
        raise ValueError(f"{name} must be a positive integer or (height, width), not {size!r}")
    return both[0], both[-1]


def range_of(
    value: float | Sequence[float], name: str, middle: float = 0.0, least: float | None = None
) -> tuple[float, float]:
    """(from, to); one number spreads to both sides of the middle, but not below the least."""
    if isinstance(value, int | float):
        if value < 0:
            raise ValueError(f"{name} must not be negative if it is one number, but is {value}")
        low, high = middle - value, middle + value
        low = low if least is None else max(low, least)
    elif len(value) != 2:
        raise ValueError(f"{name} must be one number or two, not {value!r}")
    else:
        low, high = value
    if low > high or (least is not None and low < least):
        lowest = "" if least is None else f", from {least} on"
        raise ValueError(f"{name} must run upwards{lowest}, not {value!r}")
    return float(low), float(high)


def positive_range(value: Sequence[float], name: str) -> tuple[float, float]:
    """(from, to), both above 0, as shares and ratios are."""
    low, high = range_of(tuple(value), name)
    if low <= 0:
        raise ValueError(f"{name} must be positive, not {value!r}")
    return low, high


def probability(p: float) -> float:
    """A number from 0 to 1."""
    if not 0 <= p <= 1:
        raise ValueError(f"p must be a probability from 0 to 1, not {p!r}")
    return p
