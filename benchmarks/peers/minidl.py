"""minidl: eager, and the whole step compiled."""

from __future__ import annotations

import os

import minidl
from benchmarks.peers import Run
from benchmarks.workloads import Arrays, Batches, Workload, tensors, train_step


def missing(way: str, work: str) -> str | None:
    """minidl takes part everywhere."""
    return None


def build(way: str, work: Workload, start: Arrays, batches: Batches) -> Run:
    """The step as it is, or compiled."""
    minidl.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    step, given = train_step(minidl, work, start), tensors(minidl, batches)
    if way == "minidl compiled":
        step = minidl.compile(step)
    return Run(lambda i: step(*given[i % len(given)]), lambda z: z.item(), minidl.__version__)
