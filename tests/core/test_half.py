"""Half precision: float16 and bfloat16 as dtypes, computed with as float32 and rounded once."""

import subprocess
import sys

import numpy as np
import pytest

import minidl
from minidl import nn, optim

KINDS = ["bfloat16", "float16"]


def test_bfloat16_is_loaded_when_first_asked_for():
    code = """
import sys, minidl
assert "ml_dtypes" not in sys.modules
x = minidl.ones(2, dtype="bfloat16")
assert "ml_dtypes" in sys.modules and x.dtype is minidl.bfloat16
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)


def test_what_is_made_and_what_is_shown():
    half = minidl.bfloat16
    x = minidl.tensor([1.5, 2.25, 3.14159], dtype=half)
    assert repr(x) == "tensor([1.5000, 2.2500, 3.1406], dtype=minidl.bfloat16)"
    assert x.tolist() == [1.5, 2.25, 3.140625] and x[2].item() == 3.140625
    assert x.is_floating_point() and x.type() == "torch.BFloat16Tensor"
    makers = (minidl.zeros, minidl.ones, minidl.empty, minidl.rand, minidl.randn)
    assert all(make(2, 3, dtype=half).dtype == half for make in makers)
    assert minidl.arange(3, dtype=half).tolist() == [0, 1, 2]
    assert minidl.zeros_like(x).dtype == minidl.full((2,), 1.0, dtype=half).dtype == half
    assert minidl.ones(2).bfloat16().dtype == half and minidl.ones(2).to("bfloat16").dtype == half
    assert minidl.finfo(half).eps == 2**-7 and minidl.finfo(half).bits == 16


def test_promotion_is_pytorchs():
    half, other = minidl.bfloat16, minidl.float16
    assert minidl.promote_types(half, other) == minidl.float32
    assert minidl.promote_types(half, minidl.float64) == minidl.float64
    assert minidl.promote_types(half, minidl.int64) == half
    assert minidl.promote_types(half, minidl.complex64) == minidl.complex64
    x, y = minidl.ones(3, dtype=half), minidl.ones(3, dtype=other)
    assert (x + y).dtype == minidl.float32
    for z in (x * 2.5, 2.5 * x, x / 3, 1 / x, x**2, x**0.5, x * minidl.arange(3), x.mean(), x @ x):
        assert z.dtype == half
    assert (x > 0).dtype == minidl.bool


@pytest.mark.parametrize("kind", KINDS)
def test_products_are_added_up_in_float32(kind):
    """4096 products of 1 are 4096, though halves step by 16 (bfloat16) or 4 there."""
    x = minidl.ones(4096, dtype=getattr(minidl, kind))
    assert (x @ x).item() == x.sum().item() == 4096
    assert minidl.cumsum(x, 0)[-1].item() == 4096


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_saved_and_loaded(kind, tmp_path):
    x = minidl.randn(3, 4).to(getattr(minidl, kind)).T
    minidl.save({"x": x}, tmp_path / "file.safetensors")
    again = minidl.load(tmp_path / "file.safetensors")["x"]
    assert again.dtype == x.dtype
    np.testing.assert_array_equal(again.float().numpy(), x.float().numpy())


@pytest.mark.torch
def test_files_travel_to_pytorch_and_back(tmp_path):
    torch = pytest.importorskip("torch")
    files = pytest.importorskip("safetensors.torch")
    files.save_file({"x": torch.arange(4).bfloat16()}, tmp_path / "theirs.safetensors")
    mine = minidl.load(tmp_path / "theirs.safetensors")
    assert mine["x"].dtype == minidl.bfloat16 and mine["x"].tolist() == [0, 1, 2, 3]
    minidl.save(mine, tmp_path / "mine.safetensors")
    theirs = files.load_file(tmp_path / "mine.safetensors")
    assert theirs["x"].dtype == torch.bfloat16 and theirs["x"].tolist() == [0, 1, 2, 3]


F = "m.nn.functional"
EXPRESSIONS = {
    "x @ w": [(8, 16), (16, 4)],
    "x @ w ": [(3, 8, 16), (3, 16, 4)],
    f"{F}.linear(x, w, b)": [(8, 16), (4, 16), (4,)],
    f"{F}.conv2d(x, w, b, padding=1)": [(2, 3, 8, 8), (4, 3, 3, 3), (4,)],
    f"{F}.layer_norm(x, (16,), w, b)": [(8, 16), (16,), (16,)],
    f"{F}.batch_norm(x, None, None, w, b, True)": [(8, 4, 3, 3), (4,), (4,)],
    f"{F}.scaled_dot_product_attention(x, w, b, is_causal=True)": [(2, 2, 8, 4)] * 3,
    f"{F}.cross_entropy(x, m.arange(8))": [(8, 16)],
    f"{F}.max_pool2d(x, 2) + {F}.avg_pool2d(x, 2)": [(2, 3, 8, 8)],
    f"{F}.gelu(x) + {F}.softmax(x, -1)": [(8, 16)],
    "x * w * 2.5 - w / 3": [(9, 16), (16,)],
    "m.cat([x, w])[1:, m.tensor([0, 1, 1])]": [(3, 4), (2, 4)],
    "m.sigmoid(x) * m.tanh(x) + x.clamp(-0.5, 0.5)": [(8, 8)],
    "(x * x + 1) ** 1.5": [(9, 4)],
    "x.sum(0) + x.std(0) + m.logsumexp(x, 0) + m.cumsum(x, 0) + m.sort(x, 0)[0]": [(9, 4)],
}


@pytest.mark.torch
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", EXPRESSIONS)
def test_results_are_pytorchs(code, kind):
    torch = pytest.importorskip("torch")
    draws = np.random.default_rng(0)
    arrays = [draws.normal(size=shape).astype("float32") for shape in EXPRESSIONS[code]]

    def run(m):
        leaves = [m.tensor(a).to(getattr(m, kind)).requires_grad_() for a in arrays]
        z = eval(code, {"m": m} | dict(zip("xwb", leaves, strict=False)))  # noqa: S307
        z.float().sin().sum().backward()
        return [z, *(x.grad for x in leaves)]

    step = float(minidl.finfo(getattr(minidl, kind)).eps)
    for mine, theirs in zip(run(minidl), run(torch), strict=True):
        assert str(mine.dtype) in str(theirs.dtype)
        expected = theirs.detach().float().numpy()
        size = 2 * step * max(1.0, abs(expected).max())
        np.testing.assert_allclose(mine.detach().float().numpy(), expected, rtol=0, atol=2 * size)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", ["eager", "plan", "native"])
def test_a_compiled_step_trains_in_half_precision(kind, backend):
    x, y = minidl.randn(5, 8).to(getattr(minidl, kind)), minidl.tensor([0, 1, 2, 3, 0])

    def losses(change):
        minidl.manual_seed(0)
        model = nn.Sequential(nn.Linear(8, 16), nn.LayerNorm(16), nn.GELU(), nn.Linear(16, 4))
        optimizer = optim.SGD(model.to(getattr(minidl, kind)).parameters(), lr=0.1)

        def step(x, y):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        step = change(step)
        return [step(x, y).item() for _ in range(4)]

    found = losses(lambda step: minidl.compile(step, backend=backend))
    np.testing.assert_allclose(found, losses(lambda step: step), rtol=0.01)
