"""`python -m tests.mutation [LESSON|EXERCISE ...]`: what do the checks let through?"""

from __future__ import annotations

import sys

from minidl.grading.course import find_lesson

from .answers import FILE, Answer, answers
from .trial import Trial, trial

ENOUGH = 0.95


def chosen(names: list[str]) -> list[Answer]:
    """The exercises named, by their ids or lessons; all when none is.

    Raises LookupError when there is no such exercise or lesson.
    """
    here = answers()
    if not names:
        return list(here.values())
    found: list[Answer] = []
    for name in names:
        lesson = None if name in here else find_lesson(name).name
        found += [one for id, one in here.items() if name == id or one.lesson.name == lesson]
    return found


def report(found: Trial) -> str:
    """A line for the exercise, then each survivor as a diff."""
    lines = [
        f"{found.id:14s} {found.tried:3d} mutants, {len(found.refused):3d} refused "
        f"({found.share:.0%}), {len(found.equivalent)} equivalent, {found.seconds:.1f} s"
    ]
    for mutant in found.survivors:
        lines += [f"    {mutant.kind}", *(f"    {line}" for line in mutant.diff.splitlines())]
        lines.append(f"    in {FILE}: {mutant.change!r}")
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Prints each exercise's mutants. Returns 1 when the checks of one refuse too few."""
    few = 0
    for answer in chosen(names):
        found = trial(answer)
        print(report(found), flush=True)
        few += found.share < ENOUGH
    return int(bool(few))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
