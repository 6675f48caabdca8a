"""The rows of ops/linear.py."""

import numpy as np

from .row import Row, real

ROWS = [
    Row("matmul", [real(3, 4), real(4, 2)], np.matmul),
    Row("matmul", [real(2, 1, 3, 4), real(5, 4, 2)], np.matmul),
]
