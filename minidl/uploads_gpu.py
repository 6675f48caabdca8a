"""Copies to a card that run beside its computing: from pinned memory, in a stream of their own."""

import sys
import threading
from dataclasses import dataclass
from typing import Any, final


@final
@dataclass
class _Copy:
    """A copy under way, or still in use.

    host: what it is made of, kept until it is done.
    left: a place in the stream that computes, behind everything that used the array, once nobody
        holds it any more. Only then may its memory serve again, for the stream that copies does
        not wait for the one that computes.
    """

    array: Any
    host: Any
    done: Any
    left: Any = None


@final
class Uploads(threading.local):
    """The copies that each thread has under way to one card."""

    def __init__(self, xp: Any):
        self.xp = xp
        self.stream = xp.cuda.Stream(non_blocking=True)
        self.copies: list[_Copy] = []

    def send(self, host: Any) -> Any:
        """The array on the card, which the stream in use waits for before it computes on."""
        self._tidy()
        with self.stream:
            array = self.xp.empty(host.shape, host.dtype)
            array.data.copy_from_host_async(host.ctypes.data, host.nbytes)
            done = self.stream.record()
        self.xp.cuda.get_current_stream().wait_event(done)
        self.copies.append(_Copy(array, host, done))
        return array

    def _tidy(self) -> None:
        """Lets go of what is done with."""
        kept = []
        for copy in self.copies:
            if copy.host is not None and copy.done.done:
                copy.host = None
            if copy.left is None and sys.getrefcount(copy.array) <= 2:  # ours, and the question's
                copy.left = self.xp.cuda.get_current_stream().record()
            if copy.left is None or copy.host is not None or not copy.left.done:
                kept.append(copy)
        self.copies = kept
