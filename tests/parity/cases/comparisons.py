"""Losses that compare vectors or scores, likelihoods of numbers and of sequences."""

from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, ints, positive, real, unit

REDUCTIONS = ("mean", "sum", "none")
PAIR: dict[str, Any] = {"x": real(4, 3), "y": real(4, 3, seed=1)}
SIGNS = np.array([1, -1, -1, 1])
TRIPLE: dict[str, Any] = {**PAIR, "z": real(4, 3, seed=2)}
SCORES: dict[str, Any] = {"x": real(5, 4), "t": ints(4, 5)}
VAR: dict[str, Any] = {**PAIR, "v": positive(4, 3)}
COUNTS: dict[str, Any] = {"x": positive(4, 3), "y": ints(7, 4, 3)}
# Signals of up to 6 steps over 4 classes; the second target needs a blank between its letters.
SPOKEN: dict[str, Any] = {"x": real(6, 3, 4), "t": np.array([[1, 2, 3], [3, 3, 1], [2, 1, 1]])}
LOGS = "F.log_softmax(x, -1)"


def _reduced(name: str, call: str, options: tuple[str, ...] = (), **inputs: Any) -> list[Trial]:
    """Every reduction with every set of options."""
    code = f"F.{name}({call}"
    return [
        *[Case(f"{code}, reduction='{r}'{o})", **inputs) for r in REDUCTIONS
          for o in ("", *options)],
        Refused(f"{code}, reduction='avg')", says="reduction", **inputs),
    ]  # fmt: skip


def _module(name: str, *options: str, **inputs: Any) -> list[Trial]:
    call = "net({})".format(", ".join(inputs))
    return [
        *[Layer(f"m.nn.{name}({o})", call=call, **inputs) for o in ("", *options)],
        *[Layer(f"m.nn.{name}(reduction='{r}')", call=call, **inputs) for r in REDUCTIONS[1:]],
        Case(f"repr(m.nn.{name}())"),
    ]


def _ctc(arguments: str, **more: Any) -> Case:
    return Case(f"F.ctc_loss({LOGS}, {arguments})", **{**SPOKEN, **more})


def _no_ctc(says: str, arguments: str, logs: str = LOGS, **more: Any) -> Refused:
    return Refused(f"F.ctc_loss({logs}, {arguments})", says=says, **{**SPOKEN, **more})


