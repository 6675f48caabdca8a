"""The true slopes of a function, column by column, by nudging one of its inputs to both sides."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import minidl

from .asking import Precision, answer
from .hosting import host


def nudged(
    f: Callable, inputs: Sequence[Any], which: int, precision: Precision
) -> tuple[np.ndarray, ...]:
    """Slopes to the left, to the right and over both sides, and how sure they are, by columns."""

    def value(place: int, step: float) -> np.ndarray:
        moved = inputs[which].copy()
        moved.reshape(-1)[place] += step
        with minidl.no_grad():
            changed = [*inputs[:which], moved, *inputs[which + 1 :]]
            output, _ = answer(f, changed, precision)
        return host(output).astype(np.float64).ravel()

    flat = inputs[which].reshape(-1)
    middle = value(0, 0.0) if flat.size else np.zeros(0)
    finite = abs(middle[np.isfinite(middle)])
    noise = precision.noise * max(1.0, finite.max(initial=0.0))
    columns = []
    for place, x in enumerate(flat):
        h = precision.nudge * max(1.0, abs(x))
        at = {step: value(place, step * h) for step in (-1, -0.5, 0.5, 1)}
        whole, half = (at[1] - at[-1]) / (2 * h), (at[0.5] - at[-0.5]) / h
        left, right = (middle - at[-0.5]) * 2 / h, (at[0.5] - middle) * 2 / h
        turns = abs(right - left) > precision.corner * (1 + abs(half))
        if turns.any():  # a bend becomes straight where one looks closer, a corner does not
            near = [value(place, side * h / 20) for side in (-1, 1)]
            turns &= abs(near[0] + near[1] - 2 * middle) * 20 / h > 0.5 * abs(right - left)
        true = (4 * half - whole) / 3  # what both leave out of a bend is left out of this
        sides = [np.where(turns, left, true), np.where(turns, right, true), true]
        sides = np.where(np.abs(sides) < noise, 0.0, sides)
        columns.append(
            np.where(np.isfinite([*sides, whole - half]), [*sides, whole - half], np.nan)
        )
    made = np.array(columns).reshape(len(flat), 4, middle.size).transpose(1, 2, 0)
    return made[0], made[1], made[2], np.nan_to_num(abs(made[3]))
