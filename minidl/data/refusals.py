"""What a loader does not take: arguments out of range, and those that contradict one another."""

from __future__ import annotations

from typing import Any

from .sampler import BatchSampler

FIXED = {"batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers"}
STARTS = ("fork", "spawn", "forkserver")


def workers(
    num_workers: int, timeout: float, prefetch_factor: int | None, persistent: bool, context: Any
) -> None:
    """The arguments that speak of workers; without workers only their defaults are taken."""
    if num_workers < 0:
        raise ValueError(f"num_workers must be 0 (no threads) or more, not {num_workers}")
    if timeout < 0:
        raise ValueError(f"timeout must be 0 (wait for ever) or more seconds, not {timeout}")
    if prefetch_factor is not None and prefetch_factor < 0:
        raise ValueError(f"prefetch_factor must be 0 or more, not {prefetch_factor}")
    if isinstance(context, str) and context not in STARTS:
        raise ValueError(f"multiprocessing_context must be one of {STARTS}, not {context!r}")
    if num_workers:
        return
    asked = {
        "timeout": timeout > 0,
        "prefetch_factor": prefetch_factor is not None,
        "persistent_workers": persistent,
        "multiprocessing_context": context is not None,
    }
    for name in (name for name, given in asked.items() if given):
        raise ValueError(f"{name} is for workers, but num_workers is 0: leave one of them out")


def order(
    streams: bool,
    batch_size: int | None,
    shuffle: bool | None,
    sampler: Any,
    batch_sampler: Any,
    drop_last: bool,
) -> None:
    """The arguments that speak of which items come when."""
    if streams and (shuffle or sampler is not None or batch_sampler is not None):
        raise ValueError(
            "a stream comes in its own order: no shuffle, no sampler, no batch_sampler"
        )
    if sampler is not None and shuffle:
        raise ValueError("give either shuffle=True or a sampler, for both decide the order")
    if batch_sampler is not None and (
        batch_size != 1 or shuffle or sampler is not None or drop_last
    ):
        raise ValueError(
            "a batch_sampler decides alone: leave out batch_size, shuffle, sampler and drop_last"
        )
    if batch_size is not None:
        BatchSampler((), batch_size, drop_last)  # refuses a batch size that is none
    elif drop_last:
        raise ValueError("drop_last drops a batch, but batch_size=None makes none")


def change(name: str, begun: bool) -> None:
    """What a loader has been made of cannot be changed: its samplers would not follow."""
    if begun and name in FIXED:
        raise ValueError(f"{name} cannot be changed in a DataLoader; make another one")
