"""The rows of ops/reduction.py."""

import numpy as np

from .row import NO, Row, real

ALL = {"dims": (0, 1), "keepdim": False}
FIRST = {"dims": (0,), "keepdim": True}
_mask = np.array([[True, False], [False, True], [True, True]])

ROWS = [
    Row("sum", [real(3, 4)], np.sum, ALL),
    Row("sum", [real(3, 4)], lambda x: x.sum(0, keepdims=True), FIRST),
    Row("sum", [_mask], lambda x: x.sum(0, keepdims=True), FIRST, NO),
    Row("sum_to", [real(2, 3, 4)], lambda x: x.sum((0, 2)).reshape(3, 1), {"shape": (3, 1)}),
    Row("sum_to", [real(2, 3)], np.sum, {"shape": ()}),
    Row("cumsum", [real(3, 4)], lambda x: np.cumsum(x, 1), {"dim": 1}),
    Row("amax", [real(3, 4)], np.max, ALL),
    Row("amax", [real(3, 4)], lambda x: x.max(0, keepdims=True), FIRST),
    Row("amin", [real(3, 4)], np.min, ALL),
    Row("argmax", [real(3, 4)], lambda x: x.argmax(1), {"dim": 1, "keepdim": False}, NO),
    Row("argmin", [real(3, 4)], lambda x: x.argmin(0)[None], {"dim": 0, "keepdim": True}, NO),
    Row("all", [_mask], lambda x: x.all(0, keepdims=True), FIRST, NO),
    Row("any", [_mask], np.any, ALL, NO),
    Row("argsort", [real(3, 4)], lambda x: x.argsort(1), {"dim": 1, "descending": False}, NO),
    Row("argsort", [real(5)], lambda x: (-x).argsort(), {"dim": 0, "descending": True}, NO),
]
