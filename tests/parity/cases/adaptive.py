"""Pooling to a size, as functions and as modules."""

from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, ints, real

SHAPES: dict[int, tuple[int, ...]] = {1: (2, 3, 9), 2: (2, 3, 6, 7), 3: (1, 2, 4, 5, 6)}
TIED = ints(3, 2, 3, 6, 7).astype(float)
SIZES: dict[int, list[Any]] = {
    1: [1, 3, 4, 9, 11, (5,)],
    2: [1, 3, 7, (3, 7), (4, 5), (8, 2), (None, 3), (2, None), [1, 7]],
    3: [1, 2, 4, (2, 5, 3), (3, 4, 5), (None, 1, 8), (4, None, None)],
}


def _calls(name: str, n: int, more: str = "") -> list[Trial]:
    return [
        Case(f"F.{name}{n}d(x, {size}{more})", x=real(*SHAPES[n])) for size in SIZES[n]
    ]


def _shapes(name: str, n: int) -> list[Trial]:
    return [
        Case(f"F.{name}{n}d(input=x, output_size=2)", x=real(*SHAPES[n][1:])),
        Case(f"F.{name}{n}d(x, 3)", x=real(0, *SHAPES[n][1:])),
        Case(f"F.{name}{n}d(x, 3)", x=real(1, 1, *(1,) * n)),
        Case(f"F.{name}{n}d(x, 0)", x=real(*SHAPES[n]), gradient=False),
    ]


def _refusals(name: str, n: int) -> list[Trial]:
    call, shape = f"F.{name}{n}d", SHAPES[n]
    bad = ["-1", "1.5", f"{(2,) * (n + 1)}", "None", "(2.5,)" if n == 1 else "(2,)"]
    return [
        *(Refused(f"{call}(x, {size})", says="output_size", x=real(*shape)) for size in bad),
        Refused(f"{call}(x, 2)", says="input", x=real(*shape[2:])),
        Refused(f"{call}(x, 2)", says="input", x=real(1, *shape)),
        Refused(f"{call}(x, 2)", says="input", x=real(2, 3, *(0,) * n)),
        Refused(f"{call}(x.long(), 2)", says="int64", x=real(*shape)),
    ]


CASES: dict[str, list[Trial]] = {}
for _n in SHAPES:
    CASES[f"nn.functional.adaptive_avg_pool{_n}d"] = [
        *_calls("adaptive_avg_pool", _n),
        *_shapes("adaptive_avg_pool", _n),
        *_refusals("adaptive_avg_pool", _n),
    ]
    CASES[f"nn.functional.adaptive_max_pool{_n}d"] = [
        *_calls("adaptive_max_pool", _n),
        *_calls("adaptive_max_pool", _n, ", return_indices=True")[:4],
        *_shapes("adaptive_max_pool", _n),
        *_refusals("adaptive_max_pool", _n),
    ]
    for _kind in ("Avg", "Max"):
        _made = [f"m.nn.Adaptive{_kind}Pool{_n}d({size})" for size in SIZES[_n]]
        CASES[f"nn.Adaptive{_kind}Pool{_n}d"] = [
            *(Layer(code, x=real(*SHAPES[_n]), second=True) for code in _made),
            *(Case(f"str({code})", kinds=("float32",)) for code in _made),
            Layer(_made[0], x=real(*SHAPES[_n][1:])),
            Refused(f"m.nn.Adaptive{_kind}Pool{_n}d(-1)(x)", says="size", x=real(*SHAPES[_n])),
            Refused(f"{_made[0]}(x)", says="input", x=real(4)),
            Refused(f"m.nn.Adaptive{_kind}Pool{_n}d()", says="output_size"),
        ]
    CASES[f"nn.AdaptiveMaxPool{_n}d"] += [
        Layer(f"m.nn.AdaptiveMaxPool{_n}d(4, return_indices=True)", x=real(*SHAPES[_n]))
    ]
CASES["nn.functional.adaptive_max_pool2d"] += [
    Case("F.adaptive_max_pool2d(x, (4, 5), True)", x=TIED, second=False),
    Case("F.adaptive_max_pool2d(x, (3, 1), return_indices=True)", x=TIED, second=False),
    Case("F.adaptive_max_pool2d(x, (4, 5))", x=np.where(TIED == 2, -np.inf, TIED), second=False),
]
