"""Whether the input, the weight and the bias of a convolution fit, and what to say where not."""

from typing import Any

from ...dtypes import is_floating
from ...errors import ShapeError
from ...precision import mixes
from ...tensors import Tensor


def check_kernels(
    name: str,
    n: int,
    input: Tensor,
    weight: Any,
    bias: Any,
    groups: Any,
    transposed: bool = False,
) -> None:
    """Refuses a weight or bias that does not belong to an input (N, C, *spatial) or (C, *spatial).

    Raises:
        TypeError: no tensors, or other dtypes. ShapeError: shapes do not fit. ValueError: groups.
    """
    _check_dtypes(name, input, weight, bias)
    places = "channels, outputs / groups" if transposed else "outputs, channels / groups"
    if weight.ndim != n + 2:
        raise ShapeError(f"{name}: weight must be ({places}, + {n} sizes), got {weight.shape}.")
    if not hasattr(groups, "__index__") or groups < 1:
        raise ValueError(f"{name}: groups must be a positive integer, got {groups!r}.")
    if weight.shape[0] == 0 or weight.shape[0] % groups:
        raise ShapeError(
            f"{name}: groups={groups} must divide the first size of weight {weight.shape}, "
            f"which is {weight.shape[0]}."
        )
    _check_channels(name, n, input, weight, groups, transposed)
    outputs = weight.shape[1] * groups if transposed else weight.shape[0]
    if bias is not None and bias.shape != (outputs,):
        raise ShapeError(f"{name}: bias must be ({outputs},), one per output, got {bias.shape}.")


def _check_dtypes(name: str, input: Tensor, weight: Any, bias: Any) -> None:
    for argument, value in (("weight", weight), ("bias", bias)):
        if value is None and argument == "bias":
            continue
        if not isinstance(value, Tensor):
            raise TypeError(f"{name}: {argument} must be a Tensor, got {type(value).__name__}.")
        if value.dtype != input.dtype and not mixes(value, input):
            raise TypeError(
                f"{name}: input is {input.dtype}, {argument} is {value.dtype}: convert the input "
                f"with x.to(minidl.{value.dtype}), or the model with model.to(x.dtype)."
            )
    if input.dtype.kind not in "iuf" and not is_floating(input.dtype):
        raise TypeError(f"{name}: input must hold real numbers or integers, got {input.dtype}.")


def _check_channels(
    name: str, n: int, input: Tensor, weight: Tensor, groups: int, transposed: bool
) -> None:
    wanted = weight.shape[0] if transposed else weight.shape[1] * groups
    dim = input.ndim - n - 1
    if input.shape[dim] == wanted:
        return
    said = (
        f"{name}: weight {weight.shape} with groups={groups} reads {wanted} channels, but input "
        f"{input.shape} has {input.shape[dim]} in dimension {dim}"
    )
    if input.shape[-1] == wanted:
        order = ", ".join(map(str, (*range(dim), input.ndim - 1, *range(dim, input.ndim - 1))))
        raise ShapeError(f"{said}; channels come before the places: input.permute({order}).")
    if dim == 0 and wanted == 1:  # read as one input of many channels, meant as a batch
        raise ShapeError(f"{said}; input.unsqueeze(1) gives a batch its channel.")
    raise ShapeError(f"{said}.")


def check_span(name: str, input: Tensor, spatial: tuple, sizes: tuple, gaps: tuple) -> None:
    """Refuses a kernel that is larger than the padded input.

    Raises:
        ShapeError: it is, along some dimension.
    """
    spans = tuple(gap * (size - 1) + 1 for size, gap in zip(sizes, gaps, strict=True))
    if any(span > length for span, length in zip(spans, spatial, strict=True)):
        spread = f", spread to {spans} by dilation={gaps}," if spans != tuple(sizes) else ""
        raise ShapeError(
            f"{name}: kernel {tuple(sizes)}{spread} is larger than input {input.shape}, which "
            f"with its padding measures {tuple(spatial)}."
        )
