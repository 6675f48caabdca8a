"""What the data show, and the exam: raw columns, leaks, labels among the inputs, the wrong mode."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np

from minidl import nn

from .chains import mark
from .findings import Finding, graded, listed, percent, short, unexamined
from .hosting import host
from .patients import Exam, Patient, every_part, function_name, part_name
from .signals import same_dice

MOODY = ("Dropout", "BatchNorm", "AlphaDropout", "RReLU")  # they work otherwise while training
ENOUGH = 20  # examples, before a column can be accused of being the label


def data_checks(patient: Patient) -> Iterator[Finding]:
    """Findings about the data and the exam."""
    yield raw_inputs(patient)
    yield leak(patient)
    yield told_label(patient)
    yield exam_mode(patient)


def raw_inputs(patient: Patient) -> Finding:
    """The column whose numbers are largest."""
    columns = _columns(patient.inputs)
    if columns is None:
        return unexamined("raw inputs", "The inputs are no numbers with a point.")
    with np.errstate(all="ignore"):
        sizes = np.sqrt((columns**2).mean(0))
    large, middle = float(sizes.max()), float(np.median(sizes))
    where = int(sizes.argmax())
    return Finding(
        "raw inputs",
        graded(large, 6, 60, 600),
        f"column {where} of the inputs",
        f"its numbers are of size {short(large)}; of the middle column, {short(middle)}",
        "larger than 6",
        "Large columns drown small ones, and the steps that suit one suit no other. Bring each "
        "column to mean 0 and spread 1, by the training data's numbers.",
    )


def leak(patient: Patient) -> Finding:
    """How much of the exam stands among what was learned."""
    if patient.validation is None:
        why = "Hand over validation=(inputs, targets), the examples of the exam."
        return unexamined("leak", why)
    learned = patient.inputs if patient.learned is None else host(patient.learned[0])
    known, rows = set(map(mark, learned)), host(patient.validation[0])
    seen = sum(mark(row) in known for row in rows)
    share = seen / len(rows) if len(rows) else 0.0
    return Finding(
        "leak",
        graded(share, 0, 0.01, 0.1),
        "the validation data",
        f"{seen} of {len(rows)} examples of the exam were learned from ({percent(share)})",
        "any",
        "A network knows again what it has seen: its result is memory, not skill. First keep "
        "aside, then copy and change what is left.",
    )


def told_label(patient: Patient) -> Finding:
    """The input column that goes most with the label."""
    inputs = patient.inputs if patient.learned is None else host(patient.learned[0])
    target = host((patient.learned or patient.batch)[1])
    columns = _columns(_rows(inputs)) if len(inputs) == len(target) else None
    if columns is None or target.ndim != 1 or len(target) < ENOUGH or not target.std():
        why = f"It takes {ENOUGH} examples, each with one number to be told."
        return unexamined("label among the inputs", why)
    x, y = columns - columns.mean(0), target - target.mean()
    with np.errstate(all="ignore"):
        matches = np.abs((x * y[:, None]).mean(0) / (x.std(0) * y.std()))
    matches = np.nan_to_num(matches)
    where, most = int(matches.argmax()), float(matches.max())
    return Finding(
        "label among the inputs",
        graded(most, 0.98, 0.999, 2),
        f"column {where} of the inputs",
        f"it goes along with the label to {percent(most)}",
        "more than 98 %",
        "A column that is the label itself, or was made of it, will not be there tomorrow. Leave "
        "it out.",
    )


def exam_mode(patient: Patient) -> Finding:
    """In which mode the parts are while the learner's own exam runs, and afterwards."""
    if patient.evaluate is None:
        why = "Hand over evaluate=, the exam: a function of model, inputs and targets."
        return unexamined("exam in training mode", why)
    place = function_name(patient.evaluate)
    results, at_work, before, after = _three_exams(patient, patient.evaluate)
    if at_work:
        return Finding(
            "exam in training mode",
            3,
            f"{place}: {listed(at_work)}",
            f"three exams gave {', '.join(map(short, results))}",
            "a part that trains during the exam",
            "These parts work otherwise in training: dropout goes on, running statistics are those "
            "of the batch. `model.eval()` before the exam.",
        )
    if before != after:
        return Finding(
            "exam in training mode",
            2,
            place,
            f"training mode was {before[0]} before the exam and is {after[0]} after it",
            "another mode than before",
            "An exam leaves the model as it found it: `model.train(before)`.",
        )
    return Finding("exam in training mode", 0, place, "no part trains during the exam", "any part")


def _three_exams(
    patient: Patient, evaluate: Exam
) -> tuple[list[float], list[str], list[bool], list[bool]]:
    """Three results, the moody parts that trained meanwhile, every mode before and after."""
    model, at_work = patient.twin(), {}
    x, y = patient.validation or patient.batch
    with same_dice(0), ExitStack() as hooks, np.errstate(all="ignore"):
        for path, part in every_part(model):
            if type(part).__name__.startswith(MOODY):
                hooks.enter_context(part.register_forward_hook(_watching(at_work, path)))
        before = [part.training for part in model.modules()]
        results = [float(evaluate(model, x, y)) for _ in range(3)]
        after = [part.training for part in model.modules()]
    return results, list(at_work), before, after


def _watching(at_work: dict[str, None], path: str) -> Callable:
    def watch(part: nn.Module, _: tuple, given: Any) -> None:
        if part.training:
            at_work[part_name(path, part)] = None

    return watch


def _columns(x: np.ndarray) -> np.ndarray | None:
    """A column for each input, or for each channel of pictures."""
    if x.dtype.kind != "f" or x.ndim < 2 or not x.size:
        return None
    if x.ndim > 2:
        x = np.moveaxis(x, 1, -1)
    return x.reshape(-1, x.shape[-1]).astype(np.float64)


def _rows(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x.reshape(len(x), -1))
