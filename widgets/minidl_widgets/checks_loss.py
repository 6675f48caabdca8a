"""What a loss shows when it is asked for prices that one knows: alone, in company, when perfect."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import minidl
from minidl import Tensor

from .findings import Finding, graded, short, unexamined
from .hosting import host
from .patients import Patient, function_name, part_name
from .recording import Record

FEW = 16  # examples that are asked about one by one
SURE = 100.0  # how far a perfect score lies above the others


def loss_checks(patient: Patient, record: Record) -> Iterator[Finding]:
    """Findings about the loss."""
    classes = patient.classes
    yield price_level(patient, record, classes)
    yield company(patient, record)
    yield perfect(patient, record, classes)


def price_level(patient: Patient, record: Record, classes: int) -> Finding:
    """The loss beside that of who knows nothing."""
    if not classes:
        return unexamined("loss too high", "The targets are no class numbers.")
    ignorant = math.log(classes)
    return Finding(
        "loss too high",
        graded(record.loss / ignorant, 1.5, 4, 40),
        function_name(patient.loss_fn),
        f"the loss is {short(record.loss)}",
        f"more than {short(1.5 * ignorant)}, 1.5 times ln {classes}",
        "Who knows nothing pays ln of the number of classes. More means: the network is sure, and "
        "wrong. Scores that begin too large, or steps that were too long.",
    )


def company(patient: Patient, record: Record) -> Finding:
    """Whether examples pay alone what they pay together, and softmaxes run along the classes."""
    for passing in record.passings:
        wrong = _wrong_way(passing.output) if "Softmax" in type(passing.part).__name__ else False
        if wrong:
            return _wrong_axis(
                part_name(passing.path, passing.part),
                "its probabilities add up to 1 down the batch, not along the classes",
            )
    rows = min(FEW, len(record.output))
    if rows < 2 or record.output.ndim < 1:
        return unexamined("wrong axis", "It takes at least two examples.")
    try:
        together, alone = _prices(patient, record.output, rows)
    except Exception as error:  # a loss that takes no single example is asked no more
        return unexamined("wrong axis", f"The loss takes no single example: {error}")
    gap = min(abs(together - np.mean(alone)), abs(together - np.sum(alone)))
    share = gap / max(abs(together), 1e-6)
    measured = f"together they pay {short(together)}, alone {short(float(np.mean(alone)))}"
    if share > 1e-3 and np.isfinite(share):
        return _wrong_axis(function_name(patient.loss_fn), measured)
    return Finding("wrong axis", 0, function_name(patient.loss_fn), measured, "a different mean")


def _wrong_axis(place: str, measured: str) -> Finding:
    return Finding(
        "wrong axis",
        3,
        place,
        measured,
        "a different mean",
        "What an example pays depends on who sits beside it: something is added up over the batch "
        "that belongs to one example. The softmax runs along the classes, dimension 1.",
    )


def _wrong_way(shares: np.ndarray) -> bool:
    """Whether columns add up to 1 and rows do not."""
    if shares.ndim != 2:
        return False
    shares = np.exp(shares) if (shares <= 0).all() else shares
    down, along = np.abs(shares.sum(0) - 1).max(), np.abs(shares.sum(1) - 1).max()
    return bool(down < 1e-3 < along)


def _prices(patient: Patient, output: np.ndarray, rows: int) -> tuple[float, list[float]]:
    target = _like(patient.batch[1], host(patient.batch[1])[:rows])
    scores = minidl.tensor(output[:rows], device=target.device)
    with minidl.no_grad(), np.errstate(all="ignore"):
        together = float(patient.loss_fn(scores, target).item())
        alone = [
            float(patient.loss_fn(scores[i : i + 1], target[i : i + 1]).item()) for i in range(rows)
        ]
    return together, alone


def perfect(patient: Patient, record: Record, classes: int) -> Finding:
    """What a perfect answer costs, and whether the loss is handed probabilities."""
    if not classes:
        return unexamined("softmax twice", "The targets are no class numbers.")
    try:
        price = _price_of_perfect(patient, classes)
    except Exception as error:  # a loss that takes no other examples is asked no more
        return unexamined("softmax twice", f"The loss takes no made-up scores: {error}")
    measured = f"a perfect answer costs {short(abs(price))}"
    limit = "more than 0.01, or probabilities for scores"
    place, twice = function_name(patient.loss_fn), price > 0.01
    floor = math.log(1 + (classes - 1) / math.e)
    if abs(price) <= 0.01 and _probabilities(record.output):
        twice, measured = True, "the model hands it probabilities, and it makes a softmax of them"
        place = _last(record)
    return Finding(
        "softmax twice",
        3 if twice and math.isfinite(price) else 0,
        place,
        measured,
        limit,
        "A softmax of probabilities can never be sure: the loss has a floor of about "
        f"{short(floor)}, and near it the gradients are faint. Hand the loss scores.",
    )


def _price_of_perfect(patient: Patient, classes: int) -> float:
    """What an example of each class costs whose right score is far above the others."""
    right = _like(patient.batch[1], np.arange(classes))
    scores = SURE * minidl.eye(classes, device=right.device)
    with minidl.no_grad(), np.errstate(all="ignore"):
        return float(patient.loss_fn(scores, right).item())


def _probabilities(output: np.ndarray) -> bool:
    """Whether every row is positive and adds up to 1."""
    if output.ndim != 2 or not np.isfinite(output).all():
        return False
    return bool((output >= 0).all() and np.abs(output.sum(1) - 1).max() < 1e-3)


def _last(record: Record) -> str:
    last = record.passings[-1] if record.passings else None
    return part_name(last.path, last.part) if last else "the model"


def _like(target: Any, numbers: np.ndarray) -> Any:
    """Numbers as a tensor of the targets' kind, where the targets are."""
    where = target.device if isinstance(target, Tensor) else "cpu"
    return minidl.tensor(numbers.astype(host(target).dtype), device=where)
