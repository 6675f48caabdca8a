"""The rows of ops/movement.py."""

import numpy as np

import minidl

from .row import Row, real

ROWS = [
    Row("reshape", [real(2, 6)], lambda x: x.reshape(3, 4), {"shape": (3, 4)}),
    Row("reshape", [real(1)], lambda x: x.reshape(()), {"shape": ()}),
    Row("permute", [real(2, 3, 4)], lambda x: x.transpose(2, 0, 1), {"dims": (2, 0, 1)}),
    Row("expand", [real(3, 1)], lambda x: np.broadcast_to(x, (2, 3, 4)), {"shape": (2, 3, 4)}),
    Row("crop", [real(4, 5)], lambda x: x[1:3, ::2], {"key": (slice(1, 3), slice(None, None, 2))}),
    Row("crop", [real(4, 5)], lambda x: x[..., None, -1], {"key": (..., None, -1)}),
    Row("crop", [real(4, 5)], lambda x: x[2, 3], {"key": (2, 3)}),
    Row(
        "pad",
        [real(2, 3)],
        lambda x: np.pad(x, ((1, 1), (0, 2))),
        {"key": (slice(1, 3), slice(0, 3)), "shape": (4, 5)},
    ),
    Row("flip", [real(3, 4)], lambda x: x[:, ::-1], {"dims": (1,)}),
    Row(
        "cat",
        [real(2, 3), real(2, 1), real(2, 2)],
        lambda *xs: np.concatenate(xs, 1),
        {"dim": 1},
    ),
    Row("cast", [real(3)], lambda x: x.astype(np.float64), {"dtype": minidl.float64}),
    Row("clone", [real(3, 2)], lambda x: x),
    Row("transfer", [real(3, 2)], lambda x: x, {"device": minidl.device("cpu")}),
]
