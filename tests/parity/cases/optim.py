"""Optimisers and schedules, step by step."""

from typing import Any

from ..case import Case, Refused, Steps, Trial, real

P: dict[str, Any] = {"x": real(3, 2)}


def _options(name: str, *options: str, **more) -> list[Trial]:
    return [Steps(f"m.optim.{name}(params{option and ', '}{option})", **more) for option in options]


def _schedules(name: str, *options: str, base: str = "lr=0.5", **more) -> list[Trial]:
    return [
        Steps(
            f"m.optim.SGD(params, {base})",
            schedule=f"m.optim.lr_scheduler.{name}(opt{option and ', '}{option})",
            steps=30,
            **more,
        )
        for option in options
    ]


def _refused(name: str, **reasons: str) -> list[Trial]:
    """Options that no optimiser of this kind takes, by the argument that is wrong."""
    return [
        Refused(f"m.optim.{name}([x.requires_grad_()], {option})", says=says, **P)
        for says, option in reasons.items()
    ]


EXACT = ("float64",)
TWO = "[{'params': params[:1], 'lr': 0.02}, {'params': params[1:]}]"
GROUPS = {
    name: Steps(f"m.optim.{name}({TWO}, lr=0.1)")
    for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam",
                 "RAdam")  # fmt: skip
}
BETAS = {"lr": "lr=-1.0", "eps": "eps=-1.0", "betas": "betas=(1.0, 0.9)",
         "weight_decay": "weight_decay=-1.0"}  # fmt: skip

