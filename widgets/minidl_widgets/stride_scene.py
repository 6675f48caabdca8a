"""What the stride explorer's page draws of a window, and what NumPy would have in its place."""

from collections import Counter
from typing import Any

import numpy as np

from . import looks
from .arrays import Window
from .cells import blocks, buffer_cells, entry, sizes

Truth = np.ndarray | str | None  # what NumPy has, why it refused, or nothing to compare with


def scene_of(now: Window, name: str, truth: Truth) -> dict[str, Any]:
    """The array's facts, its numbers in blocks, and a stretch of its buffer, as plain data."""
    shown, left_out = blocks(now.shape)
    cells, wrong = [], 0
    for block in shown:
        rows = []
        for row in block.rows:
            rows.append([_cell(now, index, name, truth) for index in row])
            wrong += sum(cell["kind"] != "" for cell in rows[-1])
        cells.append({"title": block.title, "rows": rows})
    places = Counter(cell["place"] for block in cells for row in block["rows"] for cell in row)
    start, buffer = buffer_cells(now.buffer, places)
    return {
        "whose": now.whose,
        "shape": list(now.shape),
        "strides": list(now.strides),
        "offset": now.offset,
        "size": len(now.buffer),
        "dtype": str(now.buffer.dtype),
        "blocks": cells,
        "left": left_out,
        "start": start,
        "buffer": buffer,
        "differs": _differs(wrong, now, truth),
    }


def _cell(now: Window, index: tuple[int, ...], name: str, truth: Any) -> dict[str, Any]:
    """One number as one reads it: its index, its place, and the sum that leads there."""
    place, number = now.place(index), now.number(index)
    where = f"[{', '.join(map(str, index))}]" if index else f"The number {name}"
    jumps = [
        f"{i} · {s}" if s >= 0 else f"{i} · ({s})" for i, s in zip(index, now.strides, strict=True)
    ]
    summed = " + ".join([str(now.offset), *jumps])
    summed = f"{place} = {summed}" if index else str(place)
    if number is None:
        said = f"{where} asks for place {summed}, but the buffer has {len(now.buffer)} numbers."
        kind, text = "outside", "?"
    else:
        said = f"{where} reads place {summed}, and finds {entry(number)}."
        kind, text = "", entry(number)
        if _holds(truth, now.shape) and truth[index] != number:
            said += f" NumPy has {entry(truth[index])} here."
            kind = "differs"
    return {"index": list(index), "place": place, "text": text, "kind": kind, "say": said}


def _differs(wrong: int, now: Window, truth: Truth) -> str:
    if now.whose != "yours" or truth is None:
        return ""
    if isinstance(truth, str):
        return f"NumPy refuses to do this: {truth}"
    if truth.shape != now.shape:
        return f"NumPy's shape after the same steps is {sizes(truth.shape)}."
    many = "number is" if wrong == 1 else "numbers are"
    return f"{wrong} {many} not what NumPy has after the same steps." if wrong else ""


def _holds(truth: Truth, shape: tuple[int, ...]) -> bool:
    return isinstance(truth, np.ndarray) and truth.shape == shape


def small(window: Window) -> bool:
    """Whether a learner's array is small enough to be followed by NumPy."""
    return window.whose == "yours" and int(np.prod(window.shape)) <= 100_000


def numbers_of(window: Window) -> np.ndarray | None:
    """What a learner's array shows, as a NumPy array; None where it looks beyond its buffer."""
    places = np.zeros(window.shape, int) + window.offset
    for d, stride in enumerate(window.strides):
        steps = np.arange(window.shape[d]) * stride
        places = places + steps.reshape([-1 if e == d else 1 for e in range(len(window.shape))])
    if places.size and not (0 <= places.min() and places.max() < len(window.buffer)):
        return None
    return window.buffer[places]


def true_change(truth: Truth, way: str, text: str) -> Truth:
    """The same change made by NumPy; where it refuses, its sentence, from then on."""
    if not isinstance(truth, np.ndarray):
        return truth
    try:
        return looks.change(truth, way, text)
    except Exception as error:
        return str(error)
