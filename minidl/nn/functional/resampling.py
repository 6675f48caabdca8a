"""Signals, images and volumes in another size."""

import math
from typing import Any

from ... import ops
from ...dtypes import is_floating
from ...errors import ShapeError
from ...tensors import Tensor
from . import adaptive
from .interpolation import matrix, picked

_LINEAR = {"linear": 3, "bilinear": 4, "trilinear": 5}  # the dimensions that each mode wants
_SMOOTH = {**_LINEAR, "bicubic": 4}
_MODES = ("nearest", "nearest-exact", *_SMOOTH, "area")


def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """The input as if it had been measured at other places.

    Args:
        input: (N, C, L), (N, C, H, W) or (N, C, D, H, W).
        size: the wanted size of all spatial dimensions, or of each.
        scale_factor: instead, how many times as large; sizes are rounded down.
        mode: "nearest" (the number to the left), "nearest-exact" (the number around it), "linear",
            "bilinear", "trilinear" (straight lines between neighbours, in 1, 2, 3 dimensions),
            "bicubic" (cubics through four neighbours) or "area" (the mean of what a place covers).
        align_corners: whether the middles of the first and last place stay where they are, instead
            of their outer edges; for the linear modes and bicubic.
        recompute_scale_factor: take the ratio of the rounded sizes, not scale_factor, as distance.
        antialias: for bilinear and bicubic: when shrinking, let each place look at all it covers.

    Returns:
        Tensor: (N, C, *sizes).

    Raises:
        ShapeError: `size` or `scale_factor` does not fit the dimensions, or a size is 0.
        ValueError: an unknown mode, or an argument that has no meaning with it.

    Source: Keys, "Cubic Convolution Interpolation for Digital Image Processing" (1981), equation
    15 with a = -0.75 (with antialias -0.5).
    """
    _check(input, mode, align_corners, antialias)
    sizes, ratios = _sizes(input, size, scale_factor, recompute_scale_factor)
    if mode == "area":
        pool = (adaptive.adaptive_avg_pool1d, adaptive.adaptive_avg_pool2d,
                adaptive.adaptive_avg_pool3d)[input.ndim - 3]  # fmt: skip
        return pool(input, sizes)
    output = input
    for dim, (length, ratio) in enumerate(zip(sizes, ratios, strict=True), 2):
        if mode.startswith("nearest"):
            output = picked(output, dim, length, ratio, exact=mode == "nearest-exact")
        else:
            cubic = mode == "bicubic"
            weights = matrix(output, dim, length, ratio, cubic, bool(align_corners), antialias)
            output = _along(weights, output, dim)
    return output


def _along(weights: Tensor, x: Tensor, dim: int) -> Tensor:
    """A matrix (P, L) applied to every vector along a dimension."""
    shape = (*x.shape[:dim], weights.shape[0], *x.shape[dim + 1 :])
    if dim == x.ndim - 1:
        rows = ops.reshape_(x, shape=(math.prod(x.shape[:dim]), x.shape[dim]))
        z = ops.matmul_(rows, ops.swap(weights))
    else:
        lead, rest = math.prod(x.shape[:dim]), math.prod(x.shape[dim + 1 :])
        z = ops.matmul_(weights, ops.reshape_(x, shape=(lead, x.shape[dim], rest)))
    return ops.reshape_(z, shape=shape)


def _check(input: Any, mode: str, align_corners: Any, antialias: bool) -> None:
    if not isinstance(input, Tensor):
        raise TypeError(f"interpolate: input must be a Tensor, got {type(input).__name__}.")
    if mode not in _MODES:
        raise ValueError(f"interpolate: mode must be one of {_MODES}, got {mode!r}.")
    if not 3 <= input.ndim <= 5 or input.ndim != _SMOOTH.get(mode, input.ndim):
        wanted = _SMOOTH.get(mode, "3 to 5")
        raise ShapeError(
            f"interpolate: mode={mode!r} wants {wanted} dimensions, batch and channels first, got "
            f"{input.ndim}: {input.shape}."
        )
    if mode not in _SMOOTH and align_corners is not None:
        raise ValueError(f"interpolate: align_corners has no meaning with mode={mode!r}.")
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ValueError(f"interpolate: antialias needs bilinear or bicubic, got mode={mode!r}.")
    if not is_floating(input.dtype) and (mode in (*_SMOOTH, "area") or input.dtype.name != "uint8"):
        raise TypeError(f"interpolate: mode={mode!r} wants floats, got {input.dtype}.")


def _sizes(
    input: Tensor, size: Any, scale_factor: Any, recompute: bool | None
) -> tuple[list[int], list[float]]:
    """Per dimension the output's size, and the step between neighbours counted in input places."""
    if (size is None) == (scale_factor is None):
        raise ValueError("interpolate: give either size or scale_factor, and not both.")
    name, given = ("size", size) if scale_factor is None else ("scale_factor", scale_factor)
    spatial = input.shape[2:]
    each = list(given) if hasattr(given, "__iter__") else [given] * len(spatial)
    if len(each) != len(spatial):
        raise ShapeError(
            f"interpolate: {name}={given} has {len(each)} numbers for the {len(spatial)} spatial "
            f"dimensions of input {input.shape}."
        )
    if size is not None and not all(hasattr(n, "__index__") for n in each):
        raise TypeError(f"interpolate: size must be integers, got {size}.")
    if size is not None and recompute:
        raise ValueError("interpolate: recompute_scale_factor has no meaning with size.")
    pairs = list(zip(spatial, each, strict=True))
    sizes = [int(n) if scale_factor is None else int(have * n) for have, n in pairs]
    if min(sizes) < 1 or 0 in input.shape[1:]:
        raise ShapeError(
            f"interpolate: {name}={given} asks for {tuple(sizes)} of input {input.shape}; no size "
            "but the batch's may be 0."
        )
    if scale_factor is None or recompute:
        return sizes, [have / want for have, want in zip(spatial, sizes, strict=True)]
    return sizes, [1 / factor for factor in each]
