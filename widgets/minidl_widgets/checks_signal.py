"""What the numbers of a batch show on their way: where they end, die, grow, shrink or saturate."""

from collections.abc import Iterator

import numpy as np

from .findings import Finding, graded, percent, short, unexamined
from .patients import Patient, part_name
from .recording import Passing, Record, length, size
from .writing import number

DEAD = "a relu that gives 0 for every example passes no gradient back, so its dials never move"
SCORING = ("Softmax", "LogSoftmax", "Dropout")
BENDS = ("nn.activation", "nn.rectifiers")  # the files of nn in which relu and its like stand
SATURATING = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0), "Hardtanh": (-1.0, 1.0)}


def signal_checks(patient: Patient, record: Record) -> Iterator[Finding]:
    """Findings about one batch forward and back."""
    yield not_numbers(patient, record)
    yield dead_units(record)
    yield saturation(record)
    yield exploding(patient, record)
    yield vanishing(patient, record)
    yield gradient_sizes(record)


def not_numbers(patient: Patient, record: Record) -> Finding:
    """The first part whose output is not finite."""
    x = np.asarray(record.passings[0].output if record.passings else record.output)
    for passing in record.passings:
        if bad := int((~np.isfinite(passing.output)).sum()):
            x = passing.output
            return Finding(
                "not a number",
                3,
                part_name(passing.path, passing.part),
                f"{bad} of {x.size} numbers are nan or infinite",
                "any",
                "This is the first part that gives them, and they infect all that follows. Numbers "
                "too large for their kind, a logarithm of 0, a division by 0, or data that held "
                "them already.",
            )
    if not np.isfinite(record.loss):
        return Finding(
            "not a number",
            3,
            "the loss",
            f"the loss is {record.loss}",
            "any",
            "Every part gives ordinary numbers, so it begins in the loss: a logarithm of 0, or an "
            "exponential that is too large.",
        )
    return Finding("not a number", 0, "", "every number is finite", "any")


def dead_units(record: Record) -> Finding:
    """The layer with the largest share of units that are silent for the whole batch."""
    worst, share, silent, units = None, 0.0, 0, 0
    for passing in record.passings:
        if not _bends(passing):
            continue
        flat = _by_unit(passing.output)
        dead = int((flat == 0).all(0).sum())
        if worst is None or dead / flat.shape[1] > share:
            worst, share, silent, units = passing, dead / flat.shape[1], dead, flat.shape[1]
    if worst is None:
        return _dead_by_gradient(record)
    return Finding(
        "dead units",
        graded(share, 0.25, 0.5, 0.9),
        part_name(worst.path, worst.part),
        f"{silent} of {units} units give 0 for every example",
        "more than a quarter",
        f"Dead: {DEAD}. A bias that is far too low, a step that was too long, or raw inputs.",
    )


def _dead_by_gradient(record: Record) -> Finding:
    """The same where no relu is a part of its own: rows of weights without any gradient."""
    worst, share, silent, units = "", -1.0, 0, 0
    for path, gradient in record.gradients.items():
        if gradient.ndim < 2 or not gradient.any():
            continue
        rows = gradient.reshape(len(gradient), -1)
        dead = int((rows == 0).all(1).sum())
        if dead / len(rows) > share:
            worst, share, silent, units = path, dead / len(rows), dead, len(rows)
    if not worst:
        return unexamined("dead units", "No relu is a part of its own, and no weights are tables.")
    return Finding(
        "dead units",
        graded(share, 0.25, 0.5, 0.9),
        worst,
        f"{silent} of {units} rows of weights get no gradient at all",
        "more than a quarter",
        f"Dead: {DEAD}.",
    )


def saturation(record: Record) -> Finding:
    """The bent part with the largest share of numbers at its ends."""
    worst, share = None, -1.0
    for passing in record.passings:
        low, high = SATURATING.get(type(passing.part).__name__, (0.0, 0.0))
        if low == high:
            continue
        near = 0.03 * (high - low)
        ends = (passing.output < low + near) | (passing.output > high - near)
        if ends.mean() > share:
            worst, share = passing, float(ends.mean())
    if worst is None:
        return unexamined("saturation", "There is no tanh and no sigmoid among the parts.")
    return Finding(
        "saturation",
        graded(share, 0.3, 0.6, 0.95),
        part_name(worst.path, worst.part),
        f"{percent(share)} of its numbers lie at its ends",
        "more than 30 %",
        "Where the curve is flat, hardly any gradient comes through. Weights or inputs too large.",
    )


