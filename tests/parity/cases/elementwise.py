"""Arithmetic: + - * / and their kin, powers and roots, rounding, sums of scaled products."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, ints, positive, real
from ..sweeps import INF, NAN, NO_BOOLS, NUMBERS, ODD, binary, unary

X: dict[str, Any] = {"x": real(3, 4)}
XY: dict[str, Any] = {"x": real(3, 4), "y": real(4, seed=1)}
SIGNS: dict[str, Any] = {"x": np.array([7, 7, -7, -7, 0]), "y": np.array([3, -3, 3, -3, 5])}
MODES = ("None", "'floor'", "'trunc'")


def _apart(*shape: int) -> np.ndarray:
    return real(*shape, seed=9)


def _scaled(name: str) -> list[Trial]:
    """alpha of add and sub."""
    return [
        Case(f"m.{name}(x, y, alpha=3)", **XY),
        Case(f"m.{name}(x, y, alpha=-0.5)", **XY),
        Case(f"x.{name}(2, alpha=0.5)", **X),
        Case(f"m.{name}(x, y, alpha=2)", x=ints(5, 3), y=ints(5, 3, seed=1)),
        Refused(f"m.{name}(x, y, alpha=0.5)", says="alpha", x=ints(5, 3), y=ints(5, 3)),
        Case(f"m.{name}(x, y, alpha=z)", **XY, z=np.array(0.5), gradient=False),
        Refused(f"m.{name}(x, y, alpha=x)", says="alpha", **XY),
        Refused(f"m.{name}(x, y, alpha='a')", says="alpha", **XY),
    ]


def _divided(name: str) -> list[Trial]:
    """remainder and floor_divide, which disagree with C on signs and refuse 0 among integers."""
    return [
        *binary(name, kinds=NUMBERS, gradient=name == "remainder"),
        Case(f"m.{name}(x, y)", **SIGNS),
        Case(f"m.{name}(x.float(), y)", **SIGNS),
        Case(f"m.{name}(x, -0.7)", **X, gradient=False),
        Case(f"m.{name}(x, 0.0)", **X, gradient=False),
        Case(f"m.{name}(x[:, None], x)", x=ODD[2:], gradient=False),
        Case(f"m.{name}(7, y)", y=SIGNS["y"]),
        Refused(f"m.{name}(x, 0)", says="0", x=ints(5, 3)),
        Refused(f"m.{name}(x, y)", says="0", x=ints(5, 3), y=np.array([1, 0, 2])),
        Refused(f"m.{name}(x, x)", says=NO_BOOLS, x=bools(3)),
    ]


ARITHMETIC: dict[str, list[Trial]] = {
    "add": [
        *binary("add", real, _apart),
        *_scaled("add"),
        Case("m.add(x, y, alpha=2)", x=bools(4), y=bools(4, seed=1)),
        Case("m.add(x[:, None], x)", x=ODD, gradient=False),
        Case("x + 100, x + 1000, x * -1", x=np.array([3, 200]).astype("uint8")),
    ],
    "sub": [
        *binary("sub", real, _apart, kinds=NUMBERS),
        *_scaled("sub"),
        Case("m.sub(x[:, None], x)", x=ODD, gradient=False),
        Refused("m.sub(x, y)", says=NO_BOOLS, x=bools(3), y=bools(3)),
        Refused("m.sub(x, y)", says=NO_BOOLS, x=bools(3), y=real(3)),
        Refused("1 - x", says=NO_BOOLS, x=bools(3)),
    ],
    "mul": [
        *binary("mul", real, _apart),
        Case("m.mul(x[:, None], x)", x=ODD, gradient=False),
        Case("m.multiply(x, y)", **XY),
    ],
    "div": [
        *binary("div"),
        *(Case(f"m.div(x * 5, y, rounding_mode={mode})", **XY) for mode in MODES),
        *(Case(f"m.div(x, y, rounding_mode={mode})", **SIGNS) for mode in MODES),
        *(Case(f"x.div({n}, rounding_mode='trunc')", x=SIGNS["x"]) for n in (2, -2, 2.5)),
        Case("m.div(x, 0), m.true_divide(0, x)", x=ints(5, 3, low=-2)),
        Case("m.div(x[:, None], x)", x=ODD, gradient=False),
        Case("m.div(x, 0.0, rounding_mode='floor')", x=real(4), gradient=False),
        Refused("m.div(x, 2, rounding_mode='up')", says="rounding_mode", **X),
        *(Refused(f"m.div(x, 0, rounding_mode={mode})", says="0", x=ints(5, 3))
          for mode in MODES[1:]),
        Refused("m.div(x, x, rounding_mode='floor')", says=NO_BOOLS, x=bools(3)),
    ],
    "remainder": _divided("remainder"),
    "floor_divide": _divided("floor_divide"),
    "neg": [*unary("neg", whole=False), Case("m.neg(x)", x=ints(5, 3)),
            Refused("m.neg(x)", says=NO_BOOLS, x=bools(3)), Case("m.negative(x)", **X)],
    "abs": [*unary("abs", whole=False), Case("m.abs(x)", x=ints(5, 6, low=-5)),
            Case("m.abs(x), m.absolute(x)", x=np.array([0.0, -0.0, 2.0])),
            Refused("m.abs(x)", says=NO_BOOLS, x=bools(3))],
    "reciprocal": unary("reciprocal", positive),
    "square": unary("square"),
    "sqrt": unary("sqrt", positive),
    "rsqrt": unary("rsqrt", positive),
}  # fmt: skip

POWERS: dict[str, list[Trial]] = {
    "pow": [
        *(t for t in binary("pow", positive, real, kinds=NUMBERS) if "other" not in t.code),
        Case("m.pow(input=x, exponent=y)", x=positive(3), y=real(3)),
        *(Case(f"m.pow(x, {n})", **X) for n in (0, 1, 2, 3, -1, -2, 2.0)),
        *(Case(f"m.pow(x, {n})", x=positive(3, 2)) for n in (0.5, -0.5, 3.5)),
        *(Case(f"m.pow(x, {n})", x=np.array([0.0, 1.0, 2.0])) for n in (0, 1, 2, 3)),
        Case("m.pow(x, 0.5)", x=real(4), gradient=False),
        *(Case(f"m.pow({n}, x)", **X) for n in (2, 2.5, 1)),
        Case("m.pow(x[:, None], x)", x=ODD, gradient=False),
        *(Case(f"m.pow(x, {n})", x=ints(5, 6, low=-4)) for n in (0, 1, 2, 3, 2.0)),
        Case("m.pow(x, 2), m.pow(x, 2).dtype", x=bools(4)),
        Case("m.pow(x, y)", x=np.array([2, 1, -1, -1, 0, 3]), y=np.array([-1, -2, -3, -2, 3, 0])),
        Case("m.pow(2, x), m.pow(x, 3)", x=ints(4, 3).astype("int8")),
        Refused("m.pow(x, -1)", says="exponent", x=ints(5, 3)),
        Refused("m.pow(2, 3)", says="tensor"),
        Refused("m.pow(x, x)", says=NO_BOOLS, x=bools(3)),
    ],
    "lerp": [
        *(Case(f"m.lerp(x, y, {w})", **XY) for w in (0, 0.3, 1, -1.5, 2)),
        Case("m.lerp(x, y, w)", **XY, w=real(3, 1, seed=2)),
        Case("m.lerp(x, y, w)", **XY, w=real(seed=2)),
        Case("m.lerp(input=x, end=y, weight=0.25)", x=real(2, 1), y=real(3)),
        Case("x.lerp(y, 0.5)", x=real(), y=real(seed=1)),
        Case("m.lerp(x, y, 0.5)", x=real(0), y=real(1)),
        Refused("m.lerp(x, y.double(), 0.5)", says="end", **XY),
        Refused("m.lerp(x, y, w.double())", says="weight", **XY, w=real(4)),
        Refused("m.lerp(x, 2.0, 0.5)", says="end", **X),
        Refused("m.lerp(x, x, 0.5)", says="input", x=ints(5, 3)),
        Refused("m.lerp(x, y, 0.5)", says=r"\(3,\)", x=real(3), y=real(4)),
    ],
    "addcmul": [
        Case("m.addcmul(x, y, y)", **XY),
        Case("m.addcmul(x, y, z, value=0.5)", **XY, z=real(3, 1, seed=2)),
        Case("x.addcmul(tensor1=y, tensor2=y, value=-2)", **XY),
        Case("m.addcmul(x, y, y)", x=real(), y=real(seed=1)),
        Case("m.addcmul(x, y, y)", x=real(2, 0), y=real(1)),
        Case("m.addcmul(x, x, x, value=2), m.addcmul(x, x, x, value=0.5)", x=ints(5, 3)),
        Case("m.addcmul(x, y, y.double())", **XY, kinds=("float32",), second=False),
        Refused("m.addcmul(x, x, 2)", says="tensor2", **X),
        Refused("m.addcmul(x, y, y)", says=r"\(4,\)", x=real(3), y=real(4)),
    ],
    "addcdiv": [
        Case("m.addcdiv(x, y, z, value=0.5)", **XY, z=positive(3, 1)),
        Case("x.addcdiv(tensor1=y, tensor2=y)", **XY),
        Case("m.addcdiv(x, y, y)", x=real(), y=positive()),
        Case("m.addcdiv(x, y, y)", x=real(2, 0), y=positive(1)),
        Case("m.addcdiv(x, i, y)", **XY, i=ints(5, 4)),
        Case("m.addcdiv(x, x, x * 0)", **X, gradient=False),
        Refused("m.addcdiv(x, i, i)", says="tensor1", **X, i=ints(5, 4, low=1)),
        Refused("m.addcdiv(x, 2.0, x)", says="tensor1", **X),
    ],
}
ROUNDED = np.array([0.5, 1.5, -0.5, -2.5, 2.49, -1.2, 3.0])

ROUNDING: dict[str, list[Trial]] = {
    name: [
        *unary(name, whole=False),
        Case(f"m.{name}(x)", x=ROUNDED),
        Case(f"m.{name}(x), m.{name}(x).dtype", x=ints(9, 4, low=-4)),
        Case(f"m.{name}(x).dtype", x=ints(9, 4).astype("uint8")),
        Refused(f"m.{name}(x)", says=NO_BOOLS, x=bools(3)),
    ]
    for name in ("ceil", "floor", "round", "trunc")
}
ROUNDING["round"] += [
    *(Case(f"m.round(x * 100, decimals={d})", **X) for d in (0, 1, 3, -1, -2)),
    Case("x.round(decimals=2)", x=ROUNDED * 1.2345),
    Refused("m.round(x, decimals=1)", says="decimals", x=ints(5, 3)),
]
ROUNDING["sign"] = [*unary("sign"), Case("m.sign(x)", x=np.array([0.0, -0.0, 2.0, NAN, -INF]))]

CASES: dict[str, list[Trial]] = {**ARITHMETIC, **POWERS, **ROUNDING}
