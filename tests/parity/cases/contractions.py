"""Sums of products over chosen dimensions, and distances."""

from typing import Any

from ..case import Case, Refused, Trial, bools, complexes, ints, real

M: dict[str, Any] = {"x": real(2, 3), "y": real(3, 4)}
A: dict[str, Any] = {"x": real(2, 3, 4), "y": real(3, 4, 5)}
SQUARE: dict[str, Any] = {"x": real(3, 3), "y": real(3, 3, seed=1)}
FAR: dict[str, Any] = {"x": real(30, 3), "y": real(2, 3)}
P: dict[str, Any] = {"x": real(3, 4), "y": real(5, 4, seed=1)}

# equation: shapes
_SUMS = """
    i->: 3 | ij->ji: 2,3 | ij->j: 2,3 | ii->i: 3,3 | ii: 3,3 | iij->ij: 2,2,3 | iii->i: 2,2,2
    iji,j->i: 2,3,2; 3 | ij,jk->ik: 2,3; 3,4 | ij,jk: 2,3; 3,4 | ij,kj->ik: 2,3; 4,3 | i,i->: 3; 3
    i,j->ij: 2; 3 | i,i->i: 3; 3 | bij,bjk->bik: 2,3,4; 2,4,5 | bij,jk->bik: 2,3,4; 4,2
    bn,anm,bm->ba: 2,3; 4,3,5; 2,5 | ij,j,k->ik: 2,3; 3; 4 | i,j->: 2; 3 | ij,ik->i: 2,3; 2,4
    bhqd,bhkd->bhqk: 2,2,3,4; 2,2,5,4 | ij,jk,kl,lm->im: 2,3; 3,4; 4,2; 2,3
    ...ij,...jk->...ik: 2,3,4; 2,4,2 | ...ij,jk: 2,3,4; 4,2 | ...,...->...: 2,3; 4,1,3
    i...->...: 2,3,4 | ...i->i: 2,3 | ij->...ij: 2,3 | i...j,j...->...i: 2,3,4; 4,3
    a...a->...: 2,3,2 | ij,jk: 2,3; 1,4 | ij,jk->ijk: 2,3; 1,4 | bij,bjk->bik: 1,3,4; 2,4,5
    ,->: ; | : | ij,j->i: 2,0; 0 | ij,jk->ik: 0,3; 3,2 | ii->i: 0,0 | i j , j -> i: 2,3; 3
    Ba,aB->B: 2,3; 3,2 | ba: 2,3 | aB: 2,3
"""


def _sum(line: str) -> Case:
    """A trial of one equation."""
    equation, _, shapes = line.strip().rpartition(":")
    sizes = [[int(n) for n in shape.split(",") if n.strip()] for shape in shapes.split(";")]
    inputs: dict[str, Any] = {n: real(*s) for n, s in zip("xyzw", sizes, strict=False)}
    return Case(f"m.einsum({equation!r}, {', '.join(inputs)})", **inputs)


