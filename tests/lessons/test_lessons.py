"""Every lesson keeps its promises: nothing free, everything reachable, each mistake named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from minidl.grading import score
from minidl.grading.course import Lesson, builder, lessons, lint
from minidl.grading.notebook.player import play

ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).with_name("figures.cfg")
CPU_SECONDS = 180  # for a lesson from start to end, the kernel's and nbval's own start included
SPEAKING = ("check(", "predict(", "reveal(", "print(")
every_lesson = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
every_wrong = pytest.mark.parametrize(
    ("lesson", "id", "wrong"),
    [
        pytest.param(lesson, id, wrong, id=f"{id}-{wrong.id}")
        for lesson in lessons()
        for id, exercise in lesson.exercises().items()
        for wrong in exercise.wrong
    ],
)


@every_lesson
def test_the_lesson_is_whole(lesson: Lesson):
    assert list(lint.lint(lesson)) == []


@every_lesson
def test_the_notebooks_are_what_build_writes(lesson: Lesson):
    assert list(builder.stale(lesson)) == [], "run `minidl build`"


@every_lesson
def test_a_spec_sees_the_answers_that_the_notebook_holds(lesson: Lesson):
    cells = builder.unsolved(lesson)["cells"]
    held = {c["metadata"]["exercise"]: c["source"] for c in cells if "exercise" in c["metadata"]}
    assert lesson.solutions() == held
    assert {id: exercise.solution for id, exercise in lesson.exercises().items()} == held


@every_lesson
def test_the_untouched_notebook_scores_nothing(lesson: Lesson):
    found = score(builder.student(lesson), lesson)
    assert found.points == 0, found


@every_lesson
def test_the_solution_scores_full(lesson: Lesson):
    found = score(builder.unsolved(lesson), lesson)
    assert found.points == found.possible > 0, found


@every_wrong
def test_a_wrong_answer_gets_the_message_meant_for_it(lesson: Lesson, id: str, wrong):
    cells = [
        (cell["metadata"].get("exercise", ""), cell["source"])
        for cell in builder.unsolved(lesson)["cells"]
        if cell["cell_type"] == "code"
    ]
    cells = [(name, wrong.cell(source) if name == id else source) for name, source in cells]
    ((_, verdict),) = play(cells, lesson.exercises(), only=id)
    assert not verdict.passed
    assert verdict.diagnosis == wrong.message


@every_lesson
def test_the_committed_solution_holds_its_outputs(lesson: Lesson):
    notebook = json.loads(lesson.solution.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    silent = [
        "".join(cell["source"])
        for cell in cells
        if "".join(cell["source"]).splitlines()[-1].startswith(SPEAKING)
        and builder.UNSTABLE not in cell["metadata"].get("tags", ())
        and not cell["outputs"]
    ]
    assert silent == []
    assert sum(bool(cell["outputs"]) for cell in cells) >= len(cells) // 3
    written = lesson.solution.read_text(encoding="utf-8")
    for id, exercise in lesson.exercises().items():
        points = f"{exercise.points:.6g}"
        assert f"{id} {exercise.title}: {points} of {points} points" in written
    assert "widget-view" not in written and "widget-state" not in written
    assert not any(cell.get("outputs") for cell in builder.student(lesson)["cells"])


@every_lesson
def test_the_committed_solution_holds_its_pictures(lesson: Lesson):
    """nbval compares only what is there: so what should be there is counted here."""
    notebook = json.loads(lesson.solution.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    stable = [c for c in cells if builder.UNSTABLE not in c["metadata"].get("tags", ())]
    counted = {"mdl-svg": 0, "mdl-figure": 0}
    for cell in stable:
        source = "".join(cell["source"])
        data = [output.get("data", {}) for output in cell["outputs"]]
        pictures = ["".join(one.get("image/svg+xml", ())) for one in data]
        words = ["".join(one.get("text/plain", ())) for one in data]
        last = source[source.rstrip().rfind("\n") + 1 :]
        for call, kind, said in (
            ("GraphStepper(", "mdl-svg", "GraphStepper: "),
            ("StrideExplorer(", "mdl-svg", "StrideExplorer: "),
            ("BroadcastExplorer(", "mdl-svg", "BroadcastExplorer: "),
            ("JacobianMicroscope(", "mdl-svg", "JacobianMicroscope: "),
            ("BatchInspector(", "mdl-svg", "BatchInspector: "),
            ("KernelPainter(", "mdl-svg", "KernelPainter: "),
            ("SignalBoard(", "mdl-svg", "SignalBoard: "),
            ("LandscapeRace(", "mdl-svg", "LandscapeRace: "),
            ("examined(", "mdl-svg", "SymptomPanel: "),
            ("plt.show()", "mdl-figure", "<Figure size "),
        ):
            if last.startswith(call):
                counted[kind] += 1
                assert any(f'class="{kind}"' in one for one in pictures), source
                assert any(one.startswith(said) for one in words), source
    assert sum(counted.values()) >= 1
    if "GraphStepper(" in lesson.source.read_text(encoding="utf-8"):
        assert counted["mdl-svg"] >= 1


@every_lesson
@pytest.mark.timeout(600)
def test_the_solution_gives_the_same_outputs_again(lesson: Lesson):
    """Strict nbval: each output of a fresh run equals the committed one, in CPU_SECONDS."""
    before = children_seconds()
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=120", "-q", "-x"]
        + ["-p", "no:cacheprovider", "-o", "addopts=", "-o", "filterwarnings=", "-o", "timeout=0"]
        + ["--nbval-sanitize-with", str(FIGURES)]
        + [str(lesson.solution)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    spent = children_seconds() - before
    assert spent < CPU_SECONDS, f"{spent:.0f} s of processor time, and {CPU_SECONDS} are allowed"


def children_seconds() -> float:
    """Processor time of all processes that were started here and have ended."""
    times = os.times()
    return times.children_user + times.children_system
