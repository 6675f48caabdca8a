"""All parameters' steps in one kernel on a graphics card, however many parameters there are.

A table says of each parameter where its numbers, its gradient and what is remembered of it lie; it
is made anew for each step, as gradients come to lie elsewhere. Blocks take a piece of one parameter
each.
"""

from functools import lru_cache
from typing import Any

import numpy

from .. import backend
from ..creation import zeros_like
from ..ops.kernels_gpu import Family, serves
from ..tensors import Tensor
from . import clip
from .adam import Adam
from .adamw import AdamW
from .optimizer import at_once
from .sgd import SGD

PIECE = 1 << 14  # numbers that a block changes

SOURCE = r"""
// A row of the table: where p, g, m and v lie, how many numbers they have, and two more numbers.
struct Row { T *p; const T* g; T *m, *v; Long n; double first, second; };
struct Piece { int row, number; };

#define EACH                                                                 \
    Piece piece = pieces[blockIdx.x];                                        \
    Row row = rows[piece.row];                                               \
    Long begin = piece.number * (Long)PIECE, end = begin + PIECE;            \
    if (end > row.n) end = row.n;                                            \
    for (Long i = begin + threadIdx.x; i < end; i += blockDim.x)

// first: lr / (1 - b1^t); second: 1 / sqrt(1 - b2^t).
extern "C" __global__ void adam(
    const Row* rows, const Piece* pieces, double b1, double b2, double eps, double decay,
    double shrink, double sign) {
    EACH {
        A p = A(row.p[i]) * A(shrink), g = A(row.g[i]) * A(sign) + A(decay) * p;
        A m = A(row.m[i]), v = A(row.v[i]);
        m += A(1 - b1) * (g - m);
        v = A(b2) * v + A(1 - b2) * g * g;
        row.m[i] = T(m), row.v[i] = T(v);
        row.p[i] = T(p - A(row.first) * m / (sqrt(v) * A(row.second) + A(eps)));
    }
}

// first: the share of g that joins the velocity m; no m where there is no momentum.
extern "C" __global__ void sgd(
    const Row* rows, const Piece* pieces, double lr, double momentum, double decay, double sign,
    Long nesterov) {
    EACH {
        A p = A(row.p[i]), g = A(row.g[i]) * A(sign) + A(decay) * p;
        if (row.m) {
            A m = A(momentum) * A(row.m[i]) + A(row.first) * g;
            row.m[i] = T(m);
            g = nesterov ? g + A(momentum) * m : m;
        }
        row.p[i] = T(p - A(lr) * g);
    }
}

extern "C" __global__ void squares(const Row* rows, const Piece* pieces, A* sums) {
    A sum = 0;
    EACH { A g = A(row.g[i]); sum += g * g; }
    sum = total(sum);
    if (!threadIdx.x) sums[blockIdx.x] = sum;
}
extern "C" __global__ void joined_squares(const A* sums, A* z, Long n) {
    A sum = 0;
    for (Long i = threadIdx.x; i < n; i += blockDim.x) sum += sums[i];
    sum = total(sum);
    if (!threadIdx.x) *z = sum;
}
extern "C" __global__ void scaled(const Row* rows, const Piece* pieces, const A* factor) {
    EACH row.p[i] = T(A(row.p[i]) * *factor);
}
""".replace("PIECE;", f"{PIECE};").replace("(Long)PIECE", f"(Long){PIECE}")

family = Family(SOURCE)


