"""The rows of ops/sliding.py."""

from itertools import product
from typing import Any

import numpy as np

from .row import Row, real


def windows(x: np.ndarray, sizes: tuple, steps: tuple, gaps: tuple) -> np.ndarray:
    """z[k, ..., p] = x[..., p * step + k * gap], place by place."""
    n = len(sizes)
    cuts = [
        tuple(slice(k * gap, x.shape[x.ndim - n + d] - (size - 1 - k) * gap, step)
              for d, (k, size, step, gap) in enumerate(zip(place, sizes, steps, gaps, strict=True)))
        for place in product(*map(range, sizes))
    ]  # fmt: skip
    seen = np.stack([x[(..., *cut)] for cut in cuts])
    return seen.reshape(*sizes, *seen.shape[1:])


def overlap_add(x: np.ndarray, shape: tuple, steps: tuple, gaps: tuple) -> np.ndarray:
    n = len(shape)
    z = np.zeros((*x.shape[n:-n], *shape))
    for place in product(*map(range, x.shape[:n]), *map(range, x.shape[-n:])):
        k, p = place[:n], place[n:]
        at = tuple(p[d] * steps[d] + k[d] * gaps[d] for d in range(n))
        z[(..., *at)] += x[(*k, ..., *p)]
    return z


_plain = {"sizes": (2, 2), "steps": (2, 2), "gaps": (1, 1)}
_odd = {"sizes": (2, 3), "steps": (1, 2), "gaps": (2, 1)}
_line = {"sizes": (3,), "steps": (2,), "gaps": (2,)}


def _rows(name: str, shape: tuple, how: dict[str, Any], reference: Any) -> Row:
    return Row(name, [real(*shape)], lambda x: reference(x, **how), how)


ROWS = [
    _rows("windows", (2, 4, 5), _plain, windows),
    _rows("windows", (2, 4, 5), _odd, windows),
    _rows("windows", (8,), _line, windows),
    _rows("overlap_add", (3, 2, 2), {"shape": (8,), "steps": (2,), "gaps": (2,)}, overlap_add),
    _rows(
        "overlap_add",
        (2, 3, 2, 2, 2),
        {"shape": (4, 5), "steps": (1, 2), "gaps": (2, 1)},
        overlap_add,
    ),
]
