"""The rows of ops/elementwise.py."""

import numpy as np

from .row import NO, Row, positive, real

_both = [real(3, 4), real(4)]
_mask = np.array([[True, False], [False, True], [True, True]])


def _whole(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Integer powers, rounded towards 0."""
    return np.trunc(x.astype(float) ** y).astype(x.dtype)


ROWS = [
    Row("add", _both, np.add),
    Row("sub", _both, np.subtract),
    Row("mul", _both, np.multiply),
    Row("mul", [real(2, 1), real(1, 3)], np.multiply),
    Row("div", [real(3, 4), real(4)], np.divide),
    Row("neg", [real(3)], np.negative),
    Row("pow", [positive(3, 2), real(2)], np.power),
    Row("pow", [real(4), np.array([3.0])], np.power, {}, (0,)),
    Row("pow", [np.array([2, -1, 1, 0]), np.array([-1, -3, -2, 0])], _whole, {}, NO),
    Row("remainder", [real(4), positive(4)], np.remainder),
    Row("floor_divide", [real(4), positive(4)], np.floor_divide),
    Row("exp", [real(3, 2)], np.exp),
    Row("log", [positive(3, 2)], np.log),
    Row("log2", [positive(3, 2)], np.log2),
    Row("log10", [positive(3, 2)], np.log10),
    Row("log1p", [positive(3, 2)], np.log1p),
    Row("expm1", [real(3, 2)], np.expm1),
    Row("logaddexp", _both, np.logaddexp),
    Row("sqrt", [positive(3, 2)], np.sqrt),
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
]
