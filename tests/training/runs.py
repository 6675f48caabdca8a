"""A small run, built the same way each time, for the tests of this folder."""

from typing import Any

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, TensorDataset
from minidl.training import Trainer


def small(seed: int = 0, epochs: int = 3, workers: int = 0, **options: Any) -> Trainer:
    """Forty samples in batches of eight: five steps an epoch, with dropout and a schedule."""
    minidl.manual_seed(seed)
    x = minidl.randn(40, 6, generator=minidl.Generator(1))
    y = (x.sum(dim=1) > 0).long()
    loader = DataLoader(TensorDataset(x, y), 8, shuffle=True, num_workers=workers)
    model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.2), nn.Linear(12, 2))
    optimizer = optim.AdamW(model.parameters(), lr=0.01)
    options.setdefault(
        "scheduler", optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=5 * epochs)
    )
    valid = DataLoader(TensorDataset(x, y), 16)
    return Trainer(
        model,
        optimizer,
        nn.CrossEntropyLoss(),
        loader,
        valid_loader=valid,
        epochs=epochs,
        **options,
    )


def numbers(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A history without the clock."""
    return [{k: v for k, v in seen.items() if k != "seconds"} for seen in history]


def weights(trainer: Trainer) -> dict[str, bytes]:
    """The model's parameters as bytes."""
    return {k: v.numpy().tobytes() for k, v in trainer.model.state_dict().items()}
