"""Activations: the bends between the linear layers, without which a deep net is one matrix."""

import math
import warnings
from typing import Any

from ... import ops
from ...tensors import Tensor

# Each takes `inplace` where PyTorch does; the result is the same, but always a new tensor.


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0)"""
    return ops.relu(input)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else negative_slope * x"""
    return ops.where(input > 0, input, input * negative_slope)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else alpha * (e^x - 1)

    Source: Clevert, Unterthiner, Hochreiter, "Fast and Accurate Deep Network Learning by
    Exponential Linear Units" (2016).
    """
    below = ops.where(input > 0, 0.0, input)  # so that the branch not taken cannot overflow
    return ops.where(input > 0, input, alpha * ops.expm1(below))


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x * P(a normal number < x)

    Args:
        input: any shape.
        approximate: "none", or "tanh" for x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).

    Source: Hendrycks, Gimpel, "Gaussian Error Linear Units" (2016), section 2.
    """
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (input + 0.044715 * (input * input * input))
        return 0.5 * input * (1 + ops.tanh(inner))
    if approximate != "none":
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}.")
    return 0.5 * input * (1 + ops.erf(input / math.sqrt(2)))


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x * sigmoid(x), also called swish"""
    return ops.silu(input)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """ln(1 + e^(beta x)) / beta; x itself where beta x > threshold"""
    return ops.softplus(input, beta, threshold)


def logsigmoid(input: Tensor) -> Tensor:
    """ln sigmoid(x) = -softplus(-x), exact for large |x|"""
    return -ops.softplus(-input)


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e^-x)"""
    return ops.sigmoid(input)


def tanh(input: Tensor) -> Tensor:
    """(e^x - e^-x) / (e^x + e^-x)"""
    return ops.tanh(input)


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """x kept between min_val and max_val; its slope is 0 from there on

    Raises:
        ValueError: min_val > max_val.
    """
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val={min_val} is above max_val={max_val}.")
    high = ops.where(input < max_val, input, max_val)
    return ops.where(input > min_val, high, min_val)


def softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """e^x_i / sum_j e^x_j along `dim`: numbers turned into probabilities"""
    return ops.softmax(_cast(input, dtype), _softmax_dim("softmax", dim, input.ndim))


def log_softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """x_i - ln sum_j e^x_j along `dim`: the logarithm of softmax, exact where softmax is near 0"""
    return ops.log_softmax(_cast(input, dtype), _softmax_dim("log_softmax", dim, input.ndim))


def _cast(input: Tensor, dtype: Any) -> Tensor:
    return input if dtype is None else input.to(dtype)


def _softmax_dim(name: str, dim: int | None, ndim: int) -> int:
    """PyTorch's guess where no dim is given, which it too warns about."""
    if dim is not None:
        return dim
    warnings.warn(
        f"{name} was called without dim: say which dimension sums to 1, mostly dim=-1.",
        stacklevel=3,
    )
    return 0 if ndim in (0, 1, 3) else 1
