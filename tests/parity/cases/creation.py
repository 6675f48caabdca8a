"""Tensors from nothing. Random numbers cannot agree: their shapes, dtypes and limits can."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, ints, real, unit
from ..sweeps import INF, NAN

X: dict[str, Any] = {"x": real(2, 3)}
SIZES = ("2, 3", "(2, 3)", "[2, 3]", "size=(2,)", "()", "0, 3", "m.tensor(2), 3", "(1,)")
CERTAIN = np.array([0.0, 1.0, 1.0])
DTYPES = ("m.float64", "m.int64", "m.bool", "float", "int", "bool", "m.float16", "None")


def _plain(code: str, **inputs: Any) -> Case:
    """Nothing to differentiate: it is tried once."""
    return Case(code, kinds=("float32",), strided=False, **inputs)


def _bad_sizes(name: str) -> list[Trial]:
    sizes = ("-1", "2.5", "'a'", "", "(2, 3), 4", "(2, -1)")
    return [Refused(f"m.{name}({size})", says="size") for size in sizes]


def _constant(name: str, read: str = "") -> list[Trial]:
    """zeros, ones and empty; read: what of the result is compared."""
    return [
        *(_plain(f"m.{name}({size}){read}") for size in SIZES),
        *(_plain(f"m.{name}(2, dtype={kind}){read or '.dtype'}") for kind in DTYPES),
        _plain(f"m.{name}(2, requires_grad=True).requires_grad, m.{name}(2).requires_grad"),
        *_bad_sizes(name),
        Refused(f"m.{name}(2, dtype=m.int64, requires_grad=True)", says="gradient"),
    ]


def _like(name: str, read: str = "", more: str = "") -> list[Trial]:
    """The makers after another tensor's pattern."""
    kinds = (real(2, 3), real(), real(0, 2), ints(5, 3), bools(2))
    return [
        *(Case(f"m.{name}(x{more}){read}", x=x, gradient=False) for x in kinds),
        *(_plain(f"m.{name}(x{more}, dtype={kind}){read or '.dtype'}", **X) for kind in DTYPES),
        _plain(f"m.{name}(input=x{more}){read}", **X),
        _plain(f"m.{name}(x{more}, requires_grad=True).requires_grad", x=real(2)),
        _plain(f"m.{name}(x.T{more}).shape", **X),
        Refused(f"m.{name}(2{more})", says="input"),
        Refused(f"m.{name}([1, 2]{more})", says="input"),
        Refused(f"m.{name}(x{more}, requires_grad=True)", says="gradient", x=ints(5, 3)),
    ]


