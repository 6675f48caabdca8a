"""`python -m tests.lessons [LESSON ...]` says what a lesson uses before it has introduced it."""

from __future__ import annotations

import sys

from minidl.grading.course import find_lesson, lessons

from .calls import unexplained
from .glossary import glossaries
from .words import too_early, unlisted_bold, unnamed_symbols


def complaints(name: str) -> list[str]:
    """Everything that there is to say about one lesson's words, symbols and functions."""
    number = [lesson.name for lesson in lessons()].index(name)
    checks = (too_early, unlisted_bold, unnamed_symbols, unexplained)
    return [*glossaries()[name].faults, *(said for check in checks for said in check(number))]


def main(names: list[str]) -> int:
    """Prints the complaints of the lessons named, or of all. Returns 1 if there are any."""
    chosen = [find_lesson(name).name for name in names] or [lesson.name for lesson in lessons()]
    found = [said for name in chosen for said in complaints(name)]
    print("\n".join(found) or "Every word, symbol and function is introduced before it is used.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
