"""Layers and losses as functions without state: `import minidl.nn.functional as F`."""

from ...ops import flatten
from .activations import (
    elu,
    gelu,
    hardtanh,
    leaky_relu,
    log_softmax,
    logsigmoid,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from .classification import cross_entropy, nll_loss
from .dense import linear
from .labels import one_hot
from .noise import dropout
from .probability import binary_cross_entropy, binary_cross_entropy_with_logits, kl_div
from .regression import huber_loss, l1_loss, mse_loss, smooth_l1_loss
from .scaling import normalize

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "dropout",
    "elu",
    "flatten",
    "gelu",
    "hardtanh",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "mse_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "relu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "softmax",
    "softplus",
    "tanh",
]
