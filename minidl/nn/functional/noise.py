"""Dropout: noise while learning, silence in use."""

import math
import warnings

from ... import ops
from ...errors import ShapeError
from ...tensors import Tensor
from .arguments import check_chance, check_real, settled


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element is 0 with probability p, else x / (1 - p), so that the mean stays.

    Args:
        input: any shape.
        p: between 0 and 1.
        training: outside training the input passes unchanged.
        inplace: the input itself becomes the result.

    Raises:
        ValueError: p is no probability. TypeError: integers, which x / (1 - p) does not fit.

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
    (2014), section 10 (scaling while learning).
    """
    check_chance("dropout", p)
    return _dropped("dropout", input, p, training, inplace, input.shape)


def dropout1d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Whole channels of (N, C, L) or (C, L) are 0 with probability p, else x / (1 - p).

    Neighbours in a row are alike, so a single one left out is hardly missed.

    Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks" (2015),
    section 3.2.
    """
    check_chance("dropout1d", p)
    if input.ndim not in (2, 3):
        raise ShapeError(f"dropout1d: input must be (N, C, L) or (C, L), got {input.shape}.")
    return _by_channel("dropout1d", input, p, training, inplace, batched=input.ndim == 3)


def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """As `dropout1d`, for images (N, C, H, W); (N, C, L) is taken, with PyTorch's warning.

    An image without a batch, (C, H, W), would lose rows, not channels: unsqueeze it first.
    """
    check_chance("dropout2d", p)
    if training and input.ndim < 2:
        raise ShapeError(f"dropout2d: input must be (N, C, H, W), got {input.shape}.")
    if input.ndim != 4:
        warnings.warn(
            f"dropout2d is meant for (N, C, H, W), got {input.shape}, read as (N, C, ...): whole "
            "slices input[n, c] are dropped.",
            stacklevel=2,
        )
    return _by_channel("dropout2d", input, p, training, inplace)


def dropout3d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """As `dropout1d`, for volumes (N, C, D, H, W) or (C, D, H, W)."""
    check_chance("dropout3d", p)
    if training and input.ndim < 1:
        raise ShapeError("dropout3d: input must be (N, C, D, H, W), got ().")
    if input.ndim not in (4, 5):
        warnings.warn(
            f"dropout3d is meant for (N, C, D, H, W) or (C, D, H, W), got {input.shape}, read "
            "without a batch: whole slices input[c] are dropped.",
            stacklevel=2,
        )
    return _by_channel("dropout3d", input, p, training, inplace, batched=input.ndim == 5)


def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Dropout for `selu`: each element goes to selu's lowest value with probability p, and all are
    shifted and scaled so that mean 0 and variance 1 stay.

    Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017), section "alpha dropout".
    """
    check_chance("alpha_dropout", p)
    if not training or p == 0:
        return input
    if p == 1:
        return settled(input, input * 0, inplace)
    kept = _kept("alpha_dropout", input, p, input.shape)
    lowest = -1.7580993408473766  # selu of minus infinity: -scale * alpha
    a = 1 / math.sqrt((1 - p) * (1 + p * lowest**2))
    return settled(input, (input * kept + lowest * (1 - kept)) * a - lowest * p * a, inplace)


def _dropped(
    name: str, input: Tensor, p: float, training: bool, inplace: bool, shape: tuple[int, ...]
) -> Tensor:
    """Dropout whose mask has a shape that broadcasts to the input's."""
    if not training or p == 0:
        return input
    if p == 1:
        return settled(input, input * 0, inplace)
    return settled(input, input * (_kept(name, input, p, shape) * (1 / (1 - p))), inplace)


def _by_channel(
    name: str, input: Tensor, p: float, training: bool, inplace: bool, batched: bool = True
) -> Tensor:
    """Dropout of whole slices input[n, c]; without a batch, of slices input[c]."""
    front = 2 if batched else 1
    shape = input.shape[:front] + (1,) * (input.ndim - front)
    return _dropped(name, input, p, training, inplace, shape)


def _kept(name: str, input: Tensor, p: float, shape: tuple[int, ...]) -> Tensor:
    """1 with probability 1 - p, else 0, in the input's dtype."""
    check_real(name, input=input)
    like = input.detach()
    if shape != input.shape:
        like = like[tuple(slice(0, n) for n in shape)]
    kept = ops.uniform_like(like, generator=ops.default_generator) >= p
    return kept.to(input.dtype)
