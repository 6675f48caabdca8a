"""PyTorch's names for element-wise mathematics, composed of the element-wise primitives.

`add`, `sub`, `mul` and `div` take a number or a tensor on either side, and a number never widens a
tensor. Integers divide to real numbers (`div`), or down to integers (`floor_divide`).
"""

from typing import Any

from ..backend import bool_, is_number
from ..dtypes import is_differentiable, is_floating, result_type
from ..precision import in_single
from .complexes import is_complex, modulus
from .elementwise import (
    abs_,
    add_,
    div_,
    exp,
    floor,
    floor_divide,
    log1p,
    mul,
    pow_,
    round_,
    sqrt,
    sub_,
    where_,
)
from .questions import lt, ne
from .trigonometry import sigmoid

__all__ = [
    "abs",
    "add",
    "addcdiv",
    "addcmul",
    "div",
    "exp2",
    "lerp",
    "positive",
    "pow",
    "reciprocal",
    "round",
    "rsqrt",
    "silu",
    "softplus",
    "square",
    "sub",
    "trunc",
]


def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """input + alpha * other

    Raises:
        TypeError: `alpha` is no integer, though both hold integers.
    """
    return add_(input, times(input, other, alpha, "add"))


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """input - alpha * other

    Raises:
        TypeError: bools (of a mask, the opposite is ~mask), or `alpha` as in `add`.
    """
    return sub_(input, times(input, other, alpha, "sub"))


def times(input: Any, other: Any, alpha: Any, name: str) -> Any:
    """alpha * other, in the dtype that input + other has."""
    if isinstance(alpha, int) and alpha == 1:
        return other
    if not is_number(alpha) and getattr(alpha, "shape", None) != ():
        raise TypeError(f"{name}: alpha must be a number, got {alpha!r:.60}.")
    kind = result_type(input, other)
    if not is_differentiable(kind) and is_differentiable(result_type(alpha)):
        raise TypeError(f"{name}: alpha must be an integer among {kind} numbers, got {alpha!r}.")
    if kind == bool_:
        alpha = bool(alpha)
    return other * alpha


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """input / other; rounded towards zero ("trunc") or down ("floor") where asked.

    Without rounding, integers divide to the default float.

    Raises:
        ValueError: another `rounding_mode`.
        ZeroDivisionError: integers were to be divided by 0 with rounding.
    """
    if rounding_mode is None:
        return div_(input, other)
    if rounding_mode not in ("trunc", "floor"):
        raise ValueError(f"rounding_mode must be None, 'trunc' or 'floor', got {rounding_mode!r}.")
    if rounding_mode == "trunc" and is_floating(result_type(input, other)):
        return trunc(div_(input, other))
    down = floor_divide(input, other)
    if rounding_mode == "floor":
        return down
    below = mul(lt(down, 0), ne(mul(down, other), input))
    return where_(below, down + 1, down)


def pow(input: Any, exponent: Any) -> Any:
    """input ** exponent

    Raises:
        ValueError: integers to a negative integer power, which is no integer.
    """
    if is_number(input) and is_number(exponent):
        raise TypeError(f"pow: input or exponent must be a tensor, got {input!r} and {exponent!r}.")
    if is_number(input) or not is_number(exponent):
        return pow_(input, exponent)
    if not is_differentiable(input.dtype) and isinstance(exponent, int):
        if exponent < 0:
            raise ValueError(
                f"pow: exponent must not be negative for {input.dtype}, got {exponent}; "
                "a fraction needs real numbers: input.float()."
            )
    elif exponent == 2 and is_differentiable(input.dtype):
        return mul(input, input)
    return pow_(input, exponent)


def _tensor(name: str, input: Any) -> Any:
    """input, which must be a tensor."""
    if not hasattr(input, "dtype"):
        raise TypeError(f"{name}: input must be a tensor, got {input!r:.60}.")
    return input


def square(input: Any) -> Any:
    """input * input; bools count as 0 and 1"""
    if _tensor("square", input).dtype == bool_:
        return pow_(input, 2)
    return mul(input, input)


@in_single("cuda")
def reciprocal(input: Any) -> Any:
    """1 / input"""
    _tensor("reciprocal", input)
    return div_(1, input)


