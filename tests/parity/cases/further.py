"""Names that the promise leaves out and scripts use: parts of numbers, synonyms, in place."""

from typing import Any

from ..case import Case, Refused, Trial, bools, ints, positive, real, unit

X = real(3, 4)
SHAPES: list[tuple[int, ...]] = [(), (0,), (3, 4)]
ODD = [1.0, float("nan"), float("inf"), -float("inf")]


def _over(code: str, make: Any = real, **options: Any) -> list[Trial]:
    """A function of one tensor, by shape."""
    return [Case(code, x=make(*shape), **options) for shape in SHAPES]


def _synonym(name: str, make: Any = real) -> list[Trial]:
    return [*_over(f"m.{name}(x)", make), Case(f"x.{name}()", x=make(2, 3))]


def _compared(name: str) -> list[Trial]:
    y = real(4, seed=1)
    return [Case(f"m.{name}(x, y)", x=X, y=y), Case(f"x.{name}(0.5)", x=X),
            Case(f"m.{name}(input=x, other=y)", x=ints(3, 4), y=ints(3, 4, seed=1))]  # fmt: skip


def _written(code: str, **inputs: Any) -> Case:
    """What a call leaves in a copy of x, which keeps its history."""
    return Case(f"[y := x * 1, y.{code}, y][-1]", **(inputs or {"x": X}))


