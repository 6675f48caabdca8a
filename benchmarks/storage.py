"""A workload in a folder, so that every contender starts from the same arrays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks.workloads import WORKLOADS, Arrays, Batches, Workload, batches, weights


def stored(work: Workload, folder: Path) -> None:
    """Writes the sizes, the first weights and the batches."""
    words = {"name": work.name, "sizes": work.sizes}
    (folder / "workload.json").write_text(json.dumps(words))
    np.savez(folder / "weights.npz", **weights(work))  # type: ignore[arg-type]
    arrays = {}
    for i, (x, y) in enumerate(batches(work)):
        arrays |= {f"{i}x": x, f"{i}y": y}
    np.savez(folder / "batches.npz", **arrays)  # type: ignore[arg-type]


def opened(folder: Path) -> tuple[Workload, Arrays, Batches]:
    """What `stored` wrote."""
    words = json.loads((folder / "workload.json").read_text())
    sizes = {k: tuple(v) if isinstance(v, list) else v for k, v in words["sizes"].items()}
    with np.load(folder / "weights.npz") as file:
        start = dict(file)
    with np.load(folder / "batches.npz") as file:
        given = [(file[f"{i}x"], file[f"{i}y"]) for i in range(len(file.files) // 2)]
    return WORKLOADS[words["name"]].sized(**sizes), start, given
