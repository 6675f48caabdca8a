"""Composed functions against PyTorch: numbers, dtypes, gradients and gradients of gradients."""

import numpy as np
import pytest

import minidl

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

_rng = np.random.default_rng(0)
A = _rng.normal(size=(3, 4))
B = _rng.normal(size=(4,))
SQUARE = _rng.normal(size=(2, 3, 3))
POSITIVE = np.abs(A) + 0.5

# Each case: a sentence of code that means the same in both, and the inputs x, y it speaks of.
CASES = [
    ("m.add(x, y, alpha=3)", A, B),
    ("m.sub(x, y, alpha=2)", A, B),
    ("m.div(x, y)", A, B),
    ("m.div(x, y, rounding_mode='floor')", A, B),
    ("m.div(x, y, rounding_mode='trunc')", A, B),
    ("m.pow(x, 2)", A),
    ("m.pow(x, 3.5)", POSITIVE),
    ("m.pow(2.0, x) if hasattr(x, 'cpu') else 0", A),
    ("x ** 0", A),
    ("1 / x", POSITIVE),
    ("2 - x", A),
    ("x % 0.7", A),
    ("x.detach() // 0.7", A),
    ("m.square(x)", A),
    ("m.reciprocal(x)", POSITIVE),
    ("m.rsqrt(x)", POSITIVE),
    ("m.abs(x)", A),
    ("m.round(x, decimals=1)", A),
    ("m.trunc(x)", A),
    ("m.log2(x)", POSITIVE),
    ("m.log10(x)", POSITIVE),
    ("m.clamp(x, -0.5, 0.5)", A),
    ("m.clamp(x, max=0.5)", A),
    ("m.where(x > 0, x, y)", A, B),
    ("m.where(x > 0, 1.0, 2.0)", A),
    ("m.where(x > 0, x, 0.0)", A),
    ("x.masked_fill(x > 0, -1.0)", A),
    ("m.lerp(x, y, 0.3)", A, B),
    ("m.addcmul(x, y, y, value=0.5)", A, B),
    ("m.addcdiv(x, x, y, value=0.5)", A, B),
    ("m.maximum(x, y)", A, B),
    ("m.minimum(x, y)", A, B),
    ("m.nan_to_num(x / (x > 0), posinf=3.0, neginf=-3.0)", A),
    ("m.isclose(x, x + 1e-9)", A),
    ("m.sum(x)", A),
    ("m.sum(x, 1)", A),
    ("m.sum(x, (0, 1), keepdim=True)", A),
    ("x.sum(-1, keepdim=True)", A),
    ("m.mean(x, 0)", A),
    ("m.mean(x)", A),
    ("m.var(x, 1)", A),
    ("m.var(x, dim=(0, 1), correction=0)", A),
    ("m.std(x, dim=0, correction=0, keepdim=True)", A),
    ("m.var_mean(x, dim=1)[0]", A),
    ("m.std_mean(x, dim=1)[1]", A),
    ("m.amax(x, 1)", A),
    ("m.amin(x, (0, 1))", A),
    ("m.max(x)", A),
    ("m.max(x, 1).values", A),
    ("m.max(x, 1).indices", A),
    ("m.min(x, 0, keepdim=True)[0]", A),
    ("m.max(x, y)", A, B),
    ("m.argmax(x)", A),
    ("m.argmax(x, 1, keepdim=True)", A),
    ("m.argmin(x, dim=0)", A),
    ("m.all(x > -9)", A),
    ("m.any(x > 1, 1)", A),
    ("m.count_nonzero(x > 0, 0)", A),
    ("m.cumsum(x, 1)", A),
    ("m.logsumexp(x, 1)", A),
    ("m.logsumexp(x * 1000, 0, keepdim=True)", A),
    ("m.softmax(x, 1)", A),
    ("m.softmax(x * 1000, 0)", A),
    ("m.log_softmax(x, -1)", A),
    ("m.norm(x)", A),
    ("m.norm(x, dim=1)", A),
    ("m.norm(x, p=1, dim=0)", A),
    ("m.norm(x, p=3)", A),
    ("m.norm(x, p=float('inf'))", A),
    ("m.relu(x)", A),
    ("m.sigmoid(x)", A),
    ("m.tanh(x)", A),
]


def _run(framework, code, arrays, kind):
    make = {"float64": framework.float64, "float32": framework.float32}[kind]
    xs = [framework.tensor(a, dtype=make, requires_grad=True) for a in arrays]
    names = dict(zip("xy", xs, strict=False)) | {"m": framework}
    return xs, eval(code, names)  # noqa: S307  (the sentences above)


@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c[0])
def test_function(case, kind):
    code, *arrays = case
    rtol, atol = (1e-10, 1e-12) if kind == "float64" else (1e-4, 1e-5)
    ours, got = _run(minidl, code, arrays, kind)
    theirs, expected = _run(torch, code, arrays, kind)
    assert tuple(got.shape) == tuple(expected.shape)
    assert f"torch.{got.dtype}" == str(expected.dtype)
    np.testing.assert_allclose(
        got.detach().numpy(), expected.detach().numpy(), rtol=rtol, atol=atol
    )
    if not expected.requires_grad:
        return
    assert got.requires_grad
    second = [
        _derivatives(f, xs, z) for f, xs, z in ((minidl, ours, got), (torch, theirs, expected))
    ]
    for mine, other in zip(*second, strict=True):
        np.testing.assert_allclose(mine, other, rtol=rtol, atol=atol)


def _derivatives(framework, xs, z):
    """First derivatives of a weighted sum, then those of their squares."""
    weights = framework.tensor(np.cos(np.arange(z.numel())).reshape(z.shape), dtype=z.dtype)
    first = framework.autograd.grad((z * weights).sum(), xs, create_graph=True, allow_unused=True)
    numbers = [g.detach().numpy() for g in first if g is not None]
    alive = [g for g in first if g is not None and g.requires_grad]
    if alive:
        total = framework.stack([(g * g).sum() for g in alive]).sum()
        if total.requires_grad:
            second = framework.autograd.grad(total, xs, allow_unused=True)
            numbers += [g.numpy() for g in second if g is not None and bool((g != 0).any())]
    return numbers
