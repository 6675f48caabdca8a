"""`check("01.mul")` asks the exercise's questions at once: the gap, the reason, then a hint."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, final

from ..course import find_exercise
from ..judging import Verdict, judge
from ..pieces import yours
from ..report import Card, card, marked
from . import progress

_failures: dict[str, int] = {}  # failed checks of each exercise in this kernel: which hint is next


@final
class CheckResult:
    """What `check` found; a notebook cell that ends with it shows it."""

    def __init__(self, verdict: Verdict, hint: str = "", notes: tuple[str, ...] = ()):
        self.verdict = verdict
        self.passed = verdict.passed
        self.points = verdict.points
        self.diagnosis = verdict.diagnosis
        self.hint = hint
        self.card = card(verdict, hint, notes)

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return self.card.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return self.card._repr_mimebundle_()


def check(id: str, namespace: Mapping[str, Any] | None = None) -> CheckResult:
    """Checks the learner's code for one exercise.

    id: the exercise, "01.mul".
    namespace: where the learner's names are; the caller's own when not given.
    Returns a result that shows itself; `result.passed` is a bool.
    Raises LookupError when there is no such exercise.
    """
    if namespace is None:
        frame = sys._getframe(1)
        namespace = {**frame.f_globals, **frame.f_locals}
    exercise = find_exercise(id)
    yours.set_aside(exercise)  # the reference may call minidl's own, and must get minidl's own
    verdict = judge(exercise, namespace)
    progress.record(verdict)
    if verdict.passed:
        _failures.pop(id, None)
        return CheckResult(verdict, notes=yours.accept(exercise, namespace))
    notes = yours.decline(exercise)
    if all(result.status in ("missing", "not written") for result in verdict.parts):
        return CheckResult(verdict, notes=notes)
    _failures[id] = _failures.get(id, 0) + 1
    return CheckResult(verdict, _hint(exercise.hints, _failures[id]), notes)


def hint(id: str) -> Card:
    """Shows the exercise's next hint without a check."""
    exercise = find_exercise(id)
    _failures[id] = _failures.get(id, 0) + 1
    words = _hint(exercise.hints, _failures[id]) or "There is no hint for this exercise."
    return Card(words, f"<p>{marked(words)}</p>")


def _hint(hints: Sequence[str], failures: int) -> str:
    """One more hint each time; the last one stays."""
    if not hints:
        return ""
    n = min(failures, len(hints))
    return f"Hint {n} of {len(hints)}: {hints[n - 1]}"
