"""The rows of ops/trigonometry.py."""

import numpy as np

from .row import Row, real

_inside = real(5, low=-0.9, high=0.9)
_beyond = real(5, low=1.2, high=4.0)

ROWS = [
    Row("sin", [real(5)], np.sin),
    Row("cos", [real(5)], np.cos),
    Row("tan", [real(5, low=-1.2, high=1.2)], np.tan),
    Row("asin", [_inside], np.arcsin),
    Row("acos", [_inside], np.arccos),
    Row("atan", [real(5)], np.arctan),
    Row("atan2", [real(3, 4), real(4)], np.arctan2),
    Row("hypot", [real(3, 4), real(4)], np.hypot),
    Row("sinh", [real(5)], np.sinh),
    Row("cosh", [real(5)], np.cosh),
    Row("tanh", [real(5)], np.tanh),
    Row("sigmoid", [real(5)], lambda x: 1 / (1 + np.exp(-x))),
    Row("asinh", [real(5)], np.arcsinh),
    Row("acosh", [_beyond], np.arccosh),
    Row("atanh", [_inside], np.arctanh),
]
