"""Networks learn on the card what they learn on the processor."""

import numpy as np
import pytest

import minidl
from minidl import nn, optim

MODELS = {
    "perceptron": (lambda: nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 5)), (8, 12)),
    "convolutions": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(128, 5),
        ),
        (8, 1, 8, 8),
    ),
    "norms": (
        lambda: nn.Sequential(nn.Linear(12, 16), nn.LayerNorm(16), nn.GELU(), nn.Linear(16, 5)),
        (8, 12),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", [optim.SGD, optim.AdamW])
def test_losses_are_the_processors(name, kind):
    make, shape = MODELS[name]
    draws = np.random.default_rng(0)
    x = minidl.tensor(draws.normal(size=shape).astype("float32"))
    y = minidl.tensor(draws.integers(5, size=shape[0]))

    def losses(device):
        minidl.manual_seed(0)
        model = make().to(device)
        optimizer = kind(model.parameters(), lr=0.01)
        found = []
        for _ in range(5):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x.to(device)), y.to(device))
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        return found

    np.testing.assert_allclose(losses("cuda"), losses("cpu"), rtol=1e-4)
