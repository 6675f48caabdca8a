"""Products of vectors, matrices and tensors."""

from typing import Any

from ..case import Case, Refused, Trial, bools, complexes, ints, real

M: dict[str, Any] = {"x": real(3, 4), "y": real(4, 2)}
V: dict[str, Any] = {"x": real(4), "y": real(4, seed=1)}
STACK: dict[str, Any] = {"x": real(2, 3, 4), "y": real(2, 4, 5)}
WHOLE: dict[str, Any] = {"x": ints(9, 3, 4), "y": ints(9, 4, 2)}
NONE: dict[str, Any] = {"x": real(3, 0), "y": real(0, 2)}
MIXED: dict[str, Any] = {"x": real(3, 4), "y": ints(5, 4, 2)}
ADDED: dict[str, Any] = {"a": real(3, 2), **M}
BATCH: dict[str, Any] = {"a": real(2, 3, 5), **STACK}

_SHAPES = [
    ((3, 4), (4, 2)), ((4,), (4,)), ((4,), (4, 2)), ((3, 4), (4,)), ((2, 3, 4), (4, 2)),
    ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((2, 3, 4), (4,)), ((4,), (2, 4, 3)),
    ((1, 1), (1, 1)), ((0, 4), (4, 2)), ((3, 0), (0, 2)), ((0,), (0,)), ((2, 0, 3), (3, 2)),
]  # fmt: skip

