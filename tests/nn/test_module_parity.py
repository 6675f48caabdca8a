"""Modules against PyTorch: outputs, gradients, printing, and weights that travel both ways."""

import numpy as np
import pytest

import minidl

from .twin import torch

pytestmark = pytest.mark.torch

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
LABELS = np.array([0, 1, 2, 0, 1, 2])

NETS = [
    "nn.Linear(4, 3)",
    "nn.Linear(4, 3, bias=False)",
    "nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))",
    "nn.Sequential(nn.Unflatten(1, (2, 2)), nn.Flatten(), nn.Identity(), nn.Linear(4, 3))",
    "nn.Sequential(nn.Linear(4, 8), nn.ReLU(inplace=True), nn.Linear(8, 3))",
    *[
        f"nn.Sequential(nn.Linear(4, 3), nn.{activation})"
        for activation in (
            "LeakyReLU()",
            "LeakyReLU(0.2, inplace=True)",
            "ELU()",
            "GELU(approximate='tanh')",
            "SiLU()",
            "Softplus()",
            "Sigmoid()",
            "LogSigmoid()",
            "Hardtanh()",
            "Hardtanh(-2.0, 2.0)",
            "Softmax(dim=1)",
            "LogSoftmax(dim=-1)",
        )
    ],
    "nn.Sequential(nn.Sequential(nn.Linear(4, 3)), nn.Sequential(nn.Tanh(), nn.Linear(3, 3)))",
]
LOSSES = [
    ("nn.CrossEntropyLoss()", LABELS),
    ("nn.CrossEntropyLoss(label_smoothing=0.1, ignore_index=1)", LABELS),
    ("nn.CrossEntropyLoss(weight=m.tensor([0.5, 1.0, 2.0]), reduction='sum')", LABELS),
    ("nn.NLLLoss()", LABELS),
    ("nn.MSELoss()", X[:, :3]),
    ("nn.L1Loss(reduction='sum')", X[:, :3]),
    ("nn.SmoothL1Loss(beta=0.5)", X[:, :3]),
    ("nn.HuberLoss(delta=0.5)", X[:, :3]),
    ("nn.BCEWithLogitsLoss(pos_weight=m.tensor([0.5, 1.0, 2.0]))", (X[:, :3] > 0).astype("f")),
    ("nn.KLDivLoss(reduction='batchmean')", np.full((6, 3), 1 / 3, "f")),
]


def twins(code):
    """The module in both frameworks, with PyTorch's weights."""
    mine, theirs = (eval(code, {"nn": f.nn, "m": f}) for f in (minidl, torch))
    state = theirs.state_dict()
    assert {k: tuple(v.shape) for k, v in state.items()} == {
        k: v.shape for k, v in mine.state_dict().items()
    }
    assert list(state) == list(mine.state_dict())
    mine.load_state_dict({k: v.numpy() for k, v in state.items()})
    return mine, theirs


def compare(mine, theirs, *arrays):
    """Outputs and the gradient of the first input agree."""
    seen = []
    for module, framework in ((mine, minidl), (theirs, torch)):
        x, *targets = map(framework.tensor, arrays)
        out = module(x.requires_grad_(), *targets)
        (out * out).sum().backward()
        seen.append((out.detach().numpy(), x.grad.numpy()))
    for a, b in zip(*seen, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("code", NETS)
def test_modules(code):
    mine, theirs = twins(code)
    assert repr(mine) == repr(theirs)
    assert [n for n, _ in mine.named_modules()] == [n for n, _ in theirs.named_modules()]
    compare(mine, theirs, X)
    for (name, p), q in zip(mine.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(
            p.grad.numpy(), q.grad.numpy(), rtol=1e-4, atol=1e-5, err_msg=name
        )


@pytest.mark.parametrize(("code", "target"), LOSSES, ids=lambda v: v if isinstance(v, str) else "")
def test_losses(code, target):
    mine, theirs = twins(code)
    assert repr(mine) == repr(theirs)
    compare(mine, theirs, X[:, :3], target)


def test_weights_travel_to_pytorch():
    code = "nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))"
    mine, theirs = twins(code)
    mine = eval(code, {"nn": minidl.nn})
    theirs.load_state_dict({k: torch.as_tensor(v.numpy()) for k, v in mine.state_dict().items()})
    expected = theirs(torch.as_tensor(X)).detach().numpy()
    np.testing.assert_allclose(mine(minidl.as_tensor(X)).detach().numpy(), expected, atol=1e-6)


def test_bounds_of_the_first_weights_are_pytorchs():
    minidl.manual_seed(0)
    torch.manual_seed(0)
    mine, theirs = minidl.nn.Linear(100, 200), torch.nn.Linear(100, 200)
    for p, q in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert abs(p.detach().abs().max().item() - q.detach().abs().max().item()) < 0.005
        assert abs(p.std().item() - q.std().item()) < 0.01
