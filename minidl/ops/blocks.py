"""Big arrays in pieces that stay in a processor's cache, and sums that run at its full speed.

What a fused primitive does in ten passes over an array is bound by memory where the array is big:
each pass fetches it anew. Cut into blocks, it is fetched once, and temporaries are small.
"""

from collections.abc import Callable
from typing import Any

from .. import threads

_BLOCK = 1 << 17  # numbers in a block: half a megabyte of float32, as a core's own cache may hold
_PASS = 1e-4  # microseconds that a pass over an array takes for each number


def blocks(x: Any, size: int = _BLOCK) -> list[slice]:
    """Slices of x's first dimension that cover it, of about so many numbers each."""
    count = len(x)
    step = max(1, size * count // max(x.size, 1))
    return [slice(start, start + step) for start in range(0, count, step)]


def by_blocks(
    xp: Any, x: Any, work: Callable[[slice], None], passes: int, size: int = _BLOCK
) -> None:
    """Calls `work` with every one of x's blocks, of which the cores take one each.

    Args:
        passes: about how many passes over a block `work` makes.
        size: how many numbers a block has, where the cores get no more than one each.
    """
    if x.size <= _BLOCK:
        return work(slice(0, len(x)))
    threads.share(xp, lambda: work, blocks(x, size), x.size * passes * _PASS)


def row_sums(xp: Any, x: Any, by: Any = 1) -> Any:
    """The sums along the last dimension, kept as 1: as a product with 1, 1, ..., which is faster.

    Args:
        by: a factor, or one for each number of a row.
    """
    n = x.shape[-1]
    factors = xp.full(n, by, x.dtype) if isinstance(by, (int, float)) else by
    return xp.matmul(x.reshape(-1, n), factors).reshape(*x.shape[:-1], 1)


def column_sums(xp: Any, x: Any) -> Any:
    """The sums over the rows of a matrix, as a product with 1, 1, ..."""
    return xp.matmul(xp.ones(len(x), x.dtype), x)
