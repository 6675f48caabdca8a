"""Batches in memory that stays where it is, which a card fetches by itself while it computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..tensors import Tensor
from .collate import rebuilt


def pinned(data: Any) -> Any:
    """Every tensor of the processor, however deep in containers, pinned; whatever else has a
    `pin_memory` of its own, as that makes it; the rest as it is."""
    if isinstance(data, Tensor):
        return data if data.device.type != "cpu" else data.pin_memory()
    if hasattr(data, "pin_memory"):
        return data.pin_memory()
    if isinstance(data, Mapping | Sequence) and not isinstance(data, str | bytes):
        return rebuilt(data, pinned)
    return data


def pinning(task: Callable[[], Any]) -> Any:
    """What a task fetches, pinned by the thread that fetches it."""
    return pinned(task())
