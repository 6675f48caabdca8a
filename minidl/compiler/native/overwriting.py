"""Results that are written straight over the inputs they replace: new weights over the old ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .views import Buffer, View


def become_targets(
    outputs: Sequence[View], targets: Sequence[int | None], steps: list[Any], copy: Callable
) -> None:
    """Lets results be written over the inputs they replace, where nobody reads the old numbers
    after that; copies the others at the end.

    Args:
        outputs: where the results lie.
        targets: per output the input it replaces, or None.
        steps: in order; the copies are added.
        copy: (view, input) -> a step.
    """
    read, written = {}, {}  # when an input is read last; by which steps a buffer is written
    for k, step in enumerate(steps):
        read.update((b.number, k) for b in step.reads if b.kind == "input")
        for buffer in step.writes:
            written.setdefault(id(buffer), []).append(k)
    late = []
    for view, target in zip(outputs, targets, strict=True):
        if target is None:
            continue
        buffer, writers = view.buffer, written.get(id(view.buffer), [])
        whole = buffer.kind == "arena" and len(writers) == 1 and view.size == buffer.size
        if whole and _may_become(
            buffer, target, steps[writers[0]], read.get(target, -1) - writers[0]
        ):
            buffer.kind, buffer.number = "input", target
        else:
            late.append(copy(view, target))
    steps += late


def _may_become(result: Buffer, target: int, writer: Any, after: int) -> bool:
    """Whether a result can be an input's memory from the step on that writes it.

    Args:
        after: how many steps after that the input is read last.
    """
    return after < 0 or after == 0 and _reads_first(writer, result, target)


def _reads_first(step: Any, result: Buffer, target: int) -> bool:
    """Whether a nest reads each old number before it writes the new one there."""
    if step.loop is None:
        return False
    for buffer in step.reads:
        if buffer.kind == "input" and buffer.number == target:
            return step.heirs([buffer], result).get(result) is buffer
    return True
