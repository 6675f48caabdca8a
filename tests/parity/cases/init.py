"""Initialisers: random ones are compared by what holds for every draw."""

from math import prod

from ..case import Case, Refused, Trial, ints, real

I = "m.nn.init."
W = "m.empty(400, 300)"
# What any draw shows: shape, dtype, that the tensor itself is filled and no history is recorded.
ANY = "(lambda w: [{} is w, tuple(w.shape), w.dtype, w.requires_grad, w.is_leaf])"


def _filled(name: str, arguments: str = "", *shapes: str) -> list[Trial]:
    call = ANY.format(f"{I}{name}(w{arguments})")
    return [Case(f"{call}({made})") for made in (
        *[f"m.empty({s})" for s in shapes], "m.nn.Parameter(m.empty(3, 4))",
        "m.empty(4, 2, dtype=m.float64)")]  # fmt: skip


def _about(call: str, mean: float, std: float) -> list[Trial]:
    """Whether mean and standard deviation of 120,000 draws are what they should be."""
    near = "(lambda v: 'right' if abs(v - {}) < {} else v)({}.item())"  # wrong twice is no match
    drawn = f"{I}{call.format(W)}"
    return [
        Case(near.format(mean, 0.01 + 0.02 * std, f"{drawn}.mean()")),
        Case(near.format(std, 0.02 * std, f"{drawn}.std()")),
    ]


def _within(call: str, low: float, high: float) -> list[Trial]:
    """Whether draws keep to their bounds, and come near them."""
    near = 0.02 * (high - low)
    return [
        Case(f"(lambda w: [v for v in (w.min().item(), w.max().item()) if v < {low} or v > {high}])"
             f"({I}{call.format(W)})"),
        Case(f"(lambda w: [v for v in (w.min().item() - {low}, {high} - w.max().item()) if v > "
             f"{near}])({I}{call.format(W)})"),
    ]  # fmt: skip


def _fans(name: str) -> list[Trial]:
    """What initialisers that count inputs and outputs share."""
    return [
        *_filled(name, "", "2, 3", "0, 3", "2, 3, 5, 5"),
        *[Refused(f"{I}{name}(m.empty({s}))", says="fans") for s in ("3", "()")],
    ]


def _orthogonal(shape: tuple[int, ...], gain: float = 1.0) -> list[Trial]:
    """Rows, or columns where those are fewer, have length `gain` and stand at right angles."""
    rows, cols = shape[0], prod(shape[1:])
    product = "w @ w.T" if rows <= cols else "w.T @ w"
    return [
        Case(f"(lambda w: {product})({I}orthogonal_(m.empty({shape}, dtype=m.float64), {gain})"
             f".reshape({rows}, {cols}))"),
    ]  # fmt: skip


