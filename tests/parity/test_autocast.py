"""Regions of autocast on the processor, against PyTorch's: dtypes of results, gradients, losses."""

import numpy as np
import pytest

import minidl

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

F = "m.nn.functional"
LINALG, FFT = "m.linalg", "m.fft"
# Whatever PyTorch lists for the processor, and some of what it does not.
HALF = {
    "x @ w": [(4, 6), (6, 3)],
    "m.matmul(x, w)": [(6,), (6, 3)],
    "m.mm(x, w)": [(4, 6), (6, 3)],
    "m.bmm(x, w)": [(2, 4, 6), (2, 6, 3)],
    "m.addmm(x, w, b)": [(4, 3), (4, 6), (6, 3)],
    "m.baddbmm(x, w, b)": [(2, 4, 3), (2, 4, 6), (2, 6, 3)],
    "m.addbmm(x, w, b)": [(4, 3), (2, 4, 6), (2, 6, 3)],
    "m.inner(x, w)": [(4, 6), (3, 6)],
    "m.tensordot(x, w, 1)": [(4, 6), (6, 3)],
    "m.einsum('ij,jk->ik', x, w)": [(4, 6), (6, 3)],
    f"{LINALG}.vecdot(x, w)": [(4, 6), (4, 6)],
    f"{LINALG}.multi_dot([x, w, b])": [(4, 6), (6, 3), (3, 2)],
    f"{LINALG}.matrix_power(x, 3)": [(4, 4)],
    f"{F}.linear(x, w)": [(4, 6), (3, 6)],
    f"{F}.linear(x, w, b)": [(2, 4, 6), (3, 6), (3,)],
    f"{F}.conv1d(x, w, b)": [(2, 3, 8), (4, 3, 3), (4,)],
    f"{F}.conv2d(x, w, b, padding=1)": [(2, 3, 8, 8), (4, 3, 3, 3), (4,)],
    f"{F}.conv3d(x, w)": [(2, 3, 4, 4, 4), (4, 3, 3, 3, 3)],
    f"{F}.conv_transpose1d(x, w, b)": [(2, 3, 8), (3, 4, 3), (4,)],
    f"{F}.conv_transpose2d(x, w, b, 2)": [(2, 3, 4, 4), (3, 4, 3, 3), (4,)],
    f"{F}.scaled_dot_product_attention(x, w, b)": [(2, 2, 5, 4)] * 3,
    f"{F}.scaled_dot_product_attention(x, w, b, is_causal=True)": [(2, 2, 5, 4)] * 3,
    f"{F}.prelu(x, w)": [(4, 6), (6,)],
}
SINGLE = {
    f"{F}.mse_loss(x, w)": [(4, 6), (4, 6)],
    f"{F}.l1_loss(x, w)": [(4, 6), (4, 6)],
    f"{F}.smooth_l1_loss(x, w)": [(4, 6), (4, 6)],
    f"{F}.huber_loss(x, w)": [(4, 6), (4, 6)],
    f"{F}.cross_entropy(x, m.tensor([0, 1, 2, 3]))": [(4, 6)],
    f"{F}.cross_entropy(x, m.tensor([0, 1, 2, 3]), label_smoothing=0.1)": [(4, 6)],
    f"{F}.nll_loss(x, m.tensor([0, 1, 2, 3]))": [(4, 6)],
    f"{F}.binary_cross_entropy(m.sigmoid(x), m.sigmoid(w))": [(4, 6), (4, 6)],
    f"{F}.binary_cross_entropy_with_logits(x, m.sigmoid(w))": [(4, 6), (4, 6)],
    f"{F}.kl_div(x, m.sigmoid(w), reduction='sum')": [(4, 6), (4, 6)],
    f"{F}.poisson_nll_loss(x, w * w)": [(4, 6), (4, 6)],
    f"{F}.hinge_embedding_loss(x, m.sign(w))": [(4, 6), (4, 6)],
    f"{F}.margin_ranking_loss(x, w, m.sign(x))": [(4,), (4,)],
    f"{F}.cosine_embedding_loss(x, w, m.tensor([1, -1, 1, 1]))": [(4, 6), (4, 6)],
    f"{F}.triplet_margin_loss(x, w, b)": [(4, 6)] * 3,
    f"{F}.multi_margin_loss(x, m.tensor([0, 1, 2, 3]))": [(4, 6)],
    f"{F}.avg_pool3d(x, 2)": [(2, 3, 4, 4, 4)],
    f"{F}.max_pool3d(x, 2)": [(2, 3, 4, 4, 4)],
    f"{F}.adaptive_avg_pool3d(x, 2)": [(2, 3, 4, 4, 4)],
    f"{F}.adaptive_max_pool3d(x, 2)": [(2, 3, 4, 4, 4)],
    "m.cdist(x, w)": [(4, 6), (3, 6)],
    "m.prod(x)": [(4, 3)],
    "m.prod(x, 1)": [(4, 3)],
    "m.trace(x)": [(4, 4)],
    "m.polar(x * x, w)": [(4,), (4,)],
    "m.view_as_complex(x)": [(4, 2)],
    f"{LINALG}.inv(x)": [(4, 4)],
    f"{LINALG}.solve(x, w)": [(4, 4), (4, 2)],
    f"{LINALG}.cholesky(x * 0.1 + m.eye(4))": [(4, 4)],
    f"{LINALG}.qr(x)[1].abs()": [(4, 4)],
    f"{LINALG}.eigvalsh(x)": [(4, 4)],
    f"{LINALG}.svdvals(x)": [(4, 3)],
    f"{FFT}.fft(x)": [(4, 8)],
    f"{FFT}.rfft(x)": [(4, 8)],
}
NEITHER = {
    "x + w": [(4, 6), (4, 6)],
    "x * w": [(4, 6), (4, 6)],
    "m.exp(x) + m.log(w * w)": [(4, 6), (4, 6)],
    "x.sum(0) + x.mean(0) + m.cumsum(x, 0)": [(4, 6)],
    "m.softmax(x, 1)": [(4, 6)],
    "m.log_softmax(x, 1)": [(4, 6)],
    f"{F}.layer_norm(x, (6,))": [(4, 6)],
    f"{F}.group_norm(x, 2)": [(4, 6, 3)],
    f"{F}.gelu(x) + {F}.relu(x)": [(4, 6)],
    f"{F}.max_pool2d(x, 2) + {F}.avg_pool2d(x, 2)": [(2, 3, 4, 4)],
    "m.cat([x, w])": [(4, 6), (4, 6)],
    "m.where(x > 0, x, w)": [(4, 6), (4, 6)],
    f"{F}.embedding(m.tensor([0, 1]), x)": [(4, 6)],
}
CASES = HALF | SINGLE | NEITHER