def exploding(patient: Patient, record: Record) -> Finding:
    """How much larger than the inputs the largest signal is."""
    inner, start = _inner(record), size(_input(patient))
    if not inner or not start:
        return unexamined("exploding signal", "There is no layer between the inputs and the end.")
    worst = max(inner, key=lambda passing: _finite(size(passing.output)))
    times = size(worst.output) / start
    return Finding(
        "exploding signal",
        graded(times, 12, 50, 200),
        part_name(worst.path, worst.part),
        f"the signal is {short(times)} times as large as the inputs",
        "more than 12 times",
        "Numbers that grow from layer to layer: the weights begin too large. With relu they want a "
        "variance of 2 / inputs.",
    )


def vanishing(patient: Patient, record: Record) -> Finding:
    """How much smaller than the inputs the smallest signal is; a dead layer is another ailment."""
    inner, start = _inner(record), size(_input(patient))
    inner = [passing for passing in inner if size(passing.output) > 0]
    if not inner or not start:
        return unexamined("vanishing signal", "There is no living layer before the end.")
    worst = min(inner, key=lambda passing: size(passing.output))
    times = start / size(worst.output)
    return Finding(
        "vanishing signal",
        graded(times, 30, 1e3, 1e6),
        part_name(worst.path, worst.part),
        f"the signal is {number(1 / times, 2)} times as large as the inputs",
        "less than a thirtieth",
        "Numbers that shrink from layer to layer: the weights begin too small. With relu they want "
        "a variance of 2 / inputs.",
    )


def gradient_sizes(record: Record) -> Finding:
    """How the gradients of the first and the last table of weights compare, and how long all is."""
    tables = {path: g for path, g in record.gradients.items() if g.ndim > 1}
    whole = length(record.gradients)
    sizes = {path: size(gradient) for path, gradient in tables.items() if gradient.any()}
    if len(sizes) < 2:
        return unexamined("uneven gradients", "There are fewer than two layers with a gradient.")
    small, large = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    times = sizes[large] / sizes[small] if np.isfinite(sizes[large]) else np.inf
    return Finding(
        "uneven gradients",
        graded(times, 1e3, 1e5, 1e8) if np.isfinite(whole) else 3,
        f"{small} and {large}",
        f"the larger is {short(times)} times the smaller; together {short(whole)} long",
        "more than 1000 times",
        "One layer runs while another stands. The signal grows or dies between them, in one "
        "direction or the other.",
    )


def _bends(passing: Passing) -> bool:
    """Whether a part cuts off at 0, as relu does: none below, some at it."""
    kind = type(passing.part).__name__
    return "ReLU" in kind and passing.output.ndim > 1 and bool((passing.output >= 0).all())


def _by_unit(output: np.ndarray) -> np.ndarray:
    """A column for each unit: features of (examples, ..., features), channels of pictures."""
    if output.ndim > 3:
        output = np.moveaxis(output, 1, -1)
    return output.reshape(-1, output.shape[-1])


def _inner(record: Record) -> list[Passing]:
    """What is handed from layer to layer: neither the scores at the end, nor what goes into a bend,
    nor what only makes probabilities or holes."""
    kept = [p for p in record.passings if not type(p.part).__name__.startswith(SCORING)]
    pairs = zip(kept, kept[1:], strict=False)
    return [one for one, following in pairs if not type(following.part).__module__.endswith(BENDS)]


def _input(patient: Patient) -> np.ndarray:
    """The inputs; ones where they are no numbers with a point, but say the places of words."""
    return patient.inputs if patient.inputs.dtype.kind == "f" else np.ones(1)


def _finite(x: float) -> float:
    return x if np.isfinite(x) else np.inf
