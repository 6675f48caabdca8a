"""What the Jacobian microscope shows: inputs as they are read, squares, their states and words."""

from math import isfinite, prod
from typing import Any

import numpy as np

from minidl import Tensor

from .asking import Unanswerable
from .cells import sizes
from .jacobians import Maps
from .writing import number

LARGEST = 32  # numbers along one side; beyond, single squares could not be told apart
DIGITS = 3


def read(x: Any) -> Any:
    """An input as a copy: real numbers in float64, whole ones as they are, the rest untouched."""
    held = x.detach().cpu().numpy() if isinstance(x, Tensor) else x
    if not isinstance(held, (np.ndarray, np.generic, list, tuple, int, float)):
        return x
    array = np.asarray(held)
    if array.dtype.kind not in "biuf":
        return x
    return array.astype(np.float64) if array.dtype.kind == "f" else array.copy()


def is_real(x: Any) -> bool:
    """Whether an input can be nudged."""
    return isinstance(x, np.ndarray) and x.dtype == np.float64


def is_number(x: Any) -> bool:
    """Whether the page sent a number that an input can hold."""
    return isinstance(x, (int, float)) and not isinstance(x, bool) and isfinite(x)


def small(name: str, shape: tuple[int, ...]) -> None:
    """Raises Unanswerable where there is nothing to draw, or too much."""
    size = prod(shape)
    if size > LARGEST:
        raise Unanswerable(
            f"{name} {sizes(shape)} has {size:,} numbers, and {LARGEST} are the most that can "
            "be drawn. Take a smaller input: the rules are the same."
        )
    if not size:
        raise Unanswerable(f"{name} {sizes(shape)} holds no numbers.")


def labels(name: str, shape: tuple[int, ...]) -> list[str]:
    """ "x[0, 1]" for each number, in the order of reading; "x" for a single one."""
    if not shape:
        return [name]
    return [f"{name}[{', '.join(map(str, index))}]" for index in np.ndindex(*shape)]


def states(found: Maps) -> np.ndarray:
    """same, wrong, corner, unknown (nothing to compare with) or missing (the rule stumbled)."""
    state = np.where(found.corner, "corner", "same").astype(object)
    state[found.wrong] = "wrong"
    state[np.isnan(found.true)] = "unknown"
    state[~found.rules.answered] = "missing"
    return state


def gaps(found: Maps) -> np.ndarray:
    """By how much the rules are off."""
    with np.errstate(all="ignore"):
        return found.rules.table - found.true


def texts(table: np.ndarray) -> list[list[str]]:
    """Each number as it stands in a square."""
    return [[number(x, DIGITS) for x in row] for row in table]


def signs(table: np.ndarray) -> list[list[str]]:
    """plus, minus or zero, by which a square is coloured."""
    return [["plus" if x > 0 else "minus" if x < 0 else "zero" for x in row] for row in table]


def verdict(state: np.ndarray) -> str:
    """How many squares differ, in words."""
    count, wrong = state.size, int((state == "wrong").sum())
    missing = int((state == "missing").sum())
    if missing == count:
        return "There is nothing to compare."
    squares = f"{count - missing} squares" if count - missing > 1 else "square"
    if wrong:
        return f"{wrong} of {squares} {'is' if wrong == 1 else 'are'} wrong, marked ≠."
    return f"All {squares} agree." if count - missing > 1 else "The one square agrees."
