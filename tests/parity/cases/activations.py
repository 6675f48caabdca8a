"""Activations, as functions and as modules."""

from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, ints, real

X: dict[str, Any] = {"x": real(3, 5)}
FAR: dict[str, Any] = {"x": np.array([-2000.0, -30, -6.5, -1e-3, 0, 1e-3, 0.4, 2.5, 6.5, 30, 2000])}
CORNERS: dict[str, Any] = {"x": np.array([-3.0, -1.0, 0.0, 1.0, 3.0, 6.0])}
SHAPES = ((), (1,), (3, 5), (2, 3, 4), (0, 3))
INTS: dict[str, Any] = {"x": ints(9, 3, low=-4)}
BOOLS: dict[str, Any] = {"x": np.array([True, False])}


def _function(name: str, *options: str, inplace: bool = False, tolerance: float = 1) -> list[Trial]:
    """Every shape, far from 0, and each set of options."""
    code = f"F.{name}(x"
    trials: list[Trial] = [
        *[Case(f"{code})", x=real(*shape), tolerance=tolerance) for shape in SHAPES],
        Case(f"{code})", **FAR, tolerance=tolerance, second=False),
        Case(f"F.{name}(input=x)", **X, tolerance=tolerance),
        Case(f"{code})", **X, kinds=("float16",), second=False),
        *[Case(f"{code}, {o})", **X, tolerance=tolerance) for o in options],
        *[Case(f"{code}, {o})", **FAR, tolerance=tolerance, second=False) for o in options],
    ]
    if inplace:
        trials += [
            Case(f"(lambda y: [F.{name}(y, inplace=True), y])(x * 1)", **X, tolerance=tolerance),
            Case(f"(lambda y: F.{name}(y, inplace=True) is y)(x * 1)", **X),
            Case(f"[F.{name}(x, inplace=True), x]", **X, gradient=False, tolerance=tolerance),
            Refused(f"F.{name}(x.requires_grad_(), inplace=True)", says="leaf", **X),
        ]
    return trials


def _no_ints(name: str) -> list[Trial]:
    return [Refused(f"F.{name}(x)", says="real numbers", **kind) for kind in (INTS, BOOLS)]


def _module(name: str, *options: str, tolerance: float = 1) -> list[Trial]:
    """As a layer with each set of options, and how it prints."""
    return [
        *[Layer(f"m.nn.{name}({o})", x=real(3, 4, 2), tolerance=tolerance) for o in ("", *options)],
        *[Case(f"repr(m.nn.{name}({o}))") for o in ("", *options)],
    ]


def _probabilities(name: str) -> list[Trial]:
    code = f"F.{name}(x"
    return [
        *[Case(f"{code}, {d})", x=real(2, 3, 4)) for d in (0, 1, -1)],
        *[Case(f"{code}, dim={d})", x=real(*s)) for d, s in
          ((0, ()), (-1, ()), (0, (4,)), (0, (0, 3)), (1, (3, 0)), (1, (3, 1)))],
        Case(f"F.{name}(input=x, dim=1)", **X),
        Case(f"{code}, 0)", **FAR, second=False),
        Case(f"{code}, 0)", x=np.array([-np.inf, 1.0, 2.0]), second=False),
        *[Case(f"{code}, 0)", x=np.array([*end, 1.0, 2.0]), gradient=False)
          for end in ((np.inf,), (np.nan,))],
        Case(f"{code}, 0)", x=np.array([-np.inf, -np.inf]), gradient=False),
        Case(f"{code}, dim=1, dtype=m.float64)", **X),
        Case(f"{code}, dim=0, dtype=m.float32)", **INTS, gradient=False),
        *[Refused(f"{code}, {d})", says="dim|out of range", **X) for d in (2, -3)],
        *[Refused(f"{code}, 0)", says="real numbers", **kind) for kind in (INTS, BOOLS)],
    ]  # fmt: skip


