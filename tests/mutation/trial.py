"""Judges mutants by the exercise's own questions, in this process and under time limits."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, final

from minidl.grading.compare import Tolerance, compare, plain
from minidl.grading.limits import OutOfTime, time_limit
from minidl.grading.running import Silence, attempt, entry_points, execute, kept_classes, quiet
from minidl.grading.spec import Part
from minidl.grading.worker.cells import definitions

from .answers import Answer
from .changes import Mutant, mutants

CELL_SECONDS = 5.0


@final
@dataclass
class Trial:
    """What became of the mutants of one exercise."""

    id: str
    refused: list[Mutant] = field(default_factory=list)
    survivors: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def tried(self) -> int:
        """How many mutants there were."""
        return len(self.refused) + len(self.survivors) + len(self.equivalent)

    @property
    def share(self) -> float:
        """Refused mutants among those that are wrong."""
        wrong = len(self.refused) + len(self.survivors)
        return len(self.refused) / wrong if wrong else 1.0


def trial(answer: Answer, every: int = 1) -> Trial:
    """Tries the mutants of one answer: all of them, or one in `every`.

    Raises ValueError when the answer itself does not pass.
    """
    found, begin = Trial(answer.exercise.id), time.perf_counter()
    questions = [Question(answer.exercise.id, part) for part in answer.exercise.parts]
    if not _passes(answer, answer.source, questions):
        raise ValueError(f"{found.id}: the answer itself does not pass")
    for mutant in mutants(answer.source, answer.lines)[::every]:
        if mutant.change in answer.equivalents:
            found.equivalent.append(mutant)
        elif _passes(answer, mutant.source, questions):
            found.survivors.append(mutant)
        else:
            found.refused.append(mutant)
    found.seconds = time.perf_counter() - begin
    return found


@final
class Question:
    """A part with its draws, and what is expected of each."""

    def __init__(self, id: str, part: Part) -> None:
        self.part = part
        self.draws = [part.inputs(id, seed) for seed in range(part.seeds)]
        self.expected = [plain(part.reference(**copy.deepcopy(draw))) for draw in self.draws]
        self.tolerance = Tolerance(part.rtol, part.atol, part.dtype)

    def passes(self, code: Any) -> bool:
        """Whether the code gives what is expected, draw by draw."""
        for draw, expected in zip(self.draws, self.expected, strict=True):
            outcome = attempt(self.part, code, draw)
            if outcome.status != "returned" or compare(expected, outcome.value, self.tolerance):
                return False
        return True


def _passes(answer: Answer, source: str, questions: list[Question]) -> bool:
    """Whether the cell with this source passes every question."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        with quiet(Silence()), time_limit(CELL_SECONDS):
            for text in _sources(answer):
                execute(text, "<before>", namespace)
            execute(source, "<mutant>", namespace)
    except (Exception, OutOfTime, SystemExit):
        return False
    code = entry_points(answer.exercise, namespace)
    if isinstance(code, str):
        return False
    with kept_classes(namespace):
        return all(question.passes(code) for question in questions)


def _sources(answer: Answer) -> Iterator[str]:
    """What runs above the cell: exercises whole, of the others what defines something."""
    for id, source in answer.before:
        yield source if id else definitions(source)
