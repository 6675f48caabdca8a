"""Complex numbers: their parts, and arithmetic with them."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, complexes, ints, positive, real

Z: dict[str, Any] = {"z": complexes(3, 4)}
ZW: dict[str, Any] = {"z": complexes(3, 4), "w": complexes(4, seed=1)}
ZX: dict[str, Any] = {"z": complexes(3, 4), "x": real(4)}

CASES: dict[str, list[Trial]] = {
    "real": [
        *(Case("m.real(z)", z=z) for z in (complexes(3, 4), complexes(), complexes(0, 2), real(3))),
        Case("z.real", **Z),
        Case("z.real * z.imag", **Z),
        Case("m.real(input=x)", x=ints(9, 3)),
    ],
    "imag": [
        *(Case("m.imag(z)", z=z) for z in (complexes(3, 4), complexes(), complexes(0, 2))),
        Case("m.imag(input=z) + z.imag", **Z),
        Refused("m.imag(x)", says="input must be complex", x=real(3)),
        Refused("x.imag", says="input must be complex", x=ints(9, 3)),
    ],
    "conj": [
        *(Case("m.conj(z)", z=z) for z in (complexes(3, 4), complexes(), complexes(0, 2), real(3))),
        Case("z.conj() * z", **Z),
        Case("m.conj(input=z) / z", **Z),
        Case("z.mH @ z + z.H @ z", **Z),
        Case("m.conj(x)", x=bools(3)),
    ],
    "angle": [
        *(Case("m.angle(z)", z=z) for z in (complexes(3, 4), complexes(), real(3), complexes(0))),
        Case("m.angle(input=z) + z.angle()", **Z),
        Case("m.angle(x)", x=ints(3, 5, low=-2)),
        Case("m.angle(x)", x=np.array([np.nan, -1.0, 0.0, np.inf])),
        Case("m.angle(z)", z=np.array([0j, 1j, -1 + 0j]), second=False),
    ],
    "complex": [
        *(Case("m.complex(x, y)", x=real(*a), y=real(*b, seed=1))
          for a, b in (((3, 4), (3, 4)), ((3, 1), (4,)), ((), ()), ((0, 2), (2,)))),
        Case("m.complex(real=x, imag=y)", x=real(3), y=real(3, seed=1)),
        Case("m.complex(x, x).abs()", x=real(3)),
        Refused("m.complex(x, y)", says="real and imag", x=real(3), y=ints(9, 3)),
        Refused("m.complex(x, x)", says="real and imag", x=ints(9, 3)),
        Refused("m.complex(x, y.double())", says="real and imag", x=real(3), y=real(3)),
    ],  # fmt: skip
    "polar": [
        Case("m.polar(r, a)", r=positive(3, 4), a=real(3, 4)),
        Case("m.polar(abs=r, angle=a)", r=positive(3, 1), a=real(4)),
        Case("m.view_as_real(m.polar(m.ones_like(a), a))", a=real(3)),
        Refused("m.polar(r, a)", says="abs and angle", r=ints(9, 3), a=real(3)),
    ],
    "view_as_real": [
        *(Case("m.view_as_real(z)", z=z) for z in (complexes(3, 4), complexes(), complexes(0, 2))),
        Case("m.view_as_real(input=z)[..., 1] ** 3", **Z),
        Refused("m.view_as_real(x)", says="input must be complex", x=real(3, 2)),
    ],
    "view_as_complex": [
        *(Case("m.view_as_complex(x)", strided=False, x=real(*s)) for s in ((3, 2), (2,), (1, 2))),
        Case("m.view_as_complex(input=x).abs()", strided=False, x=real(4, 3, 2)),
        Case("m.view_as_real(m.view_as_complex(x) * (1 + 2j))", strided=False, x=real(4, 2)),
        Refused("m.view_as_complex(x)", says="last dimension of input", x=real(2, 3)),
        Refused("m.view_as_complex(x)", says="last dimension of input", x=real()),
        Refused("m.view_as_complex(x)", says="input must be float", x=ints(9, 3, 2)),
    ],
    "is_complex": [
        *(Case("m.is_complex(x)", x=x) for x in (complexes(2), real(2), ints(9, 2), bools(2))),
        Case("[z.is_complex(), z.is_floating_point(), z.dtype]", **Z),
        # what complex numbers can do elsewhere
        *(Case(f"z {sign} w", **ZW) for sign in "+-*/"),
        *(Case(f"z {sign} x", **ZX) for sign in "+-*/"),
        *(Case(f"x {sign} z", **ZX) for sign in "+-*/"),
        *(Case(f"x {sign} (1 + 2j)", x=real(3)) for sign in "+-*/"),
        Case("x * 2j + z", x=ints(9, 4), **Z),
        Case("[z + x, x * 1j, m.result_type(z, x)]", z=complexes(), x=ints(9, 3)),
        *(Case(f"m.{f}(z)", **Z) for f in "exp log sin cos tanh sqrt square neg abs sum".split()),
        Case("m.reciprocal(z)", **Z),
        *(Case(f"z ** {p}", **Z) for p in (2, 3, 0.5, -1, "(1 + 1j)")),
        Case("abs(z).sum() + z.abs().max()", **Z),
        Case("z.abs()", z=np.array([0j, 3 + 4j]), second=False),
        Case("z.sum(0).abs() + m.stack([z, z * 2]).reshape(2, -1).T[0].real.sum()", **Z),
        Case("m.where(x > 0, z, w)", x=real(4), **ZW),
        Case("[z == z, z != w]", **ZW),
        Case("z[1:, [0, 2]] + m.cat([z, z])[::3][:, :2]", **Z),
        Case("z.to(m.complex128).abs()", **Z),
        Case("m.tensor([1 + 2j, 3]) * m.tensor(2.0)"),
        Case("[m.tensor(1j).item(), m.tensor([1j]).tolist(), complex(m.tensor(2j))]"),
        Refused("(z.requires_grad_() * 2).sum().backward()", says="complex", **Z),
    ],  # fmt: skip
}