CASES: dict[str, list[Trial]] = {
    "nn.functional.relu": [
        *_function("relu", "False", inplace=True),
        *[Case("F.relu(x)", **inputs) for inputs in (CORNERS, INTS)],
        Case("(lambda y: [F.relu_(y), y])(x * 1)", **X),
        Case("(lambda y: F.relu(y.view(-1), inplace=True))(x * 1)", **X, strided=False),
        Refused("F.relu(x)", says="bool", **BOOLS),
        Refused("F.relu([1.0])", says="ensor"),
    ],
    "nn.functional.relu6": [
        *_function("relu6", inplace=True),
        *[Case("F.relu6(x)", **inputs) for inputs in (CORNERS, INTS)],
        Refused("F.relu6(x)", says="bool", **BOOLS),
    ],
    "nn.functional.leaky_relu": [
        *_function("leaky_relu", "0.3", "negative_slope=-0.5", "negative_slope=0.0"),
        *_function("leaky_relu", inplace=True)[7:],
        Case("F.leaky_relu(x, 0.2)", **CORNERS),
        *_no_ints("leaky_relu"),
    ],
    "nn.functional.prelu": [
        *[Case("F.prelu(x, w)", x=real(*s), w=real(*n, seed=1)) for s, n in (
            ((), ()), ((), (1,)), ((4,), (1,)), ((4,), ()), ((2, 3), (3,)), ((2, 3), (1,)),
            ((2, 3, 4), (3,)), ((2, 3, 2, 2), (3,)), ((0, 3, 2), (3,)))],
        Case("F.prelu(input=x, weight=w)", **X, w=real(5)),
        Case("F.prelu(x, w)", **CORNERS, w=real(1), second=False),
        *[Refused("F.prelu(x, w)", says="weight must be", x=real(*s), w=real(*n)) for s, n in (
            ((2, 3), (2,)), ((3,), (3,)), ((), (2,)), ((2, 3), (1, 3)), ((2, 3), (1, 1)))],
        Refused("F.prelu(x, w.double())", says="one dtype", **X, w=real(1)),
        Refused("F.prelu(x, w)", says="input must hold real", **INTS, w=real(1)),
    ],
    "nn.functional.elu": [
        *_function("elu", "0.5", "alpha=-1.5", "alpha=0.0", inplace=True),
        Case("F.elu(x, 0.5)", **CORNERS, second=False),
        *_no_ints("elu"),
    ],
    "nn.functional.selu": [*_function("selu", inplace=True), *_no_ints("selu")],
    "nn.functional.celu": [
        *_function("celu", "0.5", "alpha=2.0", inplace=True),
        Case("F.celu(x, -1.0)", **X),
        Case("F.celu(x, 0.5)", **CORNERS, second=False),
        *_no_ints("celu"),
        Refused("F.celu(x, 0.0)", says="alpha", **X),
    ],
    "nn.functional.gelu": [
        *_function("gelu", "approximate='none'", "approximate='tanh'"),
        Refused("F.gelu(x, approximate='exact')", says="approximate", **X),
        Refused("F.gelu(x, 'tanh')", says="positional", **X),
        *_no_ints("gelu"),
    ],
    "nn.functional.silu": [*_function("silu", inplace=True), *_no_ints("silu")],
    "nn.functional.mish": [*_function("mish", inplace=True), *_no_ints("mish")],
    "nn.functional.glu": [
        *[Case(f"F.glu(x, {d})", x=real(*s)) for d, s in
          ((-1, (4,)), (0, (4, 3)), (1, (2, 6, 3)), (-1, (0, 4)), (0, (0, 3)))],
        Case("F.glu(x)", x=real(2, 4)),
        Case("F.glu(input=x, dim=0)", x=real(2)),
        Refused("F.glu(x)", says="dim", x=real(2, 3)),
        Refused("F.glu(x)", says="dimension", x=real()),
        Refused("F.glu(x, 2)", says="range", x=real(2, 4)),
        *_no_ints("glu"),
    ],
    "nn.functional.softplus": [
        *_function("softplus", "2", "beta=0.5, threshold=3", "beta=-1.0"),
        *_no_ints("softplus"),
    ],
    "nn.functional.softsign": [
        *_function("softsign"),
        Case("F.softsign(x)", **INTS),
        Refused("F.softsign(x)", says="bool", **BOOLS),
    ],
    "nn.functional.hardtanh": [
        *_function("hardtanh", "-2.0, 0.5", "min_val=-0.5, max_val=0.5", "1.0, 1.0", inplace=True),
        Case("F.hardtanh(x)", **CORNERS),
        *[Case(f"F.hardtanh(x{o})", **INTS) for o in ("", ", -0.5, 2.5", ", -2, 3")],
        Case("F.hardtanh(x, min_val=1, max_val=3)", x=ints(9, 4).astype("uint8")),
        Refused("F.hardtanh(x, 1.0, -1.0)", says="min_val", **X),
        Refused("F.hardtanh(x)", says="min_val", x=ints(9, 4).astype("uint8")),
        Refused("F.hardtanh(x)", says="bool", **BOOLS),
    ],
    "nn.functional.hardswish": [
        *_function("hardswish", inplace=True),
        Case("F.hardswish(x)", **CORNERS, second=False),
        *_no_ints("hardswish"),
    ],
    "nn.functional.hardsigmoid": [
        *_function("hardsigmoid", inplace=True, tolerance=4),  # PyTorch's slope is a float32 1/6
        Case("F.hardsigmoid(x)", **CORNERS, tolerance=4),
        *_no_ints("hardsigmoid"),
    ],
    "nn.functional.logsigmoid": [*_function("logsigmoid"), *_no_ints("logsigmoid")],
    "nn.functional.sigmoid": [
        *_function("sigmoid"), *[Case("F.sigmoid(x)", **kind) for kind in (INTS, BOOLS)],
    ],
    "nn.functional.tanh": [
        *_function("tanh"), *[Case("F.tanh(x)", **kind) for kind in (INTS, BOOLS)],
    ],
    "nn.functional.softmax": _probabilities("softmax"),
    "nn.functional.log_softmax": _probabilities("log_softmax"),
    "nn.functional.softmin": _probabilities("softmin"),
    "nn.functional.gumbel_softmax": [
        *[Case(f"F.gumbel_softmax(x{o}).shape", x=real(*s)) for s, o in (
            ((3, 4), ""), ((4,), ", 0.1"), ((2, 3, 4), ", tau=2.0, hard=True, dim=1"), ((), ""))],
        Case("F.gumbel_softmax(x, hard=True).sum(-1)", x=real(50, 4), gradient=False),
        Case("F.gumbel_softmax(x, 0.3).sum(-1)", x=real(50, 4), gradient=False),
        Case("sorted(set(F.gumbel_softmax(x, hard=True).flatten().round(decimals=3).tolist()))",
             x=real(50, 4)),
        # A class that is e^20 times likelier than the others is always drawn.
        Case("F.gumbel_softmax(x, hard=True)", x=np.array([[0.0, 20, 0], [20, 0, 0]]),
             gradient=False, kinds=("float64",)),
        Refused("F.gumbel_softmax(x, dim=2)", says="range", **X),
        Refused("F.gumbel_softmax(x)", says="real numbers", **INTS),
    ],
    "nn.functional.threshold": [
        *[Case(f"F.threshold(x, {a})", x=real(*s)) for s in SHAPES for a in ("0.1, 20.0", "-1, 0")],
        Case("F.threshold(input=x, threshold=0.5, value=-1.0, inplace=True)", **X, gradient=False),
        Case("F.threshold(x, 0.5, 7.5)", **INTS),
        Case("F.threshold(x, 1.0, 7.0)", **CORNERS),
        Refused("F.threshold(x, 0, 1)", says="bool", **BOOLS),
    ],
    "nn.functional.hardshrink": [
        *_function("hardshrink", "1.0", "lambd=0.1"), *_no_ints("hardshrink"),
        Case("F.hardshrink(x, 1.0)", **CORNERS),
    ],
    "nn.functional.softshrink": [
        *_function("softshrink", "1.0", "0.0"), *_no_ints("softshrink"),
        Case("F.softshrink(x, 1.0)", **CORNERS),
        Refused("F.softshrink(x, -0.5)", says="lambd", **X),
    ],
    "nn.functional.tanhshrink": [*_function("tanhshrink"), Case("F.tanhshrink(x)", **INTS)],
    "nn.Softmin": _module("Softmin", "dim=1", "0")[1:],
    "nn.Threshold": [
        *[Layer(f"m.nn.Threshold({a})", **X) for a in ("0.1, 20.0", "threshold=0.5, value=0")],
        *[Case(f"repr(m.nn.Threshold({a}))") for a in ("0.1, 20.0", "1, 2, inplace=True")],
    ],
    "nn.Hardshrink": _module("Hardshrink", "1.0", "lambd=0.1"),
    "nn.Softshrink": _module("Softshrink", "1.0", "lambd=0.1"),
    "nn.Tanhshrink": _module("Tanhshrink"),
    "nn.ReLU": _module("ReLU", "inplace=False", "False"),
    "nn.ReLU6": _module("ReLU6", "False"),
    "nn.LeakyReLU": [
        *_module("LeakyReLU", "0.2", "negative_slope=0.5, inplace=False"),
        Case("repr(m.nn.LeakyReLU(0.3, inplace=True))"),
    ],
    "nn.PReLU": [
        *_module("PReLU", "4", "num_parameters=1, init=0.5"),
        Case("m.nn.PReLU(3, 0.5).weight.tolist()"),
        Refused("m.nn.PReLU(3)(x)", says="weight must be", **X),
    ],
    "nn.ELU": _module("ELU", "0.5", "alpha=2.0, inplace=False"),
    "nn.SELU": _module("SELU", "inplace=False"),
    "nn.CELU": _module("CELU", "0.5", "alpha=2.0, inplace=False"),
    "nn.GELU": [
        *_module("GELU", "approximate='tanh'", "'none'"),
        Refused("m.nn.GELU('exact')(x)", says="approximate", **X),
    ],
    "nn.SiLU": _module("SiLU", "inplace=False"),
    "nn.Mish": _module("Mish", "inplace=False"),
    "nn.GLU": [*_module("GLU", "1", "dim=-2")],
    "nn.Softplus": _module("Softplus", "2", "beta=0.5, threshold=1"),
    "nn.Softsign": _module("Softsign"),
    "nn.Hardtanh": [
        *_module("Hardtanh", "-0.5, 2.0", "min_val=0.0, max_val=1.0, inplace=False"),
        Refused("m.nn.Hardtanh(1.0, 1.0)", says="min_val"),
    ],
    "nn.Hardswish": _module("Hardswish", "False"),
    "nn.Hardsigmoid": _module("Hardsigmoid", "False", tolerance=4),
    "nn.LogSigmoid": _module("LogSigmoid"),
    "nn.Sigmoid": _module("Sigmoid"),
    "nn.Tanh": _module("Tanh"),
    "nn.Softmax": _module("Softmax", "dim=1", "0")[1:],
    "nn.LogSoftmax": _module("LogSoftmax", "dim=1", "-1")[1:],
}  # fmt: skip
for _name in ("ReLU", "ReLU6", "ELU", "SELU", "CELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid"):
    CASES[f"nn.{_name}"] += [
        Layer(f"m.nn.{_name}(inplace=True)", call="(lambda y: [net(y), y])(x * 1)", **X,
              tolerance=4),
        Case(f"repr(m.nn.{_name}(inplace=True))"),
    ]
