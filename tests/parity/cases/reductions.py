"""Many numbers made one: sums, spreads, extremes, questions, norms, softmax, running sums."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, ints, real
from ..sweeps import INF, NAN

X: dict[str, Any] = {"x": real(2, 3, 4)}
DIMS = ("0", "-1", "dim=1", "0, True", "dim=-2, keepdim=True")
TUPLES = ("(0, 1)", "(-1,)", "dim=[0, 2], keepdim=True", "()", "dim=None")
LOGITS = np.array([[-INF, -INF], [-INF, 0.0], [1000.0, 1001.0], [-2000.0, -2000.0], [INF, 1.0]])
ZEROS = np.array([[2.0, 0.0, 3.0, -1.0], [0.0, 1.5, 0.0, 2.0], [1.0, 2.0, -3.0, 0.5]])
TIES = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [3.0, 1.0, 3.0]])
ODD = np.array([[1.0, NAN, 3.0], [INF, 2.0, -INF], [NAN, NAN, 0.0]])


def _wrong(name: str, rest: str = "") -> list[Trial]:
    """Dimensions that do not exist."""
    return [
        Refused(f"m.{name}(x, 3{rest})", says="dim", **X),
        Refused(f"m.{name}(x, -4{rest})", says="dim", **X),
        Refused(f"m.{name}(x, 1{rest})", says="dim", x=real()),
        Refused(f"m.{name}(x, 0.5{rest})", says="dim|integer|must be", **X),
        Refused(f"m.{name}(x, 'a'{rest})", says="dim|integer|must be", **X),
    ]


def _over_dims(name: str, *, none: bool = True, empty: bool = True) -> list[Trial]:
    """One dimension, with keepdim, without dimensions, and over nothing."""
    trials: list[Trial] = [Case(f"m.{name}(x, {d})", **X) for d in DIMS]
    trials += [Case(f"x.{name}(0)", x=real(3)), Case(f"m.{name}(x, dim=0)", x=real())]
    trials += [
        Case(f"m.{name}(input=x, dim=0)", x=real(2, 1)),
        Case(f"m.{name}(x, 1)", x=real(1, 1)),
        Case(f"m.{name}(x, -1, keepdim=True)", x=real()),
    ]
    if none:
        trials += [Case(f"m.{name}(x)", x=real(*shape)) for shape in ((), (1,), (5,), (2, 3))]
        trials.append(Case(f"m.{name}(x.T)", x=ints(9, 3, 2) * 1.0))
    trials.append(Case(f"m.{name}(x, 0)", x=real(2, 0)))
    if empty:
        trials.append(Case(f"m.{name}(x, 1)", x=real(2, 0)))
        trials += [Case(f"m.{name}(x)", x=real(2, 0))] if none else []
    return [*trials, *_wrong(name)]


def _many(name: str, gradient: bool = True) -> list[Trial]:
    """Several dimensions at once; without gradient for (), where PyTorch's is wrong."""
    return [
        *(Case(f"m.{name}(x, {d})", **X, gradient=gradient or d != "()") for d in TUPLES),
        Refused(f"m.{name}(x, (0, 0))", says="dim|twice", **X),
        Refused(f"m.{name}(x, (0, 3))", says="dim", **X),
    ]


def _whole(name: str) -> list[Case]:
    """Integers and bools."""
    codes = [f"m.{name}(x)", f"m.{name}(x, 0)", f"m.{name}(x, 1, keepdim=True)"]
    kinds = (bools(3, 2), ints(5, 3, 2).astype("uint8"), ints(9, 3, 2, low=-4).astype("int32"))
    return [Case(code, x=x, kinds=("float32",)) for code in codes for x in kinds]


_SPREAD = ("0, False", "False", "unbiased=False", "1, unbiased=True, keepdim=True", "correction=0",
           "dim=1, correction=2", "0, correction=0.5", "1, True, True", "(0, 2), correction=0",
           "dim=-1, keepdim=True", "None, correction=0", "0, correction=2", "0, correction=3",
           "(1, 2), unbiased=False")  # fmt: skip


