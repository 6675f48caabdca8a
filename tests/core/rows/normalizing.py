"""The rows of ops/normalizing.py and ops/entropy.py."""

import numpy as np

from .row import Row, real

_EPS = {"eps": 0.1}


def _normal(x, w):
    axes = tuple(range(-w.ndim, 0))
    scale = 1 / np.sqrt(x.var(axes, keepdims=True) + 0.1)
    return (x - x.mean(axes, keepdims=True)) * scale, scale


def _slopes(g, x, w):
    normal, scale = _normal(x, w)
    axes, front = tuple(range(-w.ndim, 0)), tuple(range(x.ndim - w.ndim))
    h = g * w
    share = (h * normal).mean(axes, keepdims=True)
    dx = (h - h.mean(axes, keepdims=True) - normal * share) * scale
    parts = dx, (g * normal).sum(front), g.sum(front)
    return np.concatenate([part.reshape(-1, w.size) for part in parts])


def _surprise(x, y):
    return np.log(np.exp(x).sum(1)) - x[np.arange(len(y)), y]


def _surprise_slope(g, x, y):
    p = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    return (p - (y[:, None] == np.arange(x.shape[1]))) * np.reshape(g, (-1, 1))


_labels = np.array([2, 0, 2])
_counted, _ignored = np.array([True, False, True]), {"ignored": 0}
_mean, _sum, _none = ({"reduction": reduction} for reduction in ("mean", "sum", "none"))

ROWS = [
    Row("layer_norm", [real(2, 3, 4), real(4), real(4)],
        lambda x, w, b: _normal(x, w)[0] * w + b, _EPS),
    Row("layer_norm", [real(2, 3, 2), real(3, 2), real(3, 2)],
        lambda x, w, b: _normal(x, w)[0] * w + b, _EPS),
    Row("layer_norm_slopes", [real(3, 4), real(3, 4), real(4)], _slopes, _EPS),
    Row("layer_norm_slopes", [real(2, 3, 2), real(2, 3, 2), real(3, 2)], _slopes, _EPS),
    Row("surprise", [real(3, 4), _labels], lambda x, y: _surprise(x, y).mean(), _mean, (0,)),
    Row("surprise", [real(3, 4), _labels], lambda x, y: _surprise(x, y).sum(), _sum, (0,)),
    Row("surprise", [real(3, 4), _labels], _surprise, _none, (0,)),
    Row("surprise_slope", [real(), real(3, 4), _labels],
        lambda g, x, y: _surprise_slope(g, x, y) / 3, _mean, (0, 1)),
    Row("surprise_slope", [real(3), real(3, 4), _labels], _surprise_slope, _none, (0, 1)),
    Row("surprise", [real(3, 4), _labels], lambda x, y: _surprise(x, y)[_counted].mean(),
        _mean | _ignored, (0,)),
    Row("surprise", [real(3, 4), _labels], lambda x, y: _surprise(x, y) * _counted,
        _none | _ignored, (0,)),
    Row("surprise_slope", [real(), real(3, 4), _labels],
        lambda g, x, y: _surprise_slope(g, x, y) / 2 * _counted[:, None],
        _mean | _ignored, (0, 1)),
    Row("surprise_slope", [real(3), real(3, 4), _labels],
        lambda g, x, y: _surprise_slope(g, x, y) * _counted[:, None], _none | _ignored, (0, 1)),
]  # fmt: skip
