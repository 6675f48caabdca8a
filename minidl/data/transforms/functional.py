"""The changes themselves, without chance, under the names of torchvision's `functional`."""

from __future__ import annotations

from typing import Any

from ...tensors import Tensor
from .colour import (
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    rgb_to_grayscale,
)
from .flipping import hflip, vflip
from .framing import center_crop, crop, pad
from .noise import erase
from .resizing import resize, resized_crop
from .scaling import ConvertImageDtype, Normalize, PILToTensor, ToTensor
from .warping import InterpolationMode, affine, rotate

__all__ = [
    "InterpolationMode",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_hue",
    "adjust_saturation",
    "affine",
    "center_crop",
    "convert_image_dtype",
    "crop",
    "erase",
    "hflip",
    "normalize",
    "pad",
    "pil_to_tensor",
    "resize",
    "resized_crop",
    "rgb_to_grayscale",
    "rotate",
    "to_tensor",
    "vflip",
]


def to_tensor(pic: Any) -> Tensor:
    """See `ToTensor`."""
    return ToTensor()(pic)


def pil_to_tensor(pic: Any) -> Tensor:
    """See `PILToTensor`."""
    return PILToTensor()(pic)


def convert_image_dtype(image: Any, dtype: Any) -> Tensor:
    """See `ConvertImageDtype`."""
    return ConvertImageDtype(dtype)(image)


def normalize(tensor: Tensor, mean: Any, std: Any, inplace: bool = False) -> Tensor:
    """See `Normalize`."""
    return Normalize(mean, std, inplace)(tensor)
