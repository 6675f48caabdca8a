"""Memory that is not there yet: where results will stand, so that places are used again."""

from bisect import insort
from typing import Any, final

ALIGNMENT = 64  # bytes: a cache line, and the widest vector


@final
class Arena:
    """Free pieces by offset; the smallest that fits is taken.

    Attributes:
        size: bytes from the begin to the end of what was ever taken.
    """

    def __init__(self) -> None:
        self.size = 0
        self._free: list[tuple[int, int]] = []  # (offset, bytes), neighbours joined

    def take(self, size: int) -> int:
        size = rounded(size)
        best: Any = min((f for f in self._free if f[1] >= size), key=lambda f: f[1], default=None)
        if best is None:
            return self._grow(size)
        self._free.remove(best)
        if best[1] > size:
            insort(self._free, (best[0] + size, best[1] - size))
        return best[0]

    def _grow(self, size: int) -> int:
        """New memory at the end, where a free piece may make a beginning."""
        at = self.size
        if self._free and sum(self._free[-1]) == at:
            at, _ = self._free.pop()
        self.size = at + size
        return at

    def give(self, at: int, size: int) -> None:
        """Takes a piece back and joins it to its neighbours."""
        size = rounded(size)
        insort(self._free, (at, size))
        i = self._free.index((at, size))
        for left in (i, i - 1):
            if 0 <= left < len(self._free) - 1:
                (a, n), (b, m) = self._free[left : left + 2]
                if a + n == b:
                    self._free[left : left + 2] = [(a, n + m)]


def rounded(size: int) -> int:
    """The bytes that so many take up, as the next one begins at a multiple of `ALIGNMENT`."""
    return max(-(-size // ALIGNMENT), 1) * ALIGNMENT
