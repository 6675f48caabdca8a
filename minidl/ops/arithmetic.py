"""PyTorch's names for element-wise mathematics, composed of the element-wise primitives."""

from typing import Any

from ..backend import finfo, is_number
from ..dtypes import of_number, promote_types
from .complexes import is_complex, modulus
from .elementwise import (
    abs_,
    add_,
    div_,
    exp,
    fill,
    floor,
    floor_divide,
    isfinite,
    isnan,
    log,
    log1p,
    maximum,
    minimum,
    mul,
    pow_,
    round_,
    sigmoid,
    sqrt,
    sub_,
    where_,
)
from .movement import cast

__all__ = [
    "abs",
    "add",
    "addcdiv",
    "addcmul",
    "clamp",
    "clip",
    "div",
    "fmax",
    "fmin",
    "isclose",
    "lerp",
    "log10",
    "log2",
    "masked_fill",
    "nan_to_num",
    "pow",
    "reciprocal",
    "round",
    "rsqrt",
    "silu",
    "softplus",
    "square",
    "sub",
    "trunc",
    "where",
]


def add(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """input + alpha * other"""
    return add_(input, other if alpha == 1 else mul(other, alpha))


def sub(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """input - alpha * other"""
    return sub_(input, other if alpha == 1 else mul(other, alpha))


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """input / other; rounded towards zero ("trunc") or down ("floor") where asked."""
    if rounding_mode is None:
        return div_(input, other)
    if rounding_mode == "floor":
        return floor_divide(input, other)
    if rounding_mode == "trunc":
        return trunc(div_(input, other))
    raise ValueError(f"rounding_mode must be None, 'trunc' or 'floor', got {rounding_mode!r}.")


def pow(input: Any, exponent: Any) -> Any:
    """input ** exponent"""
    if is_number(exponent) and exponent == 2:
        return mul(input, input)
    return pow_(input, exponent)


def square(input: Any) -> Any:
    """input * input"""
    return mul(input, input)


def reciprocal(input: Any) -> Any:
    """1 / input"""
    return div_(1, input)


def rsqrt(input: Any) -> Any:
    """1 / sqrt(input)"""
    return div_(1, sqrt(input))


def abs(input: Any) -> Any:
    """|input|, for complex numbers the length sqrt(x^2 + y^2); its slope at 0 is taken as 0"""
    return modulus(input) if is_complex(input) else abs_(input)


def round(input: Any, *, decimals: int = 0) -> Any:
    """The nearest number with so many decimals; halves go to the even neighbour."""
    if decimals == 0:
        return round_(input)
    return div_(round_(mul(input, 10.0**decimals)), 10.0**decimals)


def trunc(input: Any) -> Any:
    """Without the digits after the point."""
    return where_(input < 0, -floor(-input), floor(input))


def log2(input: Any) -> Any:
    """The logarithm to base 2."""
    return mul(log(input), 1.4426950408889634)


def log10(input: Any) -> Any:
    """The logarithm to base 10."""
    return mul(log(input), 0.4342944819032518)


def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """input, kept between min and max; outside them its slope is 0.

    Raises:
        ValueError: neither bound was given.
    """
    if min is None and max is None:
        raise ValueError("clamp needs min, max or both.")
    z = input
    if min is not None:
        z = where_(input < min, min, z)
    return z if max is None else where_(z > max, max, z)


def where(condition: Any, input: Any, other: Any) -> Any:
    """input where the condition holds, else other."""
    if is_number(input) and is_number(other):
        kind = promote_types(of_number(input), of_number(other))
        input = fill(cast(condition, dtype=kind), value=input)
    return where_(condition, input, other)


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """input, with value wherever the mask is true."""
    return where_(mask, value, input)


def lerp(input: Any, end: Any, weight: Any) -> Any:
    """input + weight * (end - input)"""
    return input + weight * (end - input)


def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: float = 1) -> Any:
    """input + value * tensor1 * tensor2"""
    return input + value * (tensor1 * tensor2)


def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: float = 1) -> Any:
    """input + value * tensor1 / tensor2"""
    return input + value * (tensor1 / tensor2)


def softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    """ln(1 + e^(beta x)) / beta, without overflow; linear beyond the threshold, as in PyTorch."""
    scaled = input * beta
    bent = where_(scaled > threshold, 0.0, scaled)  # so that the branch not taken cannot overflow
    return where_(scaled > threshold, input, log1p(exp(bent)) / beta)


def silu(input: Any) -> Any:
    """x * sigmoid(x)"""
    return input * sigmoid(input)


def isclose(
    input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """|input - other| <= atol + rtol * |other|, element by element."""
    near = (abs_(input - other) <= atol + rtol * abs_(other)) & isfinite(input) & isfinite(other)
    same = near | (input == other)
    return same | (isnan(input) & isnan(other)) if equal_nan else same


def nan_to_num(
    input: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Finite numbers in place of nan and the infinities."""
    widest = float(finfo(input.dtype).max)
    top = widest if posinf is None else posinf
    low = -widest if neginf is None else neginf
    z = where_(isnan(input), nan, input)
    return where_(z == float("inf"), top, where_(z == -float("inf"), low, z))


def clip(input: Any, min: Any = None, max: Any = None) -> Any:
    """As clamp."""
    return clamp(input, min, max)


def fmax(input: Any, other: Any) -> Any:
    """The larger; where one is nan, the other."""
    return where_(isnan(input), other, where_(isnan(other), input, maximum(input, other)))


def fmin(input: Any, other: Any) -> Any:
    """The smaller; where one is nan, the other."""
    return where_(isnan(input), other, where_(isnan(other), input, minimum(input, other)))
