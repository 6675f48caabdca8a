"""The rows of ops/questions.py."""

import numpy as np

from .row import NO, Row, real

_both = [real(3, 4), real(4)]
_same = [np.array([1.0, 2.0]), np.array([1.0, 3.0])]
_truth = [np.array([True, False, True]), np.array([True, True, False])]
_odd = np.array([1.0, np.nan, np.inf, -np.inf])
_bits = [np.array([5, 3, 8]), np.array([1, 6, 12])]

ROWS = [
    Row("eq", _same, np.equal, {}, NO),
    Row("ne", _same, np.not_equal, {}, NO),
    Row("lt", _both, np.less, {}, NO),
    Row("le", _both, np.less_equal, {}, NO),
    Row("gt", _both, np.greater, {}, NO),
    Row("ge", _both, np.greater_equal, {}, NO),
    Row("logical_and", _truth, np.logical_and, {}, NO),
    Row("logical_or", _truth, np.logical_or, {}, NO),
    Row("logical_xor", _truth, np.logical_xor, {}, NO),
    Row("logical_not", _truth[:1], np.logical_not, {}, NO),
    Row("isnan", [_odd], np.isnan, {}, NO),
    Row("isinf", [_odd], np.isinf, {}, NO),
    Row("isfinite", [_odd], np.isfinite, {}, NO),
    Row("bitwise_and", _bits, np.bitwise_and, {}, NO),
    Row("bitwise_or", _bits, np.bitwise_or, {}, NO),
    Row("bitwise_xor", _bits, np.bitwise_xor, {}, NO),
    Row("bitwise_not", _bits[:1], np.invert, {}, NO),
]
