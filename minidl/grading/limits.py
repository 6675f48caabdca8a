"""Stops a run that takes too long, in the main thread or any other, and leaves no timer behind."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import final

AGAIN = 0.02  # seconds until the next attempt, when the code swallowed one with a bare `except:`
WALL = 4  # a busy machine, or sleep, may take this many times the limit by the clock on the wall
LEAST = 0.6  # and at least so many seconds


@final
class OutOfTime(BaseException):
    """The time is up. Not an Exception, so that the learner's `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises OutOfTime inside the block once it has used `seconds` of processor time.

    Processor time is fair where many programs share a machine; four times as long by the clock ends
    a block that waits. Outside the main thread, where there are no signals, the clock alone counts.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if in_main and hasattr(signal, "setitimer"):
        with (
            _timer(signal.SIGALRM, signal.ITIMER_REAL, max(WALL * seconds, LEAST)),
            _timer(signal.SIGPROF, signal.ITIMER_PROF, seconds),
        ):
            yield
    else:
        with _raised_from_outside(max(WALL * seconds, LEAST)):
            yield


@contextmanager
def _timer(number: int, clock: int, seconds: float) -> Iterator[None]:
    """One of the system's timers, which also ends a sleeping call; a running one is put back."""

    def ring(_number: int, _frame: object) -> None:
        raise OutOfTime

    handler = signal.signal(number, ring)
    left, interval = signal.setitimer(clock, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(number, handler or signal.SIG_DFL)
        if left:
            signal.setitimer(clock, left, interval)


@contextmanager
def _raised_from_outside(seconds: float) -> Iterator[None]:
    """By a second thread, for threads that get no signals (a Jupyter subshell, Windows)."""
    target, over, lock = threading.get_ident(), threading.Event(), threading.Lock()

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            with lock:  # so that nothing is raised once the block has been left
                if over.is_set():
                    return
                raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
                raise_in(ctypes.c_ulong(target), ctypes.py_object(OutOfTime))
            wait = AGAIN

    try:
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
    except RuntimeError:  # a browser's Python has no threads: the learner's patience is the limit
        yield
        return
    try:
        yield
    finally:
        with lock:
            over.set()
        watcher.join()