@in_single("cuda")
def rsqrt(input: Any) -> Any:
    """1 / sqrt(input)"""
    return div_(1, sqrt(input))


def exp2(input: Any) -> Any:
    """2 ** input"""
    return pow_(2.0, _tensor("exp2", input))


def abs(input: Any) -> Any:
    """|input|, for complex numbers the length sqrt(x^2 + y^2); its slope at 0 is taken as 0

    Raises:
        TypeError: bools, which have no sign.
    """
    if _tensor("abs", input).dtype == bool_:
        raise TypeError("abs: input must hold numbers, got bool.")
    return modulus(input) if is_complex(input) else abs_(input)


def positive(input: Any) -> Any:
    """+input, the tensor itself.

    Raises:
        TypeError: bools, which have no sign.
    """
    if _tensor("positive", input).dtype == bool_:
        raise TypeError("positive: input must hold numbers, got bool.")
    return input


def round(input: Any, *, decimals: int = 0) -> Any:
    """The nearest number with so many decimals; halves go to the even neighbour.

    Negative `decimals` round to tens, hundreds and so on.

    Raises:
        TypeError: `decimals` for integers.
    """
    if decimals == 0:
        return round_(input)
    if not is_floating(input.dtype):
        raise TypeError(f"round: decimals={decimals} is for real numbers, got {input.dtype}.")
    scale = 10.0 ** (decimals if decimals > 0 else -decimals)
    if decimals > 0:
        return div_(round_(mul(input, scale)), scale)
    return mul(round_(div_(input, scale)), scale)


def trunc(input: Any) -> Any:
    """Without the digits after the point: rounded towards 0."""
    return where_(lt(input, 0), -floor(-input), floor(input))


def lerp(input: Any, end: Any, weight: Any) -> Any:
    """input + weight * (end - input): from input (weight 0) to end (weight 1) on a straight line

    Raises:
        TypeError: `end` is no tensor, or the dtypes are not one dtype of real numbers.
    """
    if is_number(end):
        raise TypeError(f"lerp: end must be a tensor, got the number {end!r}.")
    for word, x in (("input", input), ("end", end), ("weight", weight)):
        if is_number(x) or word == "weight" and not x.shape:
            continue
        if x.dtype != input.dtype or not is_differentiable(x.dtype):
            raise TypeError(
                f"lerp: input, end and weight must hold real numbers of one dtype, but input is "
                f"{input.dtype} and {word} {x.dtype}."
            )
    return input + weight * (end - input)


def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """input + value * tensor1 * tensor2; among integers `value` loses its fraction."""
    _tensors("addcmul", tensor1, tensor2)
    if not is_differentiable(result_type(input, tensor1, tensor2)):
        value = int(value)
    product = mul(tensor1, tensor2)
    return add_(input, product if is_number(value) and value == 1 else mul(product, value))


def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """input + value * tensor1 / tensor2

    Raises:
        TypeError: tensor1 and tensor2 both hold integers.
    """
    _tensors("addcdiv", tensor1, tensor2)
    if not is_differentiable(result_type(tensor1, tensor2)):
        raise TypeError(
            "addcdiv: tensor1 or tensor2 must hold real numbers, got "
            f"{tensor1.dtype} and {tensor2.dtype}."
        )
    quotient = div_(tensor1, tensor2)
    return add_(input, quotient if is_number(value) and value == 1 else mul(quotient, value))


def _tensors(name: str, tensor1: Any, tensor2: Any) -> None:
    for word, x in (("tensor1", tensor1), ("tensor2", tensor2)):
        if is_number(x):
            raise TypeError(f"{name}: {word} must be a tensor, got the number {x!r}.")


@in_single("cuda")
def softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    """ln(1 + e^(beta x)) / beta, without overflow; linear beyond the threshold, as in PyTorch."""
    scaled = input if beta == 1 else input * beta
    above = scaled > 0
    bent = log1p(exp(where_(above, -scaled, scaled)))  # e^-|x| cannot overflow
    bent = where_(above, scaled, 0.0) + bent
    return where_(scaled > threshold, input, bent if beta == 1 else bent / beta)


def silu(input: Any) -> Any:
    """x * sigmoid(x)"""
    return input * sigmoid(input)
