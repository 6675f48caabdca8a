"""How fast the judge is: submissions a second, a cold start, memory over thousands.

    python -m benchmarks.grading
    python -m benchmarks.grading --submissions 2000 --memory
    python -m benchmarks.grading --peers nbgrader otter

A class is made of a lesson's own notebook: each learner answers each exercise rightly, mostly,
or with one of the lesson's wrong answers, or not at all. nbgrader and otter, where the interpreter
that runs this has them, grade the first few of the same class by their own API and the same checks
(benchmarks/peers/grading_*.py). `--unsafe-no-sandbox` measures where there is no sandbox.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from minidl.grading.batch import executors, extraction
from minidl.grading.batch.grading import Judge, Options, grade
from minidl.grading.course import Lesson, find_lesson
from minidl.grading.judge.crew import dismiss, server
from minidl.grading.judge.questions import questions
from minidl.grading.sandbox import by_name

SEED = 1
PEERS = ("nbgrader", "otter")
SHARES = {"right": 0.7, "wrong": 0.2, "blank": 0.1}


def notebooks(lesson: Lesson, count: int) -> Iterator[bytes]:
    """So many notebooks of a class; the same for every run."""
    draw = random.Random(SEED)
    text = lesson.student.read_text(encoding="utf-8")
    exercises = lesson.exercises()
    for learner in range(count):
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            exercise = exercises.get(cell["metadata"].get("exercise", ""))
            kind = draw.choices(list(SHARES), list(SHARES.values()))[0]
            if exercise is None or kind == "blank":
                continue
            wrong = draw.choice(exercise.wrong)
            answer = exercise.solution if kind == "right" else wrong.cell(exercise.solution)
            cell["source"] = f"{answer}\n# learner {learner}"
        yield json.dumps(notebook).encode()


def lay(lesson: Lesson, count: int, folder: Path) -> Path:
    """The class as a folder of submissions."""
    folder.mkdir()
    for number, data in enumerate(notebooks(lesson, count)):
        (folder / f"learner{number:04}.ipynb").write_bytes(data)
    return folder


def throughput(lesson: Lesson, judge: Judge, count: int, workers: int) -> dict[str, Any]:
    """Submissions a second over a whole batch, reports and all; and the processor's time for each.

    Where other programs use the machine, the second number says more.
    """
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = lay(lesson, count, folder / "in")
        options = Options(progress=lambda total: _at_the_end(total, spent))
        start = time.perf_counter()
        report = grade(lesson, place, folder / "out", judge, executors.processes(workers), options)
        seconds = time.perf_counter() - start
    return {"submissions": count, "workers": workers, "seconds": round(seconds, 2),
            "per second": round(count / seconds, 2),
            "processor ms each": round(1e3 * sum(spent) / count, 1),
            **_outcome(report.marks)}  # fmt: skip


def _at_the_end(total: int, spent: list[float]) -> Callable[[], object]:
    """Counts submissions; at the last, while all processes still live, adds up their time."""
    left, before = [total], _processor_seconds()

    def step() -> None:
        left[0] -= 1
        if not left[0]:
            spent.append(_processor_seconds() - before)

    return step


def _processor_seconds() -> float:
    """What this process, its descendants and their descendants that ended have used so far."""
    here = psutil.Process()
    total = sum(here.cpu_times()[:4])
    for child in here.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(child.cpu_times()[:4])
    return total


def _outcome(marks: Any) -> dict[str, Any]:
    """What the class earned, so that a fast judge that judges nothing is seen."""
    statuses = [part.status for one in marks for part in one.parts]
    return {"statuses": {status: statuses.count(status) for status in sorted(set(statuses))}}


def cold(rounds: int, unsafe: bool, lesson: str) -> dict[str, float]:
    """Milliseconds in new processes (medians).

    once: a judge's first sandbox, for which it looks around and packs minidl up; cold start: from
    nothing to the first worker of a sandbox after that, by the clock, and the processor's time of
    it, which other programs lengthen less; worker: each after it, begun and ended; first, next: a
    whole submission, the lesson's solution, of which the first also starts a sandbox and works out
    the reference's answers.
    """
    words = [sys.executable, "-m", "benchmarks.grading", "--lesson", lesson, "--first"]
    words += ["--unsafe-no-sandbox"] * unsafe
    runs = [
        json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
        for _ in range(rounds)
    ]
    return {f"{key} ms": round(statistics.median(run[key] for run in runs), 1) for key in runs[0]}


def first(lesson: Lesson, judge: Judge) -> dict[str, float]:
    """In this process: what `cold` tells."""
    exercises = lesson.exercises()
    cells = extraction.cells(lesson.solution.read_bytes(), exercises.values())
    asked = questions(lesson, judge.spec_version, judge.conditions.secret)
    tier = judge.conditions.tier or by_name("C")

    def worker() -> None:
        with server(tier, asked.imports) as found:
            found.sitting().end()

    found = {"once": _lasts(worker)}
    dismiss()
    before = _processor_seconds()
    found["cold start"] = _lasts(worker)
    found["cold start's processor"] = 1e3 * (_processor_seconds() - before)
    found["worker"] = statistics.median(_lasts(worker) for _ in range(20))
    dismiss()

    def submission() -> None:
        judge.examine(cells, lesson, judge.conditions)

    found["first"] = _lasts(submission)
    return {**found, "next": statistics.median(_lasts(submission) for _ in range(5))}


def _lasts(act: Callable[[], object]) -> float:
    """How long it takes (ms)."""
    start = time.perf_counter()
    act()
    return 1e3 * (time.perf_counter() - start)


def memory(lesson: Lesson, judge: Judge, count: int, workers: int) -> dict[str, Any]:
    """Megabytes of the judge and its processes, in the second and the last tenth of a batch."""
    here, seen = psutil.Process(), []

    def look() -> None:
        total = here.memory_info().rss
        for child in here.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += child.memory_info().rss
        seen.append((here.memory_info().rss / 2**20, total / 2**20))

    with tempfile.TemporaryDirectory() as name:
        place = lay(lesson, count, Path(name, "in"))
        options = Options(progress=lambda total: look)
        grade(lesson, place, Path(name, "out"), judge, executors.processes(workers), options)
    tenth = max(1, len(seen) // 10)
    return {
        what: [round(statistics.median(s[i] for s in part), 1)
               for part in (seen[tenth : 2 * tenth], seen[-tenth:])]
        for i, what in enumerate(("judge MB", "all processes MB"))
    }  # fmt: skip


def peer(name: str, lesson: Lesson, count: int) -> dict[str, Any]:
    """The first learners of the class, graded by another grader."""
    try:
        room = importlib.import_module(f"benchmarks.peers.grading_{name}")
    except ImportError as error:
        return {"missing": str(error)}
    with tempfile.TemporaryDirectory() as folder:
        place = lay(lesson, count, Path(folder, "in"))
        return room.measure(lesson, sorted(place.iterdir()), Path(folder))


def the_judge(lesson: Lesson, unsafe: bool) -> Judge:
    """The judge as `minidl grade` makes it, under a secret of no worth."""
    from minidl.grading.batch.command import judge_of

    return judge_of(lesson, b"a benchmark's secret", 120.0, unsafe)


def main() -> None:
    """Prints what was measured as JSON."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--lesson", default="01")
    options.add_argument("--submissions", type=int, default=200)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--rounds", type=int, default=5, help="cold starts")
    options.add_argument("--memory", action="store_true", help="watch memory over the submissions")
    options.add_argument("--peers", nargs="*", default=[], choices=PEERS)
    options.add_argument("--few", type=int, default=5, help="submissions for each peer")
    options.add_argument("--unsafe-no-sandbox", action="store_true")
    options.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    lesson = find_lesson(chosen.lesson)
    judge = the_judge(lesson, chosen.unsafe_no_sandbox)
    if chosen.first:
        print(json.dumps(first(lesson, judge)))
        return
    print(f"load before: {os.getloadavg()[0]:.1f}; sandbox {judge.sandbox}", file=sys.stderr)
    found = {"cold": cold(chosen.rounds, chosen.unsafe_no_sandbox, chosen.lesson)}
    measure = memory if chosen.memory else throughput
    found["batch"] = measure(lesson, judge, chosen.submissions, chosen.workers)
    for name in chosen.peers:
        found[name] = peer(name, lesson, chosen.few)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
