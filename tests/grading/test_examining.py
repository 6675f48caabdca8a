"""A submission's marks: each part for itself, and nothing gained by any trick."""

from __future__ import annotations

import ast
import json
import os
import sys
import time

import numpy as np
import pytest

if sys.platform != "linux":
    pytest.skip("the sandbox is Linux's", allow_module_level=True)

from minidl.grading import sandbox
from minidl.grading.course import lessons
from minidl.grading.judge import examining
from minidl.grading.judge.cutting import Cut, CuttingError, joined
from minidl.grading.judge.draws import secret_inputs, version
from minidl.grading.judge.examining import Conditions, InfrastructureError, examine
from minidl.grading.judge.questions import withheld
from minidl.grading.spec import Exercise, Part
from minidl.grading.wire.packing import frame
from minidl.grading.wire.protocol import TRUSTED
from minidl.grading.worker.rebuilding import rebuild

from .exercises import SCALE

RIGHT = "def scale(x):\n    return x / x.sum(axis=1, keepdims=True)"
COURSE = lessons()
EXERCISES = [(lesson, exercise) for lesson in COURSE for exercise in lesson.exercises().values()]
EACH = pytest.mark.parametrize(
    ("lesson", "exercise"), EXERCISES, ids=[exercise.id for _, exercise in EXERCISES]
)


def marks_of(source: str, lesson, **conditions) -> list:
    return examine([("01.scale", source)], lesson, Conditions(b"secret", **conditions))


# ---------------------------------------------------------------- a small lesson


@pytest.mark.parametrize(
    ("source", "statuses"),
    [
        (RIGHT, ["passed", "passed"]),
        ("def scale(x):\n    return x / x.sum()", ["failed", "passed"]),
        ("def scale(x):\n    return 1 / 0", ["error", "error"]),
        ("def scale(x):\n    return scale(x)", ["error", "error"]),
        ("def scale(x):\n    raise NotImplementedError", ["missing", "missing"]),
        ("def scale(x):\n    x /= x.sum(axis=1, keepdims=True)\n    return x", ["failed"] * 2),
        ("def scale(x):\n    import os; os._exit(0)", ["crashed", "crashed"]),
        ("def scale(x):\n    while True: pass", ["timeout", "timeout"]),
        ("def scale(x):\n    open('/etc/passwd', 'w')", ["not_allowed", "not_allowed"]),
        ("def scale(x)", ["missing", "missing"]),
        ("", ["missing", "missing"]),
    ],
)
def test_every_part_gets_a_mark(lesson, source, statuses):
    if "passwd" in source and sandbox.best().name == "A":
        statuses = ["error", "error"]  # there is no such file in the world of tier A
    marks = marks_of(source, lesson)
    assert [mark.id for mark in marks] == ["01.scale/values", "01.scale/one"]
    assert [mark.status for mark in marks] == statuses
    assert [mark.points for mark in marks] == [
        mark.max_points if mark.status == "passed" else 0 for mark in marks
    ]


def test_a_mistake_that_was_expected_is_named_and_drawn(lesson):
    first, second = marks_of(RIGHT.replace("axis=1", "axis=0"), lesson)
    assert "You summed over columns." in first.message and first.map
    assert "You summed over columns." not in second.message


def test_a_crash_costs_its_part_alone(lesson):
    source = (
        "import os\ndef scale(x):\n    if len(x) == 1: os._exit(9)\n"
        "    return x / x.sum(axis=1, keepdims=True)"
    )
    assert [mark.status for mark in marks_of(source, lesson)] == ["passed", "crashed"]
    source = source.replace("== 1", "== 3")
    assert [mark.status for mark in marks_of(source, lesson)] == ["crashed", "passed"]


@pytest.mark.parametrize(
    "cells",
    [
        [("", "import os; os._exit(1)"), ("01.scale", RIGHT)],
        [("", "def f(x=__import__('os')._exit(1)): pass"), ("01.scale", RIGHT)],
        [("", "def f(x=[i for i in iter(int, 1)]): pass"), ("01.scale", RIGHT)],
        [("", "1 / 0\ndef ("), ("01.scale", RIGHT), ("", "x = (" * 300)],
        [("01.scale", "def scale(x): return x"), ("01.scale", RIGHT)],
        [("01.scale", "%%time\n" + RIGHT + "\n%matplotlib inline\nscale?")],
        [("01.scale", "def scale(x):\n    return x / s(x)"),
         ("", "def s(x):\n    return x.sum(axis=1, keepdims=True)")],
        [("", RIGHT)],
        [("", "import matplotlib.pyplot as plt\nfrom sklearn.datasets import make_moons"),
         ("01.scale", RIGHT + "\nplt.plot([1, 2])")],
        [("01.scale", RIGHT + "\nraise SystemExit")],
    ],
)  # fmt: skip
def test_odd_cells_cost_a_right_answer_nothing(lesson, cells):
    marks = examine(cells, lesson, Conditions(b"secret", patience=0.3))
    assert [mark.status for mark in marks] == ["passed", "passed"]


def test_a_second_judging_asks_the_same_and_another_secret_asks_something_else(lesson):
    part, known = SCALE.parts[0], version(lesson)
    one, again, other = (
        secret_inputs(secret, known, SCALE.id, part, 0)["x"] for secret in (b"a", b"a", b"b")
    )
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    later = secret_inputs(b"a", known, SCALE.id, part, 1)["x"]
    changed = secret_inputs(b"a", known + "x", SCALE.id, part, 0)["x"]
    visible = part.inputs(SCALE.id, 0)["x"]
    assert not any(np.array_equal(one, found) for found in (later, changed, visible))


