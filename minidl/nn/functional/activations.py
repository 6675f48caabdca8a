"""Activations without a corner: the smooth bends between linear layers, and softmax at their end.

Without a bend a deep net is one matrix. Those with a corner stand in rectifiers.py.
"""

import math
import warnings
from typing import Any

from ... import ops
from ...errors import ShapeError
from ...tensors import Tensor
from .arguments import check_real, settled


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e^-x)"""
    return ops.sigmoid(input)


def logsigmoid(input: Tensor) -> Tensor:
    """ln sigmoid(x) = -softplus(-x), exact for large |x|"""
    check_real("logsigmoid", input=input)
    return -ops.softplus(-input, 1, 40)  # beyond 40, ln(1 + e^x) is x to the last bit


def tanh(input: Tensor) -> Tensor:
    """(e^x - e^-x) / (e^x + e^-x)"""
    return ops.tanh(input)


def softsign(input: Tensor) -> Tensor:
    """x / (1 + |x|): as tanh, but nearing 1 more slowly"""
    return input / (1 + ops.abs(input))


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """ln(1 + e^(beta x)) / beta; x itself where beta x > threshold"""
    check_real("softplus", input=input)
    return ops.softplus(input, beta, threshold)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x * sigmoid(x), also called swish

    Source: Elfwing, Uchibe, Doya, "Sigmoid-Weighted Linear Units" (2017), equation 4.
    """
    check_real("silu", input=input)
    return settled(input, ops.silu(input), inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x * tanh(softplus(x))

    Source: Misra, "Mish: A Self Regularized Non-Monotonic Activation Function" (2019), equation 1.
    """
    check_real("mish", input=input)
    return settled(input, input * ops.tanh(ops.softplus(input)), inplace)


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """x * P(a normal number < x)

    Args:
        input: any shape.
        approximate: "none", or "tanh" for x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).

    Raises:
        ValueError: another `approximate`.

    Source: Hendrycks, Gimpel, "Gaussian Error Linear Units" (2016), section 2.
    """
    check_real("gelu", input=input)
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (input + 0.044715 * (input * input * input))
        return 0.5 * input * (1 + ops.tanh(inner))
    if approximate != "none":
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}.")
    return 0.5 * input * (1 + ops.erf(input * math.sqrt(0.5)))


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """a * sigmoid(b), where a and b are the halves of x along a dimension: b is a gate for a

    Raises:
        ShapeError: that dimension has an odd size, or there is none.

    Source: Dauphin et al., "Language Modeling with Gated Convolutional Networks" (2017).
    """
    check_real("glu", input=input)
    if input.ndim == 0:
        raise ShapeError("glu: input must have a dimension to halve, got shape ().")
    size = input.size(dim)
    if size % 2:
        raise ShapeError(f"glu: dim={dim} of input {input.shape} has odd size {size}.")
    half = size // 2
    return ops.narrow(input, dim, 0, half) * ops.sigmoid(ops.narrow(input, dim, half, half))


def softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """e^x_i / sum_j e^x_j along `dim`: numbers turned into probabilities

    Args:
        input: any shape, real numbers; -inf gives probability 0 (nothing but -inf gives nan).
        dim: which dimension sums to 1.
        dtype: what the input is turned to first.
    """
    x = _ready("softmax", input, dtype)
    return ops.softmax(x, _softmax_dim("softmax", dim, input.ndim))


def log_softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """x_i - ln sum_j e^x_j along `dim`: the logarithm of softmax, exact where softmax is near 0"""
    x = _ready("log_softmax", input, dtype)
    return ops.log_softmax(x, _softmax_dim("log_softmax", dim, input.ndim))


def softmin(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """softmax(-x): the smaller, the likelier"""
    x = _ready("softmin", input, dtype)
    return ops.softmax(-x, _softmax_dim("softmin", dim, input.ndim))


def _ready(name: str, input: Tensor, dtype: Any) -> Tensor:
    input = input if dtype is None else input.to(dtype)
    check_real(name, input=input)
    return input


def _softmax_dim(name: str, dim: int | None, ndim: int) -> int:
    """PyTorch's guess where no dim is given, which it too warns about."""
    if dim is not None:
        return dim
    warnings.warn(
        f"{name} was called without dim: say which dimension sums to 1, mostly dim=-1.",
        stacklevel=3,
    )
    return 0 if ndim in (0, 1, 3) else 1
