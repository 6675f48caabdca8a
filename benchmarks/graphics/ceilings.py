"""What the card can do at most: products of large matrices, a copy of a large array, launches."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks.graphics.ways import synchronizer

SIDE, COPIED, LAUNCHES = 8192, 1 << 28, 1000  # of a matrix; numbers; small additions


def best(wait: Callable[[], Any], work: Callable[[], Any], times: int = 5) -> float:
    """Seconds of the quickest of some runs, after one that does not count."""
    found = []
    for _ in range(times + 1):
        wait()
        begun = perf_counter()
        work()
        wait()
        found.append(perf_counter() - begun)
    return min(found[1:])


def ceilings(m: Any, device: str) -> dict[str, Any]:
    """TFLOP/s by precision, GB/s of a copy (read and written), microseconds of a small addition."""
    wait, small = synchronizer(m, device), device == "cpu"
    side, copied = (256, 1 << 20) if small else (SIDE, COPIED)
    told: dict[str, Any] = {"device": "cpu" if small else m.cuda.get_device_name(0)}
    told["matrix"] = {}
    kinds = [("float32", "float32", False), ("tf32", "float32", True)]
    for name, kind, tf32 in [*kinds, ("bfloat16",) * 2 + (True,), ("float16",) * 2 + (True,)]:
        if not hasattr(m, kind) or not hasattr(m, "backends") and tf32:
            continue
        if hasattr(m, "backends"):
            m.backends.cuda.matmul.allow_tf32 = tf32
        x = m.ones(side, side, device=device).to(getattr(m, kind)) * 0.5
        seconds = best(wait, lambda x=x: x @ x)
        told["matrix"][name] = 2 * side**3 / seconds / 1e12
    x = m.ones(copied, device=device)
    told["copy"] = 8 * copied / best(wait, lambda: x.clone()) / 1e9
    y = m.ones(16, device=device)

    def launch() -> None:
        for _ in range(LAUNCHES):
            y.add(y)

    told["launch"] = best(wait, launch) / LAUNCHES * 1e6
    return told
