"""Takes a run's steps a slice at a time, so that a pause is heard between two slices."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock, current_thread, main_thread
from time import monotonic, perf_counter
from typing import Any, final

NEWS = 0.25  # seconds of steps between two words to the page: each costs both sides about 10 ms

BREATHS = 8  # turns of the event loop between two slices: a message takes several to be heard

# A page that drives asks again at once; silent for so many seconds, it was closed or reloaded.
SILENCE = 1.0


@final
class Driver:
    """One run and whoever drives it: a page by its name, the kernel's own task, or a cell.

    A page's tick allows the steps of `NEWS` seconds. They are taken by a task of the kernel's event
    loop, and between two slices the loop hears what the page says meanwhile.
    """

    def __init__(self, run: Any, slice_seconds: float, endless: bool, tell: Callable[..., None]):
        self.run, self.slice_seconds, self.endless, self.tell = run, slice_seconds, endless, tell
        self.by: str | None = None  # who drives, or nobody
        self.error: Exception | None = None
        self.note = ""
        self.busy = False  # whether steps are being taken here
        self._ticks = 0  # asked for and not yet taken
        self._heard = 0.0
        self._task: asyncio.Task[None] | None = None
        self._lock = RLock()  # a kernel with subshells hears the page in a thread of its own

    # Steps ---------------------------------------------------------------------------------------

    def advance(self, steps: int | None = None, seconds: float | None = None) -> int:
        """Steps until there are so many or so much time is over, at least one; how many."""
        began, taken = perf_counter(), 0
        try:
            with self._lock, self._at_work(), interruptible():
                for taken, _ in enumerate(self.run, start=1):
                    if self.run.stopped:  # by a callback, inside the step
                        self.run.stop()  # and from outside, so that files are closed too
                        break
                    over = seconds is not None and perf_counter() - began >= seconds
                    if taken == steps or over:
                        break
        except KeyboardInterrupt:
            self.by, self.note = None, "Interrupted: the run is paused."
        except Exception as error:
            self.error = error
        if self.state != "running":
            self.by = None
        return taken

    def finish(self) -> None:
        """All the steps still to come, in the cell that asks; what goes wrong is raised there."""
        self.pause()
        self.error = None
        try:
            with self._lock:  # a slice under way in another thread comes to its end first
                for _ in self.run:
                    pass
        except Exception as error:
            self.error = error
            raise

    def stop(self) -> None:
        """End the run; it may still be taken up again."""
        self.pause()
        if self.busy:  # in another thread: after its step
            self.run.stop()
        else:
            with self._at_work():
                self.run.stop()

    def pause(self) -> None:
        """Take no more steps until asked again."""
        self.by, self.note, self._ticks = None, "", 0

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self.busy = True
        try:
            yield
        finally:
            self.busy = False

    # Who drives ----------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """One of ready, running, paused, finished, stopped, failed."""
        if self.run.finished:
            return "finished"
        if self.error is not None:
            return "failed"
        if self.run.stopped:
            return "stopped"
        if self.by:
            return "running"
        return "paused" if self.run.step else "ready"

    def begin(self, view: str) -> None:
        """From now on this page drives, or the kernel alone."""
        iter(self.run)  # take up again what was stopped
        self.error, self.note, self._ticks, self._heard = None, "", 0, monotonic()
        self.by = None if self.run.finished else "task" if self.endless else view
        if self.by == "task":
            self._work()

    def tick(self, view: str) -> None:
        """A page allows more steps; one that does not drive is only told where the run stands."""
        self._heard = monotonic()
        if self.by != view:
            return self.tell(tick=view)
        self._ticks += 1
        self._work()

    def look_for_page(self) -> None:
        """If the page that drove is gone, its run has paused."""
        silent = not self._ticks and monotonic() - self._heard > SILENCE
        if self.by != "task" and silent:
            self.by = None

    def _work(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel: a tick is one slice
            view = self.by
            self.advance(seconds=self.slice_seconds)
            return self._answer(view)
        # A page that was loaded anew may be heard in another thread, by another loop.
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._go_on())

    async def _go_on(self) -> None:
        """Slices for as long as somebody wants them, and a word to the page now and then."""
        while self.by and (self.endless or self._ticks) and asyncio.current_task() is self._task:
            view, until = self.by, perf_counter() + NEWS
            while self.by == view and perf_counter() < until:
                self.advance(seconds=self.slice_seconds)
                for _ in range(BREATHS):
                    await asyncio.sleep(0)
            self._answer(view)

    def _answer(self, view: str | None) -> None:
        self._ticks, self._heard = max(0, self._ticks - 1), monotonic()
        self.tell(tick=view)


@contextmanager
def interruptible() -> Iterator[None]:
    """Lets "Interrupt the kernel" reach a task: between two messages a kernel ignores it."""
    ours = current_thread() is main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
