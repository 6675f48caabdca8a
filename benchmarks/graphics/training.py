"""One training step on a device, in the names that minidl and PyTorch share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.graphics.tasks import Task
from benchmarks.workloads import batches, step_of

Step = Callable[[Any, Any], Any]


def first_state(model: Any, m: Any) -> dict[str, Any]:
    """Weights drawn from a seed that is their name: matrices with deviation 1 / sqrt(inputs),

    scales 1, offsets 0; whatever a batch norm counts stays as it is.
    """
    state = {}
    for name, value in model.state_dict().items():
        if value.ndim > 1:
            draws = np.random.default_rng(crc32(name.encode()))
            drawn = draws.standard_normal(tuple(value.shape), dtype=np.float32)
            value = m.from_numpy(drawn * np.float32(value[0].numel() ** -0.5))
        elif "running" not in name and "num_batches" not in name:
            value = m.zeros(*value.shape) if "bias" in name else m.ones(*value.shape)
        state[name] = value
    if "head.weight" in state and "wte.weight" in state:
        state["head.weight"] = state["wte.weight"]  # where they are tied, one is loaded last
    return state


def build(
    m: Any,
    task: Task,
    device: str,
    around: Callable[[Any], Any] = lambda model: model,
    **options: Any,
) -> tuple[Step, list[tuple[Any, Any]]]:
    """The step (x, y) -> loss of a new model on a device, and its batches there.

    Args:
        around: what is put around the model, as `torch.compile` is.
        options: of the optimiser, beside the workload's.
    """
    work = task.work
    model = work.model(m, **work.sizes)
    model.load_state_dict(first_state(model, m))
    model = model.to(device)
    kind, given = work.optimizer
    optimizer = getattr(m.optim, kind)(model.parameters(), **given, **options)

    def region() -> Any:
        if task.precision != "bfloat16":
            return nullcontext()
        return m.autocast(device.partition(":")[0], dtype=m.bfloat16)

    pairs = [(m.from_numpy(x).to(device), m.from_numpy(y).to(device)) for x, y in batches(work)]
    return step_of(m, around(model), optimizer, region), pairs
