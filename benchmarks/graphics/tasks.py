"""What is trained on the graphics card: the seven workloads, the same in sizes that fill it, and
two models of a size that people train: a GPT of 124 million parameters and ResNet-18.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks import models
from benchmarks.workloads import ADAM, ADAMW, MOMENTUM, SGD, WORKLOADS, Workload


@dataclass(frozen=True)
class Task:
    """A workload and the numbers it is computed with.

    Attributes:
        precision: "float32": nothing shorter anywhere; "tf32": matrix products and convolutions may
            round their inputs to 10 bits after the point; "bfloat16": under autocast.
    """

    work: Workload
    precision: str


def _large(name: str, words: str, optimizer: Any = None, **sizes: Any) -> tuple[str, Task]:
    small = WORKLOADS[name].sized(**sizes)
    work = Workload(f"{name} large", f"{small.words}, {words}", small.model, small.sizes,
                    optimizer or small.optimizer, small.small)  # fmt: skip
    return work.name, Task(work, "tf32")


GPT = Workload(
    "GPT-124M",
    "GPT-2's smallest, context 1024",
    models.gpt,
    {
        "batch": 16,
        "length": 1024,
        "width": 768,
        "heads": 12,
        "layers": 12,
        "vocabulary": 50304,
        "tied": True,
    },
    ADAMW,
    {"batch": 2, "length": 6, "width": 8, "heads": 2, "layers": 2, "vocabulary": 11},
)
RESNET = Workload(
    "ResNet-18",
    "on 64x64x3",
    models.resnet18,
    {"batch": 256, "side": 64, "classes": 200},
    MOMENTUM,
    {"batch": 3, "side": 32, "classes": 5, "channels": 2},
)

TASKS: dict[str, Task] = {name: Task(work, "float32") for name, work in WORKLOADS.items()}
TASKS |= dict(
    [
        _large("W1", "4096 wide", SGD, batch=8192, widths=(784, 4096, 4096, 10)),
        _large("W2", "batch 1024", ADAM, batch=1024),
        _large("W2r", "batch 1024", batch=1024),
        _large("W3", "512 wide", batch=256, width=512),
        _large("W4", "batch 128", batch=128),
    ]
)
TASKS |= {
    "ResNet-18": Task(RESNET, "tf32"),
    "ResNet-18 bf16": Task(RESNET, "bfloat16"),
    "GPT-124M": Task(GPT, "bfloat16"),
}
