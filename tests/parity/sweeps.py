"""Trials that every function of one tensor, or of two, must pass: shapes, dtypes, spellings."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .case import Case, Refused, Trial, bools, ints, positive, real

Maker = Callable[..., np.ndarray]

SHAPES: list[tuple[int, ...]] = [(), (0,), (2, 0, 3), (1,), (1, 3, 1), (2, 3, 4)]
PAIRS: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((), ()),
    ((), (3,)),
    ((3, 1), (1, 4)),
    ((2, 3, 4), (4,)),
    ((0,), (1,)),
    ((2, 0), (1, 1)),
    ((5,), (5,)),
]
INF, NAN = float("inf"), float("nan")
ODD = np.array([0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 1e-30, 200.0])
NO_BOOLS = "must hold|bool"

# Tensors of every dtype, with dimensions and without, of which any two may meet.
_OPERANDS: dict[str, np.ndarray] = {
    "b": bools(4),
    "u": ints(7, 4, low=1).astype("uint8"),
    "s": ints(4, 4, low=1, seed=2).astype("int8"),
    "i": ints(9, 4, low=1, seed=3),
    "f": positive(4),
    "i0": np.array(3),
    "f0": np.array(2.5),
}
NUMBERS = "u s i f.half() f f.double() i0 f0 f0.double()".split()
ALL_KINDS = ["b", *NUMBERS]


def unary(name: str, make: Maker = real, *, odd: bool = True, whole: bool = True) -> list[Trial]:
    """A function of one tensor; whole: it also takes integers and bools."""
    call = f"m.{name}(x)"
    trials: list[Trial] = [Case(call, x=make(*shape)) for shape in SHAPES]
    trials += [Case(f"m.{name}(input=x)", x=make(5)), Case(f"x.{name}()", x=make(2, 3))]
    trials += [Case(call, x=make(6), kinds=("float16",), second=False)]
    if odd:
        trials.append(Case(call, x=ODD, gradient=False, strided=False))
    if whole:
        kinds = (bools(4), *(ints(5, 4, low=1).astype(k) for k in ("uint8", "int8", "int64")))
        trials += [Case(call, x=x, kinds=("float32",)) for x in kinds]
    trials += [Refused(f"m.{name}(2.0)", says="input"), Refused(f"m.{name}([1.0])", says="input")]
    return trials


def binary(
    name: str,
    first: Maker = real,
    second: Maker = positive,
    *,
    numbers: bool = True,
    kinds: Sequence[str] = ALL_KINDS,
    gradient: bool = True,
) -> list[Trial]:
    """A function of two tensors, or (numbers) of one and a number; kinds: the dtypes it takes."""
    call, x = f"m.{name}(x, y)", first(3)
    trials: list[Trial] = [
        *(Case(call, x=first(*a), y=second(*b), gradient=gradient) for a, b in PAIRS),
        Case(f"m.{name}(input=x, other=y)", x=x, y=second(3), gradient=gradient),
        Case(f"x.{name}(y)", x=x, y=second(3), gradient=gradient),
        Case(f"x.{name}(other=y)", x=first(2, 1), y=second(3), gradient=gradient),
        _dtypes(name, kinds, kinds),
        Refused(call, says=r"\(3,\).*\(4,\)|\(4,\).*\(3,\)", x=x, y=second(4)),
        Refused(f"m.{name}(x, None)", says="NoneType|other", x=x),
        Refused(f"m.{name}(x, 'a')", says="str|other", x=x),
    ]
    if not numbers:
        return [*trials, Refused(f"m.{name}(x, 2.0)", says="other", x=x)]
    plain = [Case(f"m.{name}(x, {n})", x=first(3, 2), gradient=gradient) for n in ("2", "2.5")]
    return [*trials, *plain, _dtypes(name, kinds, ["2", "2.5"])]


def _dtypes(name: str, left: Sequence[str], right: Sequence[str]) -> Case:
    """The dtypes of the results of all pairs."""
    results = " ".join(f"m.{name}({a}, {b})," for a in left for b in right)
    names = {expression.split(".")[0] for expression in (*left, *right)}
    used: dict[str, Any] = {k: x for k, x in _OPERANDS.items() if k in names}
    return Case(f"[z.dtype for z in ({results})]", gradient=False, strided=False, **used)
