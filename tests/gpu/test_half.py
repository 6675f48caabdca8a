"""Half precision on the card: results of the processor's, which computes halves in float32."""

import numpy as np
import pytest

import minidl
from minidl import nn, optim

KINDS = ["float16", "bfloat16"]
F = "m.nn.functional"
EXPRESSIONS = {
    "x @ w": [(80, 160), (160, 40)],
    "x @ w.mT": [(3, 80, 16), (3, 40, 16)],
    f"{F}.linear(x, w, b)": [(8, 16), (4, 16), (4,)],
    f"{F}.conv2d(x, w, b, padding=1)": [(2, 3, 8, 8), (4, 3, 3, 3), (4,)],
    f"{F}.layer_norm(x, (16,), w, b)": [(8, 16), (16,), (16,)],
    f"{F}.batch_norm(x, None, None, w, b, True)": [(8, 4, 3, 3), (4,), (4,)],
    f"{F}.scaled_dot_product_attention(x, w, b, is_causal=True)": [(2, 2, 80, 32)] * 3,
    f"{F}.cross_entropy(x, m.arange(8, device=x.device))": [(8, 16)],
    f"{F}.max_pool2d(x, 2) + {F}.avg_pool2d(x, 2)": [(2, 3, 8, 8)],
    f"{F}.gelu(x) + {F}.softmax(x, -1)": [(8, 16)],
    "x * w * 2.5 - w / 3": [(9, 16), (16,)],
    "m.sigmoid(x) * m.tanh(x) + x.clamp(-0.5, 0.5) + m.where(x > 0, x, 0.0)": [(8, 8)],
    "(x * x + 1) ** 1.5 + x**2 + 1 / (x * x + 1)": [(9, 4)],
    "x.sum(0) + x.std(0) + m.logsumexp(x, 0) + m.cumsum(x, 0) + m.sort(x, 0)[0]": [(9, 4)],
    "x.max() + x.argmax() + x.mean() + m.cat([x, x])[m.tensor([0, 5], device=x.device)].sum()": [
        (9, 4)
    ],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", EXPRESSIONS)
def test_results_are_the_processors(code, kind):
    draws = np.random.default_rng(0)
    arrays = [draws.normal(size=shape).astype("float32") for shape in EXPRESSIONS[code]]
    half = getattr(minidl, kind)

    def run(device):
        leaves = [minidl.tensor(a).to(half).to(device).requires_grad_() for a in arrays]
        z = eval(code, {"m": minidl} | dict(zip("xwb", leaves, strict=False)))  # noqa: S307
        z.float().sin().sum().backward()
        return [z, *(x.grad for x in leaves)]

    step = float(minidl.finfo(half).eps)
    for mine, theirs in zip(run("cuda"), run("cpu"), strict=True):
        assert mine.dtype == theirs.dtype and mine.device.type == "cuda"
        expected = theirs.detach().float().numpy()
        got = mine.detach().cpu().float().numpy()
        np.testing.assert_allclose(
            got, expected, rtol=0, atol=4 * step * max(1, abs(expected).max())
        )


@pytest.mark.parametrize("kind", KINDS)
def test_products_are_added_up_in_float32(kind):
    x = minidl.ones(4096, 16, dtype=getattr(minidl, kind), device="cuda")
    assert (x.T @ x)[0, 0].item() == x.sum(0)[0].item() == 4096


def test_tf32_acts_at_once():
    x = minidl.randn(512, 512).cuda()
    exact = x.double() @ x.double()

    def error():
        return (x @ x - exact).abs().max().item()

    try:
        fine = error()
        minidl.set_float32_matmul_precision("high")
        rough = error()
    finally:
        minidl.set_float32_matmul_precision("highest")
    assert fine < 1e-3 < rough < 0.5 and error() == fine


def test_a_region_trains_with_float32_weights():
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(16, 32), nn.LayerNorm(32), nn.GELU(), nn.Linear(32, 4)).cuda()
    optimizer = optim.AdamW(model.parameters(), lr=0.02)
    x, y = minidl.randn(32, 16).cuda(), minidl.arange(32).cuda() % 4
    losses = []
    for _ in range(40):
        optimizer.zero_grad()
        with minidl.autocast("cuda", minidl.bfloat16):
            hidden = model[0](x)
            assert hidden.dtype == minidl.bfloat16 and model[1](hidden).dtype == minidl.float32
            assert minidl.softmax(hidden, -1).dtype == hidden.exp().dtype == minidl.float32
            loss = nn.functional.cross_entropy(model(x), y)
        assert loss.dtype == minidl.float32
        loss.backward()
        assert model[0].weight.dtype == model[0].weight.grad.dtype == minidl.float32
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("compiled", [False, True])
def test_the_parts_of_a_sum_may_be_kept_from_halves(kind, compiled):
    """Few results of long sums are cut in pieces, more than a half can hold: 131072 and -131069."""
    size, switch = 1 << 18, minidl.backends.cuda.matmul
    x = minidl.ones(16, size, dtype=getattr(minidl, kind), device="cuda")
    x[:, size // 2 :] = -1
    x[:, -3:] = 0
    name = f"allow_{'bf16' if kind == 'bfloat16' else 'fp16'}_reduced_precision_reduction"
    product = minidl.compile(lambda x, y: x @ y) if compiled else minidl.matmul
    try:
        setattr(switch, name, False)
        z = product(x, minidl.ones_like(x).T)
    finally:
        setattr(switch, name, True)
    assert (z == 3).all().item()
