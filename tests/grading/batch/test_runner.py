"""Jobs on executors of every kind: what breaks is tried again, and breaks nobody else's."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import final

import pytest

from minidl.grading.batch import executors
from minidl.grading.batch.executors import Workers
from minidl.grading.batch.job import Job, Outcome
from minidl.grading.batch.runner import TRIES, run

from .notebooks import code, notebook
from .stand_in import calls, examine, handed_in

THREADS = Workers(ThreadPoolExecutor, 2)


@pytest.fixture
def job(small, judge) -> Callable[..., Job]:
    """`job("ada", doing="# die")`: one job."""

    def make(name: str, data: bytes | None = None, **how) -> Job:
        data = handed_in(name, **how) if data is None else data
        content = hashlib.sha256(data).hexdigest()
        return Job(name, content, data, small, judge.conditions, judge.examine)

    return make


def outcomes(jobs, workers=THREADS) -> dict[str, Outcome]:
    """What came of each; the same learner never twice."""
    pairs = [(job.learner, outcome) for job, outcome in run(jobs, workers, pause=0.01)]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def statuses(outcome: Outcome) -> list[str]:
    """Part by part."""
    return [part.status for part in outcome.parts]


@pytest.mark.parametrize("workers", [THREADS, executors.processes(2)], ids=["threads", "processes"])
def test_every_job_has_an_outcome(job, small, workers) -> None:
    found = outcomes(
        (job(f"n{i}", one="failed" if i % 2 else "passed") for i in range(30)), workers
    )
    assert set(found) == {f"n{i}" for i in range(30)}
    assert statuses(found["n1"]) == ["failed", "failed", "passed"]
    assert statuses(found["n2"]) == ["passed"] * 3
    assert sorted(calls(small)) == sorted(found)


@pytest.mark.parametrize("act", ["fault", "bug"])
def test_a_fault_is_tried_three_times_and_then_told(job, small, act) -> None:
    found = outcomes([job("ada", doing=f"# {act}"), job("bob"), job("cy", doing=f"# {act} once")])
    words = {"fault": "sandbox would not start", "bug": "ZeroDivisionError"}[act]
    assert words in found["ada"].fault and not found["ada"].parts
    assert statuses(found["bob"]) == statuses(found["cy"]) == ["passed"] * 3
    assert [calls(small).count(name) for name in ("ada", "bob", "cy")] == [TRIES, 1, 2]


def test_one_that_ends_the_judge_takes_nobody_with_it(job, small) -> None:
    acts = {3: "# die", 4: "# die once", 11: "# die"}
    jobs = [job(f"n{i}", doing=acts.get(i, "# slow")) for i in range(16)]
    found = outcomes(jobs, executors.processes(2))
    dead = {name for name, outcome in found.items() if outcome.fault}
    assert dead == {"n3", "n11"} and "process ended" in found["n3"].fault
    assert all(statuses(found[f"n{i}"]) == ["passed"] * 3 for i in range(16) if i not in (3, 11))
    assert calls(small).count("n3") == TRIES


def test_jobs_are_made_as_they_are_needed(job) -> None:
    made = []

    def jobs():
        for i in range(40):
            made.append(i)
            yield job(f"n{i}")

    running = run(jobs(), THREADS)
    next(running)
    assert len(made) <= 6
    running.close()


@pytest.mark.parametrize(
    ("data", "words"), [(b"{", "too early"), (b"", "empty"), (notebook(code(1)), "missing")]
)
def test_an_unreadable_notebook_is_a_result(job, data: bytes, words: str) -> None:
    found = outcomes([job("ada", data), job("bob")])
    assert {part.status for part in found["ada"].parts} == {"missing"}
    assert words in found["ada"].parts[0].message and not found["ada"].fault
    assert statuses(found["bob"]) == ["passed"] * 3


def few(cells, lesson, conditions):
    """Forgets the last part."""
    return examine(cells, lesson, conditions)[:-1]


def twice(cells, lesson, conditions):
    """Says everything twice."""
    return 2 * examine(cells, lesson, conditions)


@pytest.mark.parametrize("odd", [few, twice])
def test_marks_that_are_not_the_lessons_are_a_fault(job, odd) -> None:
    one = job("ada")
    assert "marks are not the lesson's" in outcomes([replace(one, examine=odd)])["ada"].fault


@final
class Broken(Executor):
    """Takes jobs and lets them fail in a cluster's own way."""

    def submit(self, fn, /, *args, **kwargs):
        """A future that has failed."""
        future: Future = Future()
        future.set_exception(ConnectionError("the scheduler is gone"))
        return future


def test_a_cluster_that_is_gone_ends_the_batch_with_faults(job) -> None:
    found = outcomes([job("ada"), job("bob")], Workers(lambda _: Broken(), 2))
    assert "scheduler is gone" in found["ada"].fault and len(found) == 2


def stands_still(cells, lesson, conditions):
    """Never comes back."""
    time.sleep(600)


def test_a_judge_that_stands_still_is_stopped(job) -> None:
    one = job("ada")
    workers = executors.processes(1)
    stopped = Workers(workers.make, 1, _soon, workers.end)
    start = time.monotonic()
    found = outcomes([replace(one, examine=stands_still)], stopped)
    assert "process ended" in found["ada"].fault
    assert time.monotonic() - start < 60


def _soon(job: Job) -> Outcome:
    """`judge_or_stop`, its minute cut short in this process."""
    import threading

    from minidl.grading.batch import job as room

    later = threading.Timer
    room.threading.Timer = lambda seconds, act, words: later(0.5, act, words)
    return room.judge_or_stop(job)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupted_run_leaves_no_process(job) -> None:
    import multiprocessing

    running = run((job(f"n{i}", doing="# slow") for i in range(9)), executors.processes(2))
    next(running)
    running.close()
    end = time.monotonic() + 10
    while time.monotonic() < end and multiprocessing.active_children():
        time.sleep(0.05)
    assert not multiprocessing.active_children()
