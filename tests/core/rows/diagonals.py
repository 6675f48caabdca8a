"""The rows of ops/diagonals.py."""

import numpy as np

from .row import Row, real


def _embedded(x: np.ndarray, shape: tuple[int, ...], offset: int) -> np.ndarray:
    z = np.zeros(shape)
    rows, columns = np.nonzero(np.eye(shape[-2], shape[-1], offset))
    z[..., rows, columns] = x
    return z


ROWS = [
    Row(
        "diagonal",
        [real(2, 3, 4)],
        lambda x: np.diagonal(x, 1, 1, 2),
        {"offset": 1},
    ),
    Row("diagonal", [real(4, 3)], lambda x: np.diagonal(x, -2), {"offset": -2}),
    Row(
        "on_diagonal",
        [real(2, 3)],
        lambda x: _embedded(x, (2, 4, 4), -1),
        {"shape": (2, 4, 4), "offset": -1},
    ),
]
