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
    late = []
    for view, target in zip(outputs, targets, strict=True):
        if target is None:
            continue
        if _may_become(view, target, steps):
            view.buffer.kind, view.buffer.number = "input", target
        else:
            late.append(copy(view, target))
    steps += late


def _may_become(view: View, target: int, steps: list[Any]) -> bool:
    """Whether a result can be an input's memory from the step on that writes it."""
    buffer = view.buffer
    touched = [k for k, s in enumerate(steps)
               if any(b.kind == "input" and b.number == target for b in s.reads)]  # fmt: skip
    written = [k for k, s in enumerate(steps) if any(b is buffer for b in s.writes)]
    if buffer.kind != "arena" or len(written) != 1 or view.size != buffer.size:
        return False
    last = max(touched, default=-1)
    return last < written[0] or last == written[0] and _reads_first(steps[last], buffer, target)


def _reads_first(step: Any, result: Buffer, target: int) -> bool:
    """Whether a nest reads each old number before it writes the new one there."""
    if step.loop is None:
        return False
    for buffer in step.reads:
        if buffer.kind == "input" and buffer.number == target:
            return step.heirs([buffer], result).get(result) is buffer
    return True
