"""Bounds, masks, comparisons, truths and closeness."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, ints, positive, real
from ..sweeps import INF, NAN, ODD, SHAPES, binary, unary

X: dict[str, Any] = {"x": real(3, 4)}
XY: dict[str, Any] = {"x": real(3, 4), "y": real(4, seed=1)}
MASKED: dict[str, Any] = {"x": real(3, 4), "b": bools(3, 4)}
WHOLE: dict[str, Any] = {"x": ints(9, 5, low=-4)}
TIES: dict[str, Any] = {"x": ints(3, 4, 5) * 1.0, "y": ints(3, 4, 5, seed=1) * 1.0}


def _asking(name: str) -> list[Trial]:
    """A comparison: as `binary`, with ties, nan and infinities."""
    return [
        *binary(name),
        Case(f"m.{name}(x, y)", **TIES),
        Case(f"m.{name}(x[:, None], x)", x=ODD),
        Case(f"m.{name}(x, 300)", x=ints(5, 3).astype("int8")),
    ]


def _joining(name: str) -> list[Trial]:
    """A logical connective, for which every number but 0 is true."""
    return [
        *binary(name, numbers=False),
        Case(f"m.{name}(x[:, None], x)", x=ODD),
        Case(f"m.{name}(x, y)", x=bools(4), y=bools(3, 1)),
        Case(f"m.{name}(x, y)", x=ints(2, 4), y=np.array([0.0, 0.5, 0.0, 2.0])),
    ]


def _extreme(name: str) -> list[Trial]:
    """maximum and minimum: equals share the gradient."""
    return [
        *binary(name, numbers=False),
        Case(f"m.{name}(x, y)", **TIES),
        Case(f"m.{name}(x, x)", **X),
        Case(f"m.{name}(x[:, None], x)", x=ODD, gradient=False),
    ]


BOUNDS: dict[str, list[Trial]] = {
    "clamp": [
        *(Case("m.clamp(x, -0.5, 0.5)", x=real(*shape)) for shape in SHAPES),
        *(Case(f"m.clamp(x, {arguments})", **X)
          for arguments in ("0", "min=0.1", "max=0.1", "min=-1, max=1", "1, -1", "None, 0.2")),
        Case("x.clamp(max=0.5), m.clip(x, 0, 1), m.clamp_min(x, 0), x.clamp_max(0)", **X),
        Case("m.clamp(input=x, min=y)", **XY),
        Case("m.clamp(x, y - 0.3, y + 0.3)", **XY),
        Case("m.clamp(x, max=y)", x=real(3, 1), y=real(4, seed=1)),
        Case("m.clamp(x, y + 1, y - 1)", **XY),
        Case("m.clamp(x, y, y + 0.1)", x=real(), y=real(seed=1)),
        Case("m.clamp(x, y)", x=real(0), y=real(1)),
        Case("m.clamp(x, 0, 1)", x=np.array([0.0, 1.0, 0.5, 2.0])),
        Case("m.clamp(x, 0.0, 1.0)", x=ODD[ODD == ODD]),
        Case("m.clamp(x, 0.0, 1.0)", x=ODD, gradient=False),
        Case("m.clamp(x, float('nan'))", **X, gradient=False),
        Case("m.clamp(x, y)", x=real(2), y=np.array([NAN, 0.0]), gradient=False),
        *(Case(f"m.clamp(x, {bounds})", **WHOLE) for bounds in ("-1, 2", "0.5", "-1, 2.5")),
        Case("m.clamp(x, y)", x=ints(5, 3), y=np.array([1.5, 2.5, 0.5])),
        Case("m.clamp(x, 0, 1)", x=bools(4)),
        Refused("m.clamp(x)", says="min and max", **X),
        Refused("m.clamp(x, y, 1.0)", says="min and max", **XY),
        Refused("m.clamp(x, 'a')", says="min", **X),
        Refused("m.clamp(x, y)", says=r"\(3,\)", x=real(4), y=real(3)),
    ],
    "maximum": _extreme("maximum"),
    "minimum": _extreme("minimum"),
    "nan_to_num": [
        *unary("nan_to_num"),
        Case("m.nan_to_num(x)", x=ODD),
        Case("m.nan_to_num(x, 1.5, 3.0, -3.0)", x=ODD),
        Case("x.nan_to_num(nan=2, neginf=0)", x=ODD),
        Case("m.nan_to_num(x, nan=2.5)", **WHOLE),
    ],
}  # fmt: skip

MASKS: dict[str, list[Trial]] = {
    "where": [
        *(Case("m.where(x > 0, x, y)", x=real(*shape), y=real(*shape, seed=1)) for shape in SHAPES),
        Case("m.where(b, x, y)", x=real(3, 1), y=real(4), b=bools(2, 1, 4)),
        Case("m.where(b, x, 0.0), m.where(b, 1, x), x.where(b, 2.0)", **MASKED),
        Case("m.where(condition=b, input=x, other=x * 2)", **MASKED),
        Case("m.where(b, x, float('nan'))", **MASKED),
        *(Case(f"m.where(b, {pair})", b=bools(4)) for pair in ("1, 2", "1.0, 2", "True, 2")),
        Case("m.where(b, i, 0.5), m.where(b, i, x), m.where(b, x.half(), x)", b=bools(4),
             i=ints(5, 4), x=real(4), second=False),
        Case("m.where(b, x.double(), y)", b=bools(4), x=real(), y=real(4), second=False),
        Case("m.where(b)", b=bools(3, 4)),
        Case("m.where(x)", x=ints(3, 5)),
        Case("m.where(b, x, y)", b=np.array(True), x=real(2), y=real(2, seed=1)),
        Refused("m.where(i, x, x)", says="condition", x=real(4), i=ints(2, 4)),
        Refused("m.where(True, x, x)", says="condition", x=real(4)),
        Refused("m.where(b, x)", says="NoneType|other", **MASKED),
        Refused("m.where(b, x, y)", says=r"\(3,\)", b=bools(4), x=real(3), y=real(1)),
    ],
    "masked_fill": [
        *(Case("m.masked_fill(x, x > 0, -1.5)", x=real(*shape)) for shape in SHAPES),
        Case("x.masked_fill(b, 2), x.masked_fill(mask=b, value=float('-inf'))", **MASKED),
        Case("m.masked_fill(x, b, v)", **MASKED, v=real()),
        Case("m.masked_fill(x, b, v.double())", **MASKED, v=real(), second=False),
        Case("m.masked_fill(x, b, 1.0)", x=real(4), b=bools(3, 1)),
        Case("m.masked_fill(x, b, 2.7), m.masked_fill(x, b, True)", x=ints(5, 4), b=bools(4)),
        Case("m.masked_fill(x, b, 3)", x=bools(4), b=bools(4, seed=1)),
        Refused("m.masked_fill(x, i, 0)", says="mask", x=real(4), i=ints(2, 4)),
        Refused("m.masked_fill(x, b, v)", says="value", **MASKED, v=real(1)),
        Refused("m.masked_fill(x, b, 0)", says=r"\(3,\)", x=real(4), b=bools(3)),
    ],
    "masked_select": [
        *(Case("m.masked_select(x, x > 0)", x=real(*shape)) for shape in SHAPES),
        Case("x.masked_select(b), x.masked_select(mask=~b)", **MASKED),
        Case("m.masked_select(x, b)", x=real(4), b=bools(3, 1)),
        Case("m.masked_select(x, b)", x=real(3, 1), b=bools(4)),
        Case("m.masked_select(x, b)", x=ints(5, 4), b=bools(4)),
        Refused("m.masked_select(x, i)", says="mask", x=real(4), i=ints(2, 4)),
        Refused("m.masked_select(x, b)", says=r"\(3,\)", x=real(4), b=bools(3)),
    ],
}  # fmt: skip

CLOSE = np.array([0.0, 1.0, -2.0, INF, -INF, NAN, 1e30])
NEAR = np.array([1e-9, 1.00001, -2.1, INF, INF, NAN, 1.0000001e30])

CLOSENESS: dict[str, list[Trial]] = {
    name: [
        *(Case(f"m.{name}(x, x + 1e-7)", x=positive(*shape)) for shape in SHAPES),
        Case(f"m.{name}(x, y)", x=CLOSE, y=NEAR),
        Case(f"m.{name}(x, y, equal_nan=True)", x=CLOSE, y=NEAR),
        Case(f"m.{name}(x, y, 0.1, 0.01)", x=CLOSE, y=NEAR),
        Case(f"x.{name}(other=y, rtol=0, atol=1)", **TIES),
        Case(f"m.{name}(x, y, rtol=0.5)", x=ints(5, 4), y=ints(5, 4, seed=1)),
        Case(f"m.{name}(x, y)", x=bools(4), y=bools(4, seed=1)),
        Case(f"m.{name}(x, y)", x=real(3, 1), y=real(3)),
        Refused(f"m.{name}(x, x.double())", says="dtype", **X),
        Refused(f"m.{name}(x, 2.0)", says="other", **X),
        Refused(f"m.{name}(x, x, rtol=-1)", says="rtol", **X),
        Refused(f"m.{name}(x, x, atol=-1)", says="atol", **X),
        Refused(f"m.{name}(x, y)", says=r"\(3,\)", x=real(4), y=real(3)),
    ]
    for name in ("isclose", "allclose")
}
CASES: dict[str, list[Trial]] = {
    **BOUNDS,
    **MASKS,
    **CLOSENESS,
    **{name: _asking(name) for name in "eq ne lt le gt ge".split()},
    **{name: _joining(name) for name in "logical_and logical_or".split()},
    **{name: unary(name) for name in "isnan isinf isfinite logical_not".split()},
}
