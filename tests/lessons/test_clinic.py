"""Lesson 08's patients are ill when they come, and well by whatever cure is as right as ours."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import pytest

from benchmarks.headlines import promises
from minidl.grading.course import builder, find_lesson
from minidl.grading.notebook.player import play
from minidl.grading.worker.cells import CELL_SECONDS, run_cell

LESSON = find_lesson("08")
TARGETS = {promise.name: promise for promise in promises(LESSON)}


@cache
def admitted() -> dict[str, Any]:
    """The names of the untouched notebook, and how its patients do."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    cells = builder.student(LESSON)["cells"]
    asked = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    last = next(i for i, source in enumerate(asked) if source.startswith("SEEDS"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Loud's numbers
        for place, source in enumerate(asked[: last + 1]):
            if "check(" not in source:
                run_cell(source.replace("range(5)", "range(1)"), place, scope, True, CELL_SECONDS)
    return scope


def test_there_are_ten_patients_with_a_target_each():
    assert set(admitted()["headline"]) == set(TARGETS)
    assert len(TARGETS) == 10


@pytest.mark.parametrize("name", TARGETS)
def test_a_patient_is_ill_when_it_comes(name: str):
    found, target = admitted()["headline"][name][0], TARGETS[name]
    far = 0.05 if target.side == ">=" else -0.05
    assert (found < target.bound - far) if far > 0 else (found > target.bound - far)


CURES = {
    "08.begin": {
        "nothing of one's own": {"    nn.init.constant_(net[0].bias, 0.0)\n": ""},
        "He's uniform numbers": {"kaiming_normal_": "kaiming_uniform_"},
        "by hand": {
            "nn.init.kaiming_normal_(layers[-2].weight)": (
                "nn.init.normal_(layers[-2].weight, 0, (2 / inputs) ** 0.5)"
            )
        },
    },
    "08.price": {
        "the last dimension": {"scores.softmax(1)": "scores.softmax(-1)"},
        "by logarithms": {
            "return nn.functional.cross_entropy(scores, labels)": (
                "return nn.functional.nll_loss(scores.log_softmax(1), labels)"
            )
        },
    },
    "08.step": {
        "wiped in the end": {
            "    optimizer.zero_grad()\n": "",
            "    optimizer.step()\n": "    optimizer.step()\n    optimizer.zero_grad()\n",
        },
        "wiped by the model": {"optimizer.zero_grad()": "model.zero_grad()"},
        "Sequential": {
            "nn.ModuleList([": "nn.Sequential(",
            "width)])": "width))",
        },
    },
    "08.data": {
        "the root of the mean square": {"train.std(0)": "train.std(0, correction=0)"},
        "the other half": {
            "places[:half], minidl.cat([places[half:]] * copies)": (
                "places[-half:], minidl.cat([places[:-half]] * copies)"
            )
        },
    },
    "08.exam": {
        "train(False)": {"model.eval()": "model.train(False)"},
        "a factor of one's own": {
            "(loss * scale).backward()": "(loss * 8192).backward()",
            "/ scale": "/ 8192",
        },
    },
}


@pytest.mark.parametrize(
    ("id", "name"), [(id, name) for id, cures in CURES.items() for name in cures]
)
def test_another_cure_is_accepted(id: str, name: str):
    cells = []
    for cell in builder.unsolved(LESSON)["cells"]:
        source, own = cell["source"], cell["metadata"].get("exercise", "")
        for old, new in CURES[id][name].items() if own == id else ():
            assert source.count(old) == 1
            source = source.replace(old, new)
        if cell["cell_type"] == "code":
            cells.append((own, source))
    ((_, verdict),) = play(cells, LESSON.exercises(), only=id)
    assert verdict.passed, [part.sentence for part in verdict.parts]


def test_a_wrong_name_is_not_told_the_right_one():
    cells = [
        (cell["metadata"].get("exercise", ""), cell["source"])
        for cell in builder.student(LESSON)["cells"]
        if cell["cell_type"] == "code"
    ]
    for id, verdict in play(cells, LESSON.exercises()):
        part = verdict.parts[0]
        assert (part.part.id, part.status) == ("diagnosis", "wrong")
        right = [wrong.change for wrong in LESSON.exercises()[id].wrong if wrong.id == "exchanged"]
        for line in right[0]:
            word = line.rpartition('": "')[2].strip('"')
            assert word and word not in part.sentence
