"""The rows of ops/exponentials.py."""

import numpy as np

from .row import Row, real


def _softmax(x, dim):
    e = np.exp(x)
    return e / e.sum(dim, keepdims=True)


def _slope(g, z, dim):
    return z * (g - (g * z).sum(dim, keepdims=True))


def _log_slope(g, z, dim):
    return g - np.exp(z) * g.sum(dim, keepdims=True)


ROWS = [
    *(
        row
        for dim, shape in ((1, (2, 3)), (0, (3, 2)), (1, (2, 3, 2)), (0, (4,)))
        for row in (
            Row("softmax", [real(*shape)], lambda x, d=dim: _softmax(x, d), {"dim": dim}),
            Row("log_softmax", [real(*shape)], lambda x, d=dim: np.log(_softmax(x, d)),
                {"dim": dim}),
            Row("softmax_slope", [real(*shape), real(*shape)],
                lambda g, z, d=dim: _slope(g, z, d), {"dim": dim}),
            Row("log_softmax_slope", [real(*shape), real(*shape)],
                lambda g, z, d=dim: _log_slope(g, z, d), {"dim": dim}),
        )
    ),
]  # fmt: skip