CONSTANTS: dict[str, list[Trial]] = {
    "zeros": [
        *_constant("zeros"),
        *(_plain(f"x.new_{call}", x=real(2)) for call in (
            "zeros(2, 3)", "zeros((2,))", "empty(3).shape", "ones(size=(2,))", "full((2,), 3.5)",
            "zeros(2, dtype=m.int64)", "tensor([1, 2])", "tensor(2.5, dtype=m.int64)",
        )),
    ],
    "ones": _constant("ones"),
    "full": [
        *(_plain(f"m.full((2,), {value})") for value in
          ("3", "3.5", "True", "-float('inf')", "float('nan')", "m.tensor(3)", "m.tensor(2.5)")),
        *(_plain(f"m.full({size}, 7)") for size in ("()", "[2, 2]", "(0, 3)", "(m.tensor(2), 3)")),
        *(_plain(f"m.full((2,), 2.7, dtype={kind})") for kind in DTYPES),
        _plain("m.full(size=(2,), fill_value=1.5)"),
        _plain("m.full((2,), 3.0, requires_grad=True).requires_grad"),
        Refused("m.full(2, 3)", says="size"),
        Refused("m.full((-2,), 1)", says="size"),
        Refused("m.full((2.5,), 1)", says="size"),
        Refused("m.full((2,))", says="fill_value"),
        *(Refused(f"m.full((2,), {bad})", says="fill_value")
          for bad in ("'a'", "m.tensor([3])", "None")),
        Refused("m.full((2,), 3, requires_grad=True)", says="gradient"),
    ],
    "eye": [
        *(_plain(f"m.eye({n})") for n in ("3", "2, 3", "3, 2", "0", "1", "n=2, m=3", "2, 0")),
        *(_plain(f"m.eye(2, dtype={kind})") for kind in DTYPES),
        _plain("m.eye(2, requires_grad=True).requires_grad"),
        *(Refused(f"m.eye({n})", says="^n|eye: n") for n in ("-1", "2.5", "'a'")),
        *(Refused(f"m.eye(2, {n})", says="^m|eye: m") for n in ("-1", "2.5")),
    ],
    "zeros_like": _like("zeros_like"),
    "ones_like": _like("ones_like"),
    "empty_like": _like("empty_like", ".shape"),
    "full_like": [
        *_like("full_like", more=", fill_value=1.5"),
        *(_plain(f"m.full_like(x, {n})", x=ints(5, 2)) for n in ("3.7", "3", "m.tensor(2.0)")),
        Refused("m.full_like(x)", says="fill_value", **X),
        Refused("m.full_like(x, 'a')", says="fill_value", **X),
    ],
}  # fmt: skip
_RANGES = ("5", "5.0", "2.5", "1, 5", "1, 5, 2", "5, 1, -1", "0, 1, 0.25", "start=1, end=4",
           "end=4", "1, 4, step=2", "0", "5, 5", "-3, 3", "1, 2, 0.1", "0, 3, 0.7, dtype=m.float64",
           "True", "0, 2.5, dtype=m.int64", "0.5, 3, dtype=m.int64", "m.tensor(3)", "m.tensor(2.5)",
           "5, dtype=m.float32", "10, 0, -3", "1e-3, 5e-3, 1e-3")  # fmt: skip
_RAMPS = ("0, 1, 5", "0, 1, 1", "0, 1, 0", "0, 1, 2", "start=3, end=-3, steps=4", "0.1, 0.7, 100",
          "0, 10, 5, dtype=m.int64", "0, 9, 5, dtype=m.int64", "0, 1, 3, dtype=m.float64",
          "m.tensor(0.5), 2, 3", "0, m.tensor(1.0), 3", "-5, 5, 11", "2, 2, 3")  # fmt: skip
RANGES: dict[str, list[Trial]] = {
    "arange": [
        *(_plain(f"m.arange({arguments})") for arguments in _RANGES),
        _plain("m.arange(0.0, 3, requires_grad=True).requires_grad"),
        *(Refused(f"m.arange({a})", says="step") for a in ("5, 1", "0, 5, 0", "0, 5, -1")),
        *(Refused(f"m.arange({end})", says="end")
          for end in ("float('inf')", "'a'", "0, float('nan')")),
        Refused("m.arange(3, requires_grad=True)", says="gradient"),
    ],
    "linspace": [
        *(_plain(f"m.linspace({arguments})") for arguments in _RAMPS),
        _plain("m.linspace(0, 1, 3, requires_grad=True).requires_grad"),
        *(Refused(f"m.linspace({a})", says="steps") for a in ("0, 1, -1", "0, 1, 2.5", "0, 1")),
        Refused("m.linspace(m.tensor([0.0]), 1, 3)", says="start"),
        Refused("m.linspace(0, 'a', 3)", says="end"),
    ],
}

_SEEDED = "[m.manual_seed(5), z := m.NAME, m.manual_seed(5), bool((z == m.NAME).all())][3]"


def _repeats(call: str) -> Case:
    """The same seed gives the same numbers."""
    return _plain(_SEEDED.replace("NAME", call), x=real(2, 3), p=unit(2, 3))


