"""Normalisation, as functions and as modules with their running statistics."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, ints, positive, real

C: dict[str, Any] = {"x": real(4, 3, 5)}
WB: dict[str, Any] = {"w": real(3, seed=1), "b": real(3, seed=2)}
SHAPES = ((4, 3), (4, 3, 5), (2, 3, 2, 2), (2, 3, 1, 2, 2))
# Running statistics begin in the dtype of the inputs, and are looked at after the call.
RUN = "(lambda m0, v0: (F.{}, m0, v0))(m.zeros(3).to(x.dtype), m.ones(3).to(x.dtype) * 2)"


def _sized(name: str, wrong: tuple[tuple[int, ...], ...]) -> list[Trial]:
    """Shapes a layer of three channels refuses."""
    return [Refused(f"m.nn.{name}(3)(x)", says=f"{name}: input", x=real(*s)) for s in wrong]


def _batch_norms(name: str, shape: tuple[int, ...], wrong: tuple) -> list[Trial]:
    options = ("", ", eps=0.1, momentum=0.5", ", momentum=None", ", affine=False",
               ", track_running_stats=False", ", bias=False")  # fmt: skip
    x: dict[str, Any] = {"x": real(*shape)}
    code = f"m.nn.{name}(3"
    return [
        *[Layer(f"{code}{o})", train=t, **x) for o in options for t in (True, False)],
        Layer(f"{code})", call="(net(x).detach(), net(x * 2).detach(), net(x - 1))", **x),
        Layer(f"{code}, momentum=None)",
              call="(net(x).detach(), net(x * 2).detach(), net.eval()(x))", **x),
        Layer(f"{code})", **x,
              call="(net(x).detach(), net.reset_running_stats(), net.num_batches_tracked)"),
        *[Case(f"repr({code}{o}))") for o in options],
        *_sized(name, wrong),
        Refused(f"{code})(x)", says="channels|shape", x=real(shape[0], 2, *shape[2:])),
        Refused(f"{code}).double()(x.float())", says="dtype", **x),
        Refused(f"{code})(x.long())", says="real numbers", **x),
    ]


def _instance_norms(name: str, shape: tuple[int, ...], wrong: tuple) -> list[Trial]:
    options = ("", ", affine=True", ", track_running_stats=True", ", affine=True, bias=False",
               ", 0.1, 0.5, True, True")  # fmt: skip
    x: dict[str, Any] = {"x": real(*shape)}
    return [
        *[Layer(f"m.nn.{name}(3{o})", train=t, **x) for o in options for t in (True, False)],
        Layer(f"m.nn.{name}(3, affine=True, track_running_stats=True)", x=real(*shape[1:])),
        *[Case(f"repr(m.nn.{name}(3{o}))") for o in options],
        *_sized(name, wrong),
        Refused(f"m.nn.{name}(4, affine=True)(x)", says="num_features=4", **x),
    ]


CASES: dict[str, list[Trial]] = {
    "nn.functional.batch_norm": [
        *[Case(f"F.batch_norm(x, None, None, training={True})", x=real(*s)) for s in SHAPES],
        *[Case(RUN.format("batch_norm(x, m0, v0, w, b, training=True, momentum=0.3)"), x=real(*s),
               **WB) for s in SHAPES],
        *[Case("F.batch_norm(x, m0.detach(), v0.detach(), w, b)", x=real(*s), **WB, m0=real(3),
               v0=positive(3)) for s in SHAPES],
        Case(RUN.format("batch_norm(x, m0, v0, weight=w, training=True, eps=0.5)"), **C, w=real(3)),
        Case(RUN.format("batch_norm(x, m0, v0, bias=w, training=False)"), **C, w=real(3)),
        Case(RUN.format("batch_norm(x, m0, v0, training=True)"), x=real(0, 3), gradient=False),
        Case(RUN.format("batch_norm(x, m0, v0)"), x=real(0, 3)),
        Case("F.batch_norm(x.half(), m.zeros(3), m.ones(3)).dtype", **C),
        *[Refused(f"F.batch_norm(x, {a})", says=says, **C) for says, a in (
            ("running_mean", "None, None"), ("running_mean", "m.zeros(3), None, training=True"),
            ("running_mean", "m.zeros(4), m.ones(4)"), ("running_var", "m.zeros(3), m.ones(2)"),
            ("weight", "m.zeros(3), m.ones(3), m.ones(2)"),
            ("bias", "m.zeros(3), m.ones(3), None, m.ones(4)"),
            ("dtype", "m.zeros(3).double(), m.ones(3).double()"))],
        Refused("F.batch_norm(x, None, None, training=True)", says="more than one", x=real(1, 3)),
        Refused("F.batch_norm(x, None, None, training=True)", says="input must be", x=real(3)),
        Refused("F.batch_norm(x, None, None, training=True)", says="real", x=ints(9, 4, 3)),
    ],
    "nn.functional.instance_norm": [
        *[Case("F.instance_norm(x, weight=w, bias=b)", x=real(*s), **WB)
          for s in ((4, 3, 5), (2, 3, 2, 2), (1, 3, 1, 2, 2))],
        Case("F.instance_norm(x)", x=real(0, 3, 2)),
        Case(RUN.format("instance_norm(x, m0, v0, w, b, momentum=0.3)"), **C, **WB),
        Case(RUN.format("instance_norm(x, m0, v0, w, b, use_input_stats=False, eps=0.1)"), **C,
             **WB),
        *[Refused(f"F.instance_norm(x{a})", says=says, x=real(*s)) for says, s, a in (
            ("more than one", (2, 3), ""), ("more than one", (2, 3, 1), ""),
            ("running_mean", (2, 3, 4), ", use_input_stats=False"),
            ("running_mean", (2, 3, 4), ", m.zeros(2), m.ones(2)"),
            ("weight", (2, 3, 4), ", weight=m.ones(2)"))],
    ],
    "nn.functional.group_norm": [
        *[Case(f"F.group_norm(x, {g})", x=real(*s)) for g in (1, 2, 4)
          for s in ((3, 4), (2, 4, 3), (2, 4, 2, 3))],
        Case("F.group_norm(x, 2, w, b, 0.1)", x=real(2, 4, 3), w=real(4), b=real(4, seed=1)),
        Case("F.group_norm(input=x, num_groups=2, bias=b)", x=real(2, 4), b=real(4),
             gradient=False),  # PyTorch 2.13 fails at it
        Case("F.group_norm(x, 2)", x=real(0, 4, 2)),
        *[Refused(f"F.group_norm(x, {a})", says=says, x=real(*s)) for says, s, a in (
            ("num_groups=3", (2, 4), "3"), ("input must be", (4,), "2"),
            ("more than one", (1, 3), "3"),
            ("weight", (2, 4, 2), "2, m.ones(2)"), ("bias", (2, 4), "2, None, m.ones(4, 1)"),
            ("num_groups=0", (2, 4), "0"), ("dtype", (2, 4), "2, m.ones(4).double()"))],
    ],
    "nn.functional.layer_norm": [
        *[Case(f"F.layer_norm(x, {n})", x=real(*s)) for s, n in (
            ((3,), (3,)), ((4, 3), [3]), ((4, 3), (4, 3)), ((2, 4, 3), (3,)), ((2, 4, 3), (4, 3)),
            ((0, 3), (3,)), ((4, 1), (1,)))],
        Case("F.layer_norm(x, (3,), w, b)", x=real(2, 4, 3), **WB),
        Case("F.layer_norm(x, (4, 3), w, b, 0.1)", x=real(2, 4, 3), w=real(4, 3), b=real(4, 3)),
        Case("F.layer_norm(input=x, normalized_shape=(3,), weight=None, bias=b, eps=1e-3)",
             x=real(2, 3), b=real(3)),
        Case("F.layer_norm(x.half(), (3,), m.ones(3)).dtype", x=real(2, 3)),
        *[Refused(f"F.layer_norm(x, {a})", says=says, x=real(2, 3)) for says, a in (
            ("normalized_shape", "3"), ("normalized_shape", "[]"), ("normalized_shape", "(2,)"),
            ("normalized_shape", "(5, 2, 3)"), ("weight", "(3,), m.ones(2)"),
            ("bias", "(3,), None, m.ones(1, 3)"), ("dtype", "(3,), m.ones(3).double()"))],
        Refused("F.layer_norm(x, (3,))", says="input must hold real", x=ints(9, 2, 3)),
    ],
    "nn.functional.rms_norm": [
        *[Case(f"F.rms_norm(x, {n})", x=real(*s)) for s, n in (
            ((3,), (3,)), ((4, 3), [4, 3]), ((2, 4, 3), (3,)), ((0, 3), (3,)))],
        Case("F.rms_norm(x, (3,), w)", x=real(2, 4, 3), w=real(3)),
        Case("F.rms_norm(input=x, normalized_shape=(3,), weight=w, eps=0.1)", x=real(2, 3),
             w=real(3)),
        Case("F.rms_norm(x, (3,))", x=real(2, 3) * 1e-9),
        *[Refused(f"F.rms_norm(x, {a})", says=says, x=real(2, 3)) for says, a in (
            ("normalized_shape", "[]"), ("normalized_shape", "(2,)"),
            ("weight", "(3,), m.ones(2)"))],
        Refused("F.rms_norm(x, (3,))", says="input must hold real", x=ints(9, 2, 3)),
    ],
    "nn.functional.normalize": [
        *[Case("F.normalize(x)", x=real(*s)) for s in ((2, 3), (2, 3, 4), (0, 3), (2, 1))],
        *[Case(f"F.normalize(x, dim={d})", x=real(2, 3, 4)) for d in (0, -1, (1, 2))],
        *[Case(f"F.normalize(x, p={p}, dim=-1)", x=real(2, 3)) for p in (1, 3.0, 0.5, -1.0)],
        *[Case(f"F.normalize(x, p=float('{p}'))", x=real(2, 3)) for p in ("inf", "-inf")],
        Case("F.normalize(x * 0)", x=real(2, 3), second=False),
        Case("F.normalize(x * 1e-3, eps=0.1)", x=real(2, 3)),
        Case("F.normalize(x, dim=0)", x=real()),
        Case("F.normalize(input=x, p=2.0, dim=0, eps=1e-12)", x=real(3)),
        Refused("F.normalize(x)", says="1", x=real(3)),
        Refused("F.normalize(x)", says="input must hold real", x=ints(9, 2, 3)),
    ],
    "nn.BatchNorm1d": [
        *_batch_norms("BatchNorm1d", (4, 3), ((3,), (2, 3, 4, 5))),
        *_batch_norms("BatchNorm1d", (4, 3, 5), ())[:8],
        Refused("m.nn.BatchNorm1d(3)(x)", says="more than one", x=real(1, 3)),
    ],
    "nn.BatchNorm2d": _batch_norms("BatchNorm2d", (2, 3, 4, 2),
                                   ((2, 3), (2, 3, 4), (2, 3, 1, 1, 1))),
    "nn.BatchNorm3d": _batch_norms("BatchNorm3d", (2, 3, 2, 1, 2), ((2, 3), (2, 3, 4, 2))),
    "nn.InstanceNorm1d": _instance_norms("InstanceNorm1d", (4, 3, 5), ((3,), (2, 3, 4, 5))),
    "nn.InstanceNorm2d": _instance_norms("InstanceNorm2d", (2, 3, 4, 2), ((3, 2), (2, 3, 1, 1, 1))),
    "nn.InstanceNorm3d": _instance_norms("InstanceNorm3d", (2, 3, 2, 1, 2), ((2, 3), (2, 3, 4))),
    "nn.LayerNorm": [
        *[Layer(f"m.nn.LayerNorm({a})", x=real(2, 4, 3)) for a in (
            "3", "(4, 3)", "[3], eps=0.1", "3, elementwise_affine=False", "3, bias=False")],
        *[Case(f"repr(m.nn.LayerNorm({a}))") for a in ("3", "(4, 3), 0.1", "3, bias=False")],
        Case("m.nn.LayerNorm(normalized_shape=3, dtype=m.float64).weight.dtype"),
        Refused("m.nn.LayerNorm(4)(x)", says="normalized_shape", x=real(2, 3)),
    ],
    "nn.RMSNorm": [
        *[Layer(f"m.nn.RMSNorm({a})", x=real(2, 4, 3)) for a in (
            "3", "(4, 3)", "[3], eps=0.1", "3, elementwise_affine=False")],
        *[Case(f"repr(m.nn.RMSNorm({a}))") for a in ("3", "(4, 3), 0.1")],
        Refused("m.nn.RMSNorm(4)(x)", says="normalized_shape", x=real(2, 3)),
    ],
    "nn.GroupNorm": [
        *[Layer(f"m.nn.GroupNorm({a})", x=real(2, 4, 3)) for a in (
            "2, 4", "1, 4, eps=0.1", "4, 4, affine=False",
            "num_groups=2, num_channels=4, bias=False")],
        *[Case(f"repr(m.nn.GroupNorm({a}))") for a in ("2, 4", "2, 4, 0.1, bias=False")],
        Refused("m.nn.GroupNorm(3, 4)", says="num_groups=3"),
        Refused("m.nn.GroupNorm(2, 4)(x)", says="weight", x=real(2, 6)),
    ],
}  # fmt: skip