def _spread(name: str) -> list[Trial]:
    """var, std and their pairs with the mean."""
    return [
        *(t for t in _over_dims(name) if "x.var_mean" not in t.code and "x.std_mean" not in t.code),
        *_many(name, gradient=False),
        *(Case(f"m.{name}(x, {arguments})", **X, gradient="correction=2" not in arguments
               and "correction=3" not in arguments) for arguments in _SPREAD),
        Case(f"m.{name}(x, 1, correction=0)", x=TIES[1:2] * np.ones((2, 1)), second=False),
        Refused(f"m.{name}(x)", says="input", x=ints(5, 3)),
        Refused(f"m.{name}(x, 0, unbiased=True, correction=1)", says="unbiased", **X),
    ]  # fmt: skip


SUMS: dict[str, list[Trial]] = {
    "sum": [
        *_over_dims("sum"), *_many("sum"), *_whole("sum"),
        Case("x.sum(dtype=m.float64), m.sum(x, 0, dtype=m.float32)", x=ints(5, 3, 2)),
        Case("m.sum(x.detach(), dim=0, keepdim=True, dtype=m.int32)", **X),
        Case("m.sum(x, 0, dtype=m.float64), m.sum(x, dtype=float)", **X),
        Case("m.sum(x, 1)", x=ODD, gradient=False),
    ],
    "mean": [
        *_over_dims("mean"), *_many("mean"),
        Case("m.mean(x, dtype=m.float64), x.mean(0, dtype=m.float32)", x=ints(5, 3, 2)),
        Case("m.mean(x, 0, dtype=m.float64)", **X),
        *(Refused("m.mean(x)", says="float", x=x) for x in (ints(5, 3), bools(3))),
    ],
    "prod": [
        *_over_dims("prod"), *_whole("prod"),
        *(Case(f"m.prod(x{d})", x=ZEROS) for d in ("", ", 0", ", 1", ", 1, True")),
        *(Case(f"m.prod(x, {d})", x=real(5, 7)) for d in (0, 1)),
        Case("x.prod(dtype=m.float64), m.prod(x, 0, dtype=m.float32)", x=ints(5, 3, 2)),
        Case("m.prod(x)", x=np.array([0.0, 0.0]), second=False),
        Refused("m.prod(x, (0, 1))", says="dim", **X),
    ],
    **{name: _spread(name) for name in ("var", "std", "var_mean", "std_mean")},
}  # fmt: skip


def _extreme(name: str) -> list[Trial]:
    """amax and amin: equals share the gradient."""
    return [
        *_over_dims(name, empty=False), *_many(name), *_whole(name),
        *(Case(f"m.{name}(x{d})", x=TIES) for d in ("", ", 0", ", (0, 1)")),
        Case(f"m.{name}(x, 1)", x=ODD, gradient=False),
        *(Refused(f"m.{name}(x{d})", says="empty", x=real(2, 0)) for d in ("", ", 1", ", (0, 1)")),
    ]  # fmt: skip


def _placed(name: str) -> list[Trial]:
    """max, min and median: values and indices along a dimension."""
    return [
        *_over_dims(name, empty=False),
        *(t for t in _whole(name) if name != "median" or t.inputs["x"].dtype != bool),
        Case(f"m.{name}(x)", x=TIES),
        Case(f"m.{name}(x, 1).values, m.{name}(x, 1)[0], m.{name}(x, 1).indices.dtype", **X),
        Case(f"m.{name}(x, 1)", x=ODD, gradient=False),
        Case(f"m.{name}(x)", x=ODD, gradient=False),
        Refused(f"m.{name}(x, (0, 1))", says="dim", **X),
        Refused(f"m.{name}(x, 1)", says="empty", x=real(2, 0)),
        Refused(f"m.{name}(x, keepdim=True)", says="dim", **X),
    ]  # fmt: skip


def _two_or_all(name: str) -> list[Trial]:
    """What max and min have beyond median: a second tensor, and the first of equals."""
    return [
        *_placed(name),
        Case(f"m.{name}(x, 1)", x=TIES),
        Case(f"m.{name}(x, y)", x=real(3, 1), y=real(4)),
        Case(f"m.{name}(x, other=y), x.{name}(y)", x=real(3), y=ints(5, 3)),
        Refused(f"m.{name}(x)", says="empty", x=real(0)),
    ]


