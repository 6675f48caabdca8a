"""A Trainer in mixed precision: it learns, keeps float32 weights, and resumes its scale."""

import numpy as np
import pytest

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, datasets
from minidl.training import Trainer


def trainer(precision, **options):
    minidl.manual_seed(0)
    data = datasets.digits("train", normalize=True)
    model = nn.Sequential(nn.Linear(64, 32), nn.LayerNorm(32), nn.GELU(), nn.Linear(32, 10))
    optimizer = optim.AdamW(model.parameters(), lr=0.01)
    loader = DataLoader(data, batch_size=256, shuffle=True, drop_last=True)
    loss = nn.CrossEntropyLoss()
    return Trainer(model, optimizer, loss, loader, precision=precision, clip_norm=1.0, **options)


@pytest.mark.parametrize("precision", ["bf16-mixed", "16-mixed"])
def test_it_learns_as_in_float32(precision):
    data = DataLoader(datasets.digits("test", normalize=True), batch_size=256)
    mixed = trainer(precision, epochs=6, valid_loader=data)
    expected = trainer("32-true", epochs=6, valid_loader=data).run()
    history = mixed.run()
    assert all(p.dtype == minidl.float32 for p in mixed.model.parameters())
    losses = [[o["loss"] for o in h] for h in (history, expected)]
    np.testing.assert_allclose(losses[0], losses[1], rtol=0.1, atol=0.02)
    assert losses[0] != losses[1] and history[-1]["valid_accuracy"] > 0.85


def test_a_step_with_infinite_gradients_is_left_out():
    mixed = trainer("16-mixed")
    mixed.precision.scaler.update(2.0**40)  # no gradient fits float16 times this
    before = [p.tolist() for p in mixed.model.parameters()]
    next(iter(mixed))
    assert [p.tolist() for p in mixed.model.parameters()] == before
    assert mixed.precision.scaler.get_scale() == 2.0**39


def test_the_scale_is_resumed(tmp_path):
    first = trainer("16-mixed", epochs=2)
    first.precision.scaler.update(128.0)
    for _ in range(3):
        next(first)
    first.save(tmp_path)
    rest = [o["loss"] for o in first.run()]
    again = trainer("16-mixed", epochs=2)
    again.resume(tmp_path)
    assert again.precision.scaler.get_scale() == 128
    assert [o["loss"] for o in again.run()] == rest


def test_another_name_is_refused():
    with pytest.raises(ValueError, match="bf16-mixed"):
        trainer("8-mixed")
