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
from multiprocessing import connection, util
from typing import Any, final

from ..judge.crew import dismiss
from .job import Job, Outcome, judge, judge_or_stop

DASK = "dask://"


def shut(executor: Executor, at_once: bool) -> None:
    """Ends an executor whose jobs are done, or (`at_once`) whose jobs nobody waits for."""
    executor.shutdown(wait=not at_once, cancel_futures=True)


@final
@dataclass(frozen=True)
class Workers:
    """Who judges.

    make(count) -> an executor with as many workers, or with as many as it has.
    count: how many. work: the function that each job is given to. end: as `shut`.
    """

    make: Callable[[int], Executor]
    count: int
    work: Callable[[Job], Outcome] = judge
    end: Callable[[Executor, bool], None] = shut


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
        client = Client(f"tcp://{address}", timeout="30s", set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise OSError(f"No Dask scheduler answers at {address}: {error}") from None
    count = max(1, sum(dict(client.ncores()).values()))  # type: ignore[call-overload]
    end = lambda executor, at_once: executor.shutdown(wait=False)
    return Workers(lambda _: client.get_executor(), count, end=end), client


def _pool(count: int) -> Executor:
    """A pool whose processes start from a clean one that has loaded the judge already."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


def _begin() -> None:
    """In each process: the parent answers Ctrl-C, and without a parent there is no work.

    Whichever way a process ends, unless it is killed, its sandboxes end before it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    util.Finalize(None, dismiss, exitpriority=10)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(*_: object) -> None:
    """Ends this process, in the middle of a job or not."""
    late = threading.Timer(5, os._exit, [1])
    late.daemon = True
    late.start()
    dismiss()
    os._exit(1)


def _stop(executor: Executor, at_once: bool) -> None:
    """Ends the pool's processes; those whose work nobody waits for are told to leave."""
    running = list((getattr(executor, "_processes", None) or {}).values())
    shut(executor, at_once)
    for process in running if at_once else ():
        with contextlib.suppress(OSError, ValueError):
            process.terminate()
