"""The rows of ops/pooling.py."""

from typing import Any

import numpy as np

from .row import NO, Row, real
from .sliding import overlap_add, windows


def _argmax(x: np.ndarray, sizes: tuple, steps: tuple, gaps: tuple) -> np.ndarray:
    places = windows(np.arange(x.size).reshape(x.shape), sizes, steps, gaps)
    numbers = windows(x, sizes, steps, gaps)
    flat = (-1, *numbers.shape[len(sizes) :])
    best = numbers.reshape(flat).argmax(0)
    return np.take_along_axis(places.reshape(flat), best[None], 0)[0]


def _max(x: np.ndarray, **how: Any) -> np.ndarray:
    return x.reshape(-1)[_argmax(x, **how)]


def _spread_winners(g: np.ndarray, x: np.ndarray, z: np.ndarray, **how: Any) -> np.ndarray:
    sums = np.zeros(x.size)
    np.add.at(sums, _argmax(x, **how), g)
    return sums.reshape(x.shape)


def _pick_winners(h: np.ndarray, x: np.ndarray, z: np.ndarray, **how: Any) -> np.ndarray:
    return h.reshape(-1)[_argmax(x, **how)]


_plain = {"sizes": (2, 2), "steps": (2, 2), "gaps": (1, 1)}
_odd = {"sizes": (2, 3), "steps": (1, 2), "gaps": (2, 1)}
_line = {"sizes": (3,), "steps": (2,), "gaps": (2,)}
_nan = np.array([[1.0, np.nan, 3.0, 2.0], [-np.inf, -np.inf, 5.0, 5.0]])


def _rows(name: str, shape: tuple, how: dict[str, Any], reference: Any, nudge: Any = None) -> Row:
    return Row(name, [real(*shape)], lambda x: reference(x, **how), how, nudge)


def _winners(name: str, x: np.ndarray, how: dict[str, Any], reference: Any) -> Row:
    """A row that carries numbers from or to the largest of each window of x."""
    z = _max(x, **how)
    carried = real(*(z if name == "spread_winners" else x).shape)
    return Row(name, [carried, x, z], lambda *xs: reference(*xs, **how), how, (0,))


def _sum(x: np.ndarray, **how: Any) -> np.ndarray:
    return windows(x, **how).sum(tuple(range(len(how["sizes"]))))


def _spread(x: np.ndarray, shape: tuple, sizes: tuple, **how: Any) -> np.ndarray:
    return overlap_add(np.broadcast_to(x, (*sizes, *x.shape)), shape, **how)


_tied = np.array([[1.0, 2.0, 0.0, 0.0], [2.0, 2.0, 0.0, 0.0]])
_CASES = [(real(2, 4, 5), _plain), (real(2, 4, 6), _odd), (real(9), _line), (_tied, _plain)]
_CASES += [(_nan, _plain)]

ROWS = [
    _rows("sum_windows", (2, 4, 5), _plain, _sum),
    _rows("sum_windows", (2, 4, 6), _odd, _sum),
    _rows("spread_windows", (2, 2, 2), {"shape": (4, 5), **_plain}, _spread),
    _rows("spread_windows", (2, 2, 2), {"shape": (4, 6), **_odd}, _spread),
    _rows("argmax_windows", (2, 4, 5), _plain, _argmax, NO),
    _rows("argmax_windows", (2, 4, 6), _odd, _argmax, NO),
    _rows("argmax_windows", (9,), _line, _argmax, NO),
    Row("argmax_windows", [_nan], lambda x: _argmax(x, **_plain), _plain, NO),
    _rows("max_windows", (2, 4, 5), _plain, _max),
    _rows("max_windows", (2, 4, 6), _odd, _max),
    _rows("max_windows", (9,), _line, _max),
    Row("max_windows", [_nan], lambda x: _max(x, **_plain), _plain, NO),
    *(_winners("spread_winners", x, how, _spread_winners) for x, how in _CASES),
    *(_winners("pick_winners", x, how, _pick_winners) for x, how in _CASES),
]