CASES: dict[str, list[Trial]] = {
    "einsum": [
        *(_sum(line) for row in _SUMS.strip().splitlines() for line in row.split("|")),
        Case("m.einsum('ij,jk->ik', [x, y])", **M),
        Case("m.einsum(x, [0, 1], y, [1, 2], [0, 2])", **M),
        Case("m.einsum(x, [0, 1], y, [1, 2])", **M),
        Case("m.einsum(x, [..., 1], [1, ...])", **A),
        Case("m.einsum('ij,jk->ik', x, y)", x=ints(9, 2, 3), y=ints(9, 3, 2)),
        Case("m.einsum('i,j->ij', x, y)", x=ints(9, 2), y=real(3)),
        Case("m.einsum('i->', x)", x=bools(4)),
        Case("m.einsum('ij,jk->ik', x, y)", x=complexes(2, 3), y=complexes(3, 2)),
        *(
            Refused(f"m.einsum({equation!r}, x, y)", says=says, **M)
            for equation, says in [
                ("ij,kj->ik", "'j'.*operand 1"), ("ij->ij", "1 terms.*2 operands"),
                ("ij,jk->iz", "'z'"), ("ij,jk->ii", "'i' stands twice"),
                ("i1,jk->i", "equation.*'1'"), ("i,jk->i", "operand 0"), ("i.j,jk->i", "equation"),
                ("ij,jk->i->k", "equation"), ("......,jk", "equation"), ("ijk...,jk", "operand 0"),
            ]
        ),
        Refused("m.einsum('ii->i', x)", says="'i' stands twice", x=real(2, 3)),
        Refused("m.einsum(x, [0, 60])", says="0 to 51", x=real(2, 3)),
        Refused("m.einsum('i,i->', x, y)", says="dtypes", x=real(3), y=ints(4, 3)),
    ],  # fmt: skip
    "tensordot": [
        *(Case(f"m.tensordot(x, y, dims={d})", **A) for d in (2, 0, ([1, 2], [0, 1]), ([-2], [0]))),
        Case("m.tensordot(x, y)", **A),
        Case("m.tensordot(a=x, b=y, dims=([2], [1]))", **A),
        Case("m.tensordot(x, y, dims=([2, 1], [1, 0]))", **A),
        Case("m.tensordot(x, y, dims=1)", **M),
        Case("m.tensordot(x, y, dims=0)", x=real(2), y=real()),
        Case("m.tensordot(x, x, dims=3)", x=real(2, 3, 4)),
        Case("m.tensordot(x, y, dims=([0], [0]))", x=real(2, 3), y=real(1, 3)),
        Case("m.tensordot(x, y, dims=([1], [0]))", x=real(2, 1), y=real(3, 2)),
        Case("m.tensordot(x, y, dims=1)", x=real(2, 0), y=real(0, 3)),
        Case("m.tensordot(x, y, dims=1)", x=ints(9, 2, 3), y=ints(9, 3)),
        Refused("m.tensordot(x, y, dims=1)", says="dims", x=real(2, 3), y=real(2, 3)),
        Refused("m.tensordot(x, y, dims=3)", says="dims", **M),
        Refused("m.tensordot(x, y, dims=-1)", says="dims", **M),
        Refused("m.tensordot(x, y, dims=([0, 1], [0]))", says="dims", **M),
        Refused("m.tensordot(x, y, dims=([3], [0]))", says="dim", **M),
        Refused("m.tensordot(x, y, dims=([1, 1], [0, 0]))", says="dims", **SQUARE),
        Refused("m.tensordot(x, y, dims=1)", says="dtypes", x=real(2, 3), y=ints(4, 3)),
    ],
    "cdist": [
        *(Case(f"m.cdist(x, y, p={p})", **P) for p in (0, 0.5, 1, 1.5, 2, 3, "float('inf')")),
        Case("m.cdist(x, y)", **P),
        Case("m.cdist(x1=x, x2=y, p=2.0)", **P),
        Case("m.cdist(x, y)", x=real(2, 3, 4), y=real(2, 5, 4, seed=1)),
        Case("m.cdist(x, y)", x=real(2, 1, 3, 4), y=real(5, 2, 4, seed=1)),
        Case("m.cdist(x, y)", x=real(30, 3), y=real(4, 3, seed=1), second=False, tolerance=10),
        Case("m.cdist(x, y, compute_mode='use_mm_for_euclid_dist')", tolerance=10, **P),
        Case("m.cdist(x, y, compute_mode='donot_use_mm_for_euclid_dist')", **FAR),
        *(Case(f"m.cdist(x, x, p={p})", x=real(3, 2), second=False) for p in (0.5, 1, 2, 3)),
        *(Case("m.cdist(x, y)", x=real(*a), y=real(*b))
          for a, b in (((0, 3), (2, 3)), ((2, 0), (3, 0)), ((1, 1), (1, 1)))),
        Refused("m.cdist(x, y)", says="x1 and x2.*4.*3", x=real(2, 4), y=real(2, 3)),
        Refused("m.cdist(x, y)", says="x1", x=real(4), y=real(2, 4)),
        Refused("m.cdist(x, y)", says="x2", x=real(2, 4), y=real(4)),
        Refused("m.cdist(x, y)", says="x1", x=ints(9, 2, 4), y=real(2, 4)),
        Refused("m.cdist(x, y, p=-1)", says="p must", **P),
        Refused("m.cdist(x, y, compute_mode='fast')", says="compute_mode", **P),
    ],  # fmt: skip
}
