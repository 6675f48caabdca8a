"""Parts of numbers, and small functions of them that PyTorch has beside the common ones."""

import math
from typing import Any

from ..backend import is_number
from .arithmetic import trunc
from .conditions import clamp
from .elementwise import abs_, fill, log, log1p, remainder, sub_, where_
from .questions import eq, gt, isinf, isnan, logical_and, logical_not, lt
from .special import erf

__all__ = ["erfc", "fmod", "frac", "isneginf", "isposinf", "logit", "xlogy"]


def fmod(input: Any, other: Any) -> Any:
    """input - trunc(input / other) * other: what is left of a division, with the sign of input.

    `remainder`, which is Python's %, has the sign of other.

    Raises:
        ZeroDivisionError: integers, and other is 0.
    """
    left = remainder(abs_(input), abs(other) if is_number(other) else abs_(other))
    return where_(lt(input, 0), -left, left)


def frac(input: Any) -> Any:
    """The digits after the point, with the sign of input."""
    return sub_(input, trunc(input))


def erfc(input: Any) -> Any:
    """1 - erf(input); far to the right it keeps only the digits that erf leaves."""
    return 1 - erf(input)


def logit(input: Any, eps: float | None = None) -> Any:
    """ln(p / (1 - p)), the inverse of sigmoid; with eps, p is kept from eps to 1 - eps."""
    p = input if eps is None else clamp(input, eps, 1 - eps)
    return log(p) - log1p(-p)


def xlogy(input: Any, other: Any) -> Any:
    """input * ln(other), and 0 where input is 0, whatever other is (but for nan)."""
    if is_number(other):
        return input * math.log(other) if other > 0 else xlogy(input, fill(input, value=other))
    nothing = logical_and(eq(input, 0), logical_not(isnan(other)))
    product = input * log(where_(nothing, 1, other))
    return where_(nothing, 0, product)


def isposinf(input: Any) -> Any:
    """Whether a number is +infinity."""
    return logical_and(isinf(input), gt(input, 0))


def isneginf(input: Any) -> Any:
    """Whether a number is -infinity."""
    return logical_and(isinf(input), lt(input, 0))
