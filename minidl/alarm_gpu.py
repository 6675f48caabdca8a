"""What a card finds wrong: a kernel writes it down where the processor reads it without waiting.

Whoever waits for the card next, for a number or for all of its work, is told then.
"""

from functools import cache
from typing import Any, final

import numpy

POSITION, LABEL = 1, 2  # what kernels write, by the names in CODES
CODES = f"enum {{ POSITION = {POSITION}, LABEL = {LABEL} }};\n"
_WORDS = {
    POSITION: "A position was out of range for the dimension it points into",
    LABEL: "A label was out of range: it is no class, nor the one to be ignored",
}


@final
class Alarm:
    """One number in memory that stays where it is, which cards reach by the same address.

    Attributes:
        address: where kernels write what is wrong.
    """

    def __init__(self, xp: Any):
        self._said = numpy.frombuffer(xp.cuda.alloc_pinned_memory(4), "int32", 1)
        self._said[0] = 0
        self.address = int(self._said.ctypes.data)

    def look(self) -> None:
        """Raises for what a card found wrong by now, once.

        Raises:
            IndexError: a position, or a label, was out of range.
        """
        if self._said[0]:
            words, self._said[0] = _WORDS[int(self._said[0])], 0
            raise IndexError(
                f"{words}, in an operation on a graphics card before this one, which is the first "
                "to wait for it. Call minidl.cuda.synchronize() after each that takes positions or "
                "labels, or run it on the processor, to see which it was."
            )


@cache
def alarm(xp: Any) -> Alarm:
    """The alarm of all cards."""
    return Alarm(xp)
