"""Rectifiers: activations with a bend at 0 (or two), cheap and, above it, never fading."""

from ... import ops
from ...backend import bool_, uint8
from ...dtypes import is_floating
from ...errors import ShapeError
from ...precision import in_half
from ...tensors import Tensor
from .arguments import check_alike, check_real, settled

# `inplace=True` makes the input itself become the result: whoever holds it sees the new numbers.


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0)"""
    output = ops.relu(input)
    return input._rebind(output) if inplace else output


def relu_(input: Tensor) -> Tensor:
    """max(x, 0), in place."""
    return relu(input, inplace=True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x, 0), 6)

    Source: Howard et al., "MobileNets" (2017), where few bits must hold the result.
    """
    return hardtanh(input, 0.0, 6.0, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else negative_slope * x"""
    check_real("leaky_relu", input=input)
    return settled(input, ops.where(input > 0, input, input * negative_slope), inplace)


@in_half
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """x where x > 0, else a_c x with a slope a_c for every channel c, which is learned

    Args:
        input: (N, C, ...), or any shape where there is one slope.
        weight: (C), (1) or ().

    Raises:
        ShapeError: weight has neither one slope nor one for each channel. TypeError: dtypes differ.

    Source: He et al., "Delving Deep into Rectifiers" (2015), section 2.1.
    """
    check_alike("prelu", input=input, weight=weight)
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.ndim > 1 or weight.numel() not in (1, channels):
        raise ShapeError(
            f"prelu: weight must be (1,) or, for an input {input.shape}, ({channels},), got "
            f"{weight.shape}."
        )
    if weight.numel() == 1:
        weight = ops.reshape(weight, ())
    elif input.ndim > 2:
        weight = ops.reshape(weight, (-1,) + (1,) * (input.ndim - 2))
    return ops.where(input > 0, input, input * weight)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else alpha * (e^x - 1)

    Source: Clevert, Unterthiner, Hochreiter, "Fast and Accurate Deep Network Learning by
    Exponential Linear Units" (2016).
    """
    check_real("elu", input=input)
    return settled(input, _bent(input, alpha, 1.0), inplace)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """1.0507 * elu(x, alpha=1.6733): layers of it keep mean 0 and variance 1

    Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017), equation 2.
    """
    check_real("selu", input=input)
    output = 1.0507009873554805 * _bent(input, 1.6732632423543772, 1.0)
    return settled(input, output, inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else alpha * (e^(x / alpha) - 1), whose slope at 0 is 1 for every alpha

    Raises:
        ValueError: alpha is 0.

    Source: Barron, "Continuously Differentiable Exponential Linear Units" (2017).
    """
    check_real("celu", input=input)
    if alpha == 0:
        raise ValueError("celu: alpha must not be 0, since x is divided by it.")
    return settled(input, _bent(input, alpha, 1 / alpha), inplace)


def _bent(input: Tensor, alpha: float, speed: float) -> Tensor:
    """x where x > 0, else alpha * (e^(speed x) - 1)"""
    below = ops.where(input > 0, 0.0, input)  # so that the branch not taken cannot overflow
    return ops.where(input > 0, input, alpha * ops.expm1(below * speed if speed != 1 else below))


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """x kept between min_val and max_val; its slope is 0 from there on

    Raises:
        ValueError: min_val > max_val. TypeError: bools, or uint8 with a negative min_val.
    """
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val={min_val} is above max_val={max_val}.")
    if not is_floating(input.dtype):
        if input.dtype == bool_ or input.dtype == uint8 and min_val < 0:
            raise TypeError(f"hardtanh: input {input.dtype} cannot hold min_val={min_val}.")
        min_val, max_val = int(min_val), int(max_val)
    low = ops.where(input <= min_val, min_val, input)
    return settled(input, ops.where(input >= max_val, max_val, low), inplace)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x + 3, 0), 6) / 6: sigmoid drawn with three straight lines"""
    check_real("hardsigmoid", input=input)
    return settled(input, relu6(input + 3) / 6, inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """x * hardsigmoid(x)

    Source: Howard et al., "Searching for MobileNetV3" (2019), section 5.2.
    """
    check_real("hardswish", input=input)
    return settled(input, input * (relu6(input + 3) / 6), inplace)
