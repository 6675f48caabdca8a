"""Losses for numbers, classes and probabilities, as functions and as modules."""

from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, bools, ints, positive, real, unit

XY: dict[str, Any] = {"x": real(4, 3), "y": real(4, 3, seed=1)}
REDUCTIONS = ("mean", "sum", "none")
PAIRS = ((), (3,), (2, 3, 2), (1, 1))
LABELLED: dict[str, Any] = {"x": real(5, 4), "t": ints(4, 5)}
IMAGE: dict[str, Any] = {"x": real(2, 4, 3, 2), "t": ints(4, 2, 3, 2)}
PRICES: dict[str, Any] = {"w": positive(4)}
CHANCES: dict[str, Any] = {"x": unit(4, 3), "y": unit(4, 3, seed=1)}
EDGES: dict[str, Any] = {"x": np.array([0.0, 0, 1, 1, 0.3]), "y": np.array([0.0, 1, 0, 1, 1])}
FAR: dict[str, Any] = {"x": np.array([-2000.0, -30, 0.5, 30]), "y": np.array([0.0, 1, 1, 0])}


def _numbers(name: str, *options: str, weighted: bool = False) -> list[Trial]:
    """A loss of pairs of numbers."""
    code = f"F.{name}(x, y"
    trials: list[Trial] = [
        *[Case(f"{code})", x=real(*s), y=real(*s, seed=1)) for s in PAIRS],
        *[Case(f"{code}, reduction='{r}'{o})", **XY) for r in REDUCTIONS for o in ("", *options)],
        Case(f"F.{name}(input=x, target=y)", **XY),
        *[Case(f"{code}, reduction='{r}')", x=real(0, 2), y=real(0, 2)) for r in REDUCTIONS],
        Case(f"{code})", x=real(3), y=ints(4, 3), gradient=name != "huber_loss"),  # refused there
        Refused(f"{code})", says="real numbers", x=ints(4, 3), y=ints(4, 3)),
        Refused(f"{code}, reduction='avg')", says="reduction", **XY),
        Refused(f"F.{name}(x, 1.0)", says="target must be a Tensor", **XY),
    ]
    if weighted:
        trials += [
            *[Case(f"{code}, weight=w, reduction='{r}')", **XY, w=positive(4, 3))
              for r in REDUCTIONS],
            Refused(f"{code}, weight=w)", says="weight must have shape", **XY, w=real(3)),
        ]  # fmt: skip
    return trials


def _module(name: str, *options: str, **inputs: Any) -> list[Trial]:
    """A loss as a module, with each set of options, and how it prints."""
    call = "net({})".format(", ".join(inputs))
    return [
        *[Layer(f"m.nn.{name}({o})", call=call, **inputs) for o in ("", *options)],
        *[Layer(f"m.nn.{name}(reduction='{r}')", call=call, **inputs) for r in REDUCTIONS[1:]],
        Case(f"repr(m.nn.{name}())"),
        Refused(f"m.nn.{name}(reduction='avg')(" + ", ".join(inputs) + ")", says="reduction",
                **inputs),
    ]  # fmt: skip


def _classes(name: str) -> list[Trial]:
    """What cross entropy and nll share: labels, their weights, and what is refused."""
    code = f"F.{name}(x, t"
    return [
        Case(f"{code})", x=real(4), t=ints(4)),
        # PyTorch's gradient fails where an image's numbers do not lie in order.
        *[Case(f"{code})", x=real(*s), t=ints(s[1], s[0], *s[2:]), strided=len(s) != 4)
          for s in ((5, 4), (2, 3, 2), (2, 3, 2, 2), (2, 3, 1, 2, 2), (4, 1))],
        *[Case(f"{code}, reduction='{r}'{o})", **LABELLED) for r in REDUCTIONS
          for o in ("", ", ignore_index=2", ", ignore_index=-7")],
        *[Case(f"{code}, w.detach(), reduction='{r}'{o})", **LABELLED, **PRICES) for r in REDUCTIONS
          for o in ("", ", ignore_index=2")],
        Case(f"{code}, weight=w.detach())", **IMAGE, **PRICES, strided=False),
        Case(f"{code})", x=real(2, 4, 3), t=np.where(bools(2, 3), -100, ints(4, 2, 3))),
        Case(f"{code})", x=real(2, 4), t=np.full(2, -100), second=False),
        Case(f"F.{name}(input=x, target=t)", **LABELLED),
        Case(f"{code}.byte())", **LABELLED),
        *[Case(f"{code}, reduction='{r}')", x=real(0, 4), t=ints(4, 0)) for r in REDUCTIONS],
        *[Refused(f"{code}{o})", says="target must hold integers", **LABELLED)
          for o in (".int()", ".short()", ".bool()", ".float()")],
        *[Refused(f"{code})", says=says, x=real(5, 4), t=t) for says, t in (
            ("target", ints(4, 6)), ("target", ints(4, 5, 2)), ("label 4", ints(5, 5, low=4)),
            ("label -1", ints(0, 5, low=-1)))],
        Refused(f"{code})", says="input", x=real(), t=ints(4)),
        Refused(f"{code})", says="input must hold real", x=ints(4, 5, 4), t=ints(4, 5)),
        Refused(f"{code}, m.ones(3))", says="weight", **LABELLED),
        Refused(f"{code}, m.ones(1, 4))", says="weight", **LABELLED),
        Refused(f"{code}, m.ones(4).double())", says="weight", **LABELLED),
        Refused(f"{code}, reduction='avg')", says="reduction", **LABELLED),
    ]  # fmt: skip


