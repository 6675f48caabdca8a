"""How images become matrices for a kernel to meet, with few copies of the image.

All windows of x written out as columns take prod(sizes) times the memory of x. But along the first
spatial dimension no copy is needed: with images written as matrices whose columns are positions,
what a kernel's second row meets is the same matrix, begun one row of positions later. So for a
3 x 3 kernel there are 3 shifted copies, not 9, and 3 products are added up:

    z = the sum over a of kernels[a] @ rows[:, a * gap * Q : (a * gap + P) * Q]

with Q positions in each of P rows of the output. A few samples at a time are written, so that they
are still in the processor's cache when they are multiplied; zeros around the image are written once
per thread, and a border costs no copy of the image. Where the kernel moves in steps along the first
dimension, or where copying is cheaper than adding, another dimension of size 1 is put in front.

Source: Chellapilla, Puri, Simard, "High Performance Convolutional Neural Networks for Document
Processing" (2006), section 3.1, for the columns.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, final

from ..threads import parts
from .sliding import counts

Border = tuple[tuple[int, int], ...]  # zeros (before, after) each spatial dimension; negative: less


@final
class Shifts:
    """Where the numbers of an image go, so that slices of one matrix are what a kernel's rows meet.

    Attributes:
        sizes: the kernel's, perhaps with a 1 in front.
        counts: how many windows there are along each dimension of the image.
        height: how many rows a matrix has: the kernel's places in all dimensions but the first,
            times channels.
        slices: for each of the kernel's places along the first dimension, the columns it meets.
        group: how many samples are written at a time; `parts` are their slices.
    """

    def __init__(
        self, shape: tuple, sizes: tuple, border: Border, steps: tuple, gaps: tuple,
        groups: int, outputs: int,
    ):  # fmt: skip
        within = tuple(n + sum(zeros) for n, zeros in zip(shape[2:], border, strict=True))
        self.counts = counts(within, sizes, steps, gaps)
        channels, places = shape[1] // groups, self.counts
        if steps[0] > 1 or prod(sizes[1:]) * channels < outputs // groups:
            sizes, border, steps, gaps = (1, *sizes), ((0, 0), *border), (1, *steps), (1, *gaps)
            shape, places = (*shape[:2], 1, *shape[2:]), (1, *places)
            within = (1, *within)
        self.sizes, self.border, self.steps, self.gaps = tuple(sizes), border, steps, gaps
        self.height = prod(sizes[1:]) * channels
        across = prod(places[1:])
        begins = [a * gaps[0] * across for a in range(sizes[0])]
        self.slices = [slice(begin, begin + places[0] * across) for begin in begins]
        self._image = (groups, channels, *shape[2:])
        self._matrix = (groups, *sizes[1:], channels, within[0], *places[1:])
        self.parts = parts(shape[0], prod(self._matrix))
        self.group = self.parts[0].stop if self.parts else 0
        ends = (self._image[-1], *self.steps[-2:]), (self._matrix[-1], 1, 1)
        self._in_line = ends[0] == ends[1]  # as long lines as the image, one after the other
        self._moves = self._moved()

    def kernels(self, w: Any) -> Any:
        """(O, C / groups, *sizes) as a matrix (groups, O / groups, height) for each slice."""
        groups, channels = self._image[:2]
        rest = prod(self.sizes[1:])
        apart = w.reshape(groups, w.shape[0] // groups, channels, self.sizes[0], rest)
        last = apart.transpose(3, 0, 1, 4, 2)
        return last.reshape(self.sizes[0], groups, w.shape[0] // groups, self.height)

    def writer(self, xp: Any, x: Any) -> Callable[[slice], Any]:
        """A function from a slice of the samples to their matrices (n, groups, height, columns)."""
        images = x.reshape(len(x), *self._image)
        matrix = (self._image[0], self.height, prod(self._matrix[len(self.sizes) + 1 :]))
        if all(n == 1 for n in self.sizes[1:] + self.steps) and not any(map(any, self.border)):
            return lambda part: images[part].reshape(-1, *matrix)
        scratch = xp.zeros((self.group, *self._matrix), x.dtype)
        lines, moves = scratch.reshape(self.group, *self._joined(self._matrix)), self._moves
        images = images.reshape(len(x), *self._joined(self._image))

        def write(part: slice) -> Any:
            now = images[part]
            rows, joined = scratch[: len(now)], lines[: len(now)]
            for to, source, edges in moves:
                joined[to] = now[source]
                for edge in edges:
                    rows[edge] = 0
            return rows.reshape(len(now), *matrix)

        return write

    def _joined(self, shape: tuple) -> tuple:
        """A shape whose lines along the last dimension follow each other in one, if they may."""
        return (*shape[:-2], shape[-2] * shape[-1]) if self._in_line else shape

    def _moved(self) -> list[tuple[tuple, tuple, list[tuple]]]:
        """For each of the kernel's places in all dimensions but the first: what is copied, whereto,
        and the ends of lines to make zeros again, where whole lines were copied one on the other.
        """
        length, zeros = self._image[2], self.border[0]
        first = slice(max(zeros[0], 0), zeros[0] + length + min(zeros[1], 0))
        image = slice(max(-zeros[0], 0), length + min(zeros[1], 0))
        every, moves = (slice(None),) * 3, []
        for place in product(*map(range, self.sizes[1:])):
            to, source = [first], [image]
            for d, k in enumerate(place, 1):
                count, step = self._matrix[len(self.sizes) + 1 + d], self.steps[d]
                begin = k * self.gaps[d] - self.border[d][0]
                low = min(max(-(begin // step), 0), count)
                high = max(min((self._image[2 + d] - 1 - begin) // step + 1, count), low)
                to.append(slice(low, high))
                source.append(slice(begin + low * step, begin + high * step, step))
            if any(part.start >= part.stop for part in to):
                continue
            target, edges = (*every[:2], *place, every[0]), []
            if self._in_line:
                width, (*rows, columns) = self._matrix[-1], to
                outside = slice(0, columns.start), slice(columns.stop, width)
                edges = [(*target, *rows, part) for part in outside if part.start < part.stop]
                to, source = (
                    [*part[:-2], _line(part[-2], part[-1], width)] for part in (to, source)
                )
            moves.append(((*target, *to), (*every, *source), edges))
        return moves


def _line(rows: slice, columns: slice, width: int) -> slice:
    """From the first of these columns in the first of these rows to the last in the last."""
    return slice(rows.start * width + columns.start, (rows.stop - 1) * width + columns.stop)


shifts = lru_cache(512)(Shifts)  # what a layer needs is the same in each step
