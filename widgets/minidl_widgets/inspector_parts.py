"""How the batch inspector shows one item, and the numbers of many: pictures, rows, histograms."""

from typing import Any

import numpy as np

from .chains import Chain, first, numbers_of, rest
from .pixels import gray, shades, shrunk
from .writing import number

SMALL, LARGE = 28, 56  # dots along the longer side of a picture among many, and of one in a chain
COLUMNS = 8  # numbers of a row that are shown
BINS = 24
MOST = 1000  # items whose numbers are counted


def shown(item: Any, most: int) -> dict[str, Any]:
    """An item's first member as a picture, a row of numbers, or a text."""
    x = first(item)
    array = numbers_of(x)
    if array is None or not array.size or array.ndim > 3:
        return {"text": _short(repr(x), 60)}
    if is_picture(array):
        return {"picture": shades(shrunk(gray(array), most)[0])}
    flat = array.ravel()
    left = [f"... {flat.size - COLUMNS} more"] if flat.size > COLUMNS else []
    return {"numbers": [number(n, 3) for n in flat[:COLUMNS]] + left}


def is_picture(array: np.ndarray) -> bool:
    """Whether the numbers have a height and a width."""
    return array.ndim in (2, 3) and min(array.shape[-2:]) > 1


def label(item: Any, classes: Any = ()) -> str:
    """The other members in a few letters; a class by its name, if it has one."""
    return ", ".join(_named(one, classes) for one in rest(item)[:3])


def _named(one: Any, classes: Any) -> str:
    array = numbers_of(one)
    if array is None:
        array = np.asarray(one) if isinstance(one, (int, float)) else None
    if array is None:
        return _short(str(one), 16)
    if array.ndim:
        return _short("×".join(map(str, array.shape)), 16)
    whole = float(array).is_integer()
    if whole and 0 <= int(array) < len(classes):
        return str(classes[int(array)])
    return str(int(array)) if whole else number(float(array), 3)


def facts(item: Any) -> str:
    """What one says of the numbers: shape, smallest, largest, mean."""
    array = numbers_of(first(item))
    if array is None or not array.size:
        return type(first(item)).__name__
    sizes = "×".join(map(str, array.shape)) or "one number"
    low, high, mean = (number(f(array), 3) for f in (np.min, np.max, np.mean))
    return f"{sizes}, {low} to {high}, mean {mean}"


def samples(chain: Chain, seed: int) -> list[np.ndarray | None]:
    """(items, features) before the first step and after the last, of up to MOST items.

    None where they are no equal arrays. A picture's features are its channels, a row's its columns.
    """
    before, after = [], []
    for index in range(min(len(chain.places), MOST)):
        stages, problem = chain.stages(index, seed)
        if not problem:
            before.append(numbers_of(first(stages[0])))
            after.append(numbers_of(first(stages[-1])))
    return [_stacked(before), _stacked(after)]


def _stacked(found: list) -> np.ndarray | None:
    if not found or any(one is None or one.shape != found[0].shape for one in found):
        return None
    table = np.stack(found)
    if not table.size:
        return None
    if is_picture(table[0]):
        table = table if table.ndim == 4 else table[:, None]
        return np.moveaxis(table, 1, -1).reshape(-1, table.shape[1])
    return table.reshape(len(table), -1)


def features(table: np.ndarray | None) -> list[str]:
    """What there is to choose from: all together, and one by one."""
    if table is None:
        return []
    return ["all numbers"] + (
        [f"number {i}" for i in range(table.shape[1])] if table.shape[1] > 1 else []
    )


def histogram(table: np.ndarray | None, feature: int) -> dict[str, Any] | None:
    """Counts in BINS equal steps, mean and spread; feature 0 is all of them."""
    if table is None or feature > table.shape[1]:
        return None
    x = table.ravel() if feature == 0 else table[:, feature - 1]
    x = x[np.isfinite(x)]
    if not x.size:
        return None
    low, high = float(x.min()), float(x.max())
    counts = np.histogram(x, BINS, (low, high if high > low else low + 1))[0]
    return {
        "counts": counts.tolist(),
        "low": number(low, 4),
        "high": number(high, 4),
        "mean": number(x.mean() if abs(x.mean()) > 1e-6 * (abs(x).max() or 1) else 0, 3),
        "spread": number(x.std(), 4),
    }


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
