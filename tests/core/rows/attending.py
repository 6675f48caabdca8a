"""The rows of ops/attending.py."""

import numpy as np

from .row import Row, real


def _weights(q, k, causal):
    e = np.exp(0.7 * q @ np.swapaxes(k, -1, -2))
    e = np.tril(e) if causal else e
    return e / e.sum(-1, keepdims=True)


ROWS = [
    Row("attention_weights", [real(*front, 3, 2), real(*front, s, 2)],
        lambda q, k, c=causal: _weights(q, k, c), {"scale": 0.7, "causal": causal})
    for front, s, causal in (((), 3, False), ((2, 2), 4, True), ((2,), 2, True))
]  # fmt: skip
