"""The rows of ops/elementwise.py."""

import numpy as np

from .row import NO, Row, positive, real

_both = [real(3, 4), real(4)]
_bits = [np.array([5, 3, 8]), np.array([1, 6, 12])]
_truth = [np.array([True, False, True]), np.array([True, True, False])]
_mask = np.array([[True, False], [False, True], [True, True]])
_odd = np.array([1.0, np.nan, np.inf, -np.inf])

ROWS = [
    Row("add", _both, np.add),
    Row("sub", _both, np.subtract),
    Row("mul", _both, np.multiply),
    Row("mul", [real(2, 1), real(1, 3)], np.multiply),
    Row("div", [real(3, 4), real(4)], np.divide),
    Row("neg", [real(3)], np.negative),
    Row("pow", [positive(3, 2), real(2)], np.power),
    Row("pow", [real(4), np.array([3.0])], np.power, {}, (0,)),
    Row("remainder", [real(4), positive(4)], np.remainder),
    Row("floor_divide", [real(4), positive(4)], np.floor_divide),
    Row("exp", [real(3, 2)], np.exp),
    Row("log", [positive(3, 2)], np.log),
    Row("log1p", [positive(3, 2)], np.log1p),
    Row("expm1", [real(3, 2)], np.expm1),
    Row("sqrt", [positive(3, 2)], np.sqrt),
    Row("sin", [real(5)], np.sin),
    Row("cos", [real(5)], np.cos),
    Row("tanh", [real(5)], np.tanh),
    Row("sigmoid", [real(5)], lambda x: 1 / (1 + np.exp(-x))),
    Row("fill", [real(2, 2)], lambda x: np.full(x.shape, 3.0), {"value": 3.0}),
    Row("abs", [real(5)], np.abs),
    Row("sign", [real(5)], np.sign),
    Row("maximum", [real(3, 4), real(4)], np.maximum),
    Row("minimum", [real(3, 4), real(4)], np.minimum),
    Row("relu", [real(6)], lambda x: np.maximum(x, 0)),
    Row("where", [_mask, real(3, 2), real(2)], np.where, {}, (1, 2)),
    Row("floor", [real(5)], np.floor),
    Row("ceil", [real(5)], np.ceil),
    Row("round", [real(5)], np.round),
    Row("eq", [np.array([1.0, 2.0]), np.array([1.0, 3.0])], np.equal, {}, NO),
    Row("ne", [np.array([1.0, 2.0]), np.array([1.0, 3.0])], np.not_equal, {}, NO),
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