CASES: dict[str, list[Trial]] = {
    "optim.SGD": [
        GROUPS["SGD"],
        *_options("SGD", "lr=0.1", "lr=0.1, momentum=0.9", "lr=0.1, weight_decay=0.1"),
        *_options("SGD", "lr=0.1, momentum=0.9, dampening=0.3", "lr=0.1, maximize=True"),
        *_options("SGD", "lr=0.1, momentum=0.9, nesterov=True", "0.1, 0.9", "lr=0.1", closure=True),
        *_refused("SGD", lr="lr=-1.0", momentum="momentum=-1.0", Nesterov="lr=1.0, nesterov=True"),
        Refused("m.optim.SGD([], lr=0.1)", says="empty"),
        Refused("m.optim.SGD(x, lr=0.1)", says="parameters", **P),
        Refused("m.optim.SGD([x.requires_grad_() * 2], lr=0.1)", says="leaf", x=real(2)),
        Refused("m.optim.SGD([1.0], lr=0.1)", says="tensors"),
        Refused("m.optim.SGD([{'params': [x]}, {'params': [x]}], lr=0.1)", says="twice", **P),
    ],
    "optim.Adam": [
        GROUPS["Adam"],
        *_options("Adam", "", "lr=0.1", "lr=0.1, betas=(0.5, 0.9), eps=1e-3", "0.1, (0.8, 0.9)"),
        *_options("Adam", "lr=0.1, weight_decay=0.1", "lr=0.1, amsgrad=True"),
        *_options("Adam", "lr=0.1, maximize=True", "lr=0.1", closure=True),
        *_refused("Adam", **BETAS),
    ],
    "optim.AdamW": [
        GROUPS["AdamW"],
        *_options("AdamW", "", "lr=0.1, weight_decay=0.3", "lr=0.1, amsgrad=True, maximize=True"),
        *_refused("AdamW", **BETAS),
    ],
    "optim.RMSprop": [
        GROUPS["RMSprop"],
        *_options("RMSprop", "", "lr=0.05, alpha=0.9", "lr=0.05, momentum=0.5, weight_decay=0.1"),
        *_options("RMSprop", "lr=0.05, centered=True, eps=1e-3", "lr=0.05, maximize=True"),
        *_refused("RMSprop", lr="lr=-1.0", eps="eps=-1.0", momentum="momentum=-0.1"),
    ],
    "optim.Adagrad": [
        GROUPS["Adagrad"],
        *_options("Adagrad", "", "lr=0.1, lr_decay=0.1", "lr=0.1, weight_decay=0.1, eps=1e-3"),
        *_options("Adagrad", "lr=0.1, initial_accumulator_value=0.5", "lr=0.1, maximize=True"),
        *_refused("Adagrad", lr="lr=-1.0", lr_decay="lr_decay=-1.0",
                  initial_accumulator_value="initial_accumulator_value=-1.0"),  # fmt: skip
    ],
    "optim.Adadelta": [
        GROUPS["Adadelta"],
        *_options("Adadelta", "", "lr=0.5, rho=0.5", "eps=1e-2, weight_decay=0.1", "maximize=True"),
        *_refused("Adadelta", lr="lr=-1.0", rho="rho=1.5", eps="eps=-1.0"),
    ],
    "optim.Adamax": [
        GROUPS["Adamax"],
        *_options("Adamax", "", "lr=0.1, betas=(0.5, 0.9)", "lr=0.1, weight_decay=0.1, eps=1e-2"),
        *_options("Adamax", "lr=0.1, maximize=True"),
        *_refused("Adamax", **BETAS),
    ],
    "optim.NAdam": [
        GROUPS["NAdam"],
        # PyTorch keeps the product of momenta in float32.
        *_options("NAdam", "", "lr=0.1, momentum_decay=0.1", "lr=0.1, weight_decay=0.1",
                  "lr=0.1, weight_decay=0.1, decoupled_weight_decay=True", "lr=0.1, maximize=True",
                  tolerance=100),  # fmt: skip
        *_refused("NAdam", **BETAS),
    ],
    "optim.RAdam": [
        GROUPS["RAdam"],
        *_options("RAdam", "", "lr=0.1, betas=(0.9, 0.9)", "lr=0.1, weight_decay=0.1"),
        *_options("RAdam", "lr=0.1, weight_decay=0.1, decoupled_weight_decay=True"),
        *_options("RAdam", "lr=0.1, maximize=True"),
        *_refused("RAdam", **BETAS),
    ],
    "optim.LBFGS": [
        # Each move depends on differences of the last ones, so float32 parts after a few.
        *_options("LBFGS", "", "lr=0.5, max_iter=3", "max_iter=5, history_size=2", "max_eval=4",
                  "tolerance_grad=0.05", "tolerance_change=0.01", closure=True, kinds=EXACT),
        *_options("LBFGS", "max_iter=4, line_search_fn='strong_wolfe'",
                  "lr=8.0, max_iter=3, line_search_fn='strong_wolfe'", closure=True, steps=5,
                  kinds=EXACT),  # fmt: skip
        *_options("LBFGS", "max_iter=3", closure=True, steps=1),
        Refused("m.optim.LBFGS([x], lr=-1.0)", says="lr", **P),
        Refused("m.optim.LBFGS([x]).step()", says="closure", **P),
        Refused("m.optim.LBFGS([{'params': [x]}, {'params': [x * 1]}])", says="group", **P),
    ],
    "optim.Muon": [
        # PyTorch rounds the direction to bfloat16: three digits.
        *[
            Steps(f"m.optim.Muon(params[:1], {o})", kinds=("float32",), tolerance=100)
            for o in (
                "lr=0.01",
                "lr=0.01, weight_decay=0.5, momentum=0.5",
                "lr=0.01, nesterov=False, ns_steps=3",
                "lr=0.01, adjust_lr_fn='match_rms_adamw'",
            )
        ],
        *_refused("Muon", lr="lr=-1.0", adjust_lr_fn="adjust_lr_fn='double'"),
        Refused("m.optim.Muon([x])", says="matrices", x=real(3)),
    ],
    "optim.lr_scheduler.StepLR": _schedules("StepLR", "4", "step_size=7, gamma=0.5"),
    "optim.lr_scheduler.MultiStepLR": _schedules(
        "MultiStepLR", "[3, 9]", "milestones=[5, 5, 20], gamma=0.5"
    ),
    "optim.lr_scheduler.ExponentialLR": _schedules("ExponentialLR", "0.9", "gamma=1.1"),
    "optim.lr_scheduler.CosineAnnealingLR": _schedules(
        "CosineAnnealingLR", "30", "T_max=7", "T_max=10, eta_min=0.1"
    ),
    "optim.lr_scheduler.CosineAnnealingWarmRestarts": [
        *_schedules("CosineAnnealingWarmRestarts", "7", "T_0=3, T_mult=2", "5, 1, 0.1"),
        Refused(
            "m.optim.lr_scheduler.CosineAnnealingWarmRestarts(m.optim.SGD([x], lr=1.0), 0)",
            says="T_0",
            **P,
        ),
        Refused(
            "m.optim.lr_scheduler.CosineAnnealingWarmRestarts(m.optim.SGD([x], lr=1.0), 2, 0)",
            says="T_mult",
            **P,
        ),
    ],
    "optim.lr_scheduler.OneCycleLR": [
        *_schedules("OneCycleLR", "max_lr=0.5, total_steps=40", base="lr=0.1, momentum=0.9"),
        *_schedules(
            "OneCycleLR",
            "0.5, epochs=2, steps_per_epoch=20, three_phase=True, anneal_strategy='linear'",
            "max_lr=0.5, total_steps=40, cycle_momentum=False, pct_start=0.1, div_factor=10",
            base="lr=0.1, momentum=0.9",
        ),
    ],
    "optim.lr_scheduler.LinearLR": _schedules(
        "LinearLR", "", "start_factor=0.1, total_iters=10", "1.0, 0.0, 20"
    ),
    "optim.lr_scheduler.SequentialLR": _schedules(
        "SequentialLR",
        "[m.optim.lr_scheduler.LinearLR(opt, 0.1, total_iters=5), "
        "m.optim.lr_scheduler.CosineAnnealingLR(opt, 25)], milestones=[5]",
        "schedulers=[m.optim.lr_scheduler.ConstantLR(opt, 0.1, 4), "
        "m.optim.lr_scheduler.ExponentialLR(opt, 0.9), m.optim.lr_scheduler.StepLR(opt, 3)], "
        "milestones=[4, 20]",
        "[m.optim.lr_scheduler.LinearLR(opt, 0.1, total_iters=5), "
        "m.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, 4, 2)], [6]",
    ),
    "optim.lr_scheduler.LambdaLR": _schedules(
        "LambdaLR", "lambda t: 0.9 ** t", "lr_lambda=[lambda t: 1 / (1 + t)]"
    ),
    "optim.lr_scheduler.ReduceLROnPlateau": [
        *_schedules(
            "ReduceLROnPlateau",
            "",
            "patience=2, threshold=0.1, cooldown=2",
            "'min', factor=0.5, patience=0, threshold=0.05, threshold_mode='abs', min_lr=0.01",
            "mode='max', patience=3, eps=1e-3",
            measured=True,
        ),
        *[
            Refused(
                f"m.optim.lr_scheduler.ReduceLROnPlateau(m.optim.SGD([x], lr=1.0), {option})",
                says=says,
                **P,
            )
            for says, option in dict(
                factor="factor=1.0", mode="mode='least'", threshold_mode="threshold_mode='x'",
                min_lr="min_lr=[0.1, 0.2]",
            ).items()
        ],  # fmt: skip
    ],
}

CASES["optim.lr_scheduler.StepLR"].append(
    Case("m.optim.lr_scheduler.StepLR(m.optim.SGD([x], lr=1.0), 2).get_last_lr()", **P)
)
