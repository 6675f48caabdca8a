"""Pooling to a size: as many windows as the output has places, each as large as is needed for that.

Output place p looks at the input from floor(p L / P) to ceil((p + 1) L / P): windows of one size
where P divides L, else of two sizes, and overlapping by one.
"""

from math import prod
from typing import Any

from ... import ops
from ...backend import bool_, int64
from ...creation import arange
from ...dtypes import is_floating
from ...errors import ShapeError
from ...ops import Slot
from ...precision import in_single
from ...tensors import Tensor
from .geometry import with_batch, without_batch
from .pooling import _max_pool
from .windows import at_places


def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """The mean over each of `output_size` windows that together cover the input.

    Args:
        input: (N, C, L) or (C, L).
        output_size: P, how many numbers are wanted of each channel.

    Returns:
        Tensor: (N, C, P) or (C, P).

    Raises:
        ShapeError: the input has no numbers or another number of dimensions.
        ValueError: a negative size.
    """
    return _adaptive_avg("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """As `adaptive_avg_pool1d`, over images; one size for both dimensions, or (height, width).

    None in place of a size keeps that of the input; 1 gives the mean of each channel.
    """
    return _adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


@in_single("cpu")
def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """As `adaptive_avg_pool2d`, over volumes."""
    return _adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest number of each window of `adaptive_avg_pool1d`.

    With return_indices also where it stood in its flattened channel; of equals the first.
    """
    return _adaptive_max("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """As `adaptive_max_pool1d`, over images."""
    return _adaptive_max("adaptive_max_pool2d", 2, input, output_size, return_indices)


@in_single("cpu")
def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """As `adaptive_max_pool1d`, over volumes."""
    return _adaptive_max("adaptive_max_pool3d", 3, input, output_size, return_indices)


def _adaptive_avg(name: str, n: int, input: Tensor, output_size: Any) -> Tensor:
    x, batched = with_batch(name, input, n)
    sizes = _sizes(name, n, x, output_size)
    if all(size == 1 for size in sizes):
        z = ops.mean(x, tuple(range(2, n + 2)), keepdim=True)
    elif _even(x, sizes):
        window = tuple(have // want for have, want in zip(x.shape[2:], sizes, strict=True))
        z = ops.sum_windows(x, sizes=window, steps=window, gaps=(1,) * n) / prod(window)
    else:
        places, inside = _windows(x, sizes)
        sums = ops.sum(ops.where(inside, _looked_at(x, places), 0.0), -1)
        z = ops.reshape(sums / ops.sum(inside, -1), (*x.shape[:2], *sizes))
    return without_batch(z, batched)


def _adaptive_max(name: str, n: int, input: Tensor, output_size: Any, return_indices: bool) -> Any:
    x, batched = with_batch(name, input, n)
    sizes = _sizes(name, n, x, output_size)
    if _even(x, sizes):
        window = tuple(have // want for have, want in zip(x.shape[2:], sizes, strict=True))
        return _max_pool(name, n, input, window, window, 0, 1, False, return_indices)
    places, inside = _windows(x, sizes)
    parts = ops.where(inside, _looked_at(x, places), float("-inf"))
    best = ops.argmax_(parts, dim=3, keepdim=False)
    every = arange(best.shape[2]).to(x.device)
    winners = ops.gather_at(places, every, best, key=(Slot.ARRAY, Slot.ARRAY))
    channels = arange(prod(x.shape[:2])).to(x.device) * prod(x.shape[2:])
    z = at_places(x, winners + ops.reshape(channels, (*x.shape[:2], 1)))
    z = ops.reshape(z, (*x.shape[:2], *sizes))
    winners = ops.reshape(winners, z.shape)
    z = without_batch(z, batched)
    return (z, without_batch(winners, batched)) if return_indices else z


def _sizes(name: str, n: int, x: Tensor, output_size: Any) -> tuple[int, ...]:
    given = (output_size,) * n if hasattr(output_size, "__index__") else output_size
    if not isinstance(given, (tuple, list)) or len(given) != n:
        raise ValueError(f"{name}: output_size must be {n} integers or one, got {output_size!r}.")
    if n > 1:
        pairs = zip(x.shape[2:], given, strict=True)
        given = [have if want is None else want for have, want in pairs]
    if not all(hasattr(size, "__index__") and size >= 0 for size in given):
        raise ValueError(f"{name}: output_size must be integers from 0, got {output_size!r}.")
    if not is_floating(x.dtype):
        raise TypeError(f"{name}: input must be floats, got {x.dtype}.")
    if 0 in x.shape[2:]:
        raise ShapeError(f"{name}: input must have a number to look at, got {x.shape}.")
    return tuple(size.__index__() for size in given)


def _even(x: Tensor, sizes: tuple[int, ...]) -> bool:
    """Whether all windows are of one size."""
    return all(want and have % want == 0 for have, want in zip(x.shape[2:], sizes, strict=True))


def _windows(x: Tensor, sizes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """For windows that differ in size, what each looks at.

    Returns:
        tuple: (windows, places in a window) twice: where in a flattened channel, and whether the
        place is inside (smaller windows are filled up with their last place).
    """
    spatial = x.shape[2:]
    places, inside = [[0]], [[True]]
    for length, size in zip(spatial, sizes, strict=True):
        ranges = [range(p * length // size, -(-(p + 1) * length // size)) for p in range(size)]
        most = max(map(len, ranges), default=0)
        along = [[min(i, r.stop - 1) for i in range(r.start, r.start + most)] for r in ranges]
        within = [[i < len(r) for i in range(most)] for r in ranges]
        places = [[a * length + b for a in row for b in line] for row in places for line in along]
        inside = [[a and b for a in row for b in line] for row in inside for line in within]
    shape = (len(places), prod(map(len, places[:1])))
    made = (Tensor(places, int64).reshape(shape), Tensor(inside, bool_).reshape(shape))
    return made[0].to(x.device), made[1].to(x.device)


def _looked_at(x: Tensor, places: Tensor) -> Tensor:
    """Numbers of flattened channels: (N, C, windows, places in a window)."""
    key = (slice(None), slice(None), Slot.ARRAY)
    return ops.gather_at(ops.flatten(x, 2), places, key=key)
