"""What two steps on one batch show: which gradients were used, which dials moved, and how far."""

from collections.abc import Iterator

import numpy as np

from .findings import Finding, graded, listed, percent, short, unexamined
from .patients import Patient, function_name, hidden_dials
from .recording import Arrays, Record, Steps, length

TINY = 2.0**-25  # what is below it, numbers of 16 bits round to 0


def step_checks(patient: Patient, record: Record, steps: Steps | None) -> Iterator[Finding]:
    """Findings about the step; without an optimiser most cannot be examined."""
    if steps is None:
        why = "Hand over optimizer=, so that twins can take two steps."
        yield unexamined("gradients pile up", why)
        yield left_out(patient, record, None)
        yield unexamined("rate too high", why)
    else:
        yield piling(patient, steps)
        yield left_out(patient, record, steps)
        yield pace(patient, steps)
    yield underflow(patient, record, steps)


def piling(patient: Patient, steps: Steps) -> Finding:
    """The gradients by which the dials turned, beside those that this batch alone makes."""
    place = function_name(patient.step)
    if not steps.turned:
        return Finding(
            "gradients pile up",
            3,
            place,
            "the optimiser was never asked to turn the dials",
            "",
            "The step does not call `optimizer.step()`.",
        )
    found = dict(patient.model.named_parameters())
    own = {path: g for path, g in steps.own.items() if path in found}
    used = {path: g for path, g in steps.used.items() if path in found}
    times = length(used) / length(own) if length(own) else 1.0
    same = abs(times - 1) < 0.005
    piled = {path: g + steps.left.get(path, 0.0) for path, g in own.items()}
    heap = _apart(used, piled) < 0.02 < _apart(piled, own)
    return Finding(
        "gradients pile up",
        3 if heap else 0,
        place,
        f"the gradient is {'' if same else f'{short(times)} times '}that of the batch alone",
        "the old gradient is still in it",
        "`backward()` adds to what is in `grad`. Wipe before the walk: `optimizer.zero_grad()`.",
    )


def left_out(patient: Patient, record: Record, steps: Steps | None) -> Finding:
    """Dials that lie where no walk finds them, or that the optimiser never got."""
    hidden = {path: dial.numel() for path, dial in hidden_dials(patient.model)}
    if hidden:
        return _left(
            list(hidden),
            f"{sum(hidden.values())} dials lie where `parameters()` does not find them",
            "They lie in a plain list, tuple or dictionary. `nn.ModuleList` is a list that is a "
            "module.",
        )
    dials = dict(patient.model.named_parameters())
    wanted = {path: dial for path, dial in dials.items() if dial.requires_grad}
    groups = getattr(patient.optimizer, "param_groups", None)
    if groups is not None:
        turned = {id(dial) for group in groups for dial in group["params"]}
        others = [path for path, dial in wanted.items() if id(dial) not in turned]
        if others:
            count = sum(wanted[path].numel() for path in others)
            return _left(
                others,
                f"{count} dials were not given to the optimiser",
                "It turns only what it was handed: `model.parameters()`, after the model is whole.",
            )
    if record.silent:
        return _left(
            record.silent,
            f"{len(record.silent)} of {len(wanted)} parameters get no gradient",
            "`forward` does not use them, or cuts the tape by `detach()` or `.item()`.",
        )
    found = sum(dial.numel() for dial in wanted.values())
    still = _still(steps) if steps else []
    measured = f"all {found} dials are found" + ("" if still or not steps else ", and all move")
    return Finding("dials left out", 0, "", measured, "any")


def _left(paths: list[str], measured: str, means: str) -> Finding:
    return Finding("dials left out", 3, listed(paths), measured, "any", means)


def _still(steps: Steps) -> list[str]:
    """Parameters of which no number changed, though there was a gradient."""
    moved = steps.before.items()
    return [path for path, w in moved if np.array_equal(w, steps.after[path]) and path in steps.own]


def pace(patient: Patient, steps: Steps) -> Finding:
    """How far a step turns the dials, and whether the loss comes down."""
    moves = {
        path: steps.after[path].astype(np.float64) - before for path, before in steps.before.items()
    }
    whole = length(steps.before)
    share = length(moves) / whole if whole else 0.0
    first, last = steps.losses
    rise = last / first if first > 0 else 1.0
    grade = max(graded(share, 0.3, 1, 10), graded(rise, 1.2, 3, 30))
    return Finding(
        "rate too high",
        grade,
        function_name(patient.step),
        f"a step turns the dials by {percent(share)} of their length; on this batch the loss went "
        f"from {short(first)} to {short(last)} in five steps",
        "more than 30 %, or a loss that rises on its own batch",
        "Steps that are too long jump over the goal. Try a tenth of the learning rate, and look "
        "for another ailment that makes the gradients long.",
    )


def underflow(patient: Patient, record: Record, steps: Steps | None) -> Finding:
    """Gradients that are exactly 0 where they should only be small."""
    if steps is not None and steps.used:
        alive = sum(int((g != 0).sum()) for g in steps.own.values())
        share = _lost(steps.used, steps.own) / alive if alive else 0.0
        place = function_name(patient.step)
        measured = f"{percent(share)} of the gradients are 0 in the step, and not with 32 bits"
        return _underflow(graded(share, 0.02, 0.1, 0.9), place, measured)
    passed = [p.gradient for p in record.passings if p.gradient is not None]
    found = [np.abs(g).ravel() for g in (*passed, *record.gradients.values())]
    every = np.concatenate(found) if found else np.zeros(0)
    every = every[every > 0]
    share = float((every < TINY).mean()) if every.size else 0.0
    measured = f"{percent(share)} of the gradients are below 0.00000003"
    return _underflow(graded(share, 0.5, 2, 2), "the walk back", measured)


def _underflow(grade: int, place: str, measured: str) -> Finding:
    return Finding(
        "underflow",
        grade,
        place,
        measured,
        "2 % lost in the step, or half of all so small",
        "Numbers of 16 bits round to 0 what is below 0.00000003. Multiply the loss before the walk "
        "back, and divide the gradients afterwards, when they have 32 bits again.",
    )


def _lost(used: Arrays, own: Arrays) -> int:
    pairs = ((used.get(path), g) for path, g in own.items())
    return sum(int(((u == 0) & (g != 0)).sum()) for u, g in pairs if u is not None)


def _apart(one: Arrays, other: Arrays) -> float:
    """How far two sets of arrays lie apart, beside the second's length."""
    gaps = {path: one.get(path, np.zeros(1)) - g for path, g in other.items()}
    whole = length(other)
    return length(gaps) / whole if whole else 0.0
