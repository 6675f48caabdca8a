"""Equations, determinants and decompositions.

Signs of vectors are arbitrary, so what is compared does not depend on them.
"""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, complexes, ints, real


def square(*shape: int, seed: int = 0) -> np.ndarray:
    """Matrices far from singular."""
    return real(*shape, seed=seed) + 3 * np.eye(shape[-1])


def definite(*shape: int) -> np.ndarray:
    """Symmetric matrices whose eigenvalues are above 1."""
    a = real(*shape)
    return a @ np.swapaxes(a, -1, -2) + np.eye(shape[-1])


S: dict[str, Any] = {"x": square(3, 3)}
STACK: dict[str, Any] = {"x": square(2, 3, 3)}
D: dict[str, Any] = {"x": definite(3, 3)}
SINGULAR: dict[str, Any] = {"x": np.ones((2, 2))}


def refusals(name: str, word: str = "A", *, square: bool = True) -> list[Trial]:
    """What every function of matrices refuses."""
    trials: list[Trial] = [
        Refused(f"m.linalg.{name}(x)", says=f"{word} must have at least 2", x=real(3)),
        Refused(f"m.linalg.{name}(x)", says=f"{word} must hold real", x=ints(9, 3, 3)),
    ]
    if square:
        trials.append(Refused(f"m.linalg.{name}(x)", says=f"{word} must be square", x=real(2, 3)))
    return trials


def over(code: str, *shapes: tuple[int, ...], make: Any = square, **options: Any) -> list[Trial]:
    """One call on matrices of several shapes."""
    return [Case(code, x=make(*shape), **options) for shape in shapes]


_SOLVED = [((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (2, 3)), ((2, 3, 3), (2, 3, 4)),
           ((2, 3, 3), (3, 2)), ((3, 3), (2, 3, 1)), ((1, 1), (1,)), ((0, 0), (0, 2)),
           ((2, 1, 3, 3), (4, 3, 2)), ((2, 3, 3), (3,))]  # fmt: skip
_RECT = [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1), (3, 1), (2, 2, 4, 3)]

