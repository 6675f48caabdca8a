"""How weights begin: spread so that signals neither fade nor explode from layer to layer."""

import math
from typing import Any

from .. import ops
from ..creation import arange, eye
from ..errors import ShapeError
from ..linalg import qr
from ..tape import no_grad
from ..tensors import Tensor
from .truncated_normal import trunc_normal_ as trunc_normal_

# Every function overwrites its tensor, returns it, and records no history. `generator` is the
# stream of random numbers, by default the one that `manual_seed` starts.


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Tensor:
    """Numbers from U(a, b)."""
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Tensor:
    """Numbers from N(mean, std^2)."""
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """One number everywhere."""
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """All 1."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """All 0."""
    return constant_(tensor, 0.0)


def eye_(tensor: Tensor) -> Tensor:
    """1 on the diagonal of a matrix (n, m), 0 elsewhere: the layer begins as the identity."""
    if tensor.ndim != 2:
        raise ShapeError(f"eye_ fills a matrix, got shape {tensor.shape}.")
    with no_grad():
        return tensor.copy_(eye(*tensor.shape))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """1 in the middle of each window (n, m, ...) whose two channels agree: the convolution begins
    by handing its input on, as many channels as there are.

    Args:
        tensor: (n, m, k), (n, m, k, k) or (n, m, k, k, k); it is overwritten.
        groups: of the convolution; divides n.

    Raises:
        ShapeError: another number of dimensions. ValueError: groups does not divide n.

    Source: Zagoruyko, Komodakis, "DiracNets" (2017), section 3.
    """
    if tensor.ndim not in (3, 4, 5):
        raise ShapeError(f"dirac_ fills a weight (n, m, k, ...), got shape {tensor.shape}.")
    if tensor.shape[0] % groups:
        raise ValueError(f"dirac_: groups={groups} does not divide {tensor.shape[0]} channels.")
    each = tensor.shape[0] // groups
    channels = arange(min(each, tensor.shape[1]))
    middle = tuple(n // 2 for n in tensor.shape[2:])
    with no_grad():
        tensor.zero_()
        for g in range(groups):
            tensor[(g * each + channels, channels, *middle)] = 1
    return tensor


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Any = None) -> Tensor:
    """N(0, std^2), but a share `sparsity` of each column of a matrix, rounded up, is 0.

    Raises:
        ShapeError: no matrix.

    Source: Martens, "Deep Learning via Hessian-Free Optimization" (2010), section 5.
    """
    if tensor.ndim != 2:
        raise ShapeError(f"sparse_ fills a matrix, got shape {tensor.shape}.")
    zeros = math.ceil(sparsity * tensor.shape[0])
    with no_grad():
        tensor.normal_(0, std, generator=generator)
        order = tensor.detach().clone().uniform_(generator=generator).argsort(0)
        return tensor.masked_fill_(order < zeros, 0.0)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """U(-b, b) with b = gain sqrt(6 / (fan_in + fan_out))

    Source: Glorot, Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural
    Networks" (2010), equation 16.
    """
    bound = gain * math.sqrt(6 / (sum(fans(tensor)) or 1))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """N(0, s^2) with s = gain sqrt(2 / (fan_in + fan_out))

    Source: as `xavier_uniform_`.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / (sum(fans(tensor)) or 1)), generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:
    """U(-b, b) with b = gain sqrt(3 / fan)

    Args:
        tensor: a weight (out, in, ...).
        a: the negative slope of a leaky ReLU, which sets the gain.
        mode: "fan_in" keeps the size of signals going forward, "fan_out" going backward.
        nonlinearity: what follows the layer; see `calculate_gain`.
        generator: the stream of random numbers.

    Source: He et al., "Delving Deep into Rectifiers" (2015), section 2.2.
    """
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:
    """N(0, s^2) with s = gain / sqrt(fan); arguments and source as `kaiming_uniform_`."""
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', got {mode!r}.")
    fan = fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan or 1)


def orthogonal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """gain times a matrix whose rows, or columns where those are fewer, are orthonormal.

    Such a layer keeps the length of what goes through it. (n, ...) counts as a matrix of n rows.

    Raises:
        ShapeError: fewer than two dimensions.

    Source: Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in
    deep linear neural networks" (2013), section 3.
    """
    if tensor.ndim < 2:
        raise ShapeError(f"orthogonal_ fills a matrix (n, ...), got shape {tensor.shape}.")
    if not tensor.numel():
        return tensor
    with no_grad():
        drawn = tensor.detach().reshape(tensor.shape[0], -1).clone().normal_(generator=generator)
        wide = drawn.shape[0] < drawn.shape[1]
        q, r = qr(drawn.t() if wide else drawn)
        q = q * ops.diagonal(r).sign()  # so that every such matrix is equally likely
        return tensor.copy_((q.t() if wide else q).reshape(tensor.shape) * gain)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """How much a weight must grow to make up for what a nonlinearity takes away.

    Args:
        nonlinearity: what follows the layer, such as "relu", "tanh", "linear" or "conv2d".
        param: the negative slope of leaky_relu, 0.01 by default.
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"calculate_gain: param must be a number, a slope, got {slope!r}.")
        return math.sqrt(2 / (1 + slope**2))
    gains = {"relu": math.sqrt(2), "tanh": 5 / 3, "selu": 3 / 4, "linear": 1.0, "sigmoid": 1.0}
    gains.update({f"conv{n}d": 1.0 for n in (1, 2, 3)})
    gains.update({f"conv_transpose{n}d": 1.0 for n in (1, 2, 3)})
    if nonlinearity not in gains:
        known = ", ".join(sorted([*gains, "leaky_relu"]))
        raise ValueError(f"No gain is known for {nonlinearity!r}; known are {known}.")
    return gains[nonlinearity]


def fans(tensor: Tensor) -> tuple[int, int]:
    """(fan_in, fan_out): how many numbers meet in one output, and leave from one input.

    Raises:
        ShapeError: fewer than two dimensions, as in a bias, which has no fans.
    """
    if tensor.ndim < 2:
        raise ShapeError(
            f"A weight (out, in, ...) has fans, shape {tensor.shape} has not; a bias mostly begins "
            "with zeros_."
        )
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window
