"""How much of a card's memory is in use, and how much may be.

CuPy keeps memory that was freed in a pool, so that asking for more takes no time: what is reserved
is what the pool holds, what is allocated is the part of it in use. All numbers are bytes.
"""

from ..backend import cuda_count
from .cards import Card, card
from .peak_gpu import peaks, watch


def memory_allocated(device: Card = None) -> int:
    """Bytes in use by arrays; 0 on a machine without a card."""
    return card(device).in_pool("used_bytes") if cuda_count() else 0


def memory_reserved(device: Card = None) -> int:
    """Bytes that the pool holds: those in use, and those kept for later."""
    return card(device).in_pool("total_bytes") if cuda_count() else 0


def max_memory_reserved(device: Card = None) -> int:
    """The most the pool held since it was emptied: it gives nothing back by itself."""
    return memory_reserved(device)


def max_memory_allocated(device: Card = None) -> int:
    """The most bytes that were in use at once since `reset_peak_memory_stats`.

    Counting costs some time for every array, so it begins only when that is called, for the thread
    that calls it; before, this is what the pool holds, which cannot be less.
    """
    if not cuda_count():
        return 0
    return peaks.get(card(device).index) or memory_reserved(device)


def reset_peak_memory_stats(device: Card = None) -> None:
    """From here on `max_memory_allocated` counts what this thread uses."""
    if cuda_count():
        found = card(device)
        watch(found.xp, found.index, memory_allocated(device))


def mem_get_info(device: Card = None) -> tuple[int, int]:
    """Bytes that are free on the card, whoever uses the others, and bytes in all.

    Raises:
        DeviceError: there is no such card.
    """
    return card(device).memory()


def empty_cache() -> None:
    """Gives back to the driver what the pools hold and nobody uses, also of pinned memory."""
    if cuda_count():
        xp = card().xp
        xp.get_default_memory_pool().free_all_blocks()
        xp.get_default_pinned_memory_pool().free_all_blocks()


def set_per_process_memory_fraction(fraction: float, device: Card = None) -> None:
    """Limits the pool to a part of the card's memory; 1 takes the limit away.

    Beyond it an array raises CuPy's OutOfMemoryError, a MemoryError.

    Raises:
        ValueError: `fraction` is not between 0 and 1.
        DeviceError: there is no such card.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must lie between 0 and 1, got {fraction}.")
    found = card(device)
    size = 0 if fraction == 1 else max(int(fraction * found.memory()[1]), 1)  # 0 is no limit
    with found.here():
        found.xp.get_default_memory_pool().set_limit(size=size)


def memory_stats(device: Card = None) -> dict[str, int]:
    """PyTorch's four best known counts, under its keys."""
    return {
        "allocated_bytes.all.current": memory_allocated(device),
        "allocated_bytes.all.peak": max_memory_allocated(device),
        "reserved_bytes.all.current": memory_reserved(device),
        "reserved_bytes.all.peak": max_memory_reserved(device),
    }


def memory_summary(device: Card = None, abbreviated: bool = False) -> str:
    """The same as a small table, in MiB."""
    rows = [f"{key:<30} {count / 2**20:12.1f} MiB" for key, count in memory_stats(device).items()]
    return "\n".join(rows)
