"""Borders around signals, images and volumes."""

from collections.abc import Sequence
from typing import Any

from ... import ops
from ...errors import ShapeError
from ...tensors import Tensor

_MODES = ("constant", "reflect", "replicate", "circular")


def pad(
    input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """A border around the last dimensions; negative widths cut away instead.

    Args:
        input: any shape; but (*, L), (*, H, W) or (*, D, H, W), with one or two dimensions before,
            for modes other than "constant".
        pad: (left, right), then (top, bottom), then (front, back) and so on: the *last* dimension
            comes first.
        mode: "constant"; "reflect" (the mirror stands on the last number, which is not repeated);
            "replicate" (the last number, again and again); "circular" (what stands at the other
            end).
        value: what "constant" fills with, 0 by default.

    Raises:
        ShapeError: `pad` names more dimensions than there are, cuts away more than there is, or
            mirrors more than there is. ValueError: an unknown mode, an odd number of widths.
    """
    widths = _widths(input, pad)
    if mode == "constant":
        return _constant(input, widths, 0 if value is None else value)
    if mode not in _MODES:
        raise ValueError(f"pad: mode must be one of {_MODES}, got {mode!r}.")
    if value is not None and value != 0:
        raise ValueError(f"pad: value belongs to mode='constant', mode={mode!r} takes none.")
    dims = len(widths)
    if dims > 3 or input.ndim - dims not in (1, 2):
        raise ShapeError(
            f"pad: mode={mode!r} pads the last 1, 2 or 3 dimensions of a tensor that has one or "
            f"two more; pad={tuple(pad)} names {dims}, input is {input.shape}."
        )
    output = input
    for dim, (before, after) in enumerate(reversed(widths), input.ndim - dims):
        output = _bordered(output, dim, before, after, mode)
    return ops.clone(output) if min(pad) < 0 else output  # a part lies apart in memory


def _widths(input: Tensor, pad: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs (before, after) of the last dimension, the last but one, and so on."""
    if not isinstance(pad, (tuple, list)) or not all(hasattr(n, "__index__") for n in pad):
        raise TypeError(f"pad: pad must be a tuple of integers, got {pad!r}.")
    if len(pad) % 2:
        raise ValueError(f"pad: pad has two widths per dimension, got {len(pad)}: {tuple(pad)}.")
    if len(pad) > 2 * input.ndim:
        raise ShapeError(
            f"pad: pad={tuple(pad)} names {len(pad) // 2} dimensions, input has {input.ndim}: "
            f"{input.shape}."
        )
    widths = [(pad[i].__index__(), pad[i + 1].__index__()) for i in range(0, len(pad), 2)]
    for size, (before, after) in zip(reversed(input.shape), widths, strict=False):
        if size + min(before, 0) + min(after, 0) < 0:
            raise ShapeError(
                f"pad: pad={tuple(pad)} cuts more away than there is in input {input.shape}."
            )
    return widths


def _constant(input: Tensor, widths: list[tuple[int, int]], value: Any) -> Tensor:
    """A part of the input, laid into a larger tensor of one number."""
    pairs = [(0, 0)] * (input.ndim - len(widths)) + widths[::-1]
    kept, place, shape = [], [], []
    for size, (before, after) in zip(input.shape, pairs, strict=True):
        kept.append(slice(max(-before, 0), size - max(-after, 0)))
        left = size + min(before, 0) + min(after, 0)
        place.append(slice(max(before, 0), max(before, 0) + left))
        shape.append(size + before + after)
    if any(before < 0 or after < 0 for before, after in widths):
        input = ops.crop(input, key=tuple(kept))
    if all(before <= 0 and after <= 0 for before, after in widths):
        return ops.clone(input)
    if value == 0:
        return ops.pad_(input, key=tuple(place), shape=tuple(shape))
    number = Tensor(value, input.dtype).to(input.device)
    return ops.put_at(ops.expand_(number, shape=tuple(shape)), input, key=tuple(place))


def _bordered(input: Tensor, dim: int, before: int, after: int, mode: str) -> Tensor:
    """One dimension with a border made of its own numbers."""
    if mode == "circular":  # what was cut away does not come round
        input = _trimmed(input, dim, before, after)
    left, right, size = max(before, 0), max(after, 0), input.shape[dim]
    most = {"reflect": size - 1, "circular": size, "replicate": max(left, right) * (size > 0)}
    if max(left, right) > most[mode]:
        raise ShapeError(
            f"pad: mode={mode!r} finds no {max(left, right)} numbers for a border along dimension "
            f"{dim} of size {size}; it can give {max(most[mode], 0)}."
        )
    pieces = [_border(input, dim, left, mode), input, _border(input, dim, -right, mode)]
    output = ops.cat_(*(p for p in pieces if p is not None), dim=dim)
    return output if mode == "circular" else _trimmed(output, dim, before, after)


def _border(input: Tensor, dim: int, width: int, mode: str) -> Tensor | None:
    """The numbers left of a dimension's first, or, for a negative width, right of its last."""
    size, right = input.shape[dim], width < 0
    if width == 0:
        return None
    if mode == "circular":
        return ops.narrow(input, dim, 0 if right else size - width, abs(width))
    if mode == "reflect":
        return ops.flip(ops.narrow(input, dim, size - 1 + width if right else 1, abs(width)), dim)
    last = ops.narrow(input, dim, size - 1 if right else 0, 1)
    return ops.expand_(last, shape=(*last.shape[:dim], abs(width), *last.shape[dim + 1 :]))


def _trimmed(input: Tensor, dim: int, before: int, after: int) -> Tensor:
    """Without what negative widths cut away."""
    if before >= 0 and after >= 0:
        return input
    start, stop = max(-before, 0), input.shape[dim] - max(-after, 0)
    return ops.narrow(input, dim, start, stop - start)
