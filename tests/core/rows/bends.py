"""The rows of ops/bends.py."""

from math import erf

import numpy as np

from .row import Row, real

_erf = np.vectorize(erf)
_C = np.sqrt(2 / np.pi)


def _gelu(x):
    return 0.5 * x * (1 + _erf(x / np.sqrt(2)))


def _gelu_slope(g, z, x):
    return g * (0.5 * (1 + _erf(x / np.sqrt(2))) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi))


def _gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(_C * (x + 0.044715 * x**3)))


def _gelu_tanh_slope(g, z, x):
    t = np.tanh(_C * (x + 0.044715 * x**3))
    return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * _C * (1 + 3 * 0.044715 * x**2))


def _silu(x):
    return x / (1 + np.exp(-x))


def _silu_slope(g, z, x):
    s = 1 / (1 + np.exp(-x))
    return g * s * (1 + x * (1 - s))


# slopes are given z = f(x) beside x, and differ by x only
_x = np.array([[-2.5, -1.2, -0.3], [0.0, 0.7, 2.1]])

ROWS = [
    Row(name, inputs, reference, {}, nudge)
    for name, bend, slope in (
        ("gelu", _gelu, _gelu_slope),
        ("gelu_tanh", _gelu_tanh, _gelu_tanh_slope),
        ("silu", _silu, _silu_slope),
    )
    for name, inputs, reference, nudge in (
        (name, [_x], bend, (0,)),
        (name.removesuffix("_") + "_slope", [real(2, 3), bend(_x), _x], slope, (0, 2)),
    )
]