CASES: dict[str, list[Trial]] = {
    "nn.functional.cosine_similarity": [
        *[Case(f"F.cosine_similarity(x, y, dim={d})", x=real(*s), y=real(*n, seed=1))
          for s, n, d in (
              ((4, 3), (4, 3), 0), ((4, 3), (4, 3), 1), ((4, 3), (3,), -1), ((2, 1, 3), (4, 1), 1),
              ((3,), (3,), 0), ((), (), 0), ((0, 3), (0, 3), 1))],
        Case("F.cosine_similarity(x1=x, x2=y, dim=1, eps=1e-8)", **PAIR),
        Case("F.cosine_similarity(x, y, eps=10.0)", **PAIR),
        Case("F.cosine_similarity(x * 0, y)", **PAIR, second=False),
        Case("F.cosine_similarity(x, y.double())", **PAIR),
        Case("F.cosine_similarity(x, t)", x=real(4, 3), t=ints(9, 4, 3)),
        Refused("F.cosine_similarity(x, y)", says="1", x=real(3), y=real(3)),
        Refused("F.cosine_similarity(x, y)", says="broadcast", x=real(2, 3), y=real(2, 4)),
        Refused("F.cosine_similarity(x, y)", says="real numbers", x=ints(9, 2, 3), y=ints(9, 2, 3)),
    ],
    "nn.functional.pairwise_distance": [
        *[Case("F.pairwise_distance(x, y)", x=real(*s), y=real(*n, seed=1)) for s, n in (
            ((4, 3), (4, 3)), ((3,), (3,)), ((2, 4, 3), (4, 3)), ((4, 3), (3,)), ((0, 3), (0, 3)))],
        *[Case(f"F.pairwise_distance(x, y, {o})", **PAIR) for o in (
            "1.0", "p=3.0, keepdim=True", "eps=0.5", "float('inf')", "p=0.5")],
        Case("F.pairwise_distance(x, x.detach())", x=real(2, 3), second=False),
        Refused("F.pairwise_distance(x, y)", says="broadcast", x=real(2, 3), y=real(2, 4)),
    ],
    "nn.functional.cosine_embedding_loss": [
        *_reduced("cosine_embedding_loss", "x, y, t", (", margin=0.3", ", margin=-0.5"), **PAIR,
                  t=SIGNS),
        Case("F.cosine_embedding_loss(x, y, t)", x=real(3), y=real(3, seed=1), t=np.array(-1)),
        Case("F.cosine_embedding_loss(input1=x, input2=y, target=t)", **PAIR, t=np.array([1])),
        Case("F.cosine_embedding_loss(x, y, t, 0.1)", **PAIR, t=np.array([1, 0, -1, 2])),
        *[Refused("F.cosine_embedding_loss(x, y, t)", says="target", x=x, y=y, t=t) for x, y, t in (
            (real(2, 3), real(3), SIGNS[:2]), (real(2, 3, 4), real(2, 3, 4), np.ones((2, 4))),
            (real(2, 3), real(2, 3), np.array(1)))],
    ],
    "nn.functional.triplet_margin_loss": [
        *_reduced("triplet_margin_loss", "x, y, z",
                  (", margin=0.5", ", p=1.0", ", swap=True", ", eps=0.1"), **TRIPLE),
        Case("F.triplet_margin_loss(x, y, z)", x=real(3), y=real(3, seed=1), z=real(3, seed=2)),
        Case("F.triplet_margin_loss(anchor=x, positive=y, negative=z, margin=2.0)", **TRIPLE),
        Case("F.triplet_margin_loss(x, y, z, 1.0, 2.0, 1e-6, True)", x=real(4, 3), y=real(1, 3),
             z=real(4, 3, seed=1)),
        *[Refused(f"F.triplet_margin_loss(x, y, z, margin={n})", says="margin", **TRIPLE)
          for n in (0.0, -1.0)],
        Refused("F.triplet_margin_loss(x, y[0], z)", says="dimensions", **TRIPLE),
        Refused("F.triplet_margin_loss(x, y, z[:, :2])", says="broadcast", **TRIPLE),
    ],
    "nn.functional.multi_margin_loss": [
        *_reduced("multi_margin_loss", "x, t", (", p=2", ", margin=0.3", ", weight=w.detach()"),
                  **SCORES, w=positive(4)),
        Case("F.multi_margin_loss(x, t)", x=real(4), t=ints(4)),
        Case("F.multi_margin_loss(input=x, target=t, p=2, margin=2.0)", **SCORES),
        *[Refused(f"F.multi_margin_loss(x, t, {o})", says=says, **SCORES) for says, o in (
            ("p must be", "p=3"), ("weight", "weight=m.ones(3)"))],
        *[Refused("F.multi_margin_loss(x, t)", says=says, x=x, t=t) for says, x, t in (
            ("label 4", real(2, 4), ints(5, 2, low=4)), ("target", real(5, 4), ints(4, 3)),
            ("input must be", real(5, 4, 2), ints(4, 5)), ("input must be", real(5, 0), ints(1, 5)),
            ("real numbers", ints(9, 5, 4), ints(4, 5)))],
        Refused("F.multi_margin_loss(x, t.int())", says="int64", **SCORES),
    ],
    "nn.functional.margin_ranking_loss": [
        *_reduced("margin_ranking_loss", "x, y, t", (", margin=0.5",), x=real(4), y=real(4, seed=1),
                  t=SIGNS),
        Case("F.margin_ranking_loss(x, y, t)", **PAIR, t=np.array([[1.0], [-1], [1], [1]])),
        Refused("F.margin_ranking_loss(x, y, t)", says="dimensions", **PAIR, t=SIGNS),
        Refused("F.margin_ranking_loss(x, y, t)", says="broadcast", x=real(4), y=real(3), t=SIGNS),
    ],
    "nn.functional.hinge_embedding_loss": [
        *_reduced("hinge_embedding_loss", "x, t", (", margin=0.5",), x=positive(4), t=SIGNS),
        Case("F.hinge_embedding_loss(x, t, 2.0)", x=positive(4), t=np.array([1, 0, -1, 2])),
        Refused("F.hinge_embedding_loss(x, t)", says="broadcast", x=real(3), t=SIGNS),
    ],
    "nn.functional.gaussian_nll_loss": [
        *_reduced("gaussian_nll_loss", "x, y, v", (", full=True", ", eps=1.0"), **VAR),
        *[Case("F.gaussian_nll_loss(x, y, v)", **PAIR, v=positive(*s)) for s in ((4,), (4, 1))],
        Case("F.gaussian_nll_loss(x, y, v)", x=real(), y=real(seed=1), v=positive()),
        Case("F.gaussian_nll_loss(input=x, target=y, var=0.5, reduction='sum')", **PAIR),
        Case("F.gaussian_nll_loss(x, y, v, True, 0.1, 'sum')", x=real(4, 3), y=real(3),
             v=unit(4, 3)),
        *[Refused("F.gaussian_nll_loss(x, y, v)", says="var", **PAIR, v=v) for v in (
            positive(3), positive(1), positive(4, 1, 1), -positive(4, 3))],
        Refused("F.gaussian_nll_loss(x, y, -1.0)", says="var", **PAIR),
    ],
    "nn.functional.poisson_nll_loss": [
        *_reduced("poisson_nll_loss", "x, y", (", full=True", ", log_input=False"), **COUNTS),
        *[Case("F.poisson_nll_loss(x, y, False, True, eps=0.1)", **COUNTS)],
        Case("F.poisson_nll_loss(input=x, target=y)", x=real(3), y=positive(3)),
        Case("F.poisson_nll_loss(x, y, full=True)", x=real(4, 3), y=ints(5, 3)),
    ],
    "nn.functional.ctc_loss": [
        *[_ctc(f"t, {i}, {n}, reduction='{r}'") for r in REDUCTIONS for i, n in (
            ("[6, 6, 6]", "[3, 3, 3]"), ("(6, 5, 4)", "(3, 2, 1)"), ("[6, 4, 1]", "[0, 3, 1]"))],
        _ctc("t, m.tensor([6, 6, 5]), m.tensor([3, 3, 2])"),
        _ctc("targets=t, input_lengths=[6, 6, 6], target_lengths=[2, 3, 1], blank=0"),
        _ctc("t, [6, 6, 6], [2, 2, 3], blank=2, reduction='none'",
             t=np.array([[1, 3, 0], [3, 3, 1], [0, 1, 1]])),
        # Where targets in a row do not lie in order, PyTorch reads other numbers.
        _ctc("t, [6, 6, 6], [2, 1, 3]", t=np.array([1, 2, 3, 1, 1, 2]),
             strided=False),
        _ctc("t.int(), [6, 6, 6], [0, 0, 0], reduction='sum'", t=ints(1, 0)),
        _ctc("t, [6, 2, 6], [2, 3, 2], zero_infinity=True, reduction='none'"),
        _ctc("t, [0, 6, 6], [0, 2, 2], reduction='none'"),
        _ctc("t, [0, 6, 0], [1, 2, 0], zero_infinity=True"),
        Case(f"F.ctc_loss({LOGS}, t, [6, 2, 6], [2, 3, 2], reduction='none')", **SPOKEN,
             gradient=False),
        *[Case(f"F.ctc_loss({LOGS}, t, {n}, {s}, reduction='{r}')", x=real(5, 4),
               t=np.array([1, 2, 2]), strided=False) for r in REDUCTIONS for n, s in (
            ("[5]", "[3]"), ("m.tensor([5])", "m.tensor([3])"))],
        Case(f"F.ctc_loss({LOGS}, t, m.tensor(5), m.tensor(2))", x=real(5, 4), t=np.array([1, 2]),
             strided=False),
        Case("F.ctc_loss(x, t, [6, 6, 6], [3, 3, 3])", **SPOKEN),
        *[_no_ctc(says, a) for says, a in (
            ("input_lengths", "t, [6, 7, 6], [3, 3, 3]"), ("input_lengths", "t, [6, 6], [3, 3, 3]"),
            ("input_lengths", "t, [6, -1, 6], [3, 3, 3]"), ("input_lengths", "t, 6, [3, 3, 3]"),
            ("target_lengths", "t, [6, 6, 6], [3, 3]"), ("targets", "t, [6, 6, 6], [4, 3, 3]"),
            ("targets", "t[:2], [6, 6, 6], [3, 3, 3]"), ("targets", "t[0], [6, 6, 6], [3, 3, 3]"),
            ("target_lengths", "t, [6, 6, 6], [3, -3, 3]"),
            ("blank", "t, [6, 6, 6], [3, 3, 3], blank=4"),
            ("blank", "t, [6, 6, 6], [3, 3, 3], blank=-1"),
            ("reduction", "t, [6, 6, 6], [3, 3, 3], reduction='avg'"),
            ("input_lengths", "t, m.tensor([6.0, 6, 6]), m.tensor([3, 3, 3])"))],
        _no_ctc("log_probs", "t, [6, 6, 6], [3, 3, 3]", logs="x[:, 0, 0]"),
        _no_ctc("log_probs", "t, [6, 6, 6], [3, 3, 3]", logs="x.long()"),
        _no_ctc("log_probs", "t, [0, 0, 0], [0, 0, 0]", x=real(0, 3, 4)),
    ],
    "nn.CosineSimilarity": [
        *[Layer(f"m.nn.CosineSimilarity({o})", call="net(x, y)", **PAIR)
          for o in ("", "dim=0", "-1, 0.1")],
        Case("repr(m.nn.CosineSimilarity(dim=0))"),
    ],
    "nn.PairwiseDistance": [
        *[Layer(f"m.nn.PairwiseDistance({o})", call="net(x, y)", **PAIR) for o in (
            "", "1.0", "p=3.0, eps=0.1, keepdim=True")],
        Case("repr(m.nn.PairwiseDistance(1.0))"),
    ],
    "nn.CosineEmbeddingLoss": _module("CosineEmbeddingLoss", "0.3", "margin=-0.5", **PAIR, t=SIGNS),
    "nn.TripletMarginLoss": [
        *_module("TripletMarginLoss", "0.5", "margin=2.0, p=1.0, swap=True", **TRIPLE),
        Refused("m.nn.TripletMarginLoss(margin=0.0)", says="margin"),
    ],
    "nn.MultiMarginLoss": [
        *_module("MultiMarginLoss", "2", "margin=0.5, weight=m.tensor([0.5, 1, 2, 3])", **SCORES),
        Refused("m.nn.MultiMarginLoss(p=3)", says="p must be"),
    ],
    "nn.MarginRankingLoss": _module("MarginRankingLoss", "0.5", x=real(4), y=real(4, seed=1),
                                    t=SIGNS),
    "nn.HingeEmbeddingLoss": _module("HingeEmbeddingLoss", "margin=0.5", x=positive(4), t=SIGNS),
    "nn.GaussianNLLLoss": _module("GaussianNLLLoss", "full=True, eps=0.5", **VAR),
    "nn.PoissonNLLLoss": _module("PoissonNLLLoss", "False", "full=True, eps=0.1", **COUNTS),
    "nn.CTCLoss": [
        *[Layer(f"m.nn.CTCLoss({o})", call=f"net({LOGS}, t, [6, 6, 4], [3, 3, 2])", **SPOKEN)
          for o in ("", "blank=2", "reduction='sum'", "0, 'none', True")],
        Case("repr(m.nn.CTCLoss())"),
    ],
}  # fmt: skip