CASES: dict[str, list[Trial]] = {
    "fmod": [
        *_over("m.fmod(x, 0.7)"),
        Case("m.fmod(x, y)", x=X, y=real(4, seed=2)),
        Case("m.fmod(x, -2)", x=ints(9, 5, low=-9)),
        Case("x.fmod(y)", x=ints(9, 5, low=-9), y=ints(5, 5, low=1)),
    ],
    "frac": _synonym("frac"),
    "fix": _synonym("fix"),
    "erfc": _synonym("erfc"),
    "logit": [*_synonym("logit", unit), Case("m.logit(x, eps=0.3)", x=unit(3, 4))],
    "xlogy": [
        Case("m.xlogy(x, y)", x=X, y=positive(4)),
        Case("x.xlogy(2.5)", x=X),
        Case("m.xlogy(x.detach() * 0, m.tensor([0.0, -1.0, float('nan')]).to(x))", x=real(3)),
    ],
    "isposinf": [Case("m.isposinf(x / 0)", x=real(5), gradient=False)],
    "isneginf": [Case("x.isneginf()", x=X), Case("m.isneginf(x / 0)", x=real(5), gradient=False)],
    "isin": [
        Case("m.isin(x, y)", x=ints(5, 3, 4), y=ints(5, 3, seed=1)),
        Case("m.isin(x, y, invert=True)", x=ints(5, 6), y=ints(5, 2, 2), strided=False),
        Case("m.isin(x, y)", x=ints(5, 0), y=ints(5, 2)),
    ],
    "diff": [
        Case("m.diff(x)", x=X),
        Case("m.diff(x, n=2, dim=0)", x=X),
        Case("x.diff(dim=0)", x=real(4)),
        Case("m.diff(x, n=9)", x=X),
        Case("m.diff(x)", x=bools(2, 5)),
        Case("m.diff(x)", x=real(1)),
        Refused("m.diff(x)", x=real(), says="dimension"),
        Refused("m.diff(x, n=-1)", x=X, says="n must"),
        Refused("m.diff(x, dim=2)", x=X, says="dim"),
    ],
    "aminmax": [
        Case("m.aminmax(x)", x=X),
        Case("m.aminmax(x, dim=1)", x=X),
        Case("x.aminmax(dim=0, keepdim=True).max", x=X),
    ],
    "block_diag": [
        Case("m.block_diag(x, y)", x=X, y=real(2, 2)),
        Case("m.block_diag(x, y, x)", x=real(3), y=real()),
        Case("m.block_diag(x)", x=X),
    ],
    "cartesian_prod": [
        Case("m.cartesian_prod(x, y)", x=real(3), y=real(2)),
        Case("m.cartesian_prod(x)", x=real(3)),
        Case("m.cartesian_prod(x, x, x)", x=ints(9, 2)),
    ],
    "logspace": [
        Case("m.logspace(0, 2, 5)"),
        Case("m.logspace(start=-1, end=1, steps=4, base=2)"),
        Case("m.logspace(0, 1, 1, dtype=m.float64)"),
    ],
    "tril_indices": [
        Case(f"m.tril_indices({sizes})") for sizes in ("3, 3", "2, 4", "4, 2, 1", "3, 3, -1")
    ],
    "triu_indices": [
        Case(f"m.triu_indices({sizes})") for sizes in ("3, 3", "2, 4", "4, 2, 1", "3, 3, -1")
    ],
    **{name: _compared(name)
       for name in ("greater", "greater_equal", "less", "less_equal", "not_equal")},
    **{name: _synonym(name, unit) for name in ("arccos", "arcsin", "arctan", "arctanh", "arcsinh")},
    "arccosh": [Case("m.arccosh(x + 1.5)", x=positive(3, 4))],
    "arctan2": [Case("m.arctan2(x, y)", x=X, y=real(4, seed=3)), Case("x.arctan2(x + 1)", x=X)],
    "dist": [
        *[Case(f"m.dist(x, y{p})", x=X, y=real(4, seed=5)) for p in ("", ", 1", ", p=3")],
        Case("x.dist(x)", x=real(3), second=False),
    ],
    "axis": [
        *[Case(f"m.{name}(x, axis=1)", x=X) for name in (
            "sum mean var std amax argmax max softmax log_softmax logsumexp cumsum sort "
            "argsort squeeze unsqueeze unbind").split()],
        *[Case(f"x.{name}(axis=0, keepdims=True)", x=X) for name in "sum mean std min".split()],
        Case("m.cat([x, x], axis=1)", x=X),
        Case("m.all(x > 0, axis=0)", x=X),
        Refused("m.sum(x, axis=5)", x=X, says="dim"),
        Refused("m.sum(x, dim=0, axis=1)", x=X, says="axis"),
    ],
    "Tensor.type": [
        Case("x.type()", x=X),
        Case("x.type(m.float32)", x=X),
        Case("x.type(m.int64)", x=X),
        Case("[x.is_cuda, x.ndimension(), x.nelement(), x.itemsize, x.nbytes]", x=X),
    ],
    "in_place": [
        *[_written(f"{name}_()") for name in (
            "neg abs sign square reciprocal exp exp2 expm1 sin cos tan sinh cosh tanh atan "
            "erf sigmoid relu floor ceil round trunc frac").split()],
        *[_written(f"{name}_()", x=unit(3, 4)) for name in (
            "sqrt rsqrt log log1p log2 log10 asin acos").split()],
        *[_written(f"{name}_(0.5)") for name in (
            "add sub mul div fmod remainder clamp_min clamp_max subtract multiply divide "
            "true_divide").split()],
        *[_written(f"{name}_(0.5)", x=X, gradient=False) for name in "eq ne lt le gt ge".split()],
        _written("pow_(2)"),
        _written("clamp_(min=-0.5, max=0.5)"),
        _written("clip_(max=0.5)"),
        _written("add_(x, alpha=3)"),
        _written("lerp_(x + 1, 0.3)"),
        _written("addcmul_(x, x, value=2)"),
        _written("masked_fill_(x > 0, 1.5)"),
        _written("cumsum_(1)"),
        _written("cumprod_(0)", x=X, gradient=False),
        _written("hypot_(x)"),
        _written("atan2_(x + 1)"),
        _written("logical_not_()", x=X, gradient=False),
        _written("logical_and_(x > 0)", x=X, gradient=False),
        _written("bitwise_or_(4)", x=ints(9, 3, 4)),
        _written("bitwise_not_()", x=ints(9, 3, 4)),
        _written("tril_()"),
        _written("fill_diagonal_(7.0)"),
        _written("t_()"),
        _written("unsqueeze_(0)"),
        _written("zero_()", x=X, gradient=False),
        Case("x.clone().detach_().requires_grad", x=X),
        Refused("x.add_(m.ones(2, 3, 4).to(x))", x=X, says="shape"),
        Refused("x.add_(0.5)", x=ints(9, 3), says="int64"),
    ],
}  # fmt: skip