def tried(m, code, arrays, kinds, half):
    leaves = [m.tensor(a).to(getattr(m, k)).requires_grad_() for a, k in zip(arrays, kinds)]  # noqa: B905
    with m.autocast("cpu", getattr(m, half)):
        z = eval(code, {"m": m} | dict(zip("xwb", leaves, strict=False)))  # noqa: S307
    if not z.is_complex():
        z.float().sin().sum().backward()
    return z, leaves


@pytest.mark.filterwarnings("ignore:::torch")
@pytest.mark.parametrize("given", ["float32", "half", "mixed"])
@pytest.mark.parametrize("code", CASES)
def test_results_have_pytorchs_dtypes(code, given):
    half = "bfloat16"
    draws = np.random.default_rng(0)
    arrays = [draws.normal(size=shape).astype("float32") for shape in CASES[code]]
    kinds = {"float32": ["float32"] * 3, "half": [half] * 3, "mixed": [half, "float32", "float32"]}
    try:
        theirs, expected = tried(torch, code, arrays, kinds[given], half)
    except RuntimeError as error:
        pytest.skip(f"PyTorch refuses it: {str(error):.60}")
    mine, got = tried(minidl, code, arrays, kinds[given], half)
    assert str(mine.dtype) in str(theirs.dtype), (mine.dtype, theirs.dtype)
    for a, b in [(mine, theirs), *((x.grad, y.grad) for x, y in zip(got, expected, strict=True))]:
        if b is None:
            continue
        assert str(a.dtype) in str(b.dtype)
        if not b.is_complex():
            values = b.detach().float().numpy()
            allowed = 0.05 * max(1.0, abs(values).max())
            np.testing.assert_allclose(a.detach().float().numpy(), values, rtol=0, atol=allowed)


@pytest.mark.parametrize("half", ["bfloat16", "float16"])
def test_losses_of_a_training_are_pytorchs(half):
    draws = np.random.default_rng(1)
    x = draws.normal(size=(24, 1, 8, 8)).astype("float32")
    y = draws.integers(5, size=24)
    start = None

    def losses(m):
        nonlocal start
        nn = m.nn
        model = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64, 32), nn.LayerNorm(32), nn.GELU(), nn.Linear(32, 5),
        )  # fmt: skip
        if start is None:
            start = {k: np.array(v.numpy()) for k, v in model.state_dict().items()}
        model.load_state_dict({k: m.from_numpy(v.copy()) for k, v in start.items()})
        optimizer = m.optim.AdamW(model.parameters(), lr=0.01)
        scaler = m.amp.GradScaler("cpu", init_scale=1024.0, enabled=half == "float16")
        found = []
        for _ in range(10):
            optimizer.zero_grad()
            with m.autocast("cpu", dtype=getattr(m, half)):
                logits = model(m.from_numpy(x))
                loss = nn.functional.cross_entropy(logits, m.from_numpy(y))
            assert logits.dtype == getattr(m, half) and loss.dtype == m.float32
            scaler.scale(loss).backward()
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(optimizer)
            scaler.update()
            found.append(loss.item())
        assert all(p.dtype == p.grad.dtype == m.float32 for p in model.parameters())
        return found

    mine = losses(minidl)
    np.testing.assert_allclose(mine, losses(torch), rtol=0.03)
    assert mine[-1] < mine[0] / 2
