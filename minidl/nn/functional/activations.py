"""Activations without a corner: the smooth bends between linear layers.

Without a bend a deep net is one matrix. Those with a corner stand in rectifiers.py.
"""

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
    below = input < 0
    small = ops.exp(ops.where(below, input, -input))  # e^-|x| cannot overflow
    return ops.where(below, input, 0.0) - ops.log1p(small)


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
    return settled(input, ops.silu_(input), inplace)


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
        return ops.gelu_tanh(input)
    if approximate != "none":
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}.")
    return ops.gelu_(input)


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
