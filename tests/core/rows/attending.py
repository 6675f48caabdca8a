"""The rows of ops/attending.py."""

import numpy as np

from .row import Row, real


def _weights(q, k, causal):
    e = np.exp(0.7 * q @ np.swapaxes(k, -1, -2))
    e = np.tril(e) if causal else e
    return e / e.sum(-1, keepdims=True)


def _slopes(g, z, q, k, v, causal):
    w = _weights(q, k, causal)
    s = 0.7 * w * (g @ np.swapaxes(v, -1, -2) - (g * z).sum(-1, keepdims=True))
    parts = s @ k, np.swapaxes(s, -1, -2) @ q, np.swapaxes(w, -1, -2) @ g
    return np.concatenate([x.reshape(-1) for x in parts])


ROWS = [
    row
    for front, s, causal in (((), 3, False), ((2, 2), 4, True), ((2,), 2, True))
    for q, k, v in ((real(*front, 3, 2), real(*front, s, 2), real(*front, s, 1)),)
    for params in ({"scale": 0.7, "causal": causal},)
    for row in (
        Row("attention_weights", [q, k], lambda q, k, c=causal: _weights(q, k, c), params),
        Row("attention", [q, k, v], lambda q, k, v, c=causal: _weights(q, k, c) @ v, params),
        Row("attention_slopes", [real(*front, 3, 1), real(*front, 3, 1), q, k, v],
            lambda g, z, q, k, v, c=causal: _slopes(g, z, q, k, v, c), params),
    )
]  # fmt: skip