CASES: dict[str, list[Trial]] = {
    "matmul": [
        *(Case("m.matmul(x, y)", x=real(*a), y=real(*b, seed=1)) for a, b in _SHAPES),
        Case("x @ y", **M),
        Case("m.matmul(input=x, other=y)", **M),
        Case("x.matmul(y)", **M),
        Case("x.matmul(other=y)", **STACK),
        Case("m.matmul(x, x.mT)", x=real(2, 3, 4)),
        Case("m.matmul(x, x)", x=real(3, 3)),
        Case("m.matmul(x, y)", **WHOLE),
        Case("m.matmul(x.to(m.int32), y.to(m.int32))", **WHOLE),
        Case("m.matmul(x.to(m.uint8), y.to(m.uint8))", **WHOLE),
        Case("m.matmul(x, y)", x=complexes(3, 4), y=complexes(4, 2, seed=1)),
        Refused("m.matmul(x, y)", says="4.*3", x=real(3, 4), y=real(3, 4)),
        Refused("m.matmul(x, y)", says="input and other", x=real(), y=real(3)),
        Refused("m.matmul(x, y)", says="broadcast", x=real(2, 3, 4), y=real(3, 4, 5)),
        Refused("m.matmul(x, y)", says="dtypes", **MIXED),
        Refused("m.matmul(x, y)", says="bool", x=bools(2, 2), y=bools(2, 2)),
    ],
    "mm": [
        *(Case("m.mm(x, y)", **both) for both in (M, NONE, WHOLE)),
        *(Case("m.mm(x, y)", x=real(n, 1), y=real(1, n, seed=1)) for n in (0, 1, 3)),
        Case("m.mm(input=x, mat2=y)", **M),
        Case("x.mm(y)", **M),
        Case("x.mm(mat2=y)", **M),
        Refused("m.mm(x, y)", says="input", **STACK),
        Refused("m.mm(x, y)", says="mat2", x=real(3, 4), y=real(4)),
        Refused("m.mm(x, y)", says="4.*3", x=real(3, 4), y=real(3, 4)),
        Refused("m.mm(x, y)", says="dtypes", **MIXED),
    ],
    "bmm": [
        Case("m.bmm(x, y)", **STACK),
        Case("m.bmm(input=x, mat2=y)", **STACK),
        Case("x.bmm(y)", **STACK),
        Case("x.bmm(mat2=y)", **STACK),
        Case("m.bmm(x, x.mT)", x=real(2, 3, 4)),
        Case("m.bmm(x, y)", x=ints(9, 2, 3, 4), y=ints(9, 2, 4, 1)),
        *(Case("m.bmm(x, x)", x=real(n, k, k)) for n, k in ((0, 2), (1, 1), (3, 0))),
        Refused("m.bmm(x, y)", says="input", **M),
        Refused("m.bmm(x, y)", says="mat2", x=real(2, 3, 4), y=real(4, 2)),
        Refused("m.bmm(x, y)", says="mat2", x=real(2, 3, 4), y=real(1, 4, 2)),
        Refused("m.bmm(x, y)", says="4.*3", x=real(2, 3, 4), y=real(2, 3, 4)),
    ],
    "mv": [
        *(Case("m.mv(x, y)", x=real(3, n), y=real(n, seed=1)) for n in (0, 1, 4)),
        Case("m.mv(input=x, vec=y)", x=real(3, 4), y=real(4)),
        Case("x.mv(y)", x=real(3, 4), y=real(4)),
        Case("x.mv(vec=y)", x=real(0, 4), y=real(4)),
        Case("m.mv(x, y)", x=ints(9, 3, 4), y=ints(9, 4)),
        Refused("m.mv(x, y)", says="vec", **M),
        Refused("m.mv(x, y)", says="input", **V),
        Refused("m.mv(x, y)", says="4.*3", x=real(3, 4), y=real(3)),
    ],
    "dot": [
        *(Case("m.dot(x, y)", x=real(n), y=real(n, seed=1)) for n in (0, 1, 4)),
        Case("m.dot(input=x, tensor=y)", **V),
        Case("x.dot(y)", **V),
        Case("m.dot(x, x)", x=real(3)),
        Case("m.dot(x, y)", x=ints(9, 4), y=ints(9, 4, seed=1)),
        Case("m.dot(x.to(m.int32), x.to(m.int32))", x=ints(9, 4)),
        Case("m.dot(x, y)", x=complexes(3), y=complexes(3, seed=1)),
        Refused("m.dot(x, y)", says="input", **M),
        Refused("m.dot(x, y)", says="tensor", x=real(4), y=real(4, 1)),
        Refused("m.dot(x, y)", says="4 and 3", x=real(4), y=real(3)),
        Refused("m.dot(x, y)", says="dtypes", x=real(4), y=ints(5, 4)),
        Refused("m.dot(x, y)", says="bool", x=bools(4), y=bools(4)),
    ],
    "vdot": [
        Case("m.vdot(x, y)", **V),
        Case("x.vdot(other=y)", **V),
        Case("m.vdot(x, y)", x=complexes(3), y=complexes(3, seed=1)),
        Refused("m.vdot(x, y)", says="4 and 3", x=real(4), y=real(3)),
    ],
    "inner": [
        *(Case("m.inner(x, y)", x=real(*a), y=real(*b, seed=1)) for a, b in (
            ((4,), (4,)), ((3, 4), (4,)), ((2, 3, 4), (5, 4)), ((), (3,)), ((2, 0), (0,)))),
        Case("x.inner(other=y)", **V),
        Refused("m.inner(x, y)", says="4.*3", x=real(4), y=real(3)),
    ],  # fmt: skip
    "outer": [
        *(Case("m.outer(x, y)", x=real(n), y=real(k, seed=1)) for n, k in ((3, 2), (1, 1), (0, 2))),
        Case("m.outer(input=x, vec2=y)", **V),
        Case("x.outer(y)", **V),
        Case("x.outer(vec2=y)", x=ints(9, 3), y=real(2)),
        Case("m.outer(x, y)", x=bools(3), y=bools(4)),
        Case("m.outer(x, y)", x=ints(9, 3), y=bools(4)),
        Refused("m.outer(x, y)", says="input", **M),
        Refused("m.outer(x, y)", says="vec2", x=real(4), y=real()),
    ],
    "addmm": [
        Case("m.addmm(a, x, y)", **ADDED),
        Case("m.addmm(input=a, mat1=x, mat2=y, beta=0.5, alpha=2)", **ADDED),
        Case("a.addmm(x, y, alpha=-1)", **ADDED),
        Case("m.addmm(a, x, y, beta=0)", **ADDED),
        Case("m.addmm(a * float('nan'), x, y, beta=0)", gradient=False, **ADDED),
        *(Case("m.addmm(a, x, y, beta=2)", **{**ADDED, "a": real(*s)})
          for s in ((), (1,), (2,), (3, 1))),
        Case("m.addmm(a, x, y, alpha=3)", a=ints(9, 3, 2), **WHOLE),
        Case("m.addmm(a, x, y, beta=1.7, alpha=2.5)", a=ints(9, 3, 2), **WHOLE),
        Case("m.addmm(a, x, y)", a=real(3, 2), **NONE),
        Case("a.clone().addmm_(x, y, beta=0.5)", **ADDED),
        Refused("m.addmm(a, x, y)", says="input", **{**ADDED, "a": real(4)}),
        Refused("m.addmm(a, x, y)", says="input", **{**ADDED, "a": real(2, 3, 2)}),
        Refused("m.addmm(a, x, y)", says="mat1", a=real(3, 2), x=real(4), y=real(4, 2)),
        Refused("m.addmm(a, x, y)", says="mat2", a=real(3, 2), x=real(3, 4), y=real(4)),
        Refused("m.addmm(a, x, y)", says="input", a=ints(5, 3, 2), **M),
    ],  # fmt: skip
    "addmv": [
        Case("m.addmv(a, x, y, beta=0.5, alpha=2)", a=real(3), x=real(3, 4), y=real(4)),
        Case("a.addmv(mat=x, vec=y)", a=real(), x=real(3, 4), y=real(4)),
        Case("a.clone().addmv_(x, y)", a=real(3), x=real(3, 4), y=real(4)),
        Refused("m.addmv(a, x, y)", says="vec", a=real(3), x=real(3, 4), y=real(4, 1)),
    ],
    "addr": [
        Case("m.addr(a, x, y, beta=0.5, alpha=2)", a=real(4, 4), **V),
        Case("a.addr(vec1=x, vec2=y, beta=0)", a=real(4), **V),
        Case("a.clone().addr_(x, y)", a=real(4, 4), **V),
        Refused("m.addr(a, x, y)", says="vec1", a=real(4, 4), x=real(4, 1), y=real(4)),
    ],
    "baddbmm": [
        Case("m.baddbmm(a, x, y)", **BATCH),
        Case("m.baddbmm(input=a, batch1=x, batch2=y, beta=0.5, alpha=2)", **BATCH),
        Case("a.baddbmm(x, y, beta=0)", **BATCH),
        Case("a.baddbmm(batch1=x, batch2=y)", **BATCH),
        *(Case("m.baddbmm(a, x, y)", **{**BATCH, "a": real(*s)}) for s in ((), (5,), (2, 1, 5))),
        Case("m.baddbmm(a, x, y)", a=ints(9, 2, 3, 1), x=ints(9, 2, 3, 4), y=ints(9, 2, 4, 1)),
        Case("a.clone().baddbmm_(x, y, alpha=2)", **BATCH),
        Refused("m.baddbmm(a, x, y)", says="input", **{**BATCH, "a": real(3, 3, 5)}),
        Refused("m.baddbmm(a, x, y)", says="batch1", a=real(3, 2), **M),
        Refused("m.baddbmm(a, x, y)", says="batch2", a=real(2, 3, 2), x=real(2, 3, 4), y=M["y"]),
    ],
    "addbmm": [
        Case("m.addbmm(a, x, y, beta=0.5, alpha=2)", **{**BATCH, "a": real(3, 5)}),
        Case("a.addbmm(batch1=x, batch2=y)", **{**BATCH, "a": real(5)}),
        Refused("m.addbmm(a, x, y)", says="input", **BATCH),
    ],
    "kron": [  # PyTorch 2.13's own fails for strided inputs
        *(Case("m.kron(x, y)", strided=False, x=real(*a), y=real(*b, seed=1))
          for a, b in (((2, 3), (4, 2)), ((3,), (2,)), ((), (2, 2)), ((2,), (3, 2)),
                       ((2, 3), (2, 1, 2)), ((0, 2), (3, 2)), ((), ()))),
        Case("m.kron(input=x, other=y)", strided=False, **M),
        Case("x.kron(y)", strided=False, **V),
        Case("x.kron(other=y)", strided=False, x=ints(5, 2, 2), y=real(3)),
        Case("m.kron(x, y)", strided=False, x=ints(5, 2, 2), y=ints(5, 3)),
        Case("m.kron(x, y)", strided=False, x=bools(2, 2), y=bools(3)),
    ],  # fmt: skip
    "cross": [
        *(Case(f"m.cross(x, y, dim={d})", x=real(*s), y=real(*s, seed=1)) for s, d in (
            ((3,), 0), ((3,), -1), ((2, 3), 1), ((3, 4), 0), ((2, 3, 4), -2), ((0, 3), 1))),
        Case("m.cross(x, y, dim=1)", x=real(2, 3), y=real(1, 3, seed=1)),
        Case("m.cross(input=x, other=y)", x=real(2, 3), y=real(2, 3, seed=1)),
        Case("x.cross(y, dim=-1)", x=real(3, 3), y=real(3, 3, seed=1)),
        Case("x.cross(y)", x=real(3, 3), y=real(3, 3, seed=1)),
        Case("m.cross(x, y, dim=0)", x=ints(9, 3), y=ints(9, 3, seed=1)),
        Refused("m.cross(x, y, dim=0)", says="dim", x=real(2, 3), y=real(2, 3)),
        Refused("m.cross(x, y)", says="dim", x=real(2, 4), y=real(2, 4)),
        Refused("m.cross(x, y, dim=2)", says="dim", x=real(2, 3), y=real(2, 3)),
        Refused("m.cross(x, y, dim=0)", says="other", x=real(3), y=ints(9, 3)),
        Refused("m.cross(x, y)", says="dimensions", x=real(2, 3), y=real(3)),
    ],  # fmt: skip
    "linalg.cross": [
        *(Case("m.linalg.cross(x, y)", x=real(*a), y=real(*b, seed=1))
          for a, b in (((3,), (3,)), ((3, 3), (3, 3)), ((2, 3), (1, 3)))),
        Case("m.linalg.cross(x, y, dim=0)", x=real(3, 2), y=real(3, 2, seed=1)),
        Refused("m.linalg.cross(x, y)", says="dim", x=real(3, 2), y=real(3, 2)),
    ],  # fmt: skip
    "linalg.vecdot": [
        Case("m.linalg.vecdot(x, y)", x=real(2, 3), y=real(3)),
        Case("m.linalg.vecdot(x, y, dim=0)", x=real(2, 3), y=real(2, 1)),
        Case("m.linalg.vecdot(x, y)", x=complexes(2, 3), y=complexes(2, 3, seed=1)),
    ],
    "linalg.multi_dot": [
        Case("m.linalg.multi_dot([x, y, z, w])", z=real(2, 5), w=real(5, 3), **M),
        Case("m.linalg.multi_dot((v, x, y))", v=real(3), **M),
        Case("m.linalg.multi_dot([x, y, v])", v=real(2), **M),
        Case("m.linalg.multi_dot([x, y])", **V),
        Refused("m.linalg.multi_dot([x])", says="tensors", x=real(3, 3)),
        Refused("m.linalg.multi_dot([x, y, x])", says=r"tensors\[1\]", **V),
    ],
}
