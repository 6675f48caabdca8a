"""Streams, in which a card works side by side, and events, by which one waits for another.

Without a stream of one's own all work goes to the default stream, in order. An array must not be
freed while another stream than the one it was made in still works on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, final

from .cards import Card, card, device as _on


@final
class Event:
    """A place in a stream's work.

    Args:
        enable_timing: whether `elapsed_time` is wanted.
        blocking: whether `synchronize` sleeps while it waits.
    """

    def __init__(self, enable_timing: bool = False, blocking: bool = False):
        self.cuda_event = card().xp.cuda.Event(blocking, not enable_timing)
        self._timed, self._recorded = enable_timing, False

    def record(self, stream: "Stream | None" = None) -> None:
        """Marks the place behind all that a stream (the current one) was asked so far."""
        self.cuda_event.record(None if stream is None else stream.cuda_stream)
        self._recorded = True

    def wait(self, stream: "Stream | None" = None) -> None:
        """Lets what a stream (the current one) is asked from here on wait for this place."""
        (stream or current_stream()).wait_event(self)

    def query(self) -> bool:
        """Whether the work before this place is done."""
        return not self._recorded or self.cuda_event.done

    def synchronize(self) -> None:
        """Waits until it is."""
        self.cuda_event.synchronize()

    def elapsed_time(self, end_event: "Event") -> float:
        """Milliseconds from this place to another.

        Raises:
            ValueError: one was made without enable_timing=True, or was not recorded.
        """
        for event in (self, end_event):
            if not (event._timed and event._recorded):
                raise ValueError("elapsed_time: both events need enable_timing=True and record().")
        return card().xp.cuda.get_elapsed_time(self.cuda_event, end_event.cuda_event)


@final
class Stream:
    """A queue of work that runs beside that of other streams.

    Args:
        device: the card it is on, the current one by default.
        priority: lower numbers go first.
    """

    def __init__(self, device: Card = None, priority: int = 0, *, cuda_stream: Any = None):
        found = card(device)
        with found.here():
            kind = found.xp.cuda.Stream
            self.cuda_stream = cuda_stream or kind(non_blocking=True, priority=priority)
        self.device = found

    def wait_event(self, event: Event) -> None:
        """Lets what is asked from here on wait for a place in another stream."""
        self.cuda_stream.wait_event(event.cuda_event)

    def wait_stream(self, stream: "Stream") -> None:
        """Lets what is asked from here on wait for all that another stream was asked so far."""
        self.wait_event(stream.record_event())

    def record_event(self, event: Event | None = None) -> Event:
        """An event behind all that this stream was asked so far."""
        event = event or Event()
        event.record(self)
        return event

    def query(self) -> bool:
        """Whether all it was asked is done."""
        return self.cuda_stream.done

    def synchronize(self) -> None:
        """Waits until it is."""
        self.cuda_stream.synchronize()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and self.cuda_stream == other.cuda_stream

    def __hash__(self) -> int:
        return hash(self.cuda_stream)

    def __repr__(self) -> str:
        return f"<minidl.cuda.Stream device={self.device} cuda_stream={self.cuda_stream.ptr:#x}>"


@contextmanager
def stream(stream: Stream | None) -> Iterator[None]:
    """In this block work goes to a stream, on its card; None changes nothing."""
    if stream is None:
        yield
        return
    with _on(stream.device), stream.cuda_stream:
        yield


def current_stream(device: Card = None) -> Stream:
    """The stream that work goes to."""
    found = card(device)
    with found.here():
        return Stream(found, cuda_stream=found.xp.cuda.get_current_stream())


def default_stream(device: Card = None) -> Stream:
    """The stream that work goes to where no other was chosen."""
    found = card(device)
    return Stream(found, cuda_stream=found.xp.cuda.Stream.null)
