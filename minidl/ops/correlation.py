"""A kernel slid over images, and the two ways back: each a few products of matrices.

How images become matrices, and why a border costs nothing, stands in shifts.py. Samples go through
in groups, which the processor's cores share.
"""

from collections.abc import Callable
from itertools import product
from math import gcd, prod
from typing import Any

from ..threads import share
from .shifts import Border, shifts

_SPEED = 5e4  # multiplications and additions that a core does in a microsecond
_SMALL = 10**6  # multiplications of a product that OpenBLAS does in place, faster if none is turned


def correlate(
    xp: Any, x: Any, w: Any, b: Any, border: Border, steps: tuple, gaps: tuple, groups: int
) -> Any:
    """z[n, o, p] = b[o] + the sum over c and k of x[n, c, p * step + k * gap - before] * w[o, c, k]

    x (N, C, *spatial), w (O, C / groups, *sizes), b (O, 1, ..., 1) or a number.
    """
    plan = shifts(x.shape, w.shape[2:], border, steps, gaps, groups, w.shape[0])
    kernels = plan.kernels(w)
    z = xp.empty((len(x), w.shape[0], *plan.counts), x.dtype)
    matrices = z.reshape(len(x), *kernels.shape[1:3], -1) if z.size else z
    plain = isinstance(b, (int, float)) and b == 0

    def begin() -> Callable[[slice], None]:
        write = plan.writer(xp, x)
        more = xp.empty((plan.group * (len(kernels) > 1), *matrices.shape[1:]), x.dtype)

        def work(part: slice) -> None:
            rows, out = write(part), matrices[part]
            xp.matmul(kernels[0], rows[..., plan.slices[0]], out=out)
            for kernel, places in zip(kernels[1:], plan.slices[1:], strict=True):
                out += xp.matmul(kernel, rows[..., places], out=more[: len(out)])
            if not plain:
                xp.add(z[part], b, out=z[part])

        return work

    share(xp, begin, plan.parts if z.size else (), z.size * prod(w.shape[1:]) / _SPEED)
    return z


def correlate_weight(
    xp: Any, x: Any, g: Any, sizes: tuple, border: Border, steps: tuple, gaps: tuple, groups: int
) -> Any:
    """z[o, c, k] = the sum over n and p of x[n, c, p * step + k * gap - before] * g[n, o, p]"""
    plan = shifts(x.shape, sizes, border, steps, gaps, groups, g.shape[1])
    outputs, channels = g.shape[1] // groups, x.shape[1] // groups
    matrices = g.reshape(len(g), groups, outputs, prod(g.shape[2:])).swapaxes(2, 3)
    shape = (len(plan.slices), groups, plan.height, outputs)
    sums = xp.zeros((max(len(plan.parts), 1), *shape), x.dtype)
    small = plan.height * outputs * matrices.shape[2] <= _SMALL

    def begin() -> Callable[[slice], None]:
        write = plan.writer(xp, x)

        def work(part: slice) -> None:
            rows, slopes = write(part), matrices[part]
            slopes = xp.ascontiguousarray(slopes) if small else slopes
            for a, places in enumerate(plan.slices):
                each = xp.matmul(rows[..., places], slopes)
                xp.add.reduce(each, 0, out=sums[part.start // plan.group, a])

        return work

    share(xp, begin, plan.parts, g.size * channels * prod(sizes) / _SPEED)
    rest = prod(plan.sizes[1:])
    z = xp.add.reduce(sums, 0).reshape(len(sums[0]), groups, rest, channels, outputs)
    return z.transpose(1, 4, 3, 0, 2).reshape(g.shape[1], channels, *sizes)


def spread(
    xp: Any, g: Any, w: Any, shape: tuple, border: Border, steps: tuple, gaps: tuple, groups: int
) -> Any:
    """z[n, c, i] = the sum of g[n, o, p] * w[o, c, k] over o and p * step + k * gap = i + before

    Outputs whose index leaves the same remainder by step are met by the same places of the kernel,
    step by step: each such phase is a correlation of g with a part of the kernel, turned round.
    """
    turned = _turned(w, groups)
    z = xp.zeros((len(g), turned.shape[0], *shape), g.dtype) if max(steps) > 1 else None
    for remainders in product(*map(range, steps)):
        along = zip(remainders, shape, g.shape[2:], w.shape[2:], border, steps, gaps, strict=True)
        phase = [_phase(*these) for these in along]
        if None in phase:
            continue
        taps, apart, zeros, outputs = zip(*phase, strict=True)
        kernel = turned[(..., *taps)]
        part = correlate(xp, g, kernel, 0, zeros, (1,) * len(taps), apart, groups)
        if z is None:
            return part
        z[(..., *outputs)] = part
    return z


def _turned(w: Any, groups: int) -> Any:
    """(O, C / groups, *sizes) as the kernels (C, O / groups, *sizes) of the way back."""
    apart = w.reshape(groups, w.shape[0] // groups, *w.shape[1:]).swapaxes(1, 2)
    return apart.reshape(w.shape[1] * groups, w.shape[0] // groups, *w.shape[2:])


def _phase(
    remainder: int, length: int, count: int, size: int, border: tuple, step: int, gap: int
) -> tuple[slice, int, tuple[int, int], slice] | None:
    """Along one dimension: the kernel's places that meet a phase, last first, how far apart they
    are in g, the zeros around g, and the outputs; None where no place does, or no output is."""
    begin = remainder + border[0]
    first = next((k for k in range(size) if (begin - k * gap) % step == 0), None)
    if first is None or remainder >= length:
        return None
    every = step // gcd(gap, step)
    last = first + (size - 1 - first) // every * every
    apart, reach = gap // gcd(gap, step), (last * gap - begin) // step
    taps = slice(last, first - 1 if first else None, -every)
    outputs = len(range(remainder, length, step))
    span = (last - first) // every * apart
    return taps, apart, (reach, outputs + span - count - reach), slice(remainder, None, step)
