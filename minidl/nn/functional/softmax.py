"""Softmax: numbers of any size turned into probabilities, and draws by them."""

import warnings
from typing import Any

from ... import ops
from ...tensors import Tensor
from .arguments import check_real


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


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, *, dim: int = -1) -> Tensor:
    """softmax((x + g) / tau), g drawn from Gumbel's distribution: a softened random choice

    The largest of x + g is a class drawn by softmax(x); for small tau its probability nears 1.

    Args:
        logits: any shape.
        tau: the temperature.
        hard: give a 1 at the drawn class and 0 elsewhere, with the gradient of the soft numbers.
        dim: the dimension of the classes.

    Source: Jang, Gu, Poole, "Categorical Reparameterization with Gumbel-Softmax" (2017), section 2.
    """
    check_real("gumbel_softmax", logits=logits)
    u = ops.uniform_like(logits.detach(), generator=ops.default_generator)
    waiting = -ops.log1p(-u)  # exponential draws: -ln of one is a Gumbel draw
    soft = ops.softmax((logits - ops.log(waiting)) / tau, dim)
    if not hard:
        return soft
    drawn = ops.argmax(soft, dim, keepdim=True)
    one = ops.scatter(ops.fill(soft.detach(), value=0), dim, drawn, 1.0)
    return one - soft.detach() + soft


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