def _random(name: str) -> list[Trial]:
    """rand and randn."""
    return [
        *(_plain(f"m.{name}({size}).shape, m.{name}({size}).dtype") for size in SIZES),
        _plain(f"m.{name}(2, dtype=m.float64).dtype, m.{name}(2, dtype=m.float16).dtype"),
        _plain(f"m.{name}(2, requires_grad=True).requires_grad"),
        _plain(f"m.{name}(3, generator=m.Generator().manual_seed(1)).shape"),
        _repeats(f"{name}(2, 3)"),
        *_bad_sizes(name),
        Refused(f"m.{name}(2, dtype=m.int64)", says="dtype"),
    ]


def _random_like(name: str, more: str = "") -> list[Trial]:
    read = ".shape"
    return [
        *(Case(f"m.{name}(x{more}){read}, m.{name}(x{more}).dtype", x=x, gradient=False)
          for x in (real(2, 3), real(), real(0))),
        _plain(f"m.{name}(x{more}, dtype=m.float64).dtype", **X),
        _plain(f"m.{name}(x{more}).requires_grad", **X),
        _plain(f"m.{name}(x{more}, requires_grad=True).requires_grad", **X),
        _plain(f"m.{name}(x{more}, generator=m.Generator()).shape", **X),
        _repeats(f"{name}(x{more})"),
        Refused(f"m.{name}(2{more})", says="input"),
    ]  # fmt: skip


_DRAWN = "z.shape, z.dtype, bool((z >= {0}).all()), bool((z < {1}).all())"


def _within(call: str, low: int, high: int, **inputs: Any) -> Case:
    return _plain(f"[z := m.{call}, {_DRAWN.format(low, high)}][1:]", **inputs)


