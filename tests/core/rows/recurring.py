"""The rows of ops/recurring.py: references written step by step."""

import numpy as np

from .row import Row, real


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _cells(gates, h, c, w, steps, reverse):
    cells = {}
    for t in sorted(range(steps), reverse=reverse):
        i, f, g, o = np.split(gates.reshape(steps, len(c), -1)[t] + h @ w.T, 4, 1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
        cells[t] = i, f, g, o, c
        c = f * c + i * g
        h = o * np.tanh(c)
        cells[t] += c, h
    return cells


def _steps(gates, h, c, w, steps, reverse):
    cells = _cells(gates, h, c, w, steps, reverse)
    last = 0 if reverse else steps - 1
    return np.concatenate([*(cells[t][-1] for t in range(steps)), cells[last][5]])


def _slopes(g, gates, h, c, w, steps, reverse):
    cells = _cells(gates, h, c, w, steps, reverse)
    *given, to_c = np.split(g, steps + 1)
    to_h, found = 0, [None] * steps
    for t in sorted(range(steps), reverse=not reverse):
        i, f, new, o, before, after, _ = cells[t]
        to_h = to_h + given[t]
        to_c = to_c + to_h * o * (1 - np.tanh(after) ** 2)
        parts = [to_c * new * i * (1 - i), to_c * before * f * (1 - f)]
        parts += [to_c * i * (1 - new**2), to_h * np.tanh(after) * o * (1 - o)]
        found[t] = np.concatenate(parts, 1)
        to_h, to_c = found[t] @ w, to_c * f
    return np.concatenate([np.concatenate(found).reshape(-1, 2), to_h, to_c])


def _layer_steps(x, h, c, w_ih, w_hh, *bias, steps, reverse):
    return _steps(x @ w_ih.T + sum(bias), h, c, w_hh, steps, reverse)


def _layer_slopes(g, z, x, h, c, w_ih, w_hh, *bias, steps, reverse):
    d = _slopes(g, x @ w_ih.T + sum(bias), h, c, w_hh, steps, reverse)
    slopes, hs = d[: 4 * len(x)].reshape(len(x), -1), z.reshape(steps + 1, len(c), -1)[:-1]
    met = np.concatenate([*hs[1:], h] if reverse else [h, *hs[:-1]])
    return np.concatenate([a.reshape(-1) for a in (d, slopes.T @ met, slopes.T @ x)])


_layer = [real(9, 8), real(3, 2), real(3, 2), real(8, 2)]
_inputs, _bias = [real(9, 3), real(3, 2), real(3, 2), real(8, 3), real(8, 2)], real(8)
_given = [real(12, 2), real(12, 2), *_inputs]

ROWS = [
    row
    for reverse in (False, True)
    for params in ({"steps": 3, "reverse": reverse},)
    for row in (
        Row("lstm_steps", _layer, lambda *x, p=params: _steps(*x, **p), params),
        Row("lstm_slopes", [real(12, 2), *_layer], lambda *x, p=params: _slopes(*x, **p), params),
        Row("lstm_layer", _inputs, lambda *x, p=params: _layer_steps(*x, **p), params),
        Row("lstm_layer", [*_inputs, _bias], lambda *x, p=params: _layer_steps(*x, **p), params),
        Row("lstm_layer_slopes", _given, lambda *x, p=params: _layer_slopes(*x, **p), params),
        Row(
            "lstm_layer_slopes",
            [*_given, _bias],
            lambda *x, p=params: _layer_slopes(*x, **p),
            params,
        ),
    )
]
