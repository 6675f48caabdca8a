"""What an exercise is: inputs, a trusted answer, the learner's answer, and the mistakes we expect.

A spec lives beside its lesson, never inside the notebook. The same spec serves twice: `check` runs
it on visible seeds the moment the learner asks, and the judge runs it again later. The reference
never sees the learner's code, nor the code the reference: each gets its own copy of the inputs.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np


@final
@dataclass(frozen=True)
class Wrong:
    """A mistake a learner is likely to make, as code, with the sentence that helps.

    id: short name, unique in its exercise ("assigns").
    misconception: the mistake in a few words ("= in place of +=").
    message: what the learner reads when their answer behaves like this one.
    source: the whole cell, where the mistake is another plan altogether; and otherwise
    change: the mistake as an edit of the right answer, {"+= g": "= g"}; each piece of text on the
        left must stand in it exactly once.
    """

    id: str
    misconception: str
    message: str
    source: str = ""
    change: Mapping[str, str] = field(default_factory=dict)

    def cell(self, solution: str) -> str:
        """The exercise's cell with this mistake in it.

        solution: the right answer, the lesson's own cell.
        Raises ValueError when it does not hold, exactly once, what is to be changed.
        """
        if self.source:
            return self.source
        for right, mistaken in self.change.items():
            if (times := solution.count(right)) != 1:
                raise ValueError(f"{self.id}: {right!r} is {times} times in the solution, not once")
            solution = solution.replace(right, mistaken)
        return solution


@final
@dataclass(frozen=True)
class Part:
    """One question asked of the learner's code.

    generate(rng) -> dict of inputs (arrays, numbers, strings), drawn from a numpy Generator.
    run(code, **inputs) -> what the learner's code answers; `code.NAME` is an entry point.
    reference(**inputs) -> the right answer, of the same structure: a number, an array, a string, or
        a dictionary or sequence of those. Tensors are read as arrays.
    rtol, atol: how close is equal (|got - expected| <= atol + rtol * |expected|).
    seeds: how many visible draws `check` tries.
    seconds: processor time for one run (four times that by the clock); more is "too slow".
    dtype: when true, the dtypes must agree too.
    mutates: when true, the code may write into its inputs (otherwise that is reported and fails).
    diagnose(inputs, expected, got) -> a sentence or None, asked when no `Wrong` fits.
    """

    id: str
    title: str
    generate: Callable[[np.random.Generator], Mapping[str, Any]]
    run: Callable[..., Any]
    reference: Callable[..., Any]
    points: float = 1
    rtol: float = 1e-5
    atol: float = 1e-8
    seeds: int = 3
    seconds: float = 5.0
    dtype: bool = False
    mutates: bool = False
    diagnose: Callable[[Mapping[str, Any], Any, Any], str | None] | None = None

    def inputs(self, exercise: str, seed: int) -> dict[str, Any]:
        """The inputs of one draw: the same for one exercise, part and seed everywhere."""
        stream = zlib.crc32(f"{exercise}/{self.id}".encode())
        return dict(self.generate(np.random.default_rng([stream, seed])))


@final
@dataclass(frozen=True)
class Exercise:
    """A piece the learner writes, with the questions that decide whether it works.

    id: "LESSON.name"; the digits before the dot are the lesson's number.
    entry: the names the learner's cell must define.
    replaces: what the passing piece replaces in the running minidl: a dotted path inside the
        package ("nn.functional.cross_entropy"), "primitive:NAME.vjp" for the derivative rules of a
        primitive (all entries, in the order of its inputs), "primitive:NAME.forward" for what it
        computes, or a sequence with one of those (or None) per entry.
    withholds: what else the judge's worker lacks, besides what is replaced: parts that compute the
        same by another name ("primitive:surprise", "nn.functional.nll_loss").
    solution: the right answer, the lesson's own cell; filled in when the lesson is loaded.
    """

    id: str
    title: str
    entry: Sequence[str]
    parts: Sequence[Part]
    hints: Sequence[str] = ()
    wrong: Sequence[Wrong] = ()
    replaces: str | Sequence[str | None] | None = None
    withholds: Sequence[str] = ()
    solution: str = ""
    points: float = field(init=False, default=0)

    def __post_init__(self) -> None:
        if isinstance(self.entry, str):
            raise TypeError(f"{self.id}: entry is a tuple of names; write entry=({self.entry!r},)")
        for what, items in (("part", self.parts), ("wrong answer", self.wrong)):
            names = [item.id for item in items]
            if len(set(names)) != len(names):
                raise ValueError(f"{self.id}: each {what} needs its own id, got {names}")
        for wrong in self.wrong:
            if bool(wrong.change) == bool(wrong.source):
                raise ValueError(f"{self.id}: {wrong.id} needs either a source or a change")
        object.__setattr__(self, "points", sum(part.points for part in self.parts))

    @property
    def replaced(self) -> list[str | None]:
        """What each entry replaces in minidl; None for an entry that replaces nothing."""
        if self.replaces is None or isinstance(self.replaces, str):
            return [self.replaces] if self.replaces else []
        return list(self.replaces)
