"""Pooling, as functions and as modules."""

from itertools import product
from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, ints, real

SHAPES: dict[int, tuple[int, ...]] = {1: (2, 3, 9), 2: (2, 3, 6, 7), 3: (1, 2, 4, 5, 6)}
TIED = ints(3, 2, 3, 6, 7).astype(float)  # many equal numbers: the first must win
NAN = np.where(TIED == 2, np.nan, TIED)
LOW = np.full((1, 1, 3, 4), -np.inf)

# Without dilation, which averages do not have.
_BOTH = [
    "2",
    "3, 2",
    "kernel_size=3, stride=1",
    "3, padding=1",
    "3, 2, 1, ceil_mode=True",
    "2, 3, ceil_mode=True",
    "4, 2, 1",
    "1",
]
_MAX = ["2, dilation=2", "3, 2, 1, 2", "2, 2, 1, 2, True", "2, stride=()"]
_AVG = [
    "3, 2, 1, count_include_pad=False",
    "3, 2, 1, True, False",
    "2, 3, 1, ceil_mode=True",
    "(3,), (2,), (1,)",
]
_PAIRS = ["(2, 3)", "(3, 2), (2, 1), (1, 0)", "[2, 3], [1, 2], [1, 1], ceil_mode=True"]


def _calls(name: str, options: list[str], n: int, **how: Any) -> list[Trial]:
    return [Case(f"F.{name}{n}d(x, {option})", x=real(*SHAPES[n]), **how) for option in options]


def _shapes(name: str, n: int) -> list[Trial]:
    """Batches of none and of one, no batch, and the smallest input."""
    shape = SHAPES[n]
    inputs = ((2, shape[1:]), (3, (1, *shape[1:])), (1, (1, 1) + (1,) * n), (2, (0, *shape[1:])))
    return [Case(f"F.{name}{n}d(input=x, kernel_size={k})", x=real(*size)) for k, size in inputs]


def _refusals(name: str, n: int) -> list[Trial]:
    """What both kinds of pooling refuse."""
    shape = SHAPES[n]
    bad = [
        ("0", "kernel_size"),
        ("2.5", "kernel_size"),
        (f"{(2,) * (n + 1)}", "kernel_size"),
        ("2, 0", "stride"),
        ("2, -1", "stride"),
        (f"2, {(1,) * (n + 1)}", "stride"),
        ("2, padding=-1", "padding"),
        ("2, padding=2", "padding"),
        (f"2, padding={(1,) * (n + 1)}", "padding"),
        ("20", "larger than input"),
    ]
    call = f"F.{name}{n}d"
    return [
        *(Refused(f"{call}(x, {option})", says=says, x=real(*shape)) for option, says in bad),
        Refused(f"{call}(x, 2)", says="input", x=real(*shape[2:])),
        Refused(f"{call}(x, 2)", says="input", x=real(1, *shape)),
        Refused(f"{call}(x, 2)", says="empty", x=real(2, 0, *shape[2:])),
        Refused(f"{call}(x > 0, 2)", says="bool", x=real(*shape)),
    ]


def _max(n: int) -> list[Trial]:
    name = f"F.max_pool{n}d"
    x = real(*SHAPES[n])
    return [
        *_calls("max_pool", [*_BOTH, *_MAX], n),
        *_shapes("max_pool", n),
        *(
            Case(f"{name}(x, {option}, return_indices=True)", x=x)
            for option in ("2", "3, 2, 1", "3, 1, 1, ceil_mode=True", "2, 1, 1, 2")
        ),
        *_refusals("max_pool", n),
        Refused(f"{name}(x, 2, dilation=0)", says="dilation", x=x),
        Refused(f"{name}(x, 3, dilation=20)", says="larger than input", x=x),
    ]


def _avg(n: int) -> list[Trial]:
    return [
        *_calls("avg_pool", [*_BOTH, *_AVG], n),
        *_shapes("avg_pool", n),
        Case(f"F.avg_pool{n}d(x, 2)", x=ints(99, *SHAPES[n], low=-99)),
        Refused(f"F.avg_pool{n}d(x.int(), 2)", says="int32", x=real(*SHAPES[n])),
        *_refusals("avg_pool", n),
    ]


