"""PyTorch's names for choosing numbers by a condition, and for asking whether two are close."""

from typing import Any

from ..backend import bool_, category, finfo, is_number, uint8
from ..dtypes import get_default_dtype, is_differentiable, is_floating, of_number, promote_types
from .arithmetic import abs as magnitude
from .elementwise import fill, maximum, minimum, where_
from .movement import cast
from .questions import eq, isfinite, isnan, logical_or
from .reduction import all_
from .searching import nonzero

__all__ = [
    "allclose",
    "clamp",
    "clamp_max",
    "clamp_min",
    "equal",
    "fmax",
    "fmin",
    "isclose",
    "masked_fill",
    "nan_to_num",
    "where",
]

# Bounds ---------------------------------------------------------------------------------------


def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """input, kept between min and max: numbers, or tensors that broadcast.

    Outside the bounds its slope is 0, and a bound that is a tensor has slope 1. Where min > max,
    the result is max.

    Raises:
        ValueError: neither bound was given.
        TypeError: one is a number and the other a tensor, or one is neither.
    """
    if min is None and max is None:
        raise ValueError("clamp: min and max are both None; give at least one.")
    for word, bound in (("min", min), ("max", max)):
        if bound is not None and not is_number(bound) and not hasattr(bound, "dtype"):
            raise TypeError(f"clamp: {word} must be a number or a tensor, got {bound!r:.60}.")
    if min is not None and max is not None and is_number(min) != is_number(max):
        raise TypeError("clamp: min and max must both be numbers, or both tensors.")
    z = input
    if min is not None:
        z = where_(_or_nan(z < min, min), min, z)
    return z if max is None else where_(_or_nan(z > max, max), max, z)


def _or_nan(beyond: Any, bound: Any) -> Any:
    """A bound that is nan keeps nothing in: the result is nan, too."""
    if is_number(bound):
        return beyond if bound == bound else fill(beyond, value=True)
    return logical_or(beyond, isnan(bound)) if is_floating(bound.dtype) else beyond


def clamp_min(input: Any, min: Any) -> Any:
    """input, kept from falling below min."""
    return clamp(input, min)


def clamp_max(input: Any, max: Any) -> Any:
    """input, kept from rising above max."""
    return clamp(input, max=max)


def fmax(input: Any, other: Any) -> Any:
    """The larger; where one is nan, the other."""
    return where_(isnan(input), other, where_(isnan(other), input, maximum(input, other)))


def fmin(input: Any, other: Any) -> Any:
    """The smaller; where one is nan, the other."""
    return where_(isnan(input), other, where_(isnan(other), input, minimum(input, other)))


# Masks ----------------------------------------------------------------------------------------


def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """input where the condition holds, else other; all three broadcast.

    Args:
        condition: a tensor of bools. Alone, the positions where it is true, as one index tensor per
            dimension, like nonzero(as_tuple=True).
        input, other: tensors or numbers.

    Raises:
        TypeError: `condition` holds no bools, or only one of `input` and `other` was given.
    """
    if input is None and other is None:
        return nonzero(condition, as_tuple=True)
    if not hasattr(condition, "dtype") or condition.dtype not in (bool_, uint8):
        kind = getattr(condition, "dtype", type(condition).__name__)
        raise TypeError(f"where: condition must be a tensor of bools, got {kind}.")
    condition = condition if condition.dtype == bool_ else cast(condition, dtype=bool_)
    if is_number(input) and is_number(other):
        kind = promote_types(of_number(input), of_number(other))
        input = fill(cast(condition, dtype=kind), value=input)
    return where_(condition, input, other)


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """input, with value wherever the mask is true; in input's dtype.

    Args:
        mask: bools that broadcast with input.
        value: a number, or a tensor without dimensions.

    Raises:
        TypeError: `mask` holds no bools.
        ValueError: `value` is a tensor with dimensions; use where.
    """
    if not hasattr(mask, "dtype") or mask.dtype != bool_:
        kind = getattr(mask, "dtype", type(mask).__name__)
        raise TypeError(f"masked_fill: mask must be a tensor of bools, got {kind}.")
    if is_number(value):
        if category(of_number(value)) > category(input.dtype):
            value = bool(value) if input.dtype == bool_ else int(value)
    elif value.shape:
        raise ValueError(
            f"masked_fill: value must be one number, got shape {tuple(value.shape)}; "
            "where(mask, value, input) takes a tensor."
        )
    elif value.dtype != input.dtype:
        value = cast(value, dtype=input.dtype)
    return where_(mask, value, input)


def nan_to_num(
    input: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Finite numbers in place of nan and infinities: by default 0 and the widest of the dtype."""
    if not hasattr(input, "dtype"):
        raise TypeError(f"nan_to_num: input must be a tensor, got {input!r:.60}.")
    if not is_floating(input.dtype):
        return input
    widest = float(finfo(input.dtype).max)
    top = widest if posinf is None else posinf
    low = -widest if neginf is None else neginf
    z = where_(isnan(input), nan, input)
    return where_(eq(z, float("inf")), top, where_(eq(z, -float("inf")), low, z))


# Closeness ------------------------------------------------------------------------------------


def isclose(
    input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """|input - other| <= atol + rtol * |other|, element by element; a nan is close to none.

    Args:
        equal_nan: whether two nan are close.

    Raises:
        TypeError: `other` is no tensor, or of another dtype.
        ValueError: `rtol` or `atol` is negative.
    """
    _comparable(input, other, rtol, atol)
    same = eq(input, other)
    if equal_nan:
        same = logical_or(same, isnan(input) & isnan(other))
    if not is_differentiable(input.dtype):
        input, other = (cast(x, dtype=get_default_dtype()) for x in (input, other))
    near = magnitude(input - other) <= atol + rtol * magnitude(other)
    return logical_or(same, near & isfinite(input) & isfinite(other))


def _comparable(input: Any, other: Any, rtol: float, atol: float) -> None:
    if not hasattr(other, "dtype"):
        raise TypeError(f"isclose: other must be a tensor, got {other!r:.60}.")
    if input.dtype != other.dtype:
        raise TypeError(
            f"isclose: input and other must have one dtype, got {input.dtype} and {other.dtype}."
        )
    for word, bound in (("rtol", rtol), ("atol", atol)):
        if bound < 0:
            raise ValueError(f"isclose: {word} must not be negative, got {bound}.")


def allclose(
    input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether all numbers are close, as in isclose, as a Python bool."""
    close = isclose(input, other, rtol, atol, equal_nan)
    return bool(all_(close, dims=tuple(range(close.ndim)), keepdim=False))


def equal(input: Any, other: Any) -> bool:
    """Whether two tensors have one shape and the same numbers, as a Python bool."""
    if input.shape != other.shape:
        return False
    same = eq(input, other)
    return bool(all_(same, dims=tuple(range(same.ndim)), keepdim=False))
