"""A surface as a map: bands of equal height as paths, and the way from numbers to the picture."""

from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from contourpy import FillType, contour_generator

WIDTH, HEIGHT, BANDS = 560.0, 340.0, 10


@final
@dataclass(frozen=True)
class View:
    """Which numbers the picture shows: across from x0 to x1, upward from y0 to y1."""

    x0: float
    x1: float
    y0: float
    y1: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where two numbers lie in the picture; far outside is cut off, so that it can be drawn."""
        across = (x - self.x0) / (self.x1 - self.x0) * WIDTH
        down = (self.y1 - y) / (self.y1 - self.y0) * HEIGHT
        far = 20 * WIDTH
        return round(min(max(across, -far), far), 1), round(min(max(down, -far), far), 1)

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """The nearest place that is in the picture."""
        return min(max(x, self.x0), self.x1), min(max(y, self.y0), self.y1)


def bands(view: View, xs: np.ndarray, ys: np.ndarray, z: np.ndarray) -> list[str]:
    """One path for each band, the lowest first; each covers about as much of the map."""
    finite = z[np.isfinite(z)]
    if not finite.size:
        return []
    levels = np.unique(np.quantile(finite, np.linspace(0, 1, BANDS + 1)))
    if len(levels) < 2:
        return []
    levels[0], levels[-1] = -np.inf, np.inf  # contourpy then closes the outermost bands
    drawn = contour_generator(xs, ys, np.ma.masked_invalid(z), fill_type=FillType.OuterOffset)
    return [_path(view, *drawn.filled(low, high)) for low, high in pairwise(levels)]


def _path(view: View, shapes, offsets) -> str:
    rings = [
        points[start:end]
        for points, ends in zip(shapes, offsets, strict=True)
        for start, end in pairwise(ends)
    ]
    return "".join(
        "M" + "L".join("{:g} {:g}".format(*view.at(x, y)) for x, y in ring) + "Z" for ring in rings
    )