_DIVISORS = ["2, divisor_override=3", "3, 2, 1, divisor_override=-2", "3, 2, 1, True, True, 7"]

CASES: dict[str, list[Trial]] = {
    "nn.functional.max_pool1d": [
        *_max(1),
        Refused("F.max_pool1d(x, 2)", says="input", x=ints(9, 2, 3, 9).astype(bool)),
    ],
    "nn.functional.max_pool2d": [
        *_max(2),
        *_calls("max_pool", _PAIRS, 2),
        *(
            Case(f"F.max_pool2d(x, {option}, return_indices=True)", x=x, second=False)
            for option, x in product(("2", "3, 1, 1", "(2, 3), 2, (1, 0), 2"), (TIED, NAN))
        ),
        Case("F.max_pool2d(x, 3, 1, 1, return_indices=True)[1]", x=LOW, gradient=False),
        Case("F.max_pool2d(x, 2, 1, 1, 2, return_indices=True)[1]", x=LOW, gradient=False),
        Case("F.max_pool2d(x, 3, 2, 1)", x=ints(99, 2, 3, 6, 7, low=-99)),
        Case("F.max_pool2d(x.byte(), 2)", x=ints(99, 3, 6, 7)),
        Case("F.max_pool2d(x, x.shape[2:]).flatten(1)", x=real(2, 3, 6, 7), strided=False),
    ],
    "nn.functional.max_pool3d": [
        *_max(3),
        *_calls("max_pool", ["(1, 2, 3)", "3, (1, 2, 3), 1"], 3),
    ],
    "nn.functional.avg_pool1d": _avg(1),
    "nn.functional.avg_pool2d": [
        *_avg(2),
        *_calls("avg_pool", [*_PAIRS, *_DIVISORS], 2),
        Case("F.avg_pool2d(x, 3, 2, 1, True, False)", x=real(2, 6, 6)),
        Refused("F.avg_pool2d(x, 2, divisor_override=0)", says="divisor_override", x=real(3, 4, 4)),
    ],
    "nn.functional.avg_pool3d": [
        *_avg(3),
        *_calls("avg_pool", [*_DIVISORS, "(1, 2, 3)", "3, (1, 2, 3), 1, True, False"], 3),
    ],
}


def _layers(name: str, n: int, options: list[str]) -> list[Trial]:
    made = [f"m.nn.{name}{n}d({option})" for option in options]
    return [
        *(Layer(code, x=real(*SHAPES[n]), second=True) for code in made),
        *(Case(f"str({code})", kinds=("float32",)) for code in made),
        Layer(made[0], x=real(*SHAPES[n][1:])),
        Refused(f"{made[0]}(x)", says="input", x=real(4)),
        Refused(f"m.nn.{name}{n}d(20)(x)", says="larger than input", x=real(*SHAPES[n])),
        Refused(f"m.nn.{name}{n}d()", says="kernel_size"),
    ]


_MADE = ["2", "3, 2, 1", "kernel_size=3, stride=1, padding=1, ceil_mode=True"]
for _n in SHAPES:
    CASES[f"nn.MaxPool{_n}d"] = [
        *_layers("MaxPool", _n, [*_MADE, "2, dilation=2", "3, 2, 1, 1, False, True"]),
        Layer(f"m.nn.MaxPool{_n}d(2, return_indices=True)", x=real(*SHAPES[_n])),
    ]
    CASES[f"nn.AvgPool{_n}d"] = _layers(
        "AvgPool", _n, [*_MADE, "3, 2, 1, count_include_pad=False", "2, 3, 1, True, False"]
    )
CASES["nn.AvgPool2d"] += _layers("AvgPool", 2, ["(2, 3), divisor_override=5"])
CASES["nn.AvgPool3d"] += _layers("AvgPool", 3, ["2, 1, 0, False, True, 3"])
CASES["nn.MaxPool2d"] += _layers("MaxPool", 2, ["(2, 3)", "(3, 2), stride=(2, 1), padding=(1, 0)"])