def _chances(name: str) -> list[Trial]:
    """What both binary cross entropies share."""
    code = f"F.{name}(x, y"
    return [
        *[Case(f"{code})", x=unit(*s), y=unit(*s, seed=1)) for s in PAIRS],
        *[Case(f"{code}, reduction='{r}')", **CHANCES) for r in REDUCTIONS],
        *[Case(f"{code}, w.detach(), reduction='{r}')", **CHANCES, w=positive(*s))
          for r in REDUCTIONS for s in ((4, 3), (3,), (4, 1))],
        Case(f"F.{name}(input=x, target=y, weight=None)", **CHANCES),
        *[Case(f"{code}, reduction='{r}')", x=unit(0), y=unit(0)) for r in REDUCTIONS],
        Refused(f"{code})", says="one shape", x=unit(3), y=unit(3, 1)),
        Refused(f"{code}, m.ones(4))", says="weight", **CHANCES),
        Refused(f"{code}, m.ones(2, 4, 3))", says="weight", **CHANCES),
        Refused(f"{code}, reduction='avg')", says="reduction", **CHANCES),
        Refused(f"{code})", says="real numbers", x=unit(3), y=ints(2, 3)),
        Refused(f"{code})", says="real numbers", x=ints(2, 3), y=ints(2, 3)),
    ]  # fmt: skip


