"""Exponentials, logarithms, the circle, the hyperbola, and the error function."""

from collections.abc import Callable

import numpy as np

from ..case import Case, Refused, Trial, ints, positive, real, unit
from ..sweeps import INF, ODD, binary, unary


def _within(*shape: int) -> np.ndarray:
    """Numbers between -0.9 and 0.9."""
    return np.asarray(unit(*shape) * 2 - 1)


_MAKERS: dict[str, Callable[..., np.ndarray]] = {
    **dict.fromkeys("exp exp2 expm1 sin cos tan sinh cosh tanh sigmoid erf".split(), real),
    **dict.fromkeys("log log2 log10 log1p atan".split(), positive),
    **dict.fromkeys("asin acos".split(), _within),
}
CASES: dict[str, list[Trial]] = {name: unary(name, make) for name, make in _MAKERS.items()}

WIDE = np.array([-30.0, -8.5, -3.0, -0.9, 0.3, 0.94, 2.7, 5.8, 12.0, 700.0])
SMALL = np.array([1e-12, -1e-9, 3e-7, 1e-4])
EXACT = {"log2": 2.0 ** np.arange(-6, 7), "log10": 10.0 ** np.arange(11)}

for _name in "exp exp2 expm1 sinh cosh tanh sigmoid erf atan".split():
    CASES[_name].append(Case(f"m.{_name}(x)", x=WIDE, second=False))
for _name in "expm1 log1p sin tan asin sinh tanh erf".split():
    CASES[_name].append(Case(f"m.{_name}(x) / x", x=SMALL, gradient=False))
for _name, _powers in EXACT.items():
    CASES[_name].append(Case(f"m.{_name}(x).floor()", x=_powers, gradient=False))
for _name in "asin acos".split():
    CASES[_name].append(Case(f"m.{_name}(x)", x=np.array([-1.0, 1.0, -0.5, 0.999])))
CASES["exp2"].append(Case("m.exp2(x)", x=np.arange(-5.0, 6.0)))
CASES["erf"] += [
    Case("m.erf(x)", x=np.linspace(-6.5, 6.5, 201), strided=False),
    Case("m.erf(x).dtype", x=ints(5, 3)),
]

CASES |= {
    "atan2": [
        *binary("atan2", real, real, numbers=False),
        Case("m.atan2(x[:, None], x)", x=ODD, gradient=False),
        Case("m.atan2(x, y)", x=ints(5, 4, low=-2), y=ints(5, 4, low=-2, seed=1)),
    ],
    "hypot": [
        *binary("hypot", real, real, numbers=False, kinds="f.half() f f.double() f0".split()),
        Case("m.hypot(x, y)", x=np.array([3.0, 1e30, 0.0]), y=np.array([4.0, 1e30, 2.0]),
             second=False),
        Case("m.hypot(x[:, None], x)", x=ODD, gradient=False),
        Case("m.hypot(x, i)", x=real(3), i=ints(5, 3, low=1)),
        Refused("m.hypot(x, x)", says="input", x=ints(5, 3)),
    ],
    "logaddexp": [
        *binary("logaddexp", real, real, numbers=False, kinds="f.half() f f.double() f0".split()),
        Case("m.logaddexp(x, y)", x=np.array([1e3, -1e3, 0.0]), y=np.array([999.0, -1.0, 0.0])),
        Case("m.logaddexp(x[:, None], x)", x=ODD, gradient=False),
        Case("m.logaddexp(x, y)", x=np.array([1.0, -INF]), y=np.array([-INF, 1.0]), second=False),
        Refused("m.logaddexp(x, x)", says="input", x=ints(5, 3)),
    ],
}  # fmt: skip
