"""The seven workloads: models of `models.py` with their sizes, batches, optimisers and steps.

A step is zero_grad, forward, loss, backward, optimiser. All is float32; weights and batches are
arrays, the same for every contender.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks import models

Arrays = dict[str, np.ndarray]
Batches = list[tuple[np.ndarray, np.ndarray]]
BATCHES = 4  # they follow one another in a circle


@dataclass(frozen=True)
class Workload:
    """One model and how it is trained.

    Attributes:
        name: W1s, ...
        words: what it is, in a table's row.
        model: a function of `models.py`; called with `sizes`.
        sizes: everything that `benchmarks.growth` may change, `batch` among it.
        optimizer: a name of `optim`, and its options.
        small: sizes for a quick test.
    """

    name: str
    words: str
    model: Callable[..., Any]
    sizes: Mapping[str, Any]
    optimizer: tuple[str, Mapping[str, float]]
    small: Mapping[str, Any]

    def sized(self, **sizes: Any) -> Workload:
        """The same with other sizes."""
        return replace(self, sizes={**self.sizes, **sizes})


SGD, MOMENTUM = ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.02, "momentum": 0.9})
ADAM, ADAMW = ("Adam", {"lr": 1e-3}), ("AdamW", {"lr": 3e-4, "weight_decay": 0.1})

WORKLOADS = {
    work.name: work
    for work in [
        Workload(
            "W1s",
            "MLP 64-32-10",
            models.perceptron,
            {"batch": 32, "widths": (64, 32, 10)},
            SGD,
            {"batch": 4},
        ),
        Workload(
            "W1",
            "MLP 784-256-128-10",
            models.perceptron,
            {"batch": 128, "widths": (784, 256, 128, 10)},
            ADAM,
            {"batch": 4, "widths": (20, 12, 8, 5)},
        ),
        Workload(
            "W2s",
            "CNN on 8x8",
            models.small_convolutions,
            {"batch": 64, "side": 8, "channels": 16, "classes": 10},
            ADAM,
            {"batch": 3, "channels": 2},
        ),
        Workload(
            "W2",
            "CNN on 28x28",
            models.convolutions,
            {"batch": 64, "side": 28, "channels": 32, "width": 128, "classes": 10},
            ADAM,
            {"batch": 3, "side": 10, "channels": 2, "width": 8},
        ),
        Workload(
            "W2r",
            "residual CNN on 32x32x3",
            models.residual,
            {"batch": 32, "side": 32, "channels": 16, "classes": 10},
            MOMENTUM,
            {"batch": 4, "side": 8, "channels": 4},
        ),
        Workload(
            "W3",
            "LSTM, 64 characters",
            models.recurrent,
            {"batch": 32, "length": 64, "width": 128, "vocabulary": 128},
            ADAM,
            {"batch": 2, "length": 5, "width": 6, "vocabulary": 11},
        ),
        Workload(
            "W4",
            "GPT, 4 layers",
            models.gpt,
            {
                "batch": 16,
                "length": 128,
                "width": 128,
                "heads": 4,
                "layers": 4,
                "vocabulary": 128,
            },
            ADAMW,
            {"batch": 2, "length": 6, "width": 8, "heads": 2, "layers": 2, "vocabulary": 11},
        ),
    ]
}


def batches(work: Workload) -> Batches:
    """Inputs and targets, drawn from a fixed seed; sequences are to be continued by a character."""
    draws, size = np.random.default_rng(1), work.sizes
    found: Batches = []
    for _ in range(BATCHES):
        if "vocabulary" in size:
            text = draws.integers(size["vocabulary"], size=(size["batch"], size["length"] + 1))
            found.append((text[:, :-1].copy(), text[:, 1:].copy()))
            continue
        channels = 3 if work.model in (models.residual, models.resnet18) else 1
        shape = (channels, size["side"], size["side"]) if "side" in size else size["widths"][:1]
        x = draws.normal(size=(size["batch"], *shape)).astype("float32")
        classes = size["widths"][-1] if "widths" in size else size["classes"]
        found.append((x, draws.integers(classes, size=size["batch"])))
    return found


def weights(work: Workload) -> Arrays:
    """The model's first weights, as minidl draws them from seed 0 with NumPy's generator."""
    import minidl

    minidl.manual_seed(0)
    state = work.model(minidl, **work.sizes).state_dict()
    return {name: value.numpy().copy() for name, value in state.items()}


def train_step(
    m: Any,
    work: Workload,
    start: Arrays,
    around: Callable[[Any], Any] = lambda model: model,
    **options: Any,
) -> Callable[[Any, Any], Any]:
    """The step (x, y) -> loss of a model that starts from these weights, in PyTorch's names.

    Args:
        m: minidl or torch.
        around: what is put around the model, as `torch.compile` is.
        options: of the optimiser, beside the workload's: `fused=True`.
    """
    model = work.model(m, **work.sizes)
    model.load_state_dict({name: m.from_numpy(value.copy()) for name, value in start.items()})
    kind, given = work.optimizer
    optimizer = getattr(m.optim, kind)(model.parameters(), **given, **options)
    return step_of(m, around(model), optimizer)


def step_of(
    m: Any, model: Any, optimizer: Any, region: Callable[[], Any] = nullcontext
) -> Callable[[Any, Any], Any]:
    """The step (x, y) -> loss of a model.

    Args:
        region: makes the context in which the loss is computed, as `autocast` is.
    """
    cross_entropy = m.nn.functional.cross_entropy

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        with region():
            logits = model(x)
            if logits.ndim > 2:  # a class for each place of each sequence
                logits, y = logits.flatten(0, 1), y.flatten()
            loss = cross_entropy(logits, y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def tensors(m: Any, given: Batches) -> Sequence[tuple[Any, Any]]:
    """Batches as tensors of minidl or torch."""
    return [(m.from_numpy(x), m.from_numpy(y)) for x, y in given]
