"""What a place between numbers is worth: the rule of each mode of `interpolate`, in one dimension.

Every rule is linear in the numbers, so along one dimension it is a matrix: row p says how much each
number of the input counts for place p of the output.
"""

from typing import Any

from ... import ops
from ...backend import float32, float64, int64
from ...creation import arange
from ...tensors import Tensor


def picked(x: Tensor, dim: int, size: int, ratio: float, exact: bool) -> Tensor:
    """Each place of the output takes one number: x[floor(p * ratio)], or floor((p + 1/2) * ratio)

    Rounding is that of float32, as in PyTorch: it decides where p * ratio is nearly an integer.
    """
    length = x.shape[dim]
    places = (arange(size, dtype=float32) + (0.5 if exact else 0.0)) * ratio
    at = ops.clamp(ops.floor(places).to(int64), max=length - 1)
    times = size // length
    if size % length == 0 and at.tolist() == [p // times for p in range(size)]:
        step = tuple(times if d == dim else 1 for d in range(2, x.ndim))
        shape = (*x.shape[2:dim], size, *x.shape[dim + 1 :])
        return ops.spread_windows(x, shape=shape, sizes=step, steps=step, gaps=(1,) * len(step))
    return ops.index_select(x, dim, at.to(x.device))


def matrix(
    x: Tensor, dim: int, size: int, ratio: float, cubic: bool, align_corners: bool, antialias: bool
) -> Tensor:
    """What each place of x along a dimension counts for each of `size` places: (size, length)."""
    length, kind = x.shape[dim], float64 if x.dtype == float64 else float32
    if align_corners:
        ratio = (length - 1) / (size - 1) if size > 1 else 0.0
    places = arange(size, dtype=kind).reshape(size, 1)
    numbers = arange(length, dtype=kind)
    if antialias:
        distances = (numbers + 0.5 - (places + 0.5) * ratio) / max(ratio, 1.0)
        weights = _cubic(distances, -0.5) if cubic else _hat(distances)
        weights = weights / weights.sum(1, keepdim=True)
    else:
        at = places * ratio if align_corners else (places + 0.5) * ratio - 0.5
        at = at if cubic else ops.clamp(at, min=0)
        left = ops.floor(at)
        weights: Any = 0.0
        for k in (-1, 0, 1, 2) if cubic else (0, 1):
            worth = _cubic(at - left - k, -0.75) if cubic else _hat(at - left - k)
            neighbour = ops.clamp(left + k, 0, length - 1)  # beyond the edge, the edge again
            weights = weights + ops.where(neighbour == numbers, worth, 0.0)
    return weights.to(x.dtype).to(x.device)


def _hat(distance: Tensor) -> Tensor:
    """1 at 0, falling in a straight line to 0 at distance 1."""
    return ops.clamp(1 - ops.abs(distance), min=0)


def _cubic(distance: Tensor, a: float) -> Tensor:
    """1 at 0, 0 at distances 1 and 2 and beyond; two cubics that meet smoothly, of slope a at 1."""
    d = ops.abs(distance)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return ops.where(d <= 1, near, ops.where(d < 2, far, 0.0))