CASES: dict[str, list[Trial]] = {
    "nn.init.uniform_": [
        *_filled("uniform_", "", "2", "()", "0, 3"),
        *_within("uniform_({}, -2.0, 4.0)", -2, 4),
        *_within("uniform_({})", 0, 1),
        *_about("uniform_({}, a=-2, b=4)", 1, 3**0.5),
        Case(f"{I}uniform_(m.empty(3), 2.0, 2.0)"),
        Refused(f"{I}uniform_(m.empty(3), 1.0, 0.0)", says="b - a"),
        Refused(f"{I}uniform_(t)", says="real numbers", t=ints(4, 3)),
    ],
    "nn.init.normal_": [
        *_filled("normal_", "", "2", "()", "0, 3"),
        *_about("normal_({})", 0, 1),
        *_about("normal_({}, mean=3.0, std=0.5)", 3, 0.5),
        Case(f"{I}normal_(m.empty(3), 2.0, 0.0)"),
        Refused(f"{I}normal_(m.empty(3), 0.0, -1.0)", says="std"),
        Refused(f"{I}normal_(t)", says="real numbers", t=ints(4, 3)),
    ],
    "nn.init.constant_": [
        *[Case(f"{I}constant_(x.detach(), {v})", x=real(*s), gradient=False) for v in (7, -0.5)
          for s in ((), (3,), (2, 0), (2, 3))],
        Case(f"{I}constant_(tensor=t, val=2)", t=ints(9, 3)),
        Case(f"{I}constant_(m.nn.Parameter(m.ones(2)), 3.0).tolist()"),
    ],
    "nn.init.ones_": [
        *[Case(f"{I}ones_(m.zeros({s}))") for s in ("()", "3", "2, 3", "0")],
        Case(f"{I}ones_(t)", t=ints(9, 3)),
    ],
    "nn.init.zeros_": [
        *[Case(f"{I}zeros_(m.ones({s}))") for s in ("()", "3", "2, 3", "0")],
        Case(f"{I}zeros_(t)", t=ints(9, 3)),
    ],
    "nn.init.eye_": [
        *[Case(f"{I}eye_(m.ones({s}))") for s in ("3, 3", "2, 4", "4, 2", "1, 1", "0, 2")],
        *[Refused(f"{I}eye_(m.ones({s}))", says="matrix") for s in ("3", "2, 2, 2")],
    ],
    "nn.init.dirac_": [
        *[Case(f"{I}dirac_(m.ones({s}))") for s in (
            "3, 3, 3", "2, 4, 3", "4, 2, 2", "2, 3, 3, 5", "2, 2, 4, 4", "2, 2, 3, 3, 3",
            "2, 2, 1")],
        *[Case(f"{I}dirac_(m.ones({s}), {g})") for s, g in (
            ("4, 2, 3", 2), ("6, 4, 3", 3), ("4, 1, 3, 3", 4))],
        Case(f"{I}dirac_(tensor=m.ones(4, 2, 3), groups=1)"),
        *[Refused(f"{I}dirac_(m.ones({s}))", says="weight") for s in ("3, 3", "1, 1, 1, 1, 1, 1")],
        Refused(f"{I}dirac_(m.ones(3, 3, 2), 2)", says="groups"),
    ],
    "nn.init.xavier_uniform_": [
        *_fans("xavier_uniform_"),
        *_within("xavier_uniform_({})", -((6 / 700) ** 0.5), (6 / 700) ** 0.5),
        *_within("xavier_uniform_({}, gain=2.0)", -2 * (6 / 700) ** 0.5, 2 * (6 / 700) ** 0.5),
        *_about("xavier_uniform_({})", 0, (2 / 700) ** 0.5),
    ],
    "nn.init.xavier_normal_": [
        *_fans("xavier_normal_"),
        *_about("xavier_normal_({})", 0, (2 / 700) ** 0.5),
        *_about("xavier_normal_({}, 2.0)", 0, 2 * (2 / 700) ** 0.5),
    ],
    "nn.init.kaiming_uniform_": [
        *_fans("kaiming_uniform_"),
        *_within("kaiming_uniform_({})", -((6 / 300) ** 0.5), (6 / 300) ** 0.5),
        *_within("kaiming_uniform_({}, a=5**0.5)", -(300**-0.5), 300**-0.5),
        *_within("kaiming_uniform_({}, mode='fan_out')", -((6 / 400) ** 0.5), (6 / 400) ** 0.5),
        *_within("kaiming_uniform_({}, nonlinearity='linear')", -0.1, 0.1),
        *[Refused(f"{I}kaiming_uniform_(m.empty(3, 2), {o})", says=says) for says, o in (
            ("mode", "mode='fan'"), ("cube", "nonlinearity='cube'"))],
    ],
    "nn.init.kaiming_normal_": [
        *_fans("kaiming_normal_"),
        *_about("kaiming_normal_({})", 0, (2 / 300) ** 0.5),
        *_about("kaiming_normal_({}, 0, 'fan_out', 'relu')", 0, (2 / 400) ** 0.5),
        *_about("kaiming_normal_({}, nonlinearity='tanh')", 0, 5 / 3 / 300**0.5),
        Refused(f"{I}kaiming_normal_(m.empty(3, 2), mode='fan')", says="mode"),
    ],
    "nn.init.trunc_normal_": [
        *_filled("trunc_normal_", "", "2", "()", "0, 3"),
        *_within("trunc_normal_({})", -2, 2),
        *_about("trunc_normal_({})", 0, 0.8796),
        *_about("trunc_normal_({}, std=0.02)", 0, 0.02),
        *_within("trunc_normal_({}, mean=0.5, std=2.0, a=-0.1, b=0.3)", -0.1, 0.3),
        *_about("trunc_normal_({}, 3.0, 1.0, -2.0, 2.0)", 1.475, 0.4467),
        *_about("trunc_normal_({}, -3.0, 1.0, -2.0, 2.0)", -1.475, 0.4467),
        *[Refused(f"{I}trunc_normal_(m.empty(3), {o})", says="trunc_normal_") for o in (
            "a=2.0, b=1.0", "std=0.0")],
    ],
    "nn.init.orthogonal_": [
        *_filled("orthogonal_", "", "2, 3", "0, 3", "2, 3, 5"),
        *[t for s in ((3, 3), (2, 5), (5, 2), (3, 2, 2), (1, 1)) for t in _orthogonal(s)],
        *_orthogonal((4, 3), 2.0),
        *[Refused(f"{I}orthogonal_(m.empty({s}))", says="matrix") for s in ("3", "()")],
    ],
    "nn.init.sparse_": [
        *_filled("sparse_", ", 0.5", "2, 3"),
        *[Case(f"({I}sparse_(m.empty(10, 7), {s}) == 0).sum(0)") for s in (0.0, 0.25, 0.5, 1.0)],
        Case(f"{I}sparse_(tensor=m.empty(500, 400), sparsity=0.5, std=2.0).std().item() > 1.3"),
        *[Refused(f"{I}sparse_(m.empty({s}), 0.5)", says="matrix") for s in ("3", "2, 2, 2")],
    ],
    "nn.init.calculate_gain": [
        *[Case(f"{I}calculate_gain('{n}')") for n in (
            "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
            "conv_transpose3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu")],
        *[Case(f"{I}calculate_gain('leaky_relu', {a})") for a in (0.2, 0, -0.5, 2, "None")],
        Case(f"{I}calculate_gain(nonlinearity='relu', param=3)"),
        Refused(f"{I}calculate_gain('cube')", says="cube"),
        *[Refused(f"{I}calculate_gain('leaky_relu', {a})", says="param") for a in ("True", "'a'")],
    ],
}  # fmt: skip
