"""Normalisation: (x - mean) / sqrt(variance + eps), by the mean and variance of one set or another.

For an input (N, C, L) the set that shares a mean is, with N examples, C channels, L positions:

    batch_norm      all examples and positions of a channel: a mean per (C)
    instance_norm   all positions of a channel of an example: a mean per (N, C)
    group_norm      all positions of a group of channels of an example: per (N, groups)
    layer_norm      all features of a position, the last dimensions: mostly per (N, L) of (N, L, C)
    rms_norm        as layer_norm, but nothing is subtracted

Afterwards a weight and a bias per channel (or feature) may scale and shift. The first two, which
may remember their means, stand in batch_normalization.py.
"""

from math import prod

from ... import ops
from ...backend import finfo, is_half
from ...errors import ShapeError
from ...precision import in_single
from ...tensors import Tensor
from .arguments import check_alike, check_real, check_shape


@in_single("cuda")
def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """(x - mean_ng) / sqrt(var_ng + eps) * w_c + b_c for every example n and group of channels g

    Args:
        input: (N, C, ...).
        num_groups: divides C.
        weight: (C) or None.
        bias: (C) or None.

    Raises:
        ShapeError: num_groups does not divide C. ValueError: one value in a group of one example.

    Source: Wu, He, "Group Normalization" (2018), section 3.
    """
    check_channels("group_norm", input, weight=weight, bias=bias)
    n, channels = input.shape[:2]
    if num_groups <= 0 or channels % num_groups:
        raise ShapeError(
            f"group_norm: num_groups={num_groups} does not divide the {channels} channels of input "
            f"{input.shape}."
        )
    if n * prod(input.shape[1:]) == num_groups:
        raise ValueError(one_value("group_norm", input, "value per group"))
    each = prod(input.shape[1:]) // num_groups
    groups = ops.reshape(input, (n, num_groups, each))
    _, centred, var = moments(groups, (2,))
    output = ops.reshape(centred * ops.rsqrt(var + eps), input.shape)
    return scaled(output, lifted(weight, input), lifted(bias, input), input)


def layer_norm(
    input: Tensor,
    normalized_shape: list[int] | tuple[int, ...],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """(x - mean) / sqrt(var + eps) * w + b over the last dimensions of every example

    Args:
        input: (*, normalized_shape).
        normalized_shape: the sizes of the dimensions that share a mean.
        weight: of that shape, or None.
        bias: of that shape, or None.

    Raises:
        ShapeError: the input does not end in normalized_shape.

    Source: Ba, Kiros, Hinton, "Layer Normalization" (2016), section 3.
    """
    dims = _last_dims("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    if weight is not None and bias is not None and input.numel():
        if input.dtype == weight.dtype == bias.dtype:
            return ops.layer_norm_(input, weight, bias, eps=eps)
    if (wide := _wide(input)) is not input:
        return layer_norm(wide, normalized_shape, weight, bias, eps)
    _, centred, var = moments(input, dims)
    return scaled(centred * ops.rsqrt(var + eps), weight, bias, input)


@in_single("cuda")
def rms_norm(
    input: Tensor,
    normalized_shape: list[int] | tuple[int, ...],
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """x / sqrt(mean of x^2 + eps) * w over the last dimensions of every example

    Args as for `layer_norm`; eps is by default the step from 1 to the next number of the dtype.

    Source: Zhang, Sennrich, "Root Mean Square Layer Normalization" (2019), equation 4.
    """
    dims = _last_dims("rms_norm", input, normalized_shape, weight=weight)
    eps = float(finfo(input.dtype).eps) if eps is None else eps
    x = input if input.dtype.itemsize > 2 else input.float()
    squares = ops.mean(x * x, dims, keepdim=True)
    return scaled(x * ops.rsqrt(squares + eps), weight, None, input)


@in_single("cuda")
def _wide(input: Tensor) -> Tensor:
    """An input as a region on a card normalises it."""
    return input


# What they share -------------------------------------------------------------------------------


def moments(x: Tensor, dims: tuple[int, ...]) -> tuple[Tensor, Tensor, Tensor]:
    """The mean over dimensions, x without it, and the variance (n below), sizes kept as 1."""
    x = x if x.dtype.itemsize > 2 else x.float()  # sums of half precision lose too much
    mean = ops.mean(x, dims, keepdim=True)
    centred = x - mean
    return mean, centred, ops.mean(centred * centred, dims, keepdim=True)


def scaled(x: Tensor, weight: Tensor | None, bias: Tensor | None, input: Tensor) -> Tensor:
    """x * weight + bias, in the input's dtype."""
    x = x if weight is None else x * weight
    x = x if bias is None else x + bias
    return x if x.dtype == input.dtype else x.to(input.dtype)


def lifted(vector: Tensor | None, input: Tensor) -> Tensor | None:
    """A vector over channels in the place of the input's channels: (C) as (C, 1, 1)."""
    if vector is None or input.ndim == 2:
        return vector
    return ops.reshape(vector, (-1,) + (1,) * (input.ndim - 2))


def check_channels(name: str, input: Tensor, **vectors: Tensor | None) -> None:
    """Refuses vectors that do not belong to the input's channels."""
    _check_dtypes(name, input, **vectors)
    if input.ndim < 2:
        raise ShapeError(f"{name}: input must be (N, C, ...), got {input.shape}.")
    check_shape(name, input.shape[1:2], **vectors)


def _last_dims(
    name: str, input: Tensor, shape: list[int] | tuple[int, ...], **vectors: Tensor | None
) -> tuple[int, ...]:
    """The dimensions that normalized_shape names."""
    _check_dtypes(name, input, **vectors)
    if isinstance(shape, int):
        raise TypeError(f"{name}: normalized_shape must be a list, got {shape}: write [{shape}].")
    shape = tuple(shape)
    if not shape or input.shape[-len(shape) :] != shape:
        raise ShapeError(
            f"{name}: input must end in normalized_shape {list(shape)}, got {input.shape}."
        )
    check_shape(name, shape, **vectors)
    return tuple(range(input.ndim - len(shape), input.ndim))


def _check_dtypes(name: str, input: Tensor, **vectors: Tensor | None) -> None:
    """One dtype for all; but halves may be scaled by wider weights, and rms_norm takes any."""
    mixed = name == "rms_norm" or is_half(input.dtype)
    (check_real if mixed else check_alike)(name, input=input, **vectors)


def one_value(name: str, input: Tensor, what: str) -> str:
    """Why one number alone cannot be normalised."""
    return (
        f"{name}: in training there must be more than one {what}, else its variance is 0; got "
        f"input {input.shape}."
    )