def _position(name: str) -> list[Trial]:
    return [
        *_over_dims(name, empty=False),
        *(t for t in _whole(name) if t.inputs["x"].dtype != bool),
        *(Case(f"m.{name}(x{d})", x=TIES) for d in ("", ", 0", ", 1", ", keepdim=True")),
        *(Case(f"m.{name}(x{d})", x=ODD) for d in ("", ", 0", ", 1")),
        Case(f"m.{name}(x, dim=None)", **X),
        *(Refused(f"m.{name}(x{d})", says="empty", x=real(2, 0)) for d in ("", ", 1")),
        Refused(f"m.{name}(x)", says="bool", x=bools(3)),
        Refused(f"m.{name}(x, (0, 1))", says="dim", **X),
    ]  # fmt: skip


CHOICES: dict[str, list[Trial]] = {
    **{name: _extreme(name) for name in ("amax", "amin")},
    **{name: _two_or_all(name) for name in ("max", "min")},
    **{name: _position(name) for name in ("argmax", "argmin")},
    "median": [
        *_placed("median"),
        *(Case("m.median(x), m.median(x, 0)", x=real(n)) for n in (1, 2, 3, 6, 7)),
        Case("x.median(0).values", x=TIES),
        Case("m.median(x)", x=real(0), gradient=False),
        Refused("m.median(x)", says="bool", x=bools(3)),
    ],
}
QUESTIONS: dict[str, list[Trial]] = {
    name: [
        *(Case(f"m.{name}(x, {d})", x=bools(2, 3, 4)) for d in (*DIMS, *TUPLES)),
        *(Case(f"m.{name}(x)", x=x) for x in (np.array(True), bools(0), bools(3), real(2, 2), ODD)),
        *(Case(f"m.{name}(x, 1), x.{name}(dim=0)", x=x) for x in (bools(2, 0), ints(2, 2, 3))),
        Case(f"m.{name}(x), m.{name}(x, 0)", x=ints(2, 3, 2).astype("uint8")),
        *_wrong(name),
        Refused(f"m.{name}(x, (0, 0))", says="dim|twice", **X),
    ]
    for name in ("all", "any")
}
QUESTIONS["count_nonzero"] = [
    *(Case(f"m.count_nonzero(x{d})", x=ZEROS) for d in ("", ", 0", ", (0, 1)", ", dim=-1", ", ()")),
    *(Case("m.count_nonzero(x), x.count_nonzero(0)", x=x) for x in (bools(3), ints(2, 3), ODD[0])),
    *(Case("m.count_nonzero(x)", x=x) for x in (real(), real(0), real(2, 0))),
    Case("m.count_nonzero(x, 1)", x=real(2, 0)),
    *_wrong("count_nonzero"),
]

_SOFT = [
    *(Case("m.NAME(x, 1)", x=x) for x in (real(2, 3), real(2, 0), real(1, 1), real(2, 3, 4))),
    *(Case("m.NAME(x, 0), x.NAME(dim=-1)", x=x) for x in (real(), real(0), real(5), LOGITS[2:4])),
    Case("m.NAME(input=x, dim=0)", **X),
    Case("m.NAME(x, 1)", x=LOGITS, gradient=False),
    Case("m.NAME(x, 1)", x=LOGITS[1:4], second=False),
]


def _soft(name: str) -> Iterator[Trial]:
    """Softmax or logsumexp on their common ground."""
    for trial in _SOFT:
        yield Case(trial.code.replace("NAME", name), gradient=trial.gradient, second=trial.second,
                   **trial.inputs)  # fmt: skip