DRAWS: dict[str, list[Trial]] = {
    "rand": [*_random("rand"), _within("rand(50)", 0, 1)],
    "randn": _random("randn"),
    **{
        name: [*_random_like(name), Refused(f"m.{name}(x)", says="dtype", x=ints(5, 3))]
        for name in ("rand_like", "randn_like")
    },
    "randint": [
        _within("randint(5, (50,))", 0, 5), _within("randint(2, 5, (50,))", 2, 5),
        _within("randint(low=-2, high=3, size=(50,))", -2, 3),
        _within("randint(high=4, size=[9])", 0, 4),
        _within("randint(0, 5, size=(4, 5))", 0, 5), _within("randint(1, 2, ())", 1, 2),
        _within("randint(5, (0, 3))", 0, 5), _within("randint(5, size=(3,))", 0, 5),
        *(_within(f"randint(2, 5, (3,), dtype=m.{kind})", 2, 5)
          for kind in ("float32", "int8", "uint8")),
        _repeats("randint(1000, (20,))"),
        Refused("m.randint(5, 3)", says="size"),
        Refused("m.randint(5)", says="size"),
        Refused("m.randint(5, 5, (3,))", says="high"),
        Refused("m.randint(5, 2, (3,))", says="high"),
        Refused("m.randint(0, (3,))", says="high"),
        Refused("m.randint(0.5, 5, (3,))", says="low"),
        Refused("m.randint(0, 300, (3,), dtype=m.uint8)", says="high"),
        Refused("m.randint(5, (-3,))", says="size"),
    ],
    "randint_like": [
        *_random_like("randint_like", ", 5"), _within("randint_like(x, 2, 5)", 2, 5, x=real(20)),
        _within("randint_like(x, high=5)", 0, 5, x=ints(9, 20)),
        _within("randint_like(x, low=2, high=5)", 2, 5, x=real(20)),
        Refused("m.randint_like(x, 0)", says="high", **X),
        Refused("m.randint_like(x, 5, 2)", says="high", **X),
    ],
    "randperm": [
        *(_plain(f"m.randperm({n}).sort().values") for n in ("4", "0", "1", "50", "m.tensor(3)")),
        *(_plain(f"m.randperm(4, dtype=m.{kind}).dtype") for kind in ("int32", "float32")),
        _plain("m.randperm(n=3, generator=m.Generator().manual_seed(2)).shape"),
        _repeats("randperm(20)"),
        *(Refused(f"m.randperm({n})", says="n ") for n in ("-1", "2.5", "'a'")),
    ],
    "bernoulli": [
        _plain("m.bernoulli(x)", x=CERTAIN),
        _plain("m.bernoulli(p).shape, p.bernoulli().dtype", p=unit(2, 3)),
        *(Case(f"m.bernoulli(x, {p})", **X, gradient=False) for p in ("p=0.0", "1.0")),
        _plain("x.bernoulli(0.5).shape, x.bernoulli(p=1.0)", x=bools(2, 3)),
        _plain("m.bernoulli(x, p=1).dtype, m.bernoulli(x, 0.0)", x=ints(5, 3)),
        Case("m.bernoulli(x).shape", x=unit(4)), Case("m.bernoulli(x)", x=unit(0)),
        _plain("[z := x * 0, z.bernoulli_(1), z.bernoulli_(p), z][3]", x=real(3), p=CERTAIN),
        _repeats("bernoulli(p)"),
        *(Refused("m.bernoulli(x)", says="probabilities", x=x)
          for x in (np.array([2.0]), np.array([-0.1]), np.array([NAN]), ints(2, 3))),
        Refused("m.bernoulli(x, p=2.0)", says="p ", **X),
        Refused("m.bernoulli(x, -0.5)", says="p ", **X),
        Refused("m.bernoulli(0.5)", says="input"),
    ],
    "multinomial": [
        *(_plain(f"m.multinomial(x, {a}).shape, x.multinomial({a}).dtype", x=unit(2, 4))
          for a in ("1", "3", "4", "num_samples=9, replacement=True", "2, True")),
        _plain("m.multinomial(x, 2), m.multinomial(x, 5, True)", x=np.array([0.0, 2.0])),
        _plain("m.multinomial(x, 1), m.multinomial(x, 3, replacement=True)", x=np.eye(3)),
        _plain("m.multinomial(input=x, num_samples=3).sort().values", x=unit(3)),
        _plain("m.multinomial(x, 1).shape", x=real(0, 3)),
        _repeats("multinomial(p, 2)"),
        Refused("m.multinomial(x, 4)", says="num_samples", x=unit(3)),
        *(Refused(f"m.multinomial(x, {n})", says="num_samples", x=unit(3)) for n in (0, -1)),
        *(Refused("m.multinomial(x, 1)", says="input", x=x) for x in
          (ints(5, 3), np.zeros(3), np.array([-1.0, 2.0]), np.array([NAN, 1.0]),
           np.array([INF, 1.0]), unit(1, 1, 2), unit())),
    ],
    "normal": [
        *(_plain(f"[z := m.normal({a}), z.shape, z.dtype, z.requires_grad][1:]", **X, s=unit(3))
          for a in
          ("0.0, 1.0, (3,)", "0, 1, (2, 2)", "0.0, 1.0, size=(3,)", "mean=0.0, std=2.0, size=()",
           "x", "x, 2.0", "0.0, s", "mean=x, std=s", "x.double(), s.double()",
           "x, s, generator=m.Generator()", "0.0, 1.0, (3,), dtype=m.float64",
           "0.0, 1.0, (3,), requires_grad=True")),
        _plain("m.normal(x, 0.0), m.normal(2.0, 0.0, (3,)), m.normal(x, x * 0)", **X),
        Case("m.normal(x, 0.0), m.normal(x, s)[:0]", **X, s=unit(3)),
        _repeats("normal(x, p)"),
        Refused("m.normal(0.0, 1.0)", says="size"),
        *(Refused(f"m.normal({a})", says="std", **X)
          for a in ("x, -1.0", "x, -1 - x.abs()", "0.0, -1.0, (2,)")),
        Refused("m.normal(x, 1.0)", says="dtype|real", x=ints(5, 3)),
        Refused("m.normal(x, s)", says=r"\(4,\)", x=real(3), s=unit(4)),
    ],
    "Generator": [
        _plain("m.Generator().manual_seed(3).initial_seed(), m.manual_seed(7).initial_seed()"),
        _plain("m.Generator(device='cpu').manual_seed(-1).initial_seed()"),
        _plain("str(m.Generator('cpu').device), str(m.Generator().device)"),
        _plain("[g := m.Generator(), g.seed() == g.initial_seed(), g.manual_seed(2) is g][1:]"),
        *(_plain(f"[g := m.Generator().manual_seed(4), z := m.{call}, g.manual_seed(4), "
                 f"bool((z == m.{call}).all())][3]") for call in
          ("rand(9, generator=g)", "randn(9, generator=g)", "randint(99, (9,), generator=g)",
           "randperm(30, generator=g)", "normal(0.0, 1.0, (9,), generator=g)",
           "empty(9).uniform_(1, 2, generator=g)", "empty(9).normal_(generator=g)",
           "empty(9).random_(50, generator=g)", "empty(9).exponential_(generator=g)",
           "bernoulli(m.full((20,), 0.5), generator=g)",
           "multinomial(m.ones(20), 9, generator=g)")),
        _plain("[g := m.Generator().manual_seed(1), m.rand(3, generator=g), s := g.get_state(), "
               "z := m.rand(3, generator=g), g.set_state(s), "
               "bool((z == m.rand(3, generator=g)).all())][5]"),
        _plain("[s := m.get_rng_state(), z := m.rand(3), m.set_rng_state(s), "
               "bool((z == m.rand(3)).all())][3]"),
        _plain("[m.manual_seed(1), z := m.rand(3), m.rand(3, generator=m.Generator()), "
               "y := m.rand(3), m.manual_seed(1), bool((m.rand(3) == z).all()), "
               "bool((m.rand(3) == y).all())][5:]"),
        *(Refused(f"m.Generator().manual_seed({seed})", says="seed") for seed in ("2.5", "'a'")),
        Refused("m.Generator('abc')", says="device"),
    ],
}  # fmt: skip
IN_PLACE: list[Trial] = [
    _plain("[z := m.zeros(3).long(), z.geometric_(0.5), z.dtype, bool((z >= 1).all())][2:]"),
    _plain("[z := m.empty(50), z.random_(2, 5), bool((z >= 2).all() and (z < 5).all())][2]"),
    _plain("[z := m.empty(50), z.exponential_(2.0), bool((z >= 0).all()), z.shape][2:]"),
    _plain("[z := m.empty(5, dtype=m.int64), z.random_(), bool((z >= 0).all())][2]"),
    _plain("[z := m.empty(5), z.cauchy_(), z.log_normal_(), bool((z > 0).all())][3]"),
    *(Refused(f"m.empty(3).{call}", says=word) for call, word in (
        ("uniform_(2, 1)", "b - a"), ("normal_(0, -1)", "std"), ("random_(5, 5)", "integer"),
        ("random_(0)", "integer"), ("exponential_(0)", "lambd"), ("geometric_(0)", "p "),
        ("geometric_(1.5)", "p "), ("bernoulli_(2)", "p "), ("log_normal_(0, -1)", "std"),
        ("cauchy_(0, -1)", "sigma"),
    )),
    *(Refused(f"m.zeros(3, dtype=m.int64).{name}_()", says="real numbers")
      for name in ("uniform", "normal", "exponential", "cauchy", "log_normal")),
    Refused("m.empty(3).bernoulli_(p)", says=r"\(2,\)", p=unit(2)),
]  # fmt: skip
DRAWS["Generator"] += IN_PLACE

CASES: dict[str, list[Trial]] = {**CONSTANTS, **RANGES, **DRAWS}
