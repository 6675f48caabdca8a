"""Threads that fetch ahead and hand over in order, and that are gone when nobody waits any more."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import count
from typing import Any, NamedTuple, final

from .. import ops

Task = Callable[[], Any]
_here = threading.local()


@final
class WorkerInfo(NamedTuple):
    """Who fetches: the number of this thread, of how many, its seed, and the data set (shared)."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


def get_worker_info() -> WorkerInfo | None:
    """In a loader's thread what there is to know about it; None elsewhere.

    A stream is read by one thread only, which is number 0 of 1. So a stream that gives each worker
    its share, as PyTorch's must, gives the whole to that one, and no item comes twice.
    """
    return getattr(_here, "info", None)


@final
class Crew:
    """`num_workers` threads for one pass; each calls `init(id)` before its first task."""

    def __init__(
        self,
        num_workers: int,
        init: Callable[[int], Any] | None = None,
        seed: int = 0,
        dataset: Any = None,
    ):
        self.num_workers = num_workers
        self._init, self._seed, self._dataset = init, seed, dataset
        self._ids = count()

    def do(self, task: Task) -> Any:
        """Run a task on this thread, which is taken on if it is new."""
        if getattr(_here, "crew", None) is not self:
            number = next(self._ids)
            info = WorkerInfo(number, self.num_workers, self._seed + number, self._dataset)
            _here.info = info
            if self._init is not None:  # what it seeds is its own, and not the training's
                own = ops.Generator(info.seed)
                with ops.instead(lambda: own):
                    self._init(number)
            _here.crew = self
        return task()


def in_order(
    tasks: Iterable[Task], crew: Crew, prefetch_factor: int = 2, timeout: float = 0
) -> Generator[Any, None, None]:
    """Results of the tasks in their order, fetched by the crew (of 0 threads: by the caller).

    At most `num_workers * prefetch_factor` tasks are begun and not yet handed over. A task's
    exception is raised where its result would have come. Threads serve here because NumPy, files
    and image decoders release the interpreter's lock while they work.

    Raises RuntimeError when a result lets wait for more than `timeout` seconds (0: for ever). The
    thread that works on it cannot be stopped from outside; it is left to itself.
    """
    if crew.num_workers == 0:
        for task in tasks:
            yield task()
        return
    from concurrent.futures import ThreadPoolExecutor

    ahead = crew.num_workers * max(prefetch_factor, 1)
    executor = ThreadPoolExecutor(crew.num_workers, thread_name_prefix="minidl-data")
    waiting: deque[Any] = deque()
    stuck = False
    try:
        for task in tasks:
            waiting.append(executor.submit(crew.do, task))
            if len(waiting) >= ahead:
                yield _result(waiting.popleft(), timeout)
        while waiting:
            yield _result(waiting.popleft(), timeout)
    except _TooLate:
        stuck = True
        raise RuntimeError(
            f"DataLoader: no batch came within timeout={timeout} seconds; is an item stuck, or is "
            "the time too short?"
        ) from None
    finally:
        # Reached also when the consumer breaks off: its iterator is closed, and the threads with
        # it.
        executor.shutdown(wait=not stuck, cancel_futures=True)


@final
class _TooLate(Exception):
    """A result is not there in time."""


def _result(future: Any, timeout: float) -> Any:
    try:
        return future.result(timeout or None)
    except TimeoutError:
        if future.done():  # it is the task's own exception, or came at the last moment
            return future.result()
        raise _TooLate from None
