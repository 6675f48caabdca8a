"""A part of an image, cut out; a frame around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ... import ops
from ...creation import as_tensor, ones_like
from ...errors import ShapeError
from ...nn import functional
from ...tensors import Tensor
from .images import as_image, size_of

MODES = {"constant": "constant", "edge": "replicate", "reflect": "reflect", "symmetric": ""}


def crop(image: Any, top: int, left: int, height: int, width: int) -> Tensor:
    """The rectangle whose upper left corner is at (top, left); beyond the image it is 0."""
    x = as_image(image)
    bottom, right = top + height, left + width
    inside = x[..., max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if top >= 0 and left >= 0 and inside.shape[-2:] == (height, width):
        return inside
    above, before = min(max(-top, 0), height), min(max(-left, 0), width)
    below, behind = height - above - inside.shape[-2], width - before - inside.shape[-1]
    return functional.pad(inside, (before, behind, above, below))


def shift(image: Any, down: int, right: int) -> Tensor:
    """The image moved, up and left where a number is negative; what comes in is 0."""
    x = as_image(image)
    return crop(x, -down, -right, *x.shape[-2:])


def center_crop(image: Any, output_size: int | Sequence[int]) -> Tensor:
    """The middle of an image, (..., *output_size); a smaller image is framed by 0."""
    x, (height, width) = as_image(image), size_of(output_size, "output_size")
    top, left = _begin(x.shape[-2], height), _begin(x.shape[-1], width)
    return crop(x, top, left, height, width)


def _begin(size: int, wanted: int) -> int:
    """Where the middle part begins; torchvision rounds otherwise for a part than for a frame."""
    return round((size - wanted) / 2) if size >= wanted else -((wanted - size) // 2)


def pad(
    image: Any,
    padding: int | Sequence[int],
    fill: float | Sequence[float] = 0,
    padding_mode: str = "constant",
) -> Tensor:
    """A frame around an image; negative widths cut off.

    padding: one width; (left and right, top and bottom); or (left, top, right, bottom).
    padding_mode: "constant" (`fill`, one number or one for each channel), "edge" (the last pixel
    again and again), "reflect" (a mirror on the last pixel) or "symmetric" (a mirror behind it).

    Raises ValueError for an unknown mode or a wrong number of widths, ShapeError where a mirror
    shows more than there is.
    """
    x, (left, top, right, bottom) = as_image(image), _widths(padding)
    if padding_mode not in MODES:
        raise ValueError(f"padding_mode must be one of {list(MODES)}, not {padding_mode!r}")
    if padding_mode == "symmetric":
        return _mirrored(_mirrored(x, -1, left, right), -2, top, bottom)
    widths = (left, right, top, bottom)
    if padding_mode == "constant":
        if isinstance(fill, int | float):
            return functional.pad(x, widths, value=fill)
        colour = as_tensor(fill, dtype=x.dtype).reshape(-1, 1, 1).to(x.device)
        inside = functional.pad(ones_like(x[..., :1, :, :]), widths) != 0
        return ops.where(inside, functional.pad(x, widths), colour)
    flat = x.reshape(-1, *x.shape[-2:])
    framed = functional.pad(flat, widths, mode=MODES[padding_mode])
    return framed.reshape(*x.shape[:-2], *framed.shape[-2:])


def _widths(padding: int | Sequence[int]) -> tuple[int, int, int, int]:
    """(left, top, right, bottom)"""
    given = (padding,) if isinstance(padding, int) else tuple(padding)
    if len(given) not in (1, 2, 4) or not all(isinstance(n, int) for n in given):
        raise ValueError(f"padding must be 1, 2 or 4 integers, not {padding!r}")
    return (given * (4 // len(given)))[:4]  # type: ignore[return-value]


def _mirrored(x: Tensor, dim: int, before: int, after: int) -> Tensor:
    size = x.shape[dim]
    if max(before, after) > size:
        raise ShapeError(f"padding: a mirror of {size} pixels cannot show {max(before, after)}")
    # Pixel i is seen at i, at -1 - i, and at 2 size - 1 - i.
    left = [max(i, -1 - i) for i in range(-before, size + after)]
    seen = as_tensor([min(i, 2 * size - 1 - i) for i in left])
    return ops.index_select(x, dim, seen.to(x.device))
