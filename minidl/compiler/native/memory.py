"""Where every result of a program lies in one piece of memory, the arena.

A result needs its place from the step that writes it to the last that reads it; then others may
have it. An element-wise step may write its result over what it reads there for the last time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np

from ..arena import rounded
from .steps import Step
from .views import Buffer

_ENDLESS = 2**62  # bytes


def lives(steps: Sequence[Step]) -> dict[Buffer, tuple[int, int]]:
    """The first and the last step that touches each buffer of the arena."""
    spans: dict[Buffer, tuple[int, int]] = {}
    for number, step in enumerate(steps):
        for buffer in (*step.writes, *step.reads):
            if buffer.kind == "arena":
                first, _ = spans.get(buffer, (number, number))
                spans[buffer] = (first, number)
    return spans


def place(steps: Sequence[Step]) -> int:
    """Gives every buffer of the arena its offset.

    The largest come first, each as low as it can lie for all its life. That leaves hardly a gap;
    taking whatever is free when it is needed left a third of an LSTM's arena unused.

    Returns:
        The bytes of the arena.

    Source: Pisarchyk, Lee, "Efficient Memory Management for Deep Neural Net Inference" (2020),
    section 5.2.
    """
    tenancies = sorted(_tenancies(steps), key=lambda one: -one.bytes)
    firsts, lasts, begins, ends = np.zeros((4, len(tenancies)), np.int64)
    for n, one in enumerate(tenancies):
        beside = (firsts[:n] <= one.last) & (lasts[:n] >= one.first)
        at = _lowest(begins[:n][beside], ends[:n][beside], one.bytes)
        firsts[n], lasts[n], begins[n], ends[n] = one.first, one.last, at, at + one.bytes
        for buffer in one.buffers:
            buffer.offset = at
    return int(ends.max(initial=0))


def _lowest(begins: np.ndarray, ends: np.ndarray, size: int) -> int:
    """The lowest place for so many bytes beside pieces of memory that are taken."""
    order = np.argsort(begins)
    free = np.maximum.accumulate(np.concatenate([[0], ends[order]]))
    room = np.append(begins[order], _ENDLESS) - free
    return int(free[np.argmax(room >= size)])


@final
class _Tenancy:
    """Buffers that lie in one place, one after the other, and the steps from which to which."""

    def __init__(self, first: int, size: int):
        self.first = self.last = first
        self.bytes = rounded(size)
        self.buffers: list[Buffer] = []

    def add(self, buffer: Buffer, last: int) -> None:
        self.buffers.append(buffer)
        self.last = max(self.last, last)


def _tenancies(steps: Sequence[Step]) -> list[_Tenancy]:
    spans = lives(steps)
    born: list[list[Buffer]] = [[] for _ in steps]
    dying: list[list[Buffer]] = [[] for _ in steps]
    for buffer, (first, last) in spans.items():
        born[first].append(buffer)
        dying[last].append(buffer)
    found: dict[Buffer, _Tenancy] = {}
    for number, step in enumerate(steps):
        heirs = step.heirs([b for b in dying[number] if spans[b][0] < number])
        for buffer in born[number]:
            old = heirs.get(buffer)
            found[buffer] = _Tenancy(number, buffer.bytes) if old is None else found[old]
            found[buffer].add(buffer, spans[buffer][1])
    return list(dict.fromkeys(found.values()))


def traffic(steps: Sequence[Step]) -> int:
    """Bytes that all steps read and write, each buffer counted once for a step."""
    return sum(b.bytes for step in steps for b in {*step.reads, *step.writes})


def peak(steps: Sequence[Step]) -> int:
    """The most bytes of the arena that are alive at once."""
    changes: dict[int, int] = {}
    for buffer, (first, last) in lives(steps).items():
        changes[first] = changes.get(first, 0) + buffer.bytes
        changes[last + 1] = changes.get(last + 1, 0) - buffer.bytes
    alive = most = 0
    for number in sorted(changes):
        alive += changes[number]
        most = max(most, alive)
    return most
