"""How the formula of einsum is read.

A label is a letter, or "...1", "...2" for the dimensions that an ellipsis stands for, counted from
the right.
"""

import string
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..errors import ShapeError

LETTERS = string.ascii_uppercase + string.ascii_lowercase


def read(equation: str, dims: Sequence[int]) -> tuple[list[list[str]], list[str]]:
    """The labels of each term and of the result, for operands with so many dimensions."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    words = left.split(",")
    if len(words) != len(dims):
        raise ValueError(
            f"einsum: the equation '{equation}' has {len(words)} terms, but there are {len(dims)} "
            "operands."
        )
    split = [_letters(word, equation) for word in words]
    named = [_named(s, n, i, equation) for i, (s, n) in enumerate(zip(split, dims, strict=True))]
    spread = max((sum(label.startswith(".") for label in labels) for labels in named), default=0)
    dots = [f"...{k}" for k in range(spread, 0, -1)]
    times = Counter(label for labels in named for label in labels)
    if not arrow:
        once = sorted(label for label, n in times.items() if n == 1 and not label.startswith("."))
        return named, dots + once
    output = [x for s in _letters(right, equation) for x in (dots if s == "..." else [s])]
    for label, n in Counter(output).items():
        if n > 1:
            raise ValueError(f"einsum: '{label}' stands twice right of -> in '{equation}'.")
        if label not in times:
            raise ValueError(f"einsum: '{label}' stands only right of -> in '{equation}'.")
    return named, output


def _letters(word: str, equation: str) -> list[str]:
    """A term letter by letter, its ellipsis as one."""
    before, dots, after = word.partition("...")
    for letter in before + after:
        if letter not in LETTERS:
            raise ValueError(
                f"einsum: the equation may hold letters, commas, one '...' per term and '->', got "
                f"{letter!r} in '{equation}'."
            )
    return [*before, *([dots] if dots else []), *after]


def _named(letters: list[str], ndim: int, number: int, equation: str) -> list[str]:
    """A term's labels, one per dimension of its operand."""
    spread = ndim - len(letters) + 1 if "..." in letters else 0
    if spread < 0 or "..." not in letters and len(letters) != ndim:
        raise ShapeError(
            f"einsum: operand {number} has {ndim} dimensions, its term in '{equation}' names "
            f"{len(letters) - ('...' in letters)}."
        )
    dots = [f"...{k}" for k in range(spread, 0, -1)]
    return [x for letter in letters for x in (dots if letter == "..." else [letter])]


def lettered(arguments: tuple) -> tuple[str, tuple]:
    """einsum's other form, x, [0, 1], y, [1, 2], [0, 2], as a formula and its operands."""
    count = len(arguments) // 2
    operands, lists = arguments[: 2 * count : 2], arguments[1 : 2 * count : 2]
    if not lists or not all(isinstance(numbers, (list, tuple)) for numbers in lists):
        raise ValueError("einsum: equation must be a string, or a list of numbers per operand.")
    equation = ",".join(_word(numbers) for numbers in lists)
    return equation + (f"->{_word(arguments[-1])}" if len(arguments) % 2 else ""), operands


def _word(numbers: Any) -> str:
    """[0, 1, ...] as letters."""
    for n in numbers:
        if n is not Ellipsis and not 0 <= n < len(LETTERS):
            raise ValueError(f"einsum: a number in a list must be from 0 to 51, got {n}.")
    return "".join("..." if n is Ellipsis else LETTERS[n] for n in numbers)
