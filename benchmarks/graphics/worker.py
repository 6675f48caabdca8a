"""One way to run tasks, in a process of its own: a line of JSON for each.

    python -m benchmarks.graphics.worker WAY DEVICE SECONDS SMALL TASK TASK ...

SMALL is 1 for the sizes of a quick test, else 0. A task named "ceilings" measures the card.
"""

from __future__ import annotations

import gc
import json
import sys
import traceback
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.graphics.ceilings import ceilings
from benchmarks.graphics.counting import counted
from benchmarks.graphics.tasks import TASKS
from benchmarks.graphics.ways import framework, ready, released, synchronizer, taken

CHECKED = 6  # so many first losses are told
ROUNDS = 9


def rounds(m: Any, device: str, step: Any, pairs: Any, seconds: float) -> list[float]:
    """Seconds of a step, in rounds that together last about so long."""
    wait, done = synchronizer(m, device), 0

    def run(times: int) -> float:
        nonlocal done
        begun = perf_counter()
        for _ in range(times):
            step(*pairs[done % len(pairs)])
            done += 1
        wait()
        return (perf_counter() - begun) / times

    wait()
    brief = min(run(2), run(2))
    times = max(1, round(seconds / ROUNDS / brief))
    return [run(times) for _ in range(ROUNDS)]


def measured(way: str, name: str, device: str, seconds: float, small: bool) -> dict[str, Any]:
    """What a task took."""
    m, task = framework(way), TASKS[name]
    if small:
        task = replace(task, work=task.work.sized(**task.work.small))
    before = released(m, device)
    step, pairs = ready(way, task, device)
    begun = perf_counter()
    losses = [step(*pairs[0]).item()]
    first = perf_counter() - begun
    losses += [step(*pairs[i % len(pairs)]).item() for i in range(1, CHECKED)]
    found = rounds(m, device, step, pairs, seconds)
    told = {"first": first, "losses": losses, "seconds": found, "median": median(found)}
    told |= {"memory": taken(m, device) - before, "version": m.__version__}
    if way == "torch":
        told |= counted(lambda: step(*pairs[0]))
    return told


def main() -> None:
    """Runs the tasks one after the other; one that fails says why, and the next begins."""
    way, device, seconds, small, *names = sys.argv[1:]
    answers, sys.stdout = sys.stdout, sys.stderr  # what frameworks print is no answer
    for name in names:
        try:
            if name == "ceilings":
                told = ceilings(framework(way), device)
            else:
                told = measured(way, name, device, float(seconds), small == "1")
        except Exception as error:
            traceback.print_exc()
            told = {"missing": f"{type(error).__name__}: {error}"[:300]}
        gc.collect()
        print(json.dumps({"task": name, **told}), file=answers, flush=True)


if __name__ == "__main__":
    main()
