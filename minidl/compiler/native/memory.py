"""Where every result of a program lies in one piece of memory, the arena.

A result needs its place from the step that writes it to the last that reads it; then others may
have it. An element-wise step may write its result over what it reads there for the last time.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..arena import Arena
from .steps import Step
from .views import Buffer


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

    Returns:
        The bytes of the arena: the most that is alive at once, and what gaps cost.
    """
    spans = lives(steps)
    born: list[list[Buffer]] = [[] for _ in steps]
    dying: list[list[Buffer]] = [[] for _ in steps]
    for buffer, (first, last) in spans.items():
        born[first].append(buffer)
        dying[last].append(buffer)
    arena = Arena()
    inherited: set[Buffer] = set()
    for number, step in enumerate(steps):
        heirs = step.heirs([b for b in dying[number] if spans[b][0] < number])
        for buffer in born[number]:
            old = heirs.get(buffer)
            if old is not None:
                buffer.offset = old.offset
                inherited.add(old)
            else:
                buffer.offset = arena.take(buffer.bytes)
        for buffer in dying[number]:
            if buffer not in inherited:
                arena.give(buffer.offset, buffer.bytes)
    return arena.size


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
