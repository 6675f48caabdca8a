"""What a mark keeps of a wrong array: a map, rows of characters; and the picture drawn from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from .compare import Gap
from .report import blocks

RIGHT = "."
RUN = re.compile(r"([0-9])\1*")
SIDE = 12  # pixels of one square


def map_of(gap: Gap | None) -> tuple[str, ...]:
    """The gap's array as at most 16 rows of 32: `.` is right, `0` to `9` how large the error is.

    Rows of more than two axes are laid one below the other; what is too large to draw is gathered
    into blocks, each shown by its worst number. Without an array there is no row.
    """
    if gap is None or gap.wrong is None or gap.error is None or not 0 < gap.wrong.ndim:
        return ()
    wide = gap.wrong.shape[-1]
    if gap.wrong.size == 0:
        return ()
    wrong, error = blocks(gap.wrong.reshape(-1, wide)), blocks(gap.error.reshape(-1, wide))
    finite = error[np.isfinite(error)]
    top = float(finite.max(initial=0.0)) or 1.0
    with np.errstate(all="ignore"):
        depth = np.where(np.isfinite(error), np.ceil(9 * error / top), 9).clip(0, 9).astype(int)
    return tuple(
        "".join(str(d) if bad else RIGHT for bad, d in zip(row, depths, strict=True))
        for row, depths in zip(wrong, depth, strict=True)
    )


def picture(rows: Sequence[str]) -> str:
    """The map as SVG: wrong squares are filled, the darker the larger the error, and crossed.

    rows: as `map_of` makes them; anything else is drawn as right.
    """
    if not rows:
        return ""
    width, height = max(map(len, rows)), len(rows)
    runs = [(i, *run) for i, row in enumerate(rows) for run in _runs(row)]
    fills = [
        f'<path opacity="{0.3 + 0.07 * depth:.2f}" d="'
        + "".join(f"M{j} {i}h{n}v1h-{n}" for i, j, n, d in runs if d == depth)
        + '"/>'
        for depth in sorted({run[-1] for run in runs})
    ]
    crosses = "".join(f"M{j} {i}" + "l1 1m-1 0l1-1" * n for i, j, n, _ in runs)
    lines = "".join(f"M0 {y}h{width}" for y in range(height + 1))
    lines += "".join(f"M{x} 0v{height}" for x in range(width + 1))
    count = sum(n for *_, n, _ in runs)
    label = f"{count} of {sum(map(len, rows))} squares are wrong; darker is a larger error"
    return (
        f'<svg role="img" aria-label="{label}" width="{SIDE * width}" height="{SIDE * height}" '
        f'viewBox="0 0 {width} {height}"><g class="wrong">{"".join(fills)}</g>'
        f'<path class="cross" d="{crosses}"/><path class="grid" d="{lines}"/></svg>'
    )


def _runs(row: str) -> list[tuple[int, int, int]]:
    """(place, length, depth) of each run of equal wrong squares."""
    return [(run.start(), len(run.group()), int(run.group()[0])) for run in RUN.finditer(row)]
