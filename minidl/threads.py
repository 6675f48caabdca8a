"""Work shared out over the processor's cores: the one pool of threads that minidl computes with.

NumPy and BLAS let other threads run while they compute, so parts of a batch can be worked on side
by side. BLAS has threads of its own, and two pools that fight for the same cores are slower than
none: so as many threads work as BLAS would use, and while they do, BLAS is held to one for each.
Where it cannot be told so, and where it has one thread, nothing is shared out.

The parts are the same however many threads there are, and so are the numbers that come out.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, final

from .machine import blas

_WORTH = 100.0  # microseconds: waking a thread costs 10 to 40
_PART = 2**18  # numbers: a call of NumPy's on fewer is over before another thread has woken
_busy = Lock()


def parts(count: int, each: int) -> list[slice]:
    """Slices of `count` things of `each` numbers: two parts or four or six, and one if it is small.

    A thread can go on while another is inside NumPy. So that both find the time for it, parts are
    as large as leaves them in a core's cache, or half of everything.
    """
    total = count * each
    pieces = 2 * -(-total // (2 * _PART)) if total > _PART // 4 else 1
    step = max(-(-count // pieces), 1)
    return [slice(i, i + step) for i in range(0, count, step)]


def share(xp: Any, begin: Callable[[], Callable], tasks: Iterable[Any], expected: float) -> None:
    """Calls `work(task)` for every task, whichever thread is free taking the next.

    Args:
        xp: the array module; only NumPy's work is shared.
        begin: called once by each thread that takes part, for its `work` with scratch of its own.
        tasks: mostly `parts`; what they write must not overlap.
        expected: about how many microseconds all would take one thread.
    """
    with _cores(xp, expected) as threads:
        if threads < 2:
            _exhaust(begin, iter(tasks))
        else:
            _together(begin, iter(list(tasks)), threads)


@contextmanager
def ahead(
    xp: Any, work: Callable, tasks: Iterable[Any], expected: float
) -> Iterator[Iterator[Any]]:
    """Gives each task when `work(task)` is done, while another thread does those that follow.

    `expected` is about how many microseconds all the work would take one thread.
    """
    with _beside(xp, work, expected) as hand:
        yield _awaited([(task, hand(task)) for task in tasks])


def _awaited(handed: list[tuple[Any, Callable]]) -> Iterator[Any]:
    for task, wait in handed:
        wait()
        yield task


def behind(xp: Any, work: Callable, tasks: Iterable[Any], expected: float) -> None:
    """Calls `work(task)` for each task in turn, in another thread while this one finds the next.

    `expected` is about how many microseconds all the work would take one thread.
    """
    with _beside(xp, work, expected) as hand:
        for task in tasks:
            hand(task)


@contextmanager
def _cores(xp: Any, expected: float) -> Iterator[int]:
    """How many threads may work; with more than one, BLAS is held to one for each meanwhile."""
    library = blas() if expected > _WORTH and xp.__name__ == "numpy" else None
    limit = library and library.set_threads
    threads = library.get_threads() if library and library.get_threads else 1
    if limit is None or threads < 2 or not _busy.acquire(blocking=False):
        yield 1
        return
    limit(1)
    try:
        yield threads
    finally:
        limit(threads)
        _busy.release()


def _exhaust(begin: Callable[[], Callable], tasks: Iterator[Any]) -> None:
    work = begin()
    for task in tasks:
        work(task)


def _together(begin: Callable[[], Callable], tasks: Iterator[Any], threads: int) -> None:
    """This thread and helpers draw from one iterator, so that none waits for a slow one's share."""
    jobs = [_Job(lambda: _exhaust(begin, tasks)) for _ in range(threads - 1)]
    for job, helper in zip(jobs, _helpers(threads - 1), strict=True):
        helper.put(job)
    with _finished(jobs):
        _exhaust(begin, tasks)


@contextmanager
def _beside(xp: Any, work: Callable, expected: float) -> Iterator[Callable[[Any], Callable]]:
    """A function that hands a task to another thread, and answers with another that waits for it.

    All tasks are done in turn, and when this ends. One thread alone does each when it is handed.
    """
    with _cores(xp, expected) as threads:
        jobs: list[_Job] = []
        helper = _helpers(1)[0] if threads > 1 else None

        def hand(task: Any) -> Callable[[], None]:
            job = _Job(partial(work, task))
            jobs.append(job)
            if helper is None:
                job.run()
            else:
                helper.put(job)
            return job.wait

        with _finished(jobs):
            yield hand


@contextmanager
def _finished(jobs: "list[_Job]") -> Iterator[None]:
    """Waits for what helpers were given before it ends, whatever else happens."""
    try:
        yield
    finally:
        for job in jobs:
            with job.done:
                pass
    for job in jobs:
        job.wait()


# Threads --------------------------------------------------------------------------------------


@final
class _Job:
    """What one helper is to do, in the context of who asks (NumPy keeps its warnings there)."""

    def __init__(self, task: Callable[[], None]):
        self.task, self.context = task, copy_context()
        self.error: BaseException | None = None
        self.done = Lock()
        self.done.acquire()

    def run(self) -> None:
        try:
            self.context.run(self.task)
        except BaseException as error:  # raised again where it was asked for
            self.error = error
        finally:
            self.done.release()

    def wait(self) -> None:
        """Returns when it is done, or raises what it raised."""
        with self.done:
            pass
        if self.error is not None:
            raise self.error


_queues: list[SimpleQueue] = []
if hasattr(os, "register_at_fork"):  # a forked process has the list, but not the threads
    os.register_at_fork(after_in_child=_queues.clear)


def _helpers(count: int) -> list[SimpleQueue]:
    """The queues of so many threads, started when first needed; they end with the process."""
    while len(_queues) < count:
        queue: SimpleQueue = SimpleQueue()
        Thread(target=_serve, args=(queue,), name="minidl", daemon=True).start()
        _queues.append(queue)
    return _queues[:count]


def _serve(queue: SimpleQueue) -> None:
    while True:
        queue.get().run()
