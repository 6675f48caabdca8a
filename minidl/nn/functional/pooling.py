"""Pooling: a window slides over each channel, and only its largest number or its mean goes on."""

from math import prod
from typing import Any

from ... import ops
from ...backend import int64
from ...dtypes import is_floating
from ...precision import in_single
from ...tensors import Tensor
from .geometry import with_batch, without_batch
from .padding import pad
from .windows import Window, at_places, lowest

# max_pool ---------------------------------------------------------------------------------------


def max_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """z[..., p] = the largest x[..., p * stride + k * dilation] over k < kernel_size

    Args:
        input: (N, C, L) or (C, L).
        kernel_size: the window's size.
        stride: how far it moves; by default its size, so that windows do not overlap.
        padding: how far the first and last window stand over the edge, at most half a window;
            what lies outside never wins.
        dilation: how far apart the window's places lie.
        ceil_mode: let a last window in that stands over the edge.
        return_indices: also say where the winners stood, counted in one flattened channel.

    Returns:
        Tensor: (N, C, P) or (C, P), P = (L + 2 padding - dilation (K - 1) - 1) // stride + 1,
        rounded up instead of down in ceil_mode; with return_indices a pair of it and int64.

    Raises:
        ShapeError: the window is larger than the padded input. ValueError: a stride below 1, a
        padding above half a window.

    Of equal numbers the first wins, and the gradient goes to it alone.
    """
    how = (kernel_size, stride, padding, dilation, ceil_mode, return_indices)
    return _max_pool("max_pool1d", 1, input, *how)


def max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """As `max_pool1d`, over images (N, C, H, W) or (C, H, W)."""
    how = (kernel_size, stride, padding, dilation, ceil_mode, return_indices)
    return _max_pool("max_pool2d", 2, input, *how)


@in_single("cpu")
def max_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """As `max_pool1d`, over volumes (N, C, D, H, W) or (C, D, H, W)."""
    how = (kernel_size, stride, padding, dilation, ceil_mode, return_indices)
    return _max_pool("max_pool3d", 3, input, *how)


def _max_pool(
    name: str, n: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any,
    ceil_mode: bool, return_indices: bool,
) -> Any:  # fmt: skip
    x, batched = with_batch(name, input, n)
    window = Window(name, n, x, kernel_size, stride, padding, dilation, ceil_mode)
    bordered = pad(x, window.widths, value=lowest(x)) if any(window.widths) else x
    if not return_indices:
        return without_batch(ops.max_windows(bordered, **window.how), batched)
    winners = ops.argmax_windows(bordered, **window.how)
    z = without_batch(at_places(bordered, winners), batched)
    places = _in_channel(winners, bordered.shape[2:], x.shape[2:], window)
    return z, without_batch(places, batched)


def _in_channel(winners: Tensor, bordered: tuple, inside: tuple, window: Window) -> Tensor:
    """Places in a flattened tensor with borders as places in a flattened channel without."""
    if bordered == inside:
        return winners % prod(inside)
    places: Any = 0
    scale = 1
    for d in reversed(range(len(inside))):
        at = winners % bordered[d] - window.before[d]
        outside = ops.clamp(-(at // window.gaps[d]), min=0)  # where a whole window is -inf
        places = places + scale * (at + outside * window.gaps[d])
        winners, scale = winners // bordered[d], scale * inside[d]
    return places


# avg_pool ---------------------------------------------------------------------------------------


def avg_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """z[..., p] = the mean of x[..., p * stride + k] over k < kernel_size

    Args:
        input: (N, C, L) or (C, L), with `padding` zeros on both sides.
        kernel_size, stride, padding, ceil_mode: as for `max_pool1d`.
        count_include_pad: whether those zeros count when the sum is divided.

    Returns:
        Tensor: (N, C, P) or (C, P), P as for `max_pool1d`.

    Raises: as `max_pool1d`.
    """
    how = (kernel_size, stride, padding, ceil_mode, count_include_pad, None)
    return _avg_pool("avg_pool1d", 1, input, *how)


def avg_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """As `avg_pool1d`, over images; `divisor_override` is what sums are divided by instead."""
    how = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _avg_pool("avg_pool2d", 2, input, *how)


@in_single("cpu")
def avg_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """As `avg_pool2d`, over volumes."""
    how = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _avg_pool("avg_pool3d", 3, input, *how)


def _avg_pool(
    name: str, n: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any,
    ceil_mode: bool, count_include_pad: bool, divisor_override: int | None,
) -> Tensor:  # fmt: skip
    x, batched = with_batch(name, input, n)
    if not is_floating(x.dtype) and x.dtype != int64:
        raise TypeError(f"{name}: input must be floats or int64, got {x.dtype}.")
    if divisor_override == 0:
        raise ValueError(f"{name}: divisor_override must not be 0.")
    window = Window(name, n, x, kernel_size, stride, padding, 1, ceil_mode)
    bordered = pad(x, window.widths) if any(window.widths) else x
    sums = ops.sum_windows(bordered, **window.how)
    by = divisor_override or _counted(x, window, count_include_pad)
    z = sums / by if is_floating(x.dtype) else ops.div(sums, by, rounding_mode="trunc")
    return without_batch(z, batched)


def _counted(x: Tensor, window: Window, borders: bool) -> Any:
    """How many numbers each window has: one number, or (*counts) where windows at edges have less.

    What ceil_mode lets stand over the padding never counts.
    """
    product: Any = 1
    for d, (length, size) in enumerate(zip(x.shape[2:], window.sizes, strict=True)):
        step, before = window.steps[d], window.before[d]
        first, last = (-before, length + before) if borders else (0, length)
        starts = [p * step - before for p in range(window.counts[d])]
        along = [min(start + size, last) - max(start, first) for start in starts]
        if len(set(along)) == 1:
            product = product * along[0]
        else:
            column = Tensor(along, x.dtype).to(x.device)
            product = product * column.reshape((-1,) + (1,) * (x.ndim - 3 - d))
    return product
