"""Memory that kernels write into and are done with before the next of their stream begins.

Work in one stream is done in order, so one piece serves all kernels there. Each thread and each of
its streams has its own.
"""

import threading
from typing import Any, final

_MOST = 1 << 25  # bytes that are kept; more is asked for each time, and given back


@final
class Desk:
    """What one thread keeps for one stream.

    Attributes:
        device, stream: the card's number and the stream's address.
    """

    def __init__(self, xp: Any, device: int, stream: int):
        self._xp, self.device, self.stream = xp, device, stream
        self._kept: dict[Any, Any] = {}

    def partial(self, count: int, dtype: Any) -> Any:
        """Room for at least so many numbers, with anything in it."""
        kept = self._kept.get(dtype)
        if kept is None or kept.size < count:
            kept = self._xp.empty(max(count, 1 << 12), dtype)
            if kept.nbytes <= _MOST:
                self._kept[dtype] = kept
        return kept

    def arrived(self, count: int) -> Any:
        """At least so many counters that stand at 0; who counts with them puts them back there."""
        kept = self._kept.get("arrived")
        if kept is None or kept.size < count:
            kept = self._xp.zeros(max(count, 1 << 12), "int32")
            if not self._xp.cuda.get_current_stream().is_capturing():  # there 0 is written later
                self._kept["arrived"] = kept
        return kept


@final
class _Desks(threading.local):
    def __init__(self) -> None:
        self.by_stream: dict[tuple[Any, int, int], Desk] = {}


_desks = _Desks()


def desk(xp: Any) -> Desk:
    """The desk of this thread's current stream on the current card."""
    key = xp, xp.cuda.runtime.getDevice(), xp.cuda.get_current_stream().ptr
    found = _desks.by_stream.get(key)
    if found is None:
        found = _desks.by_stream[key] = Desk(*key)
    return found
