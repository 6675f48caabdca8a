"""The checks of every exercise refuse its answer with one thing changed, whatever the thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .__main__ import ENOUGH, chosen, report
from .answers import answered, answers
from .changes import mutants
from .trial import trial

SAMPLE = 5  # one mutant in five is tried where time is short
every_exercise = pytest.mark.parametrize("id", list(answers()))


@every_exercise
def test_checks_refuse_a_sample_of_the_mutants(id: str):
    found = trial(answers()[id], SAMPLE)
    assert found.tried > 0
    assert found.share >= ENOUGH, report(found)


@pytest.mark.slow
@pytest.mark.timeout(600)
@every_exercise
def test_checks_refuse_at_least_95_of_100_mutants(id: str):
    found = trial(answers()[id])
    assert found.share >= ENOUGH, report(found)


@every_exercise
def test_what_is_called_equivalent_is_a_mutant(id: str):
    answer = answers()[id]
    changes = {mutant.change for mutant in mutants(answer.source, answer.lines)}
    assert set(answer.equivalents) <= changes
    assert all(answer.equivalents.values()), "say why"


SOURCE = '''def f(x, y=2):
    """Text."""
    if x < 3 and not y:
        x += a[1:, i] - g(x, axis=0)
    return x @ y
'''


def test_everything_is_changed_once():
    found = [mutant.change.split("  =>  ")[1] for mutant in mutants(SOURCE, frozenset({3, 4}))]
    for wanted in (
        "if (x <= 3) and not y:",
        "if x < 4 and not y:",
        "if x < 2 and not y:",
        "if (x < 3 or not y):",
        "if (not y):",
        "if x < 3 and y:",
        "x -= a[1:, i] - g(x, axis=0)",
        "x = a[1:, i] - g(x, axis=0)",
        "x += (a[1:, i] + g(x, axis=0))",
        "x += (g(x, axis=0) - a[1:, i])",
        "x += a[i, 1:] - g(x, axis=0)",
        "x += a[:, i] - g(x, axis=0)",
        "x += a[2:, i] - g(x, axis=0)",
        "x += a[1:, i] - g(x)",
        "x += a[1:, i] - g(x, axis=1)",
        "x += a[1:, i] - g(x, axis=-1)",
        "x += a[1:, i] - g(y, axis=0)",
        "pass",
    ):
        assert found.count(wanted) == 1, (wanted, found)


def test_lines_outside_the_answer_stay():
    assert {mutant.line for mutant in mutants(SOURCE, frozenset({5}))} == {5}


def test_the_answers_lines_are_found():
    cell = "\n# given\n### BEGIN SOLUTION\na = 1\n### STUDENT\n# a = ...\n### END SOLUTION\nb = 2\n"
    assert answered(cell) == {2}


def test_an_exercise_is_chosen_by_its_id_and_its_lesson():
    assert [one.exercise.id for one in chosen(["01.mul"])] == ["01.mul"]
    assert {one.lesson.name for one in chosen(["value"])} == {"01_value"}
    with pytest.raises(LookupError):
        chosen(["99"])


def test_weak_checks_let_mutants_live():
    """A judge that asks too little is found out."""
    answer = answers()["01.bends"]
    blind = [replace(part, seeds=0) for part in answer.exercise.parts]
    found = trial(replace(answer, exercise=replace(answer.exercise, parts=blind)))
    assert found.share < ENOUGH
    assert "+    return n * a ** (n + 1)" in report(found).replace("((", "(").replace("))", ")")
