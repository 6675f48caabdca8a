"""A program's launches: what the card is asked to do, one after another.

Steps that do not wait for each other become one launch, each with blocks of its own: a launch
takes about as long as a small kernel runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from ..native.views import Buffer
from .steps import Step

MOST = 2**11  # blocks of a step; each walks on where there is more to do
SMALL = 2**10  # blocks up to which steps share a launch
POINTERS = 200  # buffers of a launch


@final
class Launch:
    """Steps that run at once.

    Attributes:
        steps: one, or several functions.
        reads, writes: buffers.
    """

    def __init__(self, step: Step):
        self.steps = [step]
        self.reads, self.writes = list(step.reads), list(step.writes)

    @property
    def kernel(self) -> Any:
        return self.steps[0].kernel

    @property
    def blocks(self) -> int:
        return sum(min(step.blocks, MOST) for step in self.steps)

    def add(self, step: Step) -> None:
        self.steps.append(step)
        self.reads += step.reads
        self.writes += step.writes

    def heirs(self, dying: Sequence[Buffer]) -> dict[Buffer, Buffer]:
        """As `Step.heirs`; nobody else of the launch may look at the old numbers."""
        found: dict[Buffer, Buffer] = {}
        for step in self.steps:
            others = {id(b) for s in self.steps if s is not step for b in s.reads}
            free = [b for b in dying if id(b) not in others and b not in found.values()]
            found |= step.heirs(free)
        return found


def launches_of(steps: Sequence[Step]) -> list[Launch]:
    """The steps in as few launches as their order allows, where they are small."""
    launches: list[Launch] = []
    last = _Last()
    for step in steps:
        first = last.touched(step) + 1
        at = next((k for k in range(len(launches) - 1, first - 1, -1)
                   if _fits(step, launches[k])), len(launches))  # fmt: skip
        if at == len(launches):
            launches.append(Launch(step))
        else:
            launches[at].add(step)
        last.note(step, at)
    return _sunk(launches)


def _fits(step: Step, launch: Launch) -> bool:
    """Whether a step is small enough to share a launch."""
    if step.kernel is not None or launch.kernel is not None:
        return False
    buffers = {id(b) for b in (*launch.reads, *launch.writes, *step.reads, *step.writes)}
    return launch.blocks + step.blocks <= SMALL and len(buffers) <= POINTERS


def _sunk(launches: list[Launch]) -> list[Launch]:
    """Launches whose steps can all wait for later ones are given up."""
    kept = list(launches)
    for launch in launches[::-1]:
        if launch.kernel is not None:
            continue
        at = kept.index(launch)
        later = [_later(step, kept, at) for step in launch.steps]
        if None not in later:
            for step, other in zip(launch.steps, later, strict=True):
                other.add(step)  # type: ignore[union-attr]
            del kept[at]
    return kept


def _later(step: Step, launches: list[Launch], at: int) -> Launch | None:
    """A later launch that a step can join, before anybody needs what it makes."""
    reads, writes = set(map(_key, step.reads)), set(map(_key, step.writes))
    for launch in launches[at + 1 :]:
        theirs = set(map(_key, launch.writes))
        if writes & (theirs | set(map(_key, launch.reads))) or reads & theirs:
            return None
        if _fits(step, launch):
            return launch
    return None


@final
class _Last:
    """The launch that last read, and that last wrote, each buffer."""

    def __init__(self) -> None:
        self._read: dict[Any, int] = {}
        self._written: dict[Any, int] = {}

    def touched(self, step: Step) -> int:
        """The last launch that a step must come after; -1 where there is none."""
        after = [self._written.get(_key(b), -1) for b in (*step.reads, *step.writes)]
        after += [self._read.get(_key(b), -1) for b in step.writes]
        return max(after, default=-1)

    def note(self, step: Step, at: int) -> None:
        for buffers, known in ((step.reads, self._read), (step.writes, self._written)):
            for buffer in buffers:
                known[_key(buffer)] = max(known.get(_key(buffer), -1), at)


def _key(buffer: Buffer) -> Any:
    return id(buffer) if buffer.kind == "arena" else (buffer.kind, buffer.number)
