"""The rows of ops/indexing.py."""

from typing import Any

import numpy as np

from minidl.ops.indexing import Slot

from .row import Row, real


def _scattered(x: np.ndarray, key: tuple, shape: tuple) -> np.ndarray:
    z = np.zeros(shape)
    np.add.at(z, key, x)
    return z


def _put(x: np.ndarray, key: tuple, value: Any) -> np.ndarray:
    z = x.copy()
    z[key] = value
    return z


def _folded(x: np.ndarray, key: tuple, value: np.ndarray, by: str) -> np.ndarray:
    z = x.copy()
    getattr(np, by).at(z, key, value)
    return z


_rows, _cols = np.array([2, 0, 2]), np.array([1, 1, 0])
ARRAY = Slot.ARRAY

ROWS = [
    Row("gather_at", [real(3, 2), _rows], lambda x, i: x[i], {"key": (ARRAY,)}, (0,)),
    Row(
        "gather_at",
        [real(3, 2), _rows, _cols],
        lambda x, i, j: x[i, j],
        {"key": (ARRAY, ARRAY)},
        (0,),
    ),
    Row(
        "scatter_at",
        [real(3, 2), _rows],
        lambda x, i: _scattered(x, (i,), (3, 2)),
        {"key": (ARRAY,), "shape": (3, 2)},
        (0,),
    ),
    Row(
        "scatter_at",
        [real(2, 1, 2, 2), np.array([[-1, 0], [2, -3]])],
        lambda x, i: _scattered(x, (i,), (3, 2, 2)),
        {"key": (ARRAY,), "shape": (3, 2, 2)},
        (0,),
    ),
    Row(
        "put_at",
        [real(3, 2), real(2), np.array([2, 0])],
        lambda x, v, i: _put(x, (i,), v),
        {"key": (ARRAY,)},
        (0, 1),
    ),
    Row(
        "put_at",
        [real(3, 2), real(2)],
        lambda x, v: _put(x, (1,), v),
        {"key": (1,)},
    ),
    *(
        Row(
            "fold_at",
            [real(3, 2), real(3, 2, low=-1.8, high=2.3), _rows],
            lambda x, v, i, by=by: _folded(x, (i,), v, by),
            {"key": (ARRAY,), "by": by},
            (0, 1),
        )
        for by in ("maximum", "minimum", "multiply")
    ),
]
