"""One contender in a process of its own: its threads, its memory, its first step.

    python -m benchmarks.worker PEER WAY FOLDER

`benchmarks.contest` starts it. Its first line of JSON tells of the start. Then each line that it
reads is a number of steps to make, answered by their seconds; an empty line ends it.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

CHECKED = 20  # after so many steps losses are compared a second time
LINUX = Path("/proc/self")


def resident(field: str) -> float:
    """MB of memory of this process: now (VmRSS), or at most so far (VmHWM)."""
    if (LINUX / "status").exists():
        for line in (LINUX / "status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    import psutil

    memory: Any = psutil.Process().memory_info()
    return (memory.rss if field == "VmRSS" else getattr(memory, "peak_wset", memory.rss)) / 2**20


def forget_peak() -> None:
    """Lets the peak of memory begin anew, where the system can."""
    try:
        (LINUX / "clear_refs").write_text("5")
    except OSError:
        return


def blas() -> str:
    """NumPy's BLAS and the processor family it chose kernels for, where threadpoolctl can tell."""
    try:
        from threadpoolctl import threadpool_info
    except ModuleNotFoundError:
        return "unknown"
    found = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    words = ("internal_api", "version", "architecture", "num_threads")
    return "; ".join(" ".join(str(pool.get(word, "")) for word in words) for pool in found)


def bound() -> None:
    """Keeps this process on as many cores as it may have threads: XLA, for one, only asks those."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[: int(os.environ["OMP_NUM_THREADS"])])


def main() -> None:
    """Starts, says how that went, and then steps as often as it is told."""
    peer, way, folder = sys.argv[1:4]
    answers, sys.stdout = sys.stdout, sys.stderr  # what frameworks print is no answer
    bound()
    begun = perf_counter()
    try:
        import_module(peer)
    except ModuleNotFoundError:
        print(json.dumps({"missing": f"{peer} is not installed"}), file=answers, flush=True)
        return
    imported = perf_counter() - begun
    contender = import_module(f"benchmarks.peers.{peer}")
    from benchmarks.storage import opened

    work, start, batches = opened(Path(folder))
    why = contender.missing(way, work.name)
    if why:
        print(json.dumps({"missing": why}), file=answers, flush=True)
        return
    forget_peak()
    before = resident("VmRSS")
    run = contender.build(way, work, start, batches)
    begun = perf_counter()
    losses = [run.number(run.step(0))]
    first = perf_counter() - begun
    losses += [run.number(run.step(i)) for i in range(1, CHECKED)]
    told = {"import": imported, "first": first, "losses": losses, "version": run.version}
    told |= {"peak": resident("VmHWM"), "before": before}
    told |= {"blas": blas() if peer == "minidl" else None, "process": os.getpid()}
    print(json.dumps(told), file=answers, flush=True)
    done = CHECKED
    for line in iter(sys.stdin.readline, "\n"):
        if not line:
            return
        loss, goal, begun = None, done + int(line), perf_counter()
        for i in range(done, goal):
            loss = run.step(i)
        run.number(loss)
        done = goal
        print(json.dumps(perf_counter() - begun), file=answers, flush=True)


if __name__ == "__main__":
    main()
