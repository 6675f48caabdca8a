"""PyTorch: eager, eager with the optimiser's fused kernel, and torch.compile."""

from __future__ import annotations

import os
import shutil
from typing import Any

import torch

from benchmarks.peers import Run
from benchmarks.workloads import Arrays, Batches, Workload, tensors, train_step


def missing(way: str, work: str) -> str | None:
    """Why this contender cannot take part."""
    if way == "torch.compile" and not any(map(shutil.which, ("g++", "clang++", "cl"))):
        return "torch.compile needs a C++ compiler"
    return None


def build(way: str, work: Workload, start: Arrays, batches: Batches) -> Run:
    """The same step as minidl's, with another module for `m`.

    torch.compile goes around the model, as PyTorch's tutorials have it: what backward() and the
    optimiser do stays outside.
    """
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    options: dict[str, Any] = {"fused": True} if way == "torch fused" else {}
    if way == "torch.compile":
        options["around"] = torch.compile
    step, given = train_step(torch, work, start, **options), tensors(torch, batches)
    return Run(lambda i: step(*given[i % len(given)]), lambda z: z.item(), torch.__version__)
