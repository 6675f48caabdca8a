"""How much of the course could be forged by who takes the worker over: what everybody knows.

A part whose right answer is the same in every draw (a word, an order of events, True) can be
answered without doing it. The teacher's page says how much that is.
"""

from __future__ import annotations

import copy

from minidl.grading.compare import Tolerance, compare, plain
from minidl.grading.course import lessons
from minidl.grading.spec import Part

EXACT = Tolerance(0.0, 0.0, dtype=True)


def known(exercise: str, part: Part) -> bool:
    """Whether six draws have one answer."""
    inputs = (part.inputs(exercise, seed) for seed in range(6))
    first, *others = (plain(part.reference(**copy.deepcopy(one))) for one in inputs)
    return all(not compare(first, other, EXACT) for other in others)


def test_most_points_are_for_answers_that_nobody_knows_beforehand():
    parts = [
        (part.points, known(id, part), f"{id}/{part.id}")
        for lesson in lessons()
        for id, exercise in lesson.exercises().items()
        for part in exercise.parts
    ]
    forgeable = sum(points for points, known, _ in parts if known)
    share = forgeable / sum(points for points, _, _ in parts)
    print(f"{share:.1%}:", ", ".join(name for _, known, name in parts if known))
    assert share < 0.2
