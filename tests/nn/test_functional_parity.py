"""nn.functional against PyTorch: numbers, dtypes and gradients, in float32 and float64."""

import numpy as np
import pytest

from .twin import same

pytestmark = pytest.mark.torch

_rng = np.random.default_rng(0)
X = _rng.normal(size=(5, 4))
Y = _rng.normal(size=(5, 4))
EDGE = np.array([-3000.0, -30.0, -1.0, -0.5, 0.0, 0.5, 1.0, 30.0, 3000.0])
IMAGE = _rng.normal(size=(2, 3, 4, 5))
W = _rng.normal(size=(3, 4))
B = _rng.normal(size=3)
PROB = _rng.uniform(0.01, 0.99, size=(5, 4))
PROB2 = _rng.dirichlet(np.ones(4), size=5)
LABELS = _rng.integers(0, 4, size=5)
PIXELS = _rng.integers(0, 3, size=(2, 4, 5))
IGNORED = np.where(PIXELS == 1, -100, PIXELS)
PRICES = np.array([0.5, 1.0, 2.0])
PRICES4 = np.array([0.5, 1.0, 2.0, 0.1])

CASES = [
    ("F.linear(x, y, z)", X, W, B),
    ("F.linear(x, y)", IMAGE[..., :4], W),
    ("F.linear(x[0], y, z)", X, W, B),
    ("F.linear(x, y[0])", X, W),
    *[
        (f"F.{call}", EDGE)
        for call in (
            "relu(x)",
            "leaky_relu(x)",
            "leaky_relu(x, 0.3)",
            "elu(x)",
            "elu(x, alpha=0.5)",
            "gelu(x, approximate='tanh')",
            "silu(x)",
            "softplus(x)",
            "softplus(x, beta=2, threshold=10)",
            "logsigmoid(x)",
            "sigmoid(x)",
            "tanh(x)",
            "hardtanh(x)",
            "hardtanh(x, -0.5, 2.0)",
            "softmax(x, 0)",
            "log_softmax(x, dim=0)",
        )
    ],
    ("F.softmax(x, dim=-1)", IMAGE),
    ("F.softmax(x, dim=1, dtype=m.float64)", IMAGE),
    ("F.log_softmax(x, 1)", IMAGE),
    ("F.softmax(x)", X),
    ("F.dropout(x, 0.5, training=False)", X),
    ("F.dropout(x, 0.0)", X),
    ("F.dropout(x, 1.0)", X),
    ("F.normalize(x)", X),
    ("F.normalize(x * (y > 0), dim=0)", X, Y),
    ("F.normalize(x * 0)", X),
    ("F.normalize(x, p=1, dim=-1)", IMAGE),
    ("F.normalize(x, p=3.0, dim=2)", IMAGE),
    ("F.normalize(x, p=float('inf'))", IMAGE),
    ("F.one_hot(x)", LABELS),
    ("F.one_hot(x, num_classes=7)", PIXELS),
    *[
        (f"F.{loss}(x, y, reduction='{reduction}'{more})", X, Y)
        for loss, more in (
            ("mse_loss", ""),
            ("l1_loss", ""),
            ("smooth_l1_loss", ""),
            ("smooth_l1_loss", ", beta=0.3"),
            ("smooth_l1_loss", ", beta=0.0"),
            ("huber_loss", ""),
            ("huber_loss", ", delta=0.3"),
        )
        for reduction in ("mean", "sum", "none")
    ],
    ("F.mse_loss(x, y[:, :1])", X, Y),
    *[
        (f"F.cross_entropy(x, y, {how}reduction='{reduction}')", X, LABELS, PRICES4)
        for how in (
            "",
            "label_smoothing=0.1, ",
            "ignore_index=2, ",
            "ignore_index=2, label_smoothing=0.3, ",
            "weight=z.detach(), ",
            "weight=z.detach(), ignore_index=1, label_smoothing=0.2, ",
        )
        for reduction in ("mean", "sum", "none")
    ],
    ("F.cross_entropy(x[0], y[0])", X, LABELS),
    ("F.cross_entropy(x[0], y[0], reduction='none', label_smoothing=0.1)", X, LABELS),
    ("F.cross_entropy(x, y)", IMAGE, PIXELS),
    ("F.cross_entropy(x, y)", IMAGE, IGNORED),
    ("F.cross_entropy(x, y, z.detach(), label_smoothing=0.1)", IMAGE, IGNORED, PRICES),
    ("F.cross_entropy(x, y, z.detach(), reduction='none')", IMAGE, IGNORED, PRICES),
    ("F.cross_entropy(x, y * 0 - 100)", X, LABELS),
    ("F.cross_entropy(x, y)", X, PROB2),
    ("F.cross_entropy(x, y, z.detach(), label_smoothing=0.2)", X, PROB2, PRICES4),
    ("F.cross_entropy(x, y, reduction='sum')", IMAGE, IMAGE),
    ("F.cross_entropy(x[0], y[0])", X, PROB2),
    ("F.nll_loss(F.log_softmax(x, 1), y)", X, LABELS),
    ("F.nll_loss(F.log_softmax(x, 1), y, z.detach(), ignore_index=0)", X, LABELS, PRICES4),
    ("F.nll_loss(x, y, reduction='none')", IMAGE, PIXELS),
    ("F.binary_cross_entropy(x, y.detach())", PROB, PROB2),
    ("F.binary_cross_entropy(x, y.detach(), z.detach(), reduction='sum')", PROB, PROB2, PROB),
    ("F.binary_cross_entropy(x.detach(), y.detach())", np.array([0.0, 1, 0, 1]), np.eye(4)[1]),
    ("F.binary_cross_entropy_with_logits(x, y.detach())", X, PROB),
    ("F.binary_cross_entropy_with_logits(x, y.detach(), reduction='none')", EDGE, EDGE > 0.6),
    (
        "F.binary_cross_entropy_with_logits(x, y.detach(), w.detach(), pos_weight=z.detach())",
        X,
        PROB,
        PRICES4,
        PROB,
    ),
    ("F.kl_div(F.log_softmax(x, 1), y.detach(), reduction='batchmean')", X, PROB2),
    ("F.kl_div(x, y.detach() * (y.detach() > 0.2))", X, PROB2),
    ("F.kl_div(x, y.detach(), reduction='sum', log_target=True)", X, Y),
]


@pytest.mark.parametrize("width", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_as_in_pytorch(case, width):
    sentence, *arrays = case
    floats = [a.astype(width) if a.dtype.kind in "fb" else a for a in arrays]
    same(sentence, floats, rtol=1e-5 if width == "float32" else 1e-9, atol=2e-6)
