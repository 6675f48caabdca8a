"""What a Jacobian looks like, in a sentence: a diagonal, blocks, one row, picked numbers."""

import numpy as np


def pattern(table: np.ndarray, output: str, given: str) -> str:
    """The plainest thing that can be said of a Jacobian (rows, columns) without gaps.

    output, given: what the numbers of its rows and of its columns are called.
    """
    rows, columns = table.shape
    filled = table != 0
    if not filled.any():
        return f"All squares are empty: {output} does not answer to {given} at all."
    if rows == 1 and columns > 1:
        return _one_row(filled, output, given)
    if rows == columns > 1 and not (filled & ~np.eye(rows, dtype=bool)).any():
        return f"A diagonal: each number of {output} answers to its own number of {given} alone."
    if filled.size > 1 and _all_ones(table[filled]) and (filled.sum(1) <= 1).all():
        return (
            f"A single 1 in {_each(filled.any(1))}: numbers of {given} are only picked, moved or "
            f"copied."
        )
    repeated = _blocks(table)
    if repeated:
        count, tall, wide = repeated
        often = "twice" if count == 2 else f"{count} times"
        return f"The same block of {tall} by {wide} stands {often} along the diagonal."
    if filled.all():
        return f"Every square is filled: each number of {output} answers to each of {given}."
    if _all_ones(table[filled]):
        return (
            f"Ones and zeros: each number of {output} answers with 1 to some numbers of {given}, "
            "and to the others not at all."
        )
    return f"{filled.sum()} of {filled.size} squares are filled."


def _one_row(filled: np.ndarray, output: str, given: str) -> str:
    if filled.all():
        return f"One row: the one number {output} answers to every number of {given}."
    return f"One row: {output} answers to {filled.sum()} of the {filled.size} numbers of {given}."


def _all_ones(numbers: np.ndarray) -> bool:
    return bool(np.allclose(numbers, 1, rtol=0, atol=1e-4))


def _each(answering: np.ndarray) -> str:
    return "each row" if answering.all() else f"{answering.sum()} of {answering.size} rows"


def _blocks(table: np.ndarray) -> tuple[int, int, int] | None:
    """(how often, rows, columns) of the smallest block that, repeated, is all there is."""
    rows, columns = table.shape
    for count in range(min(rows, columns), 1, -1):
        if rows % count or columns % count:
            continue
        tall, wide = rows // count, columns // count
        parts = table.reshape(count, tall, count, wide).transpose(0, 2, 1, 3)
        own = parts[range(count), range(count)]
        outside = parts[~np.eye(count, dtype=bool)]
        if not outside.any() and np.allclose(own, own[0], rtol=1e-3, atol=1e-5):
            return count, tall, wide
    return None
