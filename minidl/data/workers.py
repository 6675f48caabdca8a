"""Threads that fetch ahead and hand over in order, and that are gone when nobody waits any more."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Any


def in_order(
    tasks: Iterable[Callable[[], Any]], num_workers: int, prefetch_factor: int
) -> Generator[Any, None, None]:
    """Results of the tasks in their order, fetched by `num_workers` threads (0: by the caller).

    At most `num_workers * prefetch_factor` tasks are begun and not yet handed over. A task's
    exception is raised where its result would have come. Threads serve here because NumPy, files
    and image decoders release the interpreter's lock while they work.
    """
    if num_workers == 0:
        for task in tasks:
            yield task()
        return
    from concurrent.futures import ThreadPoolExecutor

    ahead = num_workers * prefetch_factor
    executor = ThreadPoolExecutor(num_workers, thread_name_prefix="minidl-data")
    waiting: deque[Any] = deque()
    try:
        for task in tasks:
            waiting.append(executor.submit(task))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Reached also when the consumer breaks off: its iterator is closed, and the threads with
        # it.
        executor.shutdown(wait=True, cancel_futures=True)
