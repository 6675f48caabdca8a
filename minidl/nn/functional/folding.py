"""Images as rows of patches and back, and channels as pixels and back."""

from math import prod
from typing import Any

from ... import ops
from ...dtypes import is_floating
from ...errors import ShapeError
from ...ops.sliding import counts
from ...tensors import Tensor
from .geometry import each, with_batch, without_batch
from .kernels import check_span
from .padding import pad


def unfold(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """Every window of an image as a column; a convolution is weight.flatten(1) @ unfold(image).

    Args:
        input: (N, C, H, W) or (C, H, W).
        kernel_size, dilation, padding, stride: as for `conv2d`.

    Returns:
        Tensor: (N, C * KH * KW, P) or (C * KH * KW, P) for P windows, row by row.

    Raises:
        ShapeError: the window is larger than the padded input.
    """
    x, batched = with_batch("unfold", input, 2)
    _check_floats("unfold", x)
    sizes, how, around = _geometry("unfold", kernel_size, dilation, padding, stride)
    x = pad(x, around) if any(around) else x
    check_span("unfold", input, x.shape[2:], sizes, how["gaps"])
    seen = ops.permute_(ops.windows(x, sizes=sizes, **how), dims=(2, 3, 0, 1, 4, 5))
    rows, columns = prod(seen.shape[1:4]), prod(seen.shape[4:])
    return without_batch(ops.reshape_(seen, shape=(x.shape[0], rows, columns)), batched)


def fold(
    input: Tensor,
    output_size: Any,
    kernel_size: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
) -> Tensor:
    """Columns laid back where `unfold` took them from, and added where windows overlap.

    Args:
        input: (N, C * KH * KW, P) or (C * KH * KW, P).
        output_size: (H, W).
        kernel_size, dilation, padding, stride: as they were for `unfold`.

    Returns:
        Tensor: (N, C, H, W) or (C, H, W). fold(unfold(x)) is x times how many windows saw each
        pixel.

    Raises:
        ShapeError: the input's sizes are not those that `unfold` gives for such an image.
    """
    x, batched = with_batch("fold", input, 1)
    _check_floats("fold", x)
    height, width = each("fold", "output_size", output_size, 2, 1)
    sizes, how, around = _geometry("fold", kernel_size, dilation, padding, stride)
    if x.shape[1] == 0 or x.shape[1] % prod(sizes):
        raise ShapeError(
            f"fold: kernel_size={sizes} needs rows in multiples of {prod(sizes)}, but input "
            f"{input.shape} has {x.shape[1]}."
        )
    shape = (height + 2 * around[2], width + 2 * around[0])
    check_span("fold", input, shape, sizes, how["gaps"])
    places = counts(shape, sizes, how["steps"], how["gaps"])
    if x.shape[2] != prod(places):
        raise ShapeError(
            f"fold: an image of output_size={(height, width)} has {places[0]} x {places[1]} = "
            f"{prod(places)} windows, but input {input.shape} has {x.shape[2]} columns."
        )
    channels = x.shape[1] // prod(sizes)
    pieces = ops.reshape_(x, shape=(x.shape[0], channels, *sizes, *places))
    z = ops.overlap_add(ops.permute_(pieces, dims=(2, 3, 0, 1, 4, 5)), shape=shape, **how)
    z = pad(z, [-width for width in around]) if any(around) else z
    return without_batch(z, batched)


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """r * r channels become an image r times as high and wide.

    Args:
        input: (*, C * r * r, H, W), r the factor.

    Returns:
        Tensor: (*, C, H * r, W * r), z[c, h r + i, w r + j] = x[c r r + i r + j, h, w].

    Raises:
        ShapeError: the channels are no multiple of r * r.

    Source: Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient
    Sub-Pixel Convolutional Neural Network" (2016), equation 4.
    """
    r = _factor("pixel_shuffle", "upscale_factor", input, upscale_factor)
    *lead, channels, height, width = input.shape
    if channels % (r * r):
        raise ShapeError(
            f"pixel_shuffle: upscale_factor={r} needs channels in multiples of {r * r}, but input "
            f"{input.shape} has {channels}."
        )
    n = len(lead)
    split = ops.reshape_(input, shape=(*lead, channels // (r * r), r, r, height, width))
    mixed = ops.permute_(split, dims=(*range(n + 1), n + 3, n + 1, n + 4, n + 2))
    return ops.reshape_(mixed, shape=(*lead, channels // (r * r), height * r, width * r))


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """The opposite of `pixel_shuffle`: (*, C, H * r, W * r) becomes (*, C * r * r, H, W).

    Raises:
        ShapeError: height or width is no multiple of r.
    """
    r = _factor("pixel_unshuffle", "downscale_factor", input, downscale_factor)
    *lead, channels, height, width = input.shape
    if height % r or width % r:
        raise ShapeError(
            f"pixel_unshuffle: downscale_factor={r} must divide the height and width of input "
            f"{input.shape}."
        )
    n = len(lead)
    split = ops.reshape_(input, shape=(*lead, channels, height // r, r, width // r, r))
    mixed = ops.permute_(split, dims=(*range(n + 1), n + 2, n + 4, n + 1, n + 3))
    return ops.reshape_(mixed, shape=(*lead, channels * r * r, height // r, width // r))


def _geometry(function: str, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> tuple:
    """The window's sizes, what the primitives on windows take, and the border for `pad`."""
    sizes = each(function, "kernel_size", kernel_size, 2, 1)
    high, wide = each(function, "padding", padding, 2, 0)
    steps = each(function, "stride", stride, 2, 1)
    gaps = each(function, "dilation", dilation, 2, 1)
    return sizes, {"steps": steps, "gaps": gaps}, [wide, wide, high, high]


def _check_floats(function: str, x: Tensor) -> None:
    if not is_floating(x.dtype):
        raise TypeError(f"{function}: input must be floats, got {x.dtype}.")


def _factor(function: str, argument: str, input: Tensor, factor: int) -> int:
    if input.ndim < 3:
        raise ShapeError(
            f"{function}: input must be (*, channels, height, width), got {input.shape}."
        )
    return each(function, argument, factor, 1, 1)[0]
