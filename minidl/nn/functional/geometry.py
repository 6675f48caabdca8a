"""How kernel_size, stride, padding and their kin are read: one number, or one per dimension."""

from typing import Any

from ...errors import ShapeError
from ...ops import reshape_
from ...tensors import Tensor


def each(function: str, argument: str, value: Any, n: int, least: int | None = None) -> tuple:
    """An argument as n integers.

    Args:
        function: whose argument it is, for the message.
        value: an integer, or a sequence of n (or of 1) integers.
        least: the smallest that is allowed; None allows all.

    Raises:
        TypeError: no integers. ValueError: another count, or an integer below `least`.
    """
    given = (value,) if hasattr(value, "__index__") else value
    if not isinstance(given, (tuple, list)) or not all(hasattr(v, "__index__") for v in given):
        raise TypeError(f"{function}: {argument} must be an integer or {n} of them, got {value!r}.")
    numbers = tuple(v.__index__() for v in given)
    if len(numbers) not in (1, n):
        raise ValueError(
            f"{function}: {argument} must be one integer or {n}, got {len(numbers)}: {value}."
        )
    if least is not None and min(numbers) < least:
        raise ValueError(f"{function}: {argument} must be at least {least}, got {value}.")
    return numbers * n if len(numbers) == 1 else numbers


def with_batch(function: str, input: Any, n: int) -> tuple[Tensor, bool]:
    """An input (C, *spatial) or (N, C, *spatial) with n spatial dimensions as the latter.

    Returns:
        tuple: (N, C, *spatial), and whether N was there.

    Raises:
        TypeError: no tensor. ShapeError: another number of dimensions.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"{function}: input must be a Tensor, got {type(input).__name__}.")
    if input.ndim == n + 2:
        return input, True
    if input.ndim == n + 1:
        return reshape_(input, shape=(1, *input.shape)), False
    axes = ("length", "height, width", "depth, height, width")[n - 1]
    raise ShapeError(
        f"{function}: input must be (batch, channels, {axes}) or (channels, {axes}), got "
        f"{input.ndim} dimensions: {input.shape}"
        + ("; input.unsqueeze(0) adds the channel." if input.ndim == n else ".")
    )


def without_batch(output: Tensor, batched: bool) -> Tensor:
    """(N, C, *spatial), or (C, *spatial) where the input came so."""
    return output if batched else reshape_(output, shape=output.shape[1:])