CASES: dict[str, list[Trial]] = {
    "nn.functional.mse_loss": _numbers("mse_loss", weighted=True),
    "nn.functional.l1_loss": [
        *_numbers("l1_loss", weighted=True),
        *[Case(f"F.l1_loss(x, y, reduction='{r}')", x=ints(9, 3), y=ints(4, 3))
          for r in REDUCTIONS[1:]],
    ],
    "nn.functional.smooth_l1_loss": [
        *_numbers("smooth_l1_loss", ", beta=0.3", ", beta=0.0"),
        Refused("F.smooth_l1_loss(x, y, beta=-1.0)", says="beta", **XY),
    ],
    "nn.functional.huber_loss": [
        *_numbers("huber_loss", ", delta=0.3", weighted=True),
        Case("F.huber_loss(x, y, 'sum', 2.0)", **XY),
        *[Refused(f"F.huber_loss(x, y, delta={d})", says="delta", **XY) for d in (0.0, -1.0)],
    ],
    "nn.functional.cross_entropy": [
        *_classes("cross_entropy"),
        *[Case(f"F.cross_entropy(x, t{w}, reduction='{r}'{o}, label_smoothing=0.2)", **LABELLED,
               **PRICES) for r in REDUCTIONS for w in ("", ", w.detach()")
          for o in ("", ", ignore_index=1")],
        Case("F.cross_entropy(x, t, w.detach(), label_smoothing=0.1)", **IMAGE, **PRICES),
        Case("F.cross_entropy(x, t, label_smoothing=1.0)", x=real(4), t=ints(4)),
        *[Case(f"F.cross_entropy(x, y, reduction='{r}'{o})", **XY) for r in REDUCTIONS
          for o in ("", ", label_smoothing=0.3")],
        *[Case(f"F.cross_entropy(x, y, w.detach(), reduction='{r}', label_smoothing=0.3)",
               x=real(2, 4, 3), y=unit(2, 4, 3), **PRICES) for r in REDUCTIONS],
        *[Case("F.cross_entropy(x, y)", x=real(*s), y=unit(*s)) for s in ((3,), (0, 3), (2, 3, 2))],
        Case("F.cross_entropy(x, t)", x=np.array([[1e4, 0.0], [0, -1e4]]), t=np.array([1, 0])),
        Refused("F.cross_entropy(x, t, label_smoothing=1.1)", says="label_smoothing", **LABELLED),
        Refused("F.cross_entropy(x, y, ignore_index=1)", says="ignore_index", **XY),
        Refused("F.cross_entropy(x, y)", says="target", x=real(4, 3), y=real(3, 4)),
    ],
    "nn.functional.nll_loss": _classes("nll_loss"),
    "nn.functional.binary_cross_entropy": [
        *_chances("binary_cross_entropy"),
        Case("F.binary_cross_entropy(x, y.detach())", **EDGES, second=False),
        *[Refused("F.binary_cross_entropy(x, y)", says=says, x=x, y=y) for says, x, y in (
            (r"input\[0\] = -0.5", np.array([-0.5]), unit(1)), ("input", np.array([1.5]), unit(1)),
            ("target", unit(1), np.array([2.0])), ("input", np.array([np.nan]), unit(1)))],
        Refused("F.binary_cross_entropy(x, y.double())", says="one dtype", **CHANCES),
    ],
    "nn.functional.binary_cross_entropy_with_logits": [
        *_chances("binary_cross_entropy_with_logits"),
        *[Case(f"F.binary_cross_entropy_with_logits(x, y, pos_weight=p.detach(), reduction='{r}')",
               **CHANCES, p=positive(*s)) for r in REDUCTIONS for s in ((3,), (4, 3), ())],
        Case("F.binary_cross_entropy_with_logits(x, y, w.detach(), pos_weight=p.detach())",
             **CHANCES, w=positive(3), p=positive(3, seed=1)),
        Case("F.binary_cross_entropy_with_logits(x, y.detach())", **FAR),
        Case("F.binary_cross_entropy_with_logits(x, y.double())", **CHANCES),
        Refused("F.binary_cross_entropy_with_logits(x, y, pos_weight=m.ones(4))",
                says="pos_weight", **CHANCES),
    ],
    "nn.functional.kl_div": [
        *[Case("F.kl_div(x, y, reduction='batchmean')", x=real(*s), y=unit(*s))
          for s in ((), (3,), (2, 3), (2, 3, 2), (0, 2))],
        *[Case(f"F.kl_div(x, y, reduction='{r}'{o})", x=real(2, 3), y=unit(2, 3))
          for r in ("sum", "none", "batchmean") for o in ("", ", log_target=True")],
        Case("F.kl_div(input=x, target=y.detach(), reduction='sum')", x=real(4), y=np.array(
            [0.5, 0.0, 0.5, 0.0])),
        Case("F.kl_div(x, y, reduction='none')", x=real(2), y=np.array([-1.0, 2.0]),
             gradient=False),
        Refused("F.kl_div(x, y, reduction='batch')", says="reduction", **CHANCES),
        *[Refused("F.kl_div(x, y, reduction='sum')", says="real numbers", x=x, y=ints(2, 3))
          for x in (real(3), ints(4, 3))],
        Refused("F.kl_div(x, y, reduction='sum')", says="3.* and .*4|4.* and .*3", x=real(3),
                y=unit(4)),
    ],
    "nn.MSELoss": _module("MSELoss", **XY),
    "nn.L1Loss": _module("L1Loss", **XY),
    "nn.SmoothL1Loss": _module("SmoothL1Loss", "beta=0.5", **XY),
    "nn.HuberLoss": _module("HuberLoss", "'sum', 0.5", "delta=2.0", **XY),
    "nn.CrossEntropyLoss": _module(
        "CrossEntropyLoss", "m.tensor([0.5, 1.0, 2.0, 0.1])", "ignore_index=1, label_smoothing=0.1",
        "weight=m.tensor([0.5, 1.0, 2.0, 0.1]), reduction='sum'", **LABELLED),
    "nn.NLLLoss": _module(
        "NLLLoss", "m.tensor([0.5, 1.0, 2.0, 0.1])", "ignore_index=1", **LABELLED),
    "nn.BCELoss": _module("BCELoss", "m.tensor([0.5, 1.0, 2.0])", **CHANCES),
    "nn.BCEWithLogitsLoss": _module(
        "BCEWithLogitsLoss", "m.tensor([0.5, 1.0, 2.0])", "pos_weight=m.tensor([0.5, 1.0, 2.0])",
        **CHANCES),
    "nn.KLDivLoss": _module(
        "KLDivLoss", "reduction='batchmean'", "reduction='sum', log_target=True", **CHANCES)[1:],
}  # fmt: skip