SOFT: dict[str, list[Trial]] = {
    "logsumexp": [
        *_soft("logsumexp"),
        *(Case(f"m.logsumexp(x, {d})", **X) for d in (*DIMS, *TUPLES[:3])),
        Case("m.logsumexp(x, (0, 1))", x=real(2, 0)),
        Case("m.logsumexp(x, 0)", x=ints(5, 3, 2)),
        *_wrong("logsumexp"),
        Refused("m.logsumexp(x, ())", says="dim", **X),
        Refused("m.logsumexp(x)", says="dim", **X),
    ],
    **{
        name: [
            *_soft(name),
            Case(f"m.{name}(x, 0, dtype=m.float32), x.{name}(0, dtype=m.float64)", x=ints(5, 3, 2)),
            Case(f"m.{name}(x, 0, dtype=m.float64)", **X),
            *_wrong(name),
            *(Refused(f"m.{name}(x, 0)", says="input", x=x) for x in (ints(5, 3), bools(3))),
            Refused(f"m.{name}(x)", says="dim", **X),
            Refused(f"m.{name}(x, (0, 1))", says="dim", **X),
        ]
        for name in ("softmax", "log_softmax")
    },
}
_ORDERS = ("1", "2", "3", "0", "1.5", "0.5", "-1", "float('inf')", "-float('inf')", "'fro'", "None")
NORMS: list[Trial] = [
    *(Case(f"m.norm(x, {p})", **X) for p in _ORDERS),
    *(Case(f"m.norm(x, {p}, 1)", **X) for p in _ORDERS),
    *(Case(f"x.norm(p={p}, dim=(0, 2), keepdim=True)", **X) for p in _ORDERS if p != "'fro'"),
    *(Case("m.norm(x)", x=x) for x in (real(), real(0), real(3), real(2, 0))),
    *(Case(f"m.norm(x, {p}, dim=1)", x=ZEROS, second=False) for p in ("1", "2", "3", "0.5")),
    *(Case(f"m.norm(x, {p})", x=np.zeros(3), second=False) for p in ("1", "2", "3", "1.5")),
    Case("m.norm(x, dim=-1), m.norm(x, dim=(0, 1)), m.norm(x, dim=())", **X),
    Case("m.norm(x, dtype=m.float64), m.norm(input=x, p=2, dim=0, dtype=m.float64)", **X),
    Case("m.norm(x, 'fro', (0, 1)), x.norm('fro', 0, True)", x=real(3, 4)),
    Case("m.norm(x, dim=1)", x=real(2, 0)),
    Case("m.norm(x, 'nuc')", x=real(3, 4)),
    Case("m.norm(x, 'nuc', (0, 2), keepdim=True)", **X, second=False),
    Refused("m.norm(x, 'nuc')", says="dim", **X),
    Refused("m.norm(x)", says="input", x=ints(5, 3)),
    Refused("m.norm(x, 'abc')", says="p", x=real(2, 2)),
    Refused("m.norm(x, float('inf'))", says="p=inf", x=real(0)),
    Refused("m.norm(x, dim=5)", says="dim", **X),
]
RUNNING: dict[str, list[Trial]] = {
    name: [
        *(Case(f"m.{name}(x, {d})", **X) for d in ("0", "1", "dim=-1")),
        *(Case(f"m.{name}(x, 0)", x=x) for x in (real(), real(0), real(1), real(7), real(8))),
        *(Case(f"x.{name}(1)", x=x) for x in (real(2, 0), ZEROS)),
        Case(f"m.{name}(x, 1)", x=ODD, gradient=False),
        *(Case(f"m.{name}(input=x, dim=0)", x=x, kinds=("float32",))
          for x in (bools(3), ints(3, 4), ints(3, 4).astype("uint8"))),
        Case(f"m.{name}(x, 0, dtype=m.float64), x.{name}(0, dtype=m.int32)", x=ints(3, 4, 2)),
        Case(f"m.{name}(x, 0, dtype=m.float64)", **X),
        *_wrong(name),
        Refused(f"m.{name}(x)", says="dim", **X),
        Refused(f"m.{name}(x, None)", says="dim", **X),
    ]
    for name in ("cumsum", "cumprod")
}  # fmt: skip
CASES: dict[str, list[Trial]] = {**SUMS, **CHOICES, **QUESTIONS, **SOFT, "norm": NORMS, **RUNNING}
