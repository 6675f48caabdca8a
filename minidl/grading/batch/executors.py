"""Who judges: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any, final

from .job import Job, Outcome, judge, judge_or_stop

DASK = "dask://"


@final
@dataclass(frozen=True)
class Workers:
    """Who judges.

    make(count) -> an executor with as many workers, or with as many as it has.
    count: how many. work: the function that each job is given to.
    end(executor): stops it at once, jobs in flight included.
    """

    make: Callable[[int], Executor]
    count: int
    work: Callable[[Job], Outcome] = judge
    end: Callable[[Executor], None] = lambda executor: executor.shutdown(cancel_futures=True)


def processes(count: int) -> Workers:
    """Processes of this machine. They end with the one that started them, even if it is killed."""
    return Workers(_pool, count, judge_or_stop, _stop)


def dask(address: str) -> tuple[Workers, Any]:
    """The workers of the cluster whose scheduler listens at "HOST:PORT", and its client.

    The cluster's machines need minidl and the lesson at the same place.
    Raises LookupError when distributed is missing, OSError when nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise LookupError(
            "distributed is not installed. Get it with: pip install 'minidl[grade-dask]'"
        ) from None
    try:
        client = Client(f"tcp://{address}", timeout="10s", set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise OSError(f"No Dask scheduler answers at {address}: {error}") from None
    count = max(1, sum(dict(client.ncores()).values()))  # type: ignore[call-overload]
    workers = Workers(lambda _: client.get_executor(), count, end=lambda e: e.shutdown(wait=False))
    return workers, client


def _pool(count: int) -> Executor:
    """A pool whose processes start from a clean one that has loaded the judge already."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


def _begin() -> None:
    """In each process: the parent answers Ctrl-C, and without a parent there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _stop(executor: Executor) -> None:
    """Ends the pool's processes; those that work are not waited for."""
    running = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in running:
        with contextlib.suppress(OSError, ValueError):
            process.terminate()