CASES: dict[str, list[Trial]] = {
    "linalg.inv": [
        *over("m.linalg.inv(x)", (3, 3), (2, 3, 3), (1, 1), (0, 0), (2, 1, 2, 2)),
        Case("m.linalg.inv(A=x)", **S),
        Case("m.inverse(x) + x.inverse()", **S),
        Case("m.linalg.inv(x) @ x", **STACK),
        Case("m.linalg.inv(x)", x=complexes(3, 3)),
        *refusals("inv"),
        Refused("m.linalg.inv(x)", says="singular", **SINGULAR),
    ],
    "linalg.solve": [
        *(Case("m.linalg.solve(x, y)", x=square(*a), y=real(*b)) for a, b in _SOLVED),
        Case("m.linalg.solve(A=x, B=y, left=True)", y=real(3, 2), **S),
        Case("m.linalg.solve(x, y, left=False)", y=real(2, 3), **S),
        Case("m.linalg.solve(x, y, left=False)", y=real(2, 4, 3), **STACK),
        Case("m.linalg.solve(x, y)", x=complexes(3, 3), y=complexes(3, 2)),
        Refused("m.linalg.solve(x, y)", says="singular", y=real(2), **SINGULAR),
        Refused("m.linalg.solve(x, y)", says="3 rows in B", y=real(2), **S),
        Refused("m.linalg.solve(x, y, left=False)", says="3 columns in B", y=real(3, 2), **S),
        Refused("m.linalg.solve(x, y)", says="A must be square", x=real(3, 2), y=real(3)),
        Refused("m.linalg.solve(x, y)", says="A must have at least 2", x=real(3), y=real(3)),
        Refused("m.linalg.solve(x, y.double())", says="A and B.*dtype", y=real(3), **S),
    ],
    "linalg.solve_triangular": [
        *(Case(f"m.linalg.solve_triangular(x, y, upper={up}, unitriangular={unit})", y=real(3, 2),
               **STACK) for up in (True, False) for unit in (True, False)),
        Case("m.linalg.solve_triangular(input=x, B=y, upper=True, left=False)", y=real(2, 3), **S),
        Case("m.linalg.solve_triangular(x, y, upper=False)", x=square(0, 0), y=real(0, 2)),
        Case("m.linalg.solve_triangular(x, y, upper=False)", x=square(3, 3, 3), y=real(3, 3)),
        Refused("m.linalg.solve_triangular(x, y, upper=True)", says="B must be", y=real(3), **S),
        Refused("m.linalg.solve_triangular(x, y, upper=True)", says="3 rows", y=real(2, 3), **S),
    ],  # fmt: skip
    "linalg.matrix_rank": [
        *over("m.linalg.matrix_rank(x)", (3, 3), (2, 4, 3), (2, 0), make=real, gradient=False),
        Case("m.linalg.matrix_rank(input=x)", gradient=False, **SINGULAR),
        Case("m.linalg.matrix_rank(x, rtol=0.5)", gradient=False, x=np.diag([4.0, 3.0, 1.0])),
        Case("m.linalg.matrix_rank(x)", gradient=False, x=np.zeros((2, 2))),
        Refused("m.linalg.matrix_rank(x)", says="input must have", x=real(3)),
    ],
    "linalg.det": [
        *over("m.linalg.det(x)", (3, 3), (2, 3, 3), (1, 1), (0, 0), (2, 1, 2, 2)),
        Case("m.linalg.det(A=x)", **S),
        Case("m.det(x) + x.det()", **S),
        # PyTorch's gradient of this one is 0, which is wrong; tests/core holds ours.
        Case("m.linalg.det(x)", gradient=False, **SINGULAR),
        Case("m.linalg.det(x)", second=False, x=np.diag([1.0, 0.0, 0.0])),
        Case("m.linalg.det(x)", x=np.eye(3)),
        Case("m.linalg.det(x)", x=complexes(3, 3), tolerance=10),
        *refusals("det"),
    ],
    "linalg.slogdet": [
        *over("m.linalg.slogdet(x)", (3, 3), (2, 3, 3), (1, 1), (0, 0)),
        Case("m.linalg.slogdet(A=x).logabsdet", x=-square(3, 3)),
        Case("m.slogdet(x)[0] * x.slogdet()[1]", x=real(3, 3)),
        Case("m.logdet(x) - x.logdet() * 2", x=definite(2, 3, 3)),
        Case("m.logdet(x)", x=-square(3, 3), gradient=False),
        Case("m.linalg.slogdet(x)", gradient=False, **SINGULAR),
        *refusals("slogdet"),
    ],
    "linalg.matrix_power": [
        *(Case(f"m.linalg.matrix_power(x, {n})", tolerance=10, **STACK)
          for n in (0, 1, 2, 3, 5, -1, -2)),
        Case("m.matrix_power(x, n=2) + x.matrix_power(n=2)", **S),
        Refused("m.linalg.matrix_power(x, 2)", says="input must be square", x=real(2, 3)),
        Refused("m.linalg.matrix_power(x, 0.5)", says="n must be", **S),
        Refused("m.linalg.matrix_power(x, -1)", says="singular", **SINGULAR),
    ],
    "linalg.pinv": [
        *over("m.linalg.pinv(x)", *_RECT, make=real, tolerance=10),
        Case("m.linalg.pinv(input=x, rtol=1e-3)", x=real(3, 2)),
        Case("m.pinverse(x) + x.pinverse()", x=real(3, 2)),
        Refused("m.linalg.pinv(x)", says="input must have at least 2", x=real(3)),
    ],
    "linalg.cholesky": [
        *over("m.linalg.cholesky(x)", (3, 3), (2, 3, 3), (1, 1), (0, 0), make=definite),
        Case("m.linalg.cholesky(input=x, upper=True)", **D),
        Case("m.linalg.cholesky(x @ x.mT + 1)", x=square(2, 3, 3)),
        Case("m.linalg.cholesky(x)", x=np.tril(definite(3, 3)), gradient=False),
        Case("m.linalg.cholesky(x, upper=True)", x=np.triu(definite(3, 3)), gradient=False),
        *refusals("cholesky", "input"),
        Refused("m.linalg.cholesky(x)", says="not positive definite", x=-definite(3, 3)),
    ],
    "linalg.qr": [
        *over("m.linalg.qr(x)", *_RECT, make=real, tolerance=10),
        *over("m.linalg.qr(x, mode='complete')", (3, 3), (2, 4), (2, 2, 3), make=real),
        Case("m.linalg.qr(x, mode='complete').R", x=real(4, 2), gradient=False),
        Case("m.linalg.qr(x, 'complete').Q.abs()", x=real(4, 3), gradient=False),
        Case("m.linalg.qr(A=x, mode='reduced').Q", x=real(4, 2)),
        Case("m.linalg.qr(x, mode='r')", x=real(2, 4, 3), gradient=False),
        Case("m.linalg.qr(x)", x=real(0, 3), gradient=False),
        Case("m.linalg.qr(x)", x=real(3, 0), gradient=False),
        *refusals("qr", square=False),
        Refused("m.linalg.qr(x, mode='full')", says="mode", **S),
        Refused(
            "m.linalg.qr(x.requires_grad_(), mode='complete').Q.sum().backward()",
            says="complete.*reduced", x=real(4, 2),
        ),
    ],  # fmt: skip
    "linalg.eigh": [
        *over("m.linalg.eigh(x).eigenvalues", (3, 3), (2, 3, 3), (1, 1), make=definite),
        *over("m.linalg.eigh(x)[1].abs()", (3, 3), (2, 3, 3), make=definite, tolerance=20),
        Case("m.linalg.eigh(x)[0]", x=np.zeros((0, 0)), gradient=False),
        Case("m.linalg.eigh(input=x, UPLO='U')[0]", **D),
        Case("m.linalg.eigh(x, UPLO='L')[0]", x=real(3, 3), gradient=False),
        Case("m.linalg.eigh(x, UPLO='U')[0]", x=real(3, 3), gradient=False),
        Case("m.linalg.eigh(x)[0]", x=np.eye(3), second=False),
        Case("(lambda l, v: (v * l.log().unsqueeze(-2)) @ v.mT)(*m.linalg.eigh(x))", **D),
        *refusals("eigh", "input"),
        Refused("m.linalg.eigh(x, UPLO='X')", says="UPLO", **S),
    ],
    "linalg.eigvalsh": [
        *over("m.linalg.eigvalsh(x)", (3, 3), (2, 3, 3), make=definite),
        Case("m.linalg.eigvalsh(input=x, UPLO='U')", **D),
        *refusals("eigvalsh", "input"),
    ],
    "linalg.svd": [
        *over("m.linalg.svd(x).S", *_RECT, make=real, tolerance=10),
        *over("m.linalg.svd(x, full_matrices=False)[0].abs()", *_RECT, make=real, tolerance=50),
        *over("m.linalg.svd(A=x, full_matrices=False).Vh.abs()", *_RECT, make=real, tolerance=50),
        *over("(lambda u, s, v: (u * s.log().unsqueeze(-2)) @ v)(*m.linalg.svd(x, False))",
              (3, 3), (4, 2), (2, 2, 4), make=real, tolerance=50),
        *over("[p.shape for p in m.linalg.svd(x)]", (4, 2), (2, 4), (2, 3, 1), make=real),
        *over("(lambda u, s, v: [u @ u.mT, v.mT @ v])(*m.linalg.svd(x))", (4, 2), (2, 4),
              make=real, gradient=False),
        Case("m.linalg.svd(x)[1]", x=np.zeros((0, 3)), gradient=False),
        Case("m.linalg.svd(x)[1]", x=np.eye(3), second=False),
        *refusals("svd", square=False),
        Refused("m.linalg.svd(x)", says="nan", x=np.full((2, 2), np.nan)),
    ],  # fmt: skip
    "linalg.svdvals": [
        *over("m.linalg.svdvals(A=x)", *_RECT, make=real, tolerance=10),
        *refusals("svdvals", square=False),
    ],
}
