"""What of an array is drawn: a few blocks of rows of indices, and a stretch of the buffer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any, final

import numpy as np

ROWS, COLUMNS, BLOCKS, PLACES = 8, 12, 6, 96  # what is beyond is left out, and the page says so


@final
@dataclass(frozen=True)
class Block:
    """The last two dimensions, at one position of those in front."""

    title: str  # "[0, 2]", or nothing where there are none in front
    rows: list[list[tuple[int, ...]]]


def blocks(shape: Sequence[int], most: int = BLOCKS) -> tuple[list[Block], str]:
    """The indices to be drawn, and what is left out in words."""
    front, last = tuple(shape[:-2]), tuple(shape[-2:])
    rows = range(min(last[0], ROWS)) if len(last) == 2 else [None]
    columns = range(min(last[-1], COLUMNS)) if last else [None]
    made = []
    for lead in islice(product(*map(range, front)), most):
        grid = [
            [(*lead, *(i for i in (row, column) if i is not None)) for column in columns]
            for row in rows
        ]
        made.append(Block(f"[{', '.join(map(str, lead))}]" if lead else "", grid))
    drawn = sum(len(row) for block in made for row in block.rows)
    total = prod(shape)
    left = f"{drawn} of {total:,} numbers are drawn." if drawn < total else ""
    return made, left


def buffer_cells(buffer: np.ndarray, read: Counter) -> tuple[int, list[dict[str, Any]]]:
    """A stretch of the buffer around what is read: (first place, cells with number and count)."""
    inside = [place for place in read if 0 <= place < len(buffer)]
    start = 0 if len(buffer) <= PLACES else max(0, min(inside, default=0) - 2)
    stretch = buffer[start : start + PLACES]
    return start, [
        {"place": start + i, "text": entry(number), "read": read[start + i]}
        for i, number in enumerate(stretch)
    ]


def entry(x: Any) -> str:
    """A number as it stands in a cell: short, whole numbers whole."""
    if isinstance(x, (bool, np.bool_)):
        return "T" if x else "F"
    if isinstance(x, (int, np.integer)):
        return str(int(x)).replace("-", "−")
    if isinstance(x, (complex, np.complexfloating)):
        return f"{x.real:.2g}{x.imag:+.2g}i".replace("-", "−")
    text = f"{float(x):.3g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = f"{mantissa}e{int(power)}"
    return ("0" if text == "-0" else text).replace("-", "−")


def sizes(shape: Sequence[int]) -> str:
    """A shape as Python writes it: (3, 4), (3,), ()."""
    return str(tuple(int(n) for n in shape))
