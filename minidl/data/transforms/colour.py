"""Brighter, harder, greyer, of another hue: what colours can become."""

from __future__ import annotations

from typing import Any

from ...backend import float32
from ...ops import clamp, maximum, minimum, remainder, stack, where
from ...tensors import Tensor
from .images import as_image, brightest, channels, in_floats

GREY = (0.2989, 0.587, 0.114)  # how bright red, green and blue seem to the eye


def rgb_to_grayscale(image: Any, num_output_channels: int = 1) -> Tensor:
    """0.2989 red + 0.587 green + 0.114 blue; (..., 1, H, W), or three equal channels.

    Source: Recommendation ITU-R BT.601, section 2.5.1.
    """
    if num_output_channels not in (1, 3):
        raise ValueError(f"num_output_channels must be 1 or 3, not {num_output_channels}")
    x = as_image(image)
    grey = x
    if channels(x) == 3:
        red, green, blue = (in_floats(x[..., i : i + 1, :, :]) for i in range(3))
        grey = (GREY[0] * red + GREY[1] * green + GREY[2] * blue).to(x.dtype)
    return grey.expand(*grey.shape[:-3], num_output_channels, *grey.shape[-2:])


def adjust_brightness(image: Any, brightness_factor: float) -> Tensor:
    """factor * image: 0 is black, 1 the image, 2 twice as bright; beyond white is white."""
    x = as_image(image)
    return _mixed(x, 0.0, _factor("brightness_factor", brightness_factor))


def adjust_contrast(image: Any, contrast_factor: float) -> Tensor:
    """factor * image + (1 - factor) * mean: 0 is the mean grey of the image, 1 the image."""
    x = as_image(image)
    mean = rgb_to_grayscale(x).to(float32 if x.dtype.itemsize == 1 else x.dtype)
    mean = mean.mean(dim=(-3, -2, -1), keepdim=True)
    return _mixed(x, mean, _factor("contrast_factor", contrast_factor))


def adjust_saturation(image: Any, saturation_factor: float) -> Tensor:
    """factor * image + (1 - factor) * grey: 0 takes the colours away, 1 leaves them."""
    x = as_image(image)
    factor = _factor("saturation_factor", saturation_factor)
    return x if channels(x) == 1 else _mixed(x, in_floats(rgb_to_grayscale(x)), factor)


def adjust_hue(image: Any, hue_factor: float) -> Tensor:
    """Turn the colour circle: 0 leaves it, 0.5 and -0.5 give every colour's opposite.

    Grey stays grey. Source: Smith, "Color Gamut Transform Pairs", SIGGRAPH (1978).
    """
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"hue_factor must be from -0.5 to 0.5, not {hue_factor}")
    x = as_image(image)
    if channels(x) == 1:
        return x
    white = brightest(x)
    hue, saturation, value = _hsv(in_floats(x) / white)
    turned = _rgb(remainder(hue + hue_factor, 1.0), saturation, value)
    return _bounded(turned * white, x)


def _mixed(x: Tensor, other: Any, factor: float) -> Tensor:
    """factor * x + (1 - factor) * other"""
    return _bounded(factor * in_floats(x) + (1 - factor) * other, x)


def _bounded(values: Tensor, like: Tensor) -> Tensor:
    """Between black and white; for bytes cut to whole numbers, as torchvision does."""
    return clamp(values, 0, brightest(like)).to(like.dtype)


def _factor(name: str, factor: float) -> float:
    if factor < 0:
        raise ValueError(f"{name} must be 0 or more, not {factor}")
    return factor


def _hsv(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Hue, saturation and value of (..., 3, H, W), all in 0..1; the hue of grey is 0."""
    red, green, blue = (x[..., i, :, :] for i in range(3))
    value = maximum(maximum(red, green), blue)
    chroma = value - minimum(minimum(red, green), blue)
    apart = where(chroma == 0, 1.0, chroma)
    sextant = where(
        value == red,
        (green - blue) / apart,
        where(value == green, 2 + (blue - red) / apart, 4 + (red - green) / apart),
    )
    saturation = chroma / where(value == 0, 1.0, value)
    return remainder(where(chroma == 0, 0.0, sextant) / 6, 1.0), saturation, value


def _rgb(hue: Tensor, saturation: Tensor, value: Tensor) -> Tensor:
    """The way back. Each channel is full a third of the circle apart and falls off on both sides:

    channel = value * (1 - saturation * clamp(|k - 3| - 1 turned over, 0, 1)), k the way around.
    """
    shapes = []
    for offset in (5, 3, 1):
        k = remainder(offset + 6 * hue, 6.0)
        shapes.append(value - value * saturation * clamp(minimum(k, 4 - k), 0, 1))
    return stack(shapes, dim=-3)
