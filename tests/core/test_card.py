"""Whole networks on a played card: what they learn there is what they learn on the processor."""

import numpy as np
import pytest

import minidl
from benchmarks import models
from minidl import nn, optim

from .test_launches import Card, played

DRAWS = np.random.default_rng(0)
TOKENS = DRAWS.integers(11, size=(2, 3, 6))
MODELS = {
    "ResNet": (
        lambda: models.resnet18(minidl, classes=5, channels=2),
        DRAWS.normal(size=(3, 3, 32, 32)).astype("float32"),
        DRAWS.integers(5, size=3),
    ),
    "LSTM": (lambda: models.recurrent(minidl, 11, 8), *TOKENS),
    "GPT": (lambda: models.gpt(minidl, 11, 6, 16, 2, 2, tied=True), *TOKENS),
    "dropout": (
        lambda: nn.Sequential(nn.Linear(20, 33), nn.SiLU(), nn.Dropout(0.3), nn.Linear(33, 7)),
        DRAWS.normal(size=(9, 20)).astype("float32"),
        DRAWS.integers(7, size=9),
    ),
}


@played
@pytest.mark.parametrize("name", MODELS)
def test_losses_are_the_processors(name):
    make, x, y = MODELS[name]

    def losses(place):
        minidl.manual_seed(0)
        model = make()
        for p in (*model.parameters(), *model.buffers()):
            p.array = place(p.array)
        optimizer, found = optim.AdamW(model.parameters(), lr=0.01), []
        for _ in range(3):
            optimizer.zero_grad()
            logits = model(minidl.tensor(0).like(place(x)))
            labels = minidl.tensor(0).like(place(y))
            loss = nn.functional.cross_entropy(logits.flatten(0, -2), labels.flatten())
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        return found

    np.testing.assert_allclose(losses(Card().asarray), losses(np.array), rtol=1e-3)
