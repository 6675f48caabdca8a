"""Weights travel to PyTorch, and a fresh layer begins as PyTorch's does."""

import numpy as np
import pytest

import minidl

from .twin import torch

pytestmark = pytest.mark.torch


def test_weights_travel_to_pytorch():
    code = "nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))"
    mine, theirs = (eval(code, {"nn": f.nn}) for f in (minidl, torch))
    x = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
    mine(minidl.tensor(x))  # so that the running statistics are not what they begin with
    state = {k: torch.tensor(v.numpy()) for k, v in mine.state_dict().items()}
    assert theirs.load_state_dict(state) == ([], [])
    expected = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(mine.eval()(minidl.tensor(x)).detach().numpy(), expected, atol=1e-6)


BEGINNINGS = ["Linear(100, 2000)", "Bilinear(20, 10, 2000)", "Embedding(100, 200)"]


@pytest.mark.parametrize("code", BEGINNINGS)
def test_first_weights_are_spread_as_pytorchs(code):
    minidl.manual_seed(0)
    torch.manual_seed(0)
    mine, theirs = (eval(f"nn.{code}", {"nn": f.nn}) for f in (minidl, torch))
    for p, q in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert p.std().item() == pytest.approx(q.std().item(), rel=0.06)
        assert p.detach().abs().mean().item() == pytest.approx(q.abs().mean().item(), rel=0.06)
