"""The rows of ops/batch_normalizing.py."""

from typing import Any

import numpy as np

from .row import Row, real

_EPS = {"eps": 0.1}


def _lifted(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return y.reshape(-1, *(1,) * (x.ndim - 2))


def _axes(x: np.ndarray) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _normal(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = 1 / np.sqrt(x.var(_axes(x), keepdims=True) + 0.1)
    return (x - x.mean(_axes(x), keepdims=True)) * scale, scale


def _norm(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _normal(x)[0] * _lifted(w, x) + _lifted(b, x)


def _slopes(g: np.ndarray, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    (normal, scale), axes = _normal(x), _axes(x)
    h = g * _lifted(w, x)
    share = (h * normal).mean(axes, keepdims=True)
    dx = (h - h.mean(axes, keepdims=True) - normal * share) * scale
    return np.concatenate([dx.reshape(-1), (g * normal).sum(axes), g.sum(axes)])


def _moments(x: np.ndarray) -> np.ndarray:
    return np.stack([x.mean(_axes(x)), x.var(_axes(x))])


_SHAPES: list[tuple[int, ...]] = [(4, 3), (2, 3, 2), (2, 2, 2, 3)]


def _rows(*shape: int) -> list[Row]:
    x: Any = real(*shape)
    w, b, g = real(shape[1]), real(shape[1]), real(*shape)
    return [
        Row("channel_moments", [x], _moments),
        Row("batch_norm", [x, w, b], _norm, _EPS),
        Row("batch_norm_slopes", [g, x, w], _slopes, _EPS),
    ]


ROWS = [row for shape in _SHAPES for row in _rows(*shape)]
