"""The most memory that was in use at once: CuPy does not remember it, but can be watched."""

from functools import cache
from typing import Any

peaks: dict[int, int] = {}  # bytes, by the number of the card; empty until somebody asks
_used: dict[int, int] = {}


def watch(xp: Any, index: int, used: int) -> None:
    """Begins to count for a card on which so many bytes are in use."""
    _used[index] = peaks[index] = used
    _hook(xp)


@cache
def _hook(xp: Any) -> Any:
    """What CuPy calls when an array gets its memory and when it gives it back."""

    class Watch(xp.cuda.MemoryHook):
        name = "minidl"

        def malloc_postprocess(self, device_id: int, size: int, mem_size: int, *_: Any, **__: Any):
            _count(device_id, mem_size)

        def free_postprocess(self, device_id: int, mem_size: int, *_: Any, **__: Any):
            _count(device_id, -mem_size)

    hook = Watch()
    hook.__enter__()  # for this thread, and for good
    return hook


def _count(index: int, size: int) -> None:
    used = _used[index] = _used.get(index, 0) + size
    if used > peaks.get(index, 0):
        peaks[index] = used