def test_answers_learned_by_heart_from_the_visible_draws_earn_nothing(lesson):
    known = [part.inputs(SCALE.id, n)["x"] for part in SCALE.parts for n in range(5)]
    source = (
        "import numpy as np\n"
        f"known = {[x.tolist() for x in known]}\n"
        "def scale(x):\n"
        "    if x.tolist() in known:\n        return x / x.sum(axis=1, keepdims=True)\n"
        "    return x\n"
    )
    assert [mark.status for mark in marks_of(source, lesson)] == ["failed", "failed"]


def test_the_time_for_the_whole_is_kept(lesson):
    begin = time.monotonic()
    marks = marks_of("import time\ndef scale(x):\n    time.sleep(60)", lesson, deadline=1.0)
    assert [mark.status for mark in marks] == ["timeout", "timeout"]
    assert time.monotonic() - begin < 30


def test_without_a_sandbox_nothing_is_judged(lesson, monkeypatch):
    examining._best.cache_clear()
    monkeypatch.setattr(sandbox.Bubblewrap, "reason", lambda self: "no bubblewrap")
    monkeypatch.setattr(sandbox.Landlocked, "reason", lambda self: "no Landlock")
    try:
        with pytest.raises(InfrastructureError, match="no Landlock"):
            marks_of(RIGHT, lesson)
    finally:
        examining._best.cache_clear()


def test_a_sandbox_that_does_not_come_up_is_our_fault(lesson, monkeypatch):
    monkeypatch.setattr("minidl.grading.judge.crew.boot", lambda: "raise SystemExit(1)")
    tier = type(sandbox.best())()
    tier.name = "broken"  # so that no server that waits is taken
    with pytest.raises(InfrastructureError, match="does not come up"):
        marks_of(RIGHT, lesson, tier=tier)


# ---------------------------------------------------------------- the course


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.name)
def test_the_solution_earns_every_point(lesson):
    marks = examine(lesson.cells(), lesson, Conditions(os.urandom(8)))
    assert [(m.id, m.status, m.message) for m in marks if m.status != "passed"] == []


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.name)
def test_the_untouched_notebook_earns_nothing(lesson):
    notebook = json.loads(lesson.student.read_text(encoding="utf-8"))
    cells = [
        (cell["metadata"].get("exercise", ""), "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    assert sum(mark.points for mark in examine(cells, lesson, Conditions(b"secret"))) == 0


def reached_by(function) -> set:
    """The code of a function of a spec, and of all that it reaches there."""
    part = Part("p", "", lambda rng: {}, function, lambda: None)
    try:
        return Cut(Exercise("01.x", "", (), [part])).reached
    except CuttingError:
        return {function.__code__}


@EACH
def test_no_answer_goes_to_the_worker(lesson, exercise):
    """Neither references nor generators, nor what they alone use, nor wrong or right answers."""
    cut = Cut(exercise)
    shared = getattr(sys.modules[f"minidl_spec_{lesson.name}"], "SHARED", ())
    for part in lesson.exercises()[exercise.id].parts:
        for function in (part.reference, part.generate):
            both = {
                code.co_name
                for code in reached_by(function) & cut.reached
                if code.co_name not in shared
            }
            assert not both, (
                f"{exercise.id}/{part.id}: {sorted(both)} serve the answer and a `run`, so a "
                "learner's code can call them. Let `generate` hand the value in; or, if they give "
                "nothing away, name them in SHARED in the spec"
            )
    text = joined(cut)
    for wrong in exercise.wrong:
        assert wrong.message not in text and wrong.misconception not in text
    sent = {line.strip() for line in text.splitlines()}
    for line in _telling(exercise.solution):
        assert line not in sent, f"{exercise.id}: {line!r} of the solution is sent to the worker"


def _telling(solution: str) -> set[str]:
    """The lines of an answer that are long enough to be no coincidence."""
    try:
        lines = ast.unparse(ast.parse(solution)).splitlines()
    except SyntaxError:
        lines = solution.splitlines()
    return {line.strip() for line in lines if len(line.strip()) > 40 and "import" not in line}


@EACH
def test_what_is_sent_can_be_sent_and_made_again(lesson, exercise):
    cut = Cut(exercise)
    frame({"runs": cut.runs, "files": cut.files}, TRUSTED)
    assert set(rebuild(cut.runs, cut.files)) == {
        f"{exercise.id}/{part.id}" for part in exercise.parts
    }
    for part in exercise.parts:
        inputs = secret_inputs(b"secret", "", exercise.id, part, 0)
        assert frame(inputs, TRUSTED)


def test_a_run_that_reaches_an_exercise_is_refused():
    def run(code):
        return EXERCISE, code

    part = Part("p", "", lambda rng: {}, run, lambda: None)
    with pytest.raises(CuttingError, match="01.x/p.*EXERCISE"):
        Cut(Exercise("01.x", "", (), [part]))


EXERCISE = SCALE


@EACH
def test_minidls_own_piece_earns_nothing(lesson, exercise):
    """The operation itself, by its own name, in place of the learner's."""
    names = withheld(exercise)
    if not names:
        pytest.skip("nothing of minidl's is asked for")
    source = ["from minidl.grading.pieces.replacing import find, find_primitive"]
    for number, entry in enumerate(exercise.entry):
        name = names[min(number, len(names) - 1)]
        if name.startswith("primitive:"):
            what = "forward" if name.endswith(".forward") else f"rules[{number}]"
            source.append(f"{entry} = find_primitive({name!r}).{what}")
        else:
            source.append(f"{entry} = find({name!r})")
    cells = [*lesson.cells(), (exercise.id, "\n".join(source))]
    found = examine(cells, lesson, Conditions(b"secret"))
    own = [mark for mark in found if mark.id.startswith(exercise.id + "/")]
    assert [(mark.id, mark.status) for mark in own if mark.points] == []
