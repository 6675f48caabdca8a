"""What something costs a run in a kernel: time on the clock, and processor time by who used it.

Runs without it and with it follow each other in pairs. The processes are this one's children.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from statistics import median

import psutil

Cost = dict[str, float]  # seconds on the clock, and of the processor by who used them
Pairs = list[tuple[Cost, Cost]]  # without, and with


def alternate(pairs: int, plain: Callable[[], Cost], shown: Callable[[], Cost]) -> Pairs:
    """Both measures, in turn first and second; one pair before them, which is not counted."""
    found = []
    for number in range(pairs + 1):
        if number % 2:
            found.append((plain(), shown()))
        else:
            found.append((shown(), plain())[::-1])
    return found[1:]


def costs(run: Callable[[], float], kernel: int) -> Cost:
    """What a run costs that says itself how long it took; `kernel` is its process."""
    before = spent(kernel)
    clock = run()
    return {"clock": clock} | {who: used - before[who] for who, used in spent(kernel).items()}


def spent(kernel: int) -> Cost:
    """Processor seconds so far: of the kernel, of a browser, of the servers between them."""
    used = {"kernel": 0.0, "browser": 0.0, "server": 0.0}
    for process in psutil.Process().children(recursive=True):
        name = "browser" if "chrom" in process.name() else "server"
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            used["kernel" if process.pid == kernel else name] += times.user + times.system
    return used


def report(pairs: Pairs) -> None:
    """Print the medians, and what each pair says."""
    print(f"medians of {len(pairs)} pairs, in seconds:")
    for who in pairs[0][0]:
        plain, shown = (median(pair[i][who] for pair in pairs) for i in (0, 1))
        if shown:
            print(f"  {who:8} {plain:6.3f} without, {shown:6.3f} with")
    for who, words in (("clock", "on the clock"), ("kernel", "of the kernel's processor time")):
        ratios = sorted(100 * (shown[who] / plain[who] - 1) for plain, shown in pairs)
        print(f"it costs {median(ratios):.1f} % {words}")
        print("  pair by pair:", ", ".join(f"{ratio:.0f}" for ratio in ratios), "%")


def load() -> str:
    """How busy the machine was in the last minute, where it says so."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
