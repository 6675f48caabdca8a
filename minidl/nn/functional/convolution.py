"""Convolutions: a small kernel, slid over a signal, an image or a volume, looks for one pattern."""

from typing import Any

from ... import ops
from ...errors import ShapeError
from ...precision import in_half
from ...tensors import Tensor
from .geometry import each, with_batch, without_batch
from .kernels import check_kernels, check_span
from .padding import pad


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """z[n, o, p] = b[o] + sum over c, k of x[n, c, p * stride + k * dilation] * w[o, c, k]

    Args:
        input: (N, C, L) or (C, L), as if `padding` zeros stood on both sides.
        weight: (O, C / groups, K).
        bias: (O,) or None.
        stride: how far the kernel moves from one output to the next.
        padding: zeros on each side; "valid" for none, "same" for as many as keep the length.
        dilation: how far apart the kernel's places lie.
        groups: channels are split into so many groups that do not see each other.

    Returns:
        Tensor: (N, O, P) or (O, P), P = (L + 2 padding - dilation (K - 1) - 1) // stride + 1.

    Raises:
        ShapeError: channels do not fit, or the kernel is larger than the padded input.
        TypeError: dtypes differ. ValueError: a stride below 1, a negative padding, and so on.

    This is what mathematicians call cross-correlation: a convolution would turn the kernel round.

    Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998), II.A;
    Yu, Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions" (2016) (dilation).
    """
    return _conv("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """As `conv1d`, over images (N, C, H, W) or (C, H, W) with a weight (O, C / groups, KH, KW).

    stride, padding and dilation are one number, or one for the height and one for the width.
    """
    return _conv("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """As `conv1d`, over volumes (N, C, D, H, W), N optional; weight (O, C / groups, KD, KH, KW)."""
    return _conv("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """What `conv1d` does to gradients: each input lays a copy of its kernel into the output.

    Args:
        input: (N, C, L) or (C, L).
        weight: (C, O / groups, K): the weight of the convolution that it is the adjoint of.
        bias: (O,) or None.
        stride: how far apart in the output the copies of neighbours begin.
        padding: how much is cut off on each side.
        output_padding: so much more on the right; below stride or dilation.
        groups, dilation: as for `conv1d`, but before dilation, as in PyTorch.

    Returns:
        Tensor: (N, O, P), P = (L - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1.

    Raises: as `conv1d`.

    Source: Zeiler et al., "Deconvolutional Networks" (2010); Dumoulin, Visin, "A Guide to
    Convolution Arithmetic for Deep Learning" (2016), chapter 4.
    """
    how = (stride, padding, output_padding, groups, dilation)
    return _conv_transpose("conv_transpose1d", 1, input, weight, bias, *how)


def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """As `conv_transpose1d`, over images, with a weight (C, O / groups, KH, KW)."""
    how = (stride, padding, output_padding, groups, dilation)
    return _conv_transpose("conv_transpose2d", 2, input, weight, bias, *how)


def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """As `conv_transpose1d`, over volumes, with a weight (C, O / groups, KD, KH, KW)."""
    how = (stride, padding, output_padding, groups, dilation)
    return _conv_transpose("conv_transpose3d", 3, input, weight, bias, *how)


def _conv(
    name: str, n: int, input: Tensor, weight: Tensor, bias: Tensor | None,
    stride: Any, padding: Any, dilation: Any, groups: int,
) -> Tensor:  # fmt: skip
    x, batched = with_batch(name, input, n)
    check_kernels(name, n, input, weight, bias, groups)
    steps = each(name, "stride", stride, n, 1)
    gaps = each(name, "dilation", dilation, n, 1)
    border = _border(name, padding, weight.shape[2:], steps, gaps)
    padded = tuple(n + sum(zeros) for n, zeros in zip(x.shape[2:], border, strict=True))
    check_span(name, input, padded, weight.shape[2:], gaps)
    b = 0 if bias is None else ops.reshape_(bias, shape=(weight.shape[0],) + (1,) * n)
    how: dict[str, Any] = {"steps": steps, "gaps": gaps, "groups": groups}
    if any(map(any, border)):
        z = ops.bordered_conv(x, weight, b, border=border, **how)
    else:
        z = ops.conv(x, weight, b, **how)
    return without_batch(z, batched)


def _border(name: str, padding: Any, sizes: tuple, steps: tuple, gaps: tuple) -> tuple:
    """The zeros (before, after) each dimension; with "same" an odd one stands on the right."""
    n = len(sizes)
    if padding == "same":
        if max(steps) > 1:
            raise ValueError(f"{name}: padding='same' needs stride=1, got {steps}.")
        totals = [gap * (size - 1) for gap, size in zip(gaps, sizes, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if padding == "valid":
        return ((0, 0),) * n
    if isinstance(padding, str):
        raise ValueError(f"{name}: padding must be numbers, 'same' or 'valid', got {padding!r}.")
    return tuple((p, p) for p in each(name, "padding", padding, n, 0))


@in_half
def _conv_transpose(
    name: str, n: int, input: Tensor, weight: Tensor, bias: Tensor | None,
    stride: Any, padding: Any, output_padding: Any, groups: int, dilation: Any,
) -> Tensor:  # fmt: skip
    x, batched = with_batch(name, input, n)
    check_kernels(name, n, input, weight, bias, groups, transposed=True)
    steps = each(name, "stride", stride, n, 1)
    gaps = each(name, "dilation", dilation, n, 1)
    cut = each(name, "padding", padding, n, 0)
    more = each(name, "output_padding", output_padding, n, 0)
    if any(m >= max(step, gap) for m, step, gap in zip(more, steps, gaps, strict=True)):
        raise ValueError(
            f"{name}: output_padding={more} must be smaller than stride={steps} or "
            f"dilation={gaps}: the convolution that this undoes could not have lost more."
        )
    along = zip(x.shape[2:], weight.shape[2:], steps, gaps, strict=True)
    shape = tuple((length - 1) * step + gap * (k - 1) + 1 for length, k, step, gap in along)
    if any(length + m - 2 * c < 1 for length, m, c in zip(shape, more, cut, strict=True)):
        raise ShapeError(
            f"{name}: padding={cut} leaves nothing of an output of {shape}, made from input "
            f"{input.shape} and weight {weight.shape}."
        )
    z = ops.conv_transpose(x, weight, shape=shape, steps=steps, gaps=gaps, groups=groups)
    if any(cut) or any(more):
        widths = [(-c, m - c) for c, m in zip(cut, more, strict=True)]
        z = pad(z, [width for pair in reversed(widths) for width in pair])
    if bias is not None:
        z = z + ops.reshape_(bias, shape=(bias.shape[0],) + (1,) * n)
    return without_batch(z, batched)
