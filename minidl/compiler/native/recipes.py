"""What a native program is before it has memory: a library, and what that expects to find."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, final

import numpy as np

from ..graph import Call


@final
class Recipe(NamedTuple):
    """A program as plain data.

    Attributes:
        library: the file with the native functions; its text lies beside it.
        hosts: per stretch of the program None, if it is native, else the kernel that NumPy runs.
        threads: how many run it.
        arena: bytes of memory for results in between.
        places: (kind, number) of the buffers that the table of pointers points to, see `Buffer`.
        outputs: (shape, dtype) of each.
        constants: arrays, by number.
        draws: the calls that draw random numbers before each run, in the graph's order.
        facts, notes: for `explain()`.
    """

    library: Path
    hosts: Sequence[Any]
    threads: int
    arena: int
    places: Sequence[tuple[str, int]]
    outputs: Sequence[tuple[tuple[int, ...], np.dtype]]
    constants: Sequence[np.ndarray]
    draws: Sequence[Call]
    facts: dict[str, int]
    notes: Sequence[str]
