"""Has submissions judged by any `concurrent.futures.Executor`, a few ahead of what is finished.

An infrastructure fault (the judge's own process died, a machine went away) is no answer: the
submission is tried again, three times in all. Where a process pool broke, nobody knows by whose
fault: those in flight are then judged one at a time, so that it befalls nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from typing import final

from .executors import Workers
from .job import Job, Outcome

TRIES = 3
AHEAD = 2  # jobs handed out for each worker, so that none waits for the next
Result = tuple[Job, Outcome]


@final
@dataclass
class _Try:
    """A job, and how often it failed by no fault of the learner's."""

    job: Job
    failed: int = 0

    def fails(self) -> bool:
        """Counts one more failure. Returns whether that was the last try."""
        self.failed += 1
        return self.failed >= TRIES


def run(jobs: Iterable[Job], workers: Workers, pause: float = 0.5) -> Generator[Result, None, None]:
    """Judges all jobs; yields each with its outcome as soon as it is there.

    jobs: taken one by one as workers become free, so that few are held in memory.
    pause: seconds before another try, doubled each time.
    """
    again: list[_Try] = []
    waiting = _stream(jobs, again, pause)
    while suspects := (yield from _together(waiting, again, workers)):
        for one in suspects:
            yield _alone(one, workers, pause)


def _stream(jobs: Iterable[Job], again: list[_Try], pause: float) -> Iterator[_Try | None]:
    """The jobs and, once they are over, those that failed; None while there is nothing to do."""
    yield from map(_Try, jobs)
    while True:
        if again:
            one = again.pop(0)
            time.sleep(pause * 2 ** (one.failed - 1))
            yield one
        else:
            yield None


def _together(
    waiting: Iterator[_Try | None], again: list[_Try], workers: Workers
) -> Generator[Result, None, list[_Try]]:
    """Judges what waits, many at a time. Returns the suspects of a breakdown; none at the end."""
    flying: dict[Future[Outcome], _Try] = {}
    suspects: list[_Try] = []
    executor = workers.make(workers.count)
    try:
        while True:
            if not suspects:
                suspects += _fill(flying, waiting, executor, workers)
            if not flying:
                return suspects
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                one, outcome = flying.pop(future), _outcome(future)
                if outcome is None:
                    suspects.append(one)
                elif not outcome.fault or one.fails():
                    yield one.job, outcome
                else:
                    again.append(one)
    finally:
        workers.end(executor, bool(flying))


def _fill(
    flying: dict[Future[Outcome], _Try],
    waiting: Iterator[_Try | None],
    executor: Executor,
    workers: Workers,
) -> list[_Try]:
    """Hands out jobs while there is room. Returns the one that a broken executor refused."""
    while len(flying) < AHEAD * workers.count and (one := next(waiting)) is not None:
        try:
            flying[executor.submit(workers.work, one.job)] = one
        except BrokenExecutor:
            return [one]
    return []


def _alone(one: _Try, workers: Workers, pause: float) -> Result:
    """Judges a suspect with nobody beside it, as often as it has tries left."""
    one.failed = 1  # the breakdown
    while True:
        time.sleep(pause * 2 ** (one.failed - 1))
        executor = workers.make(1)
        try:
            outcome = _outcome(executor.submit(workers.work, one.job))
        finally:
            workers.end(executor, False)
        outcome = outcome or Outcome((), "the judge's process ended")
        if not outcome.fault or one.fails():
            return one.job, outcome


def _outcome(future: Future[Outcome]) -> Outcome | None:
    """What a job came to; None where the executor broke down."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except Exception as error:  # a cluster's own troubles
        return Outcome((), f"{type(error).__name__}: {error}")
