"""Shrinkage: activations that set small numbers to 0; and `threshold`, which cuts off low ones."""

from ... import ops
from ...backend import bool_
from ...dtypes import is_floating
from ...tensors import Tensor
from .arguments import check_real, settled


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where x > threshold, else value

    Raises:
        TypeError: bools.
    """
    if input.dtype == bool_:
        raise TypeError("threshold: input must hold numbers, got bool.")
    if not is_floating(input.dtype):
        threshold, value = int(threshold), int(value)
    return settled(input, ops.where(input <= threshold, value, input), inplace)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x where |x| > lambd, else 0"""
    check_real("hardshrink", input=input)
    small = ops.logical_and(input >= -lambd, input <= lambd)
    return ops.where(small, 0.0, input)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x, moved towards 0 by lambd, but no further than 0

    Raises:
        ValueError: lambd < 0.

    Source: Donoho, "De-noising by Soft-Thresholding" (1995), equation 1.3.
    """
    check_real("softshrink", input=input)
    if lambd < 0:
        raise ValueError(f"softshrink: lambd must not be negative, got {lambd}.")
    low = ops.where(input < -lambd, input + lambd, input * 0)  # 0, or nan where x is
    return ops.where(input > lambd, input - lambd, low)


def tanhshrink(input: Tensor) -> Tensor:
    """x - tanh(x)"""
    return input - ops.tanh(input)
