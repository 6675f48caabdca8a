"""Where the numbers of a value lie: a buffer, and a step through it for every dimension.

Reshaping, permuting, expanding and cropping move no numbers: they only say anew how to walk
through the same memory. All steps and offsets are counted in elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any, final

import numpy as np


@final
class Buffer:
    """A piece of memory that a program reads and writes.

    Attributes:
        kind: "input" or "output" (the caller's), "constant", "drawn" (random numbers), or "arena"
            (a place in the program's own memory, found by memory.py).
        number: which input, output, constant or draw it is.
        offset: bytes from the begin of the arena, once it is placed.
        writers: the kernels that write into it.
        made: by offset, the member of a nest whose result begins there.
    """

    __slots__ = ("kind", "size", "dtype", "number", "offset", "writers", "made")

    def __init__(self, kind: str, size: int, dtype: np.dtype, number: int = -1):
        self.kind = kind
        self.size = size
        self.dtype = dtype
        self.number = number
        self.offset = -1
        self.writers: list[Any] = []
        self.made: dict[int, Any] = {}

    @property
    def bytes(self) -> int:
        return self.size * self.dtype.itemsize

    def __repr__(self) -> str:
        return f"{self.kind}{self.number if self.number >= 0 else ''}[{self.size}]"


@final
class View:
    """Numbers in a buffer: element (i, j, ...) lies at offset + i * steps[0] + j * steps[1] ..."""

    __slots__ = ("buffer", "offset", "shape", "steps")

    def __init__(self, buffer: Buffer, offset: int, shape: Sequence[int], steps: Sequence[int]):
        self.buffer = buffer
        self.offset = offset
        self.shape = tuple(shape)
        self.steps = tuple(steps)

    @classmethod
    def whole(cls, buffer: Buffer, shape: Sequence[int]) -> View:
        """All numbers of a buffer, in order."""
        return cls(buffer, 0, shape, in_order(shape))

    @property
    def dtype(self) -> np.dtype:
        return self.buffer.dtype

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def contiguous(self) -> bool:
        return same_walk(self.shape, self.steps, in_order(self.shape))

    def permuted(self, dims: Sequence[int]) -> View:
        return View(
            self.buffer, self.offset,
            [self.shape[d] for d in dims], [self.steps[d] for d in dims],
        )  # fmt: skip

    def expanded(self, shape: Sequence[int]) -> View:
        new = len(shape) - len(self.shape)
        steps = [0] * new + [
            0 if n == 1 else step for n, step in zip(self.shape, self.steps, strict=True)
        ]
        return View(self.buffer, self.offset, shape, steps)

    def reshaped(self, shape: Sequence[int]) -> View | None:
        """The same numbers in another shape, or None where no walk of even steps reaches them."""
        if self.size == 0 or prod(shape) == 0:
            return View(self.buffer, self.offset, shape, in_order(shape))
        steps = resteps(self.shape, self.steps, shape)
        return None if steps is None else View(self.buffer, self.offset, shape, steps)

    def cropped(self, key: Sequence[Any]) -> View:
        """What x[key] shows, for a key of integers, slices, None and Ellipsis."""
        offset, shape, steps = self.offset, [], []
        old = iter(zip(self.shape, self.steps, strict=True))
        for k in spelled_out(key, len(self.shape)):
            if k is None:
                shape.append(1)
                steps.append(0)
                continue
            n, step = next(old)
            if isinstance(k, slice):
                picked = range(*k.indices(n))
                offset += picked.start * step if len(picked) else 0
                shape.append(len(picked))
                steps.append(step * picked.step)
            else:
                offset += (int(k) + n if k < 0 else int(k)) * step
        return View(self.buffer, offset, shape, steps)

    def flipped(self, dims: Iterable[int]) -> View:
        steps, offset = list(self.steps), self.offset
        for d in dims:
            offset += (self.shape[d] - 1) * steps[d]
            steps[d] = -steps[d]
        return View(self.buffer, offset, self.shape, steps)

    def windowed(self, sizes: Sequence[int], steps: Sequence[int], gaps: Sequence[int]) -> View:
        """The windows of ops/sliding.py: their own dimensions first."""
        n = len(self.shape) - len(sizes)
        counts = [
            (length - gap * (size - 1) - 1) // step + 1
            for length, size, step, gap in zip(self.shape[n:], sizes, steps, gaps, strict=True)
        ]
        inner = [s * gap for s, gap in zip(self.steps[n:], gaps, strict=True)]
        outer = [s * step for s, step in zip(self.steps[n:], steps, strict=True)]
        return View(
            self.buffer, self.offset,
            (*sizes, *self.shape[:n], *counts), (*inner, *self.steps[:n], *outer),
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"{self.buffer!r}+{self.offset}{list(self.shape)}/{list(self.steps)}"


def spelled_out(key: Sequence[Any], ndim: int) -> list[Any]:
    """A key with a slice for every dimension that it leaves out."""
    missing = ndim - sum(1 for k in key if k is not None and k is not Ellipsis)
    full: list[Any] = []
    for k in key if Ellipsis in key else (*key, Ellipsis):
        full += [slice(None)] * missing if k is Ellipsis else [k]
    return full


def in_order(shape: Sequence[int]) -> tuple[int, ...]:
    """The steps through numbers that lie in the order of their shape."""
    steps, step = [], 1
    for n in reversed(shape):
        steps.append(step)
        step *= n
    return tuple(reversed(steps))


def rows_in_order(view: View) -> bool:
    """Whether the numbers of each matrix's rows follow each other, and no two rows overlap."""
    (m, n), (down, right) = view.shape[-2:], view.steps[-2:]
    return (right == 1 or n == 1) and (down >= n or m == 1)


def same_walk(shape: Sequence[int], a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether two lists of steps reach the same places: where n is 1 a step does not matter."""
    return all(n == 1 or x == y for n, x, y in zip(shape, a, b, strict=True)) or 0 in shape


def resteps(
    shape: Sequence[int], steps: Sequence[int], new: Sequence[int]
) -> tuple[int, ...] | None:
    """The steps of a walk under another shape of as many numbers; None where there are none.

    Both shapes are read from the left, in the smallest groups that hold equally many numbers; a
    group can be cut anew if its own dimensions follow each other without a gap.
    """
    old = [(n, s) for n, s in zip(shape, steps, strict=True) if n != 1]
    result = [0] * len(new)
    i = 0
    position = 0
    while position < len(new):
        if new[position] == 1:
            position += 1
            continue
        first, have, want = i, 1, 1
        group = []
        while have != want or want == 1:
            if have <= want and i < len(old) and (want != 1 or have == 1):
                have *= old[i][0]
                i += 1
            if want < have:
                while position < len(new) and new[position] == 1:
                    position += 1
                want *= new[position]
                group.append(position)
                position += 1
        for (_, s), (m, t) in zip(old[first : i - 1], old[first + 1 : i], strict=True):
            if s != t * m:
                return None
        step = old[i - 1][1]
        for place in reversed(group):
            result[place] = step
            step *= new[place]
    return tuple(result)
