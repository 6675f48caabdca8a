"""Cross entropy on a graphics card: the scores are read once, and once more for their gradient."""

from typing import Any

from ..alarm_gpu import CODES, alarm
from .entropy import surprise, surprise_slope
from .exponentials_gpu import SOURCE as EXPONENTIALS
from .kernels_gpu import Family, by_rows, flat, packed, serves

SOURCE = (
    EXPONENTIALS
    + CODES
    + r"""
// ln of the sum of e^x for each row, and how far above the label's score it is; nan where there is
// no such label. `ignored` is no label's where `some` is 0.
extern "C" __global__ void __launch_bounds__(1024) surprise(
    const T* scores, const Long* labels, A* logs, A* losses, Long rows, Long n, Long some,
    Long ignored, int* alarm) {
    Long row = row_of();
    if (row >= rows) return;
    Line x(scores + row * n, n);
    A top, sum;
    weigh(x, 1, top, sum);
    if (threadIdx.x) return;
    Long label = labels[row];
    logs[row] = top + log(sum);
    losses[row] = some && label == ignored ? A(0) : label >= 0 && label < n
        ? logs[row] - A(scores[row * n + label]) : INFINITE - INFINITE;
    if (!(some && label == ignored) && (label < 0 || label >= n)) *alarm = LABEL;
}

extern "C" __global__ void surprise_slope(
    const A* slopes, const T* scores, const Long* labels, const A* logs, const A* count,
    T* result, Long rows, Long n, Long step, Long some, Long ignored) {
    Long row = row_of();
    if (row >= rows) return;
    const Pack* x = (const Pack*)(scores + row * n);
    Pack* d = (Pack*)(result + row * n);
    A log = logs[row];
    Long label = labels[row];
    A g = some && label == ignored ? A(0) : slopes[row * step] / (count ? *count : A(1));
    for (int i = threadIdx.x; i * V < n; i += blockDim.x) {
        Pack pack = x[i];
        for (int k = 0; k < V; k++)
            pack.at[k] = T(g * (exp(A(pack.at[k]) - log) - (i * V + k == label ? 1 : 0)));
        d[i] = pack;
    }
}

// The sum of all losses; over the number of those that count, which is left in `count`, if asked.
extern "C" __global__ void add_up(
    const A* losses, const Long* labels, T* z, A* count, Long n, Long some, Long ignored) {
    A sum = 0, counted = 0;
    for (Long i = threadIdx.x; i < n; i += blockDim.x)
        sum += losses[i], counted += !(some && labels[i] == ignored);
    sum = total(sum), counted = total(counted);
    if (threadIdx.x) return;
    if (count) *count = counted;
    *z = T(count ? sum / counted : sum);
}
"""
)

family = Family(SOURCE)


def _wide(x: Any) -> str:
    return "float64" if x.dtype.itemsize == 8 else "float32"


def _label(ignored: int | None) -> tuple[int, int]:
    """Whether some label is ignored, and which, as a kernel takes it."""
    return (0, 0) if ignored is None else (1, int(ignored))


@surprise.on("cuda")
def _(xp, x, y, *, reduction, memory=None, ignored=None, wide=False):
    if not serves(x):
        return surprise.composition(x, y, reduction=reduction, ignored=ignored, wide=wide)
    x, y = flat(xp, x, y)
    logs, losses = _measured(xp, x, y, ignored)
    like = losses if wide else x
    if reduction == "none":
        z, count = losses.astype(like.dtype, copy=False), 0
    else:
        z = xp.empty((), like.dtype)
        count = xp.empty((), _wide(x)) if reduction == "mean" else 0
        family.run(xp, "add_up", like, 1, 512, losses, y, z, count, len(x), *_label(ignored))
    if memory is not None:
        memory[:] = [logs, count]
    return z


def _measured(xp: Any, x: Any, y: Any, ignored: int | None) -> Any:
    """ln of the sum of e^x of each row, and the losses, in single precision at least."""
    rows, n = x.shape
    both = xp.empty((2, rows), _wide(x))
    width = packed(n, x)
    blocks, threads = by_rows(rows, n // width)
    family.run(xp, "surprise", x, blocks, threads, x, y, *both, rows, n, *_label(ignored),
               alarm(xp).address, width=width)  # fmt: skip
    return both


@surprise_slope.on("cuda")
def _(xp, g, x, y, *, reduction, memory=None, ignored=None):
    if not serves(x):
        return surprise_slope.composition(g, x, y, reduction=reduction, ignored=ignored)
    g, x, y = flat(xp, g.astype(_wide(x), copy=False), x, y)
    if not memory:
        surprise.overrides["cuda"](xp, x, y, reduction=reduction, memory=(memory := []),
                                   ignored=ignored)  # fmt: skip
    logs, count = memory
    d, (rows, n) = xp.empty(x.shape, x.dtype), x.shape
    width, step = packed(n, x, d), int(reduction == "none")
    blocks, threads = by_rows(rows, n // width)
    family.run(xp, "surprise_slope", x, blocks, threads, g, x, y, logs, count, d, rows, n, step,
               *_label(ignored), width=width)  # fmt: skip
    return d
