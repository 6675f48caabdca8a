"""Norms of vectors and matrices."""

import numpy as np

from ..case import Case, Refused, Trial, complexes, ints, real

INF = "float('inf')"
ORDERS = ("'fro'", "'nuc'", 2, -2, 1, -1, INF, f"-{INF}")

CASES: dict[str, list[Trial]] = {
    "linalg.vector_norm": [
        *(Case(f"m.linalg.vector_norm(x, {p})", x=real(3, 4))
          for p in (2, 1, 0, 3, 0.5, -1, 2.5, INF, "-" + INF)),
        *(Case(f"m.linalg.vector_norm(x, {p}, dim=1, keepdim=True)", x=real(2, 3, 2))
          for p in (2, 1, 0, 3, 0.5, INF)),
        Case("m.linalg.vector_norm(x)", x=real()),
        Case("m.linalg.vector_norm(x, ord=3, dim=(0, -1))", x=real(2, 3, 4)),
        Case("m.linalg.vector_norm(x, 2, dim=[])", x=real(2, 3)),
        Case("m.linalg.vector_norm(x, 2, 0, True)", x=real(0, 3)),
        Case("m.linalg.vector_norm(x, 1)", x=real(0)),
        Case(f"m.linalg.vector_norm(x, {INF}, 1)", x=real(0, 3)),
        *(Case(f"m.linalg.vector_norm(x, {p})", x=np.zeros((2, 2)), second=False)
          for p in (1, 2, 3, 0.5)),
        Case("m.linalg.vector_norm(x, 3, 1)", x=np.array([[0.0, 2.0], [0.0, 0.0]]), second=False),
        Case("m.linalg.vector_norm(x, dtype=m.float64)", x=real(3), kinds=("float32",)),
        *(Case(f"m.linalg.vector_norm(x, {p})", x=complexes(2, 3)) for p in (2, 1, 3, INF)),
        Refused("m.linalg.vector_norm(x)", says="x must hold real", x=ints(9, 3)),
        Refused("m.linalg.vector_norm(x, 'fro')", says="ord", x=real(3)),
        Refused("m.linalg.vector_norm(x, dim=2)", says="dim", x=real(2, 3)),
        Refused("m.linalg.vector_norm(x, dim=(0, 0))", says="dim", x=real(2, 3)),
        Refused(f"m.linalg.vector_norm(x, {INF})", says="ord", x=real(0)),
        Refused("m.linalg.vector_norm(x, -1)", says="ord", x=real(0)),
        Refused("m.linalg.vector_norm(x.double(), dtype=m.float32)", says="dtype", x=real(3)),
    ],  # fmt: skip
    "linalg.matrix_norm": [
        *(Case(f"m.linalg.matrix_norm(x, {p})", x=real(*shape), tolerance=10)
          for p in ORDERS for shape in ((3, 4), (2, 3, 2))),
        *(Case(f"m.linalg.matrix_norm(x, {p}, dim=(0, 2), keepdim=True)", x=real(3, 2, 4))
          for p in ORDERS),
        Case("m.linalg.matrix_norm(input=x, ord=1, dim=(1, 0))", x=real(3, 4)),
        Case("m.linalg.matrix_norm(x, dtype=m.float64)", x=real(3, 2), kinds=("float32",)),
        Refused("m.linalg.matrix_norm(x)", says="dim", x=real(3)),
        Refused("m.linalg.matrix_norm(x, 3)", says="ord", x=real(3, 3)),
        Refused("m.linalg.matrix_norm(x, 'abc')", says="ord", x=real(3, 3)),
        Refused("m.linalg.matrix_norm(x, dim=(0, 0))", says="dim", x=real(3, 3)),
        Refused("m.linalg.matrix_norm(x, dim=(0, 1, 2))", says="dim", x=real(3, 3, 3)),
    ],  # fmt: skip
    "linalg.norm": [
        *(Case("m.linalg.norm(x)", x=real(*s)) for s in ((3,), (3, 4), (2, 3, 4), (), (0,))),
        *(Case(f"m.linalg.norm(x, {p})", x=real(4)) for p in (2, 1, 0, 3, -1, INF)),
        *(Case(f"m.linalg.norm(x, {p})", x=real(3, 4), tolerance=10) for p in ORDERS),
        *(Case(f"m.linalg.norm(x, {p}, dim={d})", x=real(3, 2, 4), tolerance=10) for p, d in (
            (2, 1), (1, (0, 1)), (2, (0, 2)), ("'fro'", (1, 2)), ("'nuc'", (0, -1)), (3, (1,)))),
        Case("m.linalg.norm(input=x, ord=None, dim=1, keepdim=True)", x=real(3, 4)),
        Case("m.linalg.norm(x, dim=(0, 1))", x=real(3, 2, 4)),
        Case("m.linalg.norm(x, 1, dim=-1, dtype=m.float64)", x=real(3, 2), kinds=("float32",)),
        Refused("m.linalg.norm(x, 2)", says="dim", x=real(2, 3, 4)),
        Refused("m.linalg.norm(x, 2)", says="dim", x=real()),
        Refused("m.linalg.norm(x, 2, dim=(0, 1, 2))", says="dim", x=real(2, 3, 4)),
        Refused("m.linalg.norm(x, dim=(0, 1, 2))", says="dim", x=real(2, 3, 4)),
        Refused("m.linalg.norm(x, 3)", says="ord", x=real(2, 3)),
        Refused("m.linalg.norm(x, 'fro')", says="dim", x=real(3)),
        Refused("m.linalg.norm(x, 2, dim=(0, 0))", says="dim", x=real(2, 3)),
        Refused("m.linalg.norm(x)", says="x must hold real", x=ints(9, 3)),
    ],  # fmt: skip
}
