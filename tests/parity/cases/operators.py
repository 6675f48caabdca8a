"""Operators of Python: on both sides, with numbers and bools, and in place."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, ints, positive, real

X: dict[str, Any] = {"x": real(3, 4)}
XY: dict[str, Any] = {"x": real(3, 4), "y": positive(4)}
WHOLE: dict[str, Any] = {"x": ints(9, 4, low=1), "y": ints(5, 3, 1, low=1, seed=1)}
BITS: dict[str, Any] = {"x": ints(16, 4), "y": ints(16, 3, 1, seed=1)}
TRUTHS: dict[str, Any] = {"x": bools(4), "y": bools(3, 1, seed=1)}

ARITHMETIC = ("+", "-", "*", "/")
DIVIDED = ("//", "%")
COMPARED = ("==", "!=", "<", "<=", ">", ">=")

_two_sides: list[Trial] = [
    *(Case(f"x {o} y", **XY) for o in (*ARITHMETIC, "%")),
    *(Case(f"x {o} 2, x {o} 0.5, 2 {o} y, 0.5 {o} y", **XY) for o in ARITHMETIC),
    *(Case(f"x % {n}, {n} % y.detach()", **XY) for n in ("2", "0.5")),
    *(Case(f"x // {b}, 7 // y, -7.5 // y", **XY, gradient=False) for b in ("y", "2", "0.7")),
    *(Case(f"x {o} y, x {o} 2, 7 {o} x, x {o} 2.5, 7.5 {o} x", **WHOLE)
      for o in (*ARITHMETIC, *DIVIDED)),
    *(Case(f"x {o} 2, 7 {o} (x + 1), x {o} 2.5", x=bools(4)) for o in "+ * / // %".split()),
    *(Case(f"x {o} True, True {o} x", x=ints(5, 3, low=1)) for o in "+ * /".split()),
    *(Case(f"x {o} y, y {o} x", x=real(), y=ints(5, 3, low=1)) for o in ARITHMETIC),
    Case("x ** 2, y ** 0.5, 2 ** x, y ** x, 2.5 ** x, x ** 3", **XY),
    Case("x ** 2, 2 ** x, x ** y, x ** 0.5, 2.0 ** x", **WHOLE),
    Case("-x, +x, abs(x)", **X),
    Case("-x, +x, abs(x)", x=ints(9, 4, low=-4)),
    *(Case(f"x {o} y, x {o} 0.5, 0.5 {o} x", **XY) for o in COMPARED),
    *(Case(f"x {o} y, x {o} 3, 2.5 {o} x, x {o} True", **WHOLE) for o in COMPARED),
    *(Case(f"x {o} None, x {o} 'a'", **X) for o in ("==", "!=")),
    *(Case(f"x {o} y, x {o} 5, 5 {o} x", **BITS) for o in "&|^"),
    *(Case(f"x {o} y, x {o} True, False {o} x, x {o} 3", **TRUTHS) for o in "&|^"),
    Case("~x, ~y", **BITS),
    Case("~x, ~y", **TRUTHS),
    Case("x @ y, y @ x.T", **XY),
    Case("x @ y", x=ints(5, 2, 3), y=ints(5, 3)),
    *(Case(f"x {o} y, 1 {o} y, x {o} 2", x=real(0), y=positive(1)) for o in ARITHMETIC),
]  # fmt: skip

_in_place: list[Trial] = [
    *(Case(f"[z := x * 1, z.__i{name}__(y), z][2]", **XY)
      for name in "add sub mul truediv".split()),
    *(Case(f"[z := x * 1, z.__i{name}__(2), z][2]", **X) for name in "add pow mod".split()),
    *(Case(f"[z := x.clone(), z.__i{name}__(3), z][2]", x=ints(9, 4)) for name in
      "add sub mul floordiv mod and or xor".split()),
    *(Case(f"[z := x * 1, z.{call}, z][2]", **XY) for call in (
        "add_(y, alpha=2)", "sub_(1)", "mul_(y)", "div_(y)", "clamp_(-0.5, 0.5)", "abs_()",
        "neg_()", "square_()", "exp_()", "sin_()", "cos_()", "tanh_()", "sigmoid_()", "relu_()",
        "reciprocal_()", "floor_()", "ceil_()", "round_()", "trunc_()", "sign_()",
        "lerp_(y, 0.3)", "addcmul_(y, y, value=2)", "addcdiv_(x, y)", "clip_(min=0)",
        "masked_fill_(x > 0, 1)", "clamp_min_(0)", "clamp_max_(0)", "nan_to_num_(0)",
        "remainder_(0.7)", "cumsum_(0)",
      )),
    *(Case(f"[z := x * 1, z.{call}, z][2]", x=positive(3)) for call in (
        "sqrt_()", "rsqrt_()", "log_()", "pow_(2.5)",
      )),
    Case("[z := x.clone(), z.floor_divide_(2), z.div_(3, rounding_mode='trunc'), z][3]",
         x=ints(9, 4)),
    Case("[z := x.clone(), z.logical_not_(), z][2]", x=ints(2, 4)),
    *(Case(f"[z := x * 1, z.{call}, z][2]", **X, gradient=False)
      for call in ("zero_()", "fill_(2)")),
]  # fmt: skip

_refused: list[Trial] = [
    *(Refused(f"x {o} y", says=r"\(3,\).*\(4,\)", x=real(3), y=real(4))
      for o in "+ * / ** < ==".split()),
    *(Refused(f"x {o} None", says="NoneType", **X) for o in "+ - * / // % ** < >= &".split()),
    *(Refused(f"'a' {o} x", says="str", **X) for o in "+ / < &".split()),
    *(Refused(f"x {o} 0", says="0", x=ints(5, 3)) for o in DIVIDED),
    *(Refused(f"7 {o} x", says="0", x=np.array([1, 0])) for o in DIVIDED),
    *(Refused(f"x {o} y", says="must hold", **XY) for o in "&|^"),
    *(Refused(f"x {o} 2.5", says="must hold", x=ints(5, 3)) for o in "&|^"),
    Refused("~x", says="must hold", **X),
    Refused("-x", says="must hold", x=bools(3)),
    Refused("+x", says="must hold", x=bools(3)),
    Refused("abs(x)", says="must hold", x=bools(3)),
    *(Refused(code, says="must hold", x=bools(3))
      for code in ("x - x", "1 - x", "x - 1", "x - 0.5")),
    *(Refused(f"x {o} x", says="must hold", x=bools(3)) for o in ("//", "%", "**")),
    Refused("x ** -1", says="exponent", x=ints(5, 3)),
    Refused("2 @ x", says="@", **X),
    Refused("x @ 2", says="@|tensor", **X),
    Refused("x.add_(y)", says=r"\(3, 3\)|\(3, 1\)", x=real(3, 1), y=real(3)),
    Refused("x.add_(0.5)", says="int64", x=ints(5, 3)),
    Refused("x.div_(2)", says="int64", x=ints(5, 3)),
]  # fmt: skip

CASES: dict[str, list[Trial]] = {"operators": [*_two_sides, *_in_place, *_refused]}
