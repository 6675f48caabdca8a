"""The whole examination: every check there is on one patient, and what its layers look like."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from .checks_data import data_checks
from .checks_loss import loss_checks
from .checks_signal import signal_checks
from .checks_step import step_checks
from .findings import Finding, worst_first
from .patients import Patient, part_name
from .recording import Record, Steps, length, record, size, take_two
from .signals import same_dice
from .writing import number


@final
@dataclass(frozen=True)
class Checkup:
    """What an examination found: the ill first; and a row for each part of the network."""

    findings: list[Finding]
    layers: list[dict[str, Any]]
    loss: float | None
    problem: str = ""  # what kept it from being whole

    @property
    def ill(self) -> list[Finding]:
        """What is not healthy, the worst first."""
        return [finding for finding in self.findings if finding.grade]

    @property
    def healthy(self) -> list[Finding]:
        """What was looked at and is as it should be."""
        return [finding for finding in self.findings if finding.grade == 0]

    @property
    def missing(self) -> list[Finding]:
        """What could not be examined, and why."""
        return [finding for finding in self.findings if finding.grade is None]


def examine(patient: Patient) -> Checkup:
    """Looks at everything; what cannot even run is told as a problem, and the data are looked at.

    Nothing of the patient is changed.
    """
    with same_dice():
        return _examined(patient)


def _examined(patient: Patient) -> Checkup:
    problems: list[str] = []
    found = _tried(problems, "The batch", lambda: record(patient))
    steps = None
    if found is not None and patient.optimizer is not None and patient.step is not None:
        steps = _tried(problems, "The step", lambda: take_two(patient))
    checks: list[Callable[[], Iterator[Finding]]] = [lambda: data_checks(patient)]
    if found is not None:
        checks += [
            lambda: signal_checks(patient, found),
            lambda: loss_checks(patient, found),
            lambda: step_checks(patient, found, steps),
        ]
    findings: list[Finding] = []
    for check in checks:
        _tried(problems, "An examination", lambda check=check: findings.extend(check()))
    layers = [] if found is None else _layers(found, steps)
    loss = None if found is None else found.loss
    return Checkup(worst_first(findings), layers, loss, " ".join(problems))


def _tried(problems: list[str], what: str, look: Callable[[], Any]) -> Any:
    """What the look gives; None, and a sentence, where it raises."""
    try:
        return look()
    except Exception as error:
        problems.append(f"{what} stopped: {type(error).__name__}: {error}".rstrip(": ") + ".")
        return None


def _layers(found: Record, steps: Steps | None) -> list[dict[str, Any]]:
    """A row for each part: how large its signal is, and its gradient, and how far it moves."""
    return [
        {
            "name": part_name(passing.path, passing.part),
            "signal": number(size(passing.output), 3),
            "gradient": "" if passing.gradient is None else number(size(passing.gradient), 3),
            "zeros": f"{100 * float((passing.output == 0).mean()):.0f} %",
            "moved": _moved(passing.path, steps),
            "level": _level(size(passing.output)),
        }
        for passing in found.passings
    ]


def _moved(path: str, steps: Steps | None) -> str:
    """How far the second step turned this part's dials, beside their length."""
    own = [] if steps is None else [p for p in steps.before if p.rpartition(".")[0] == path]
    if steps is None or not own:
        return ""
    before = {p: steps.before[p] for p in own}
    moves = {p: steps.after[p].astype(np.float64) - steps.before[p] for p in own}
    whole = length(before)
    return f"{number(100 * length(moves) / whole, 2)} %" if whole else "0 %"


def _level(rms: float) -> float:
    """Where a signal lies between a ten-thousandth (0) and ten thousand (1), by its logarithm."""
    if not np.isfinite(rms):
        return 1.0
    return float(np.clip((np.log10(max(rms, 1e-9)) + 4) / 8, 0, 1))