@lru_cache(16)
def _pieces(sizes: tuple[int, ...], place: Any) -> Any:
    """For each block the row of the table it works on, and which piece of it."""
    counts = [-(-n // PIECE) for n in sizes]
    rows = numpy.repeat(numpy.arange(len(sizes)), counts)
    numbers = numpy.concatenate([numpy.arange(n) for n in counts])
    return place.asarray(numpy.stack([rows, numbers], 1).astype("int32"))


def _sorted(group: dict[str, Any], names: tuple[str, ...], optimizer: Any) -> tuple[dict, list]:
    """By dtype and device, the parameters that a kernel can change; and the others."""
    kinds: dict[Any, list[Tensor]] = {}
    others = []
    for p in group["params"]:
        if p.grad is None:
            continue
        state = optimizer.state[p]
        kept = [state[name] for name in names if state.get(name) is not None]
        if all(map(_lies_well, (p, *kept))) and serves(p.array, p.grad.array):
            kinds.setdefault((p.dtype, p.array.device.id), []).append(p)
        else:
            others.append(p)
    return kinds, others


def _lies_well(x: Tensor) -> bool:
    return x.array.flags.c_contiguous


Table = list[tuple[int, ...]]  # for each parameter a row of pointers, and how many numbers it has


def _run(name: str, like: Any, table: Table, numbers: Any, *options: Any) -> None:
    """Runs a kernel on all rows of a table, and two more numbers for each of them."""
    place: Any = backend.device_of(like)
    halves = numpy.array(numbers, "float64").view("int64").reshape(len(table), 2)
    with place.xp.cuda.Device(place.index):
        rows = place.asarray(numpy.concatenate([numpy.array(table, "int64"), halves], 1))
        pieces = _pieces(tuple(row[-1] for row in table), place)
        family.run(place.xp, name, like, len(pieces), 512, rows, pieces, *options)


def _change(name: str, parameters: list[Tensor], kept: list[tuple], numbers: list[tuple],
            *options: Any) -> None:  # fmt: skip
    """Changes parameters by a kernel, from their gradients and what is kept of each."""
    like = parameters[0].array
    xp = backend.device_of(like).xp  # type: ignore[union-attr]
    gradients = [xp.ascontiguousarray(p.grad.array) for p in parameters]  # type: ignore[union-attr]
    table = []
    for p, g, some in zip(parameters, gradients, kept, strict=True):
        pointers = (x.array.data.ptr for x in some)
        nothing = (0,) * (2 - len(some))
        table.append((p.array.data.ptr, g.data.ptr, *pointers, *nothing, p.array.size))
    _run(name, like, table, numbers, *options)
    for p in parameters:
        p.version.count += 1


# Optimisers -------------------------------------------------------------------------------------


@at_once(Adam, "cuda")
@at_once(AdamW, "cuda")
def _adam(optimizer: Any, group: dict[str, Any]) -> list[Tensor]:
    if group["amsgrad"]:
        return group["params"]
    kinds, others = _sorted(group, ("exp_avg", "exp_avg_sq"), optimizer)
    (b1, b2), lr = group["betas"], group["lr"]
    apart = isinstance(optimizer, AdamW)
    decay, shrink = (0.0, 1 - lr * group["weight_decay"]) if apart else (group["weight_decay"], 1)
    for parameters in kinds.values():
        states = [_begun(p, optimizer) for p in parameters]
        numbers = [(lr / (1 - b1 ** s["step"]), (1 - b2 ** s["step"]) ** -0.5) for s in states]
        kept = [(s["exp_avg"], s["exp_avg_sq"]) for s in states]
        options = (b1, b2, group["eps"], decay, shrink, -1 if group["maximize"] else 1)
        _change("adam", parameters, kept, numbers, *map(float, options))
    return others


def _begun(p: Tensor, optimizer: Any) -> dict[str, Any]:
    """What is remembered of a parameter, at its next step."""
    state = optimizer.state[p]
    if "step" not in state:
        state.update(optimizer.begin(p))
    state["step"] += 1
    return state


@at_once(SGD, "cuda")
def _sgd(optimizer: Any, group: dict[str, Any]) -> list[Tensor]:
    kinds, others = _sorted(group, ("momentum_buffer",), optimizer)
    momentum, sign = group["momentum"], -1 if group["maximize"] else 1
    for parameters in kinds.values():
        kept, numbers = [], []
        for p in parameters:
            state = optimizer.state[p]
            begins = momentum and state.get("momentum_buffer") is None
            if begins:
                state["momentum_buffer"] = zeros_like(p)
            kept.append((state["momentum_buffer"],) if momentum else ())
            numbers.append((1.0 if begins else 1 - group["dampening"], 0.0))
        options = map(float, (group["lr"], momentum, group["weight_decay"], sign))
        _change("sgd", parameters, kept, numbers, *options, int(group["nesterov"]))
    return others


# Clipping ---------------------------------------------------------------------------------------


def _plain(gradients: list[Tensor]) -> bool:
    """Whether a kernel can treat all of them."""
    return serves(*(g.array for g in gradients)) and all(map(_lies_well, gradients))


@clip.at_once("squares", "cuda")
def _squares(gradients: list[Tensor]) -> Tensor | None:
    if not _plain(gradients):
        return None
    like = gradients[0].array
    xp = backend.device_of(like).xp  # type: ignore[union-attr]
    table = [(0, g.array.data.ptr, 0, 0, g.array.size) for g in gradients]
    blocks = sum(-(-row[-1] // PIECE) for row in table)
    wide = "float64" if like.dtype.itemsize == 8 else "float32"
    sums, z = xp.empty(blocks, wide), xp.empty((), wide)
    _run("squares", like, table, numpy.zeros((len(table), 2)), sums)
    family.run(xp, "joined_squares", like, 1, 1024, sums, z, blocks)
    return gradients[0].like(z)  # type: ignore[return-value]


@clip.at_once("scale", "cuda")
def _scale(gradients: list[Tensor], factor: Tensor) -> bool | None:
    if not _plain(gradients):
        return None
    like = gradients[0].array
    xp = backend.device_of(like).xp  # type: ignore[union-attr]
    by = xp.asarray(factor.array, "float64" if like.dtype.itemsize == 8 else "float32")
    table = [(g.array.data.ptr, 0, 0, 0, g.array.size) for g in gradients]
    _run("scaled", like, table, numpy.zeros((len(table), 2)), by)
    for g in gradients:
        g.version.count += 1
    return True
