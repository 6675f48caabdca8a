"""The rows of ops/convolution.py, against sums written out place by place."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from .row import Row, real


def _meetings(sizes: Any, places: Any, steps: Any, gaps: Any) -> Iterator[tuple]:
    """All kernel places k and window places p, and where in x they meet."""
    for k in product(*map(range, sizes)):
        for p in product(*map(range, places)):
            at = (i * step + j * gap for i, j, step, gap in zip(p, k, steps, gaps, strict=True))
            yield (..., *k), (..., *p), (..., *at)


def _split(x: np.ndarray, groups: int) -> np.ndarray:
    """Channels (dimension 1) as groups of channels."""
    return x.reshape(x.shape[0], groups, -1, *x.shape[2:])


def _conv(x: Any, w: Any, b: Any, steps: Any, gaps: Any, groups: int) -> np.ndarray:
    sizes = w.shape[2:]
    places = [
        (n - gap * (size - 1) - 1) // step + 1
        for n, size, step, gap in zip(x.shape[2:], sizes, steps, gaps, strict=True)
    ]
    x, w = _split(x, groups), w.reshape(groups, -1, *w.shape[1:])
    z = np.zeros((x.shape[0], *w.shape[:2], *places))
    for k, p, at in _meetings(sizes, places, steps, gaps):
        z[p] += np.einsum("ngc,goc->ngo", x[at], w[k])
    return z.reshape(x.shape[0], -1, *places) + b


def _back(g: Any, w: Any, shape: Any, steps: Any, gaps: Any, groups: int) -> np.ndarray:
    sizes, places = w.shape[2:], g.shape[2:]
    g, w = _split(g, groups), w.reshape(groups, -1, *w.shape[1:])
    z = np.zeros((g.shape[0], groups, w.shape[2], *shape))
    for k, p, at in _meetings(sizes, places, steps, gaps):
        z[at] += np.einsum("ngo,goc->ngc", g[p], w[k])
    return z.reshape(g.shape[0], -1, *shape)


def _weight(x: Any, g: Any, shape: Any, steps: Any, gaps: Any, groups: int) -> np.ndarray:
    places = g.shape[2:]
    x, g = _split(x, groups), _split(g, groups)
    z = np.zeros((groups, g.shape[2], x.shape[2], *shape))
    for k, p, at in _meetings(shape, places, steps, gaps):
        z[k] += np.einsum("ngc,ngo->goc", x[at], g[p])
    return z.reshape(-1, *z.shape[2:])


def _zeros(x: Any, border: Any) -> Any:
    return np.pad(x, ((0, 0), (0, 0), *border))


def _bordered(x: Any, w: Any, b: Any, border: Any, **how: Any) -> np.ndarray:
    return _conv(_zeros(x, border), w, b, **how)


def _bordered_back(g: Any, w: Any, shape: Any, border: Any, **how: Any) -> np.ndarray:
    whole = [n + sum(zeros) for n, zeros in zip(shape, border, strict=True)]
    inside = (slice(zeros[0], zeros[0] + n) for n, zeros in zip(shape, border, strict=True))
    return _back(g, w, whole, **how)[(..., *inside)]


def _bordered_weight(x: Any, g: Any, shape: Any, border: Any, **how: Any) -> np.ndarray:
    return _weight(_zeros(x, border), g, shape, **how)


def _row(name: str, inputs: list[Any], reference: Any, **how: Any) -> Row:
    return Row(name, inputs, lambda *xs: reference(*xs, **how), how)


_plain = {"steps": (1, 1), "gaps": (1, 1), "groups": 1}
_odd = {"steps": (2, 1), "gaps": (1, 2), "groups": 2}
_line = {"steps": (2,), "gaps": (2,), "groups": 1}
_even = {"border": ((1, 1), (1, 1)), **_plain}
_uneven = {"border": ((2, 0), (0, 1)), **_odd}
_wide = {"border": ((3, 2),), **_line}

ROWS = [
    _row("conv", [real(2, 1, 3, 4), real(2, 1, 2, 2), real(2, 1, 1)], _conv, **_plain),
    _row("conv", [real(2, 2, 4, 3), real(4, 1, 2, 2), real(4, 1, 1)], _conv, **_odd),
    _row("conv", [real(1, 2, 6), real(2, 2, 3), real(2, 1)], _conv, **_line),
    _row("conv_transpose", [real(1, 2, 2, 2), real(2, 2, 2, 2)], _back, shape=(3, 3), **_plain),
    _row("conv_transpose", [real(2, 2, 2, 1), real(2, 1, 2, 2)], _back, shape=(5, 3), **_odd),
    _row("conv_weight", [real(2, 1, 3, 3), real(2, 2, 2, 2)], _weight, shape=(2, 2), **_plain),
    _row("conv_weight", [real(2, 2, 4, 3), real(2, 4, 2, 1)], _weight, shape=(2, 2), **_odd),
    _row("bordered_conv", [real(2, 1, 2, 3), real(2, 1, 2, 2), real(2, 1, 1)], _bordered, **_even),
    _row(
        "bordered_conv", [real(2, 2, 3, 2), real(4, 1, 2, 2), real(4, 1, 1)], _bordered,
        **_uneven,
    ),
    _row("bordered_conv", [real(1, 2, 4), real(2, 2, 3), real(2, 1)], _bordered, **_wide),
    _row(
        "bordered_conv_transpose", [real(1, 2, 3, 4), real(2, 2, 2, 2)], _bordered_back,
        shape=(2, 3), **_even,
    ),
    _row(
        "bordered_conv_transpose", [real(2, 2, 2, 1), real(2, 1, 2, 2)], _bordered_back,
        shape=(3, 2), **_uneven,
    ),
    _row(
        "bordered_conv_transpose", [real(1, 2, 3), real(2, 2, 3)], _bordered_back,
        shape=(4,), **_wide,
    ),
    _row(
        "bordered_conv_weight", [real(2, 1, 2, 3), real(2, 2, 3, 4)], _bordered_weight,
        shape=(2, 2), **_even,
    ),
    _row(
        "bordered_conv_weight", [real(2, 2, 3, 2), real(2, 4, 2, 1)], _bordered_weight,
        shape=(2, 2), **_uneven,
    ),
]  # fmt: skip
