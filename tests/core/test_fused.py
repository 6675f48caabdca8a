"""Fused primitives on arrays large enough to be cut into blocks, against their composed forms."""

import numpy as np
import pytest

import minidl
from minidl.primitive import TABLE

rng = np.random.default_rng(3)
draw = rng.standard_normal
N = 1400  # rows of 200 numbers: three blocks, the last not full
X = np.concatenate([np.linspace(-12, 12, 279_999), [0.0]]).reshape(200, N).T  # not in a row
QUERIES, KEYS = draw((9, 3, 140, 8)), draw((9, 3, 140, 8))
LABELS = rng.integers(0, 200, N)

CASES = {
    "linear": ([draw((7, 900, 20)), draw((30, 20))], {}),
    "affine": ([draw((7, 900, 20)), draw((30, 20)), draw(30)], {}),
    "row_products": ([draw((7, 900, 20)), draw((7, 900, 10))], {}),
    "softmax": ([draw((7, 200, 200))], {"dim": 2}),
    "log_softmax": ([draw((N, 200))], {"dim": 1}),
    "softmax_slope": ([draw((N, 200)), draw((N, 200))], {"dim": 1}),
    "log_softmax_slope": ([draw((N, 200)), draw((N, 200))], {"dim": 0}),
    "surprise": ([draw((N, 200)), LABELS], {"reduction": "mean", "memory": []}),
    "surprise_slope": ([draw(N), draw((N, 200)), LABELS], {"reduction": "none"}),
    "layer_norm": ([draw((7, 200, 200)), draw(200), draw(200)], {"eps": 1e-5}),
    "layer_norm_slopes": ([draw((N, 200)), draw((N, 200)), draw(200)], {"eps": 1e-5}),
    "attention_weights": (
        [draw((9, 3, 70, 8)), draw((9, 3, 90, 8))],
        {"scale": 0.3, "causal": True},
    ),
    "lstm_steps": (
        [draw((100, 80)), draw((10, 20)), draw((10, 20)), draw((80, 20))],
        {"steps": 10, "reverse": False, "memory": []},
    ),
    "lstm_slopes": (
        [draw((110, 20)), draw((100, 80)), draw((10, 20)), draw((10, 20)), draw((80, 20))],
        {"steps": 10, "reverse": True},
    ),
    "lstm_layer": (
        [draw(s) for s in ((900, 30), (90, 20), (90, 20), (80, 30), (80, 20), 80)],
        {"steps": 10, "reverse": True, "memory": []},
    ),
    "lstm_layer_slopes": (
        [
            draw(s)
            for s in ((990, 20), (990, 20), (900, 30), (90, 20), (90, 20), (80, 30), (80, 20), 80)
        ],
        {"steps": 10, "reverse": False},
    ),
    "attention": (
        [QUERIES, KEYS, draw((9, 3, 140, 6))],
        {"scale": 0.3, "causal": True, "memory": []},
    ),
    "attention_slopes": (
        [*(draw((9, 3, 140, 6)) for _ in range(2)), QUERIES, KEYS, draw((9, 3, 140, 6))],
        {"scale": 0.3, "causal": True},
    ),
    **{name: ([X], {}) for name in ("gelu", "gelu_tanh", "silu")},
    "gelu_slope": ([draw(X.shape), TABLE["gelu"](X), X], {}),
    "gelu_tanh_slope": ([draw(X.shape), TABLE["gelu_tanh"](X), X], {}),
    "silu_slope": ([draw(X.shape), TABLE["silu"](X), X], {}),
}


def test_no_fused_primitive_of_their_files_is_missing():
    fused = {name: primitive for name, primitive in TABLE.items() if primitive.composition}
    files = {fused[name].__module__ for name in CASES}
    assert set(CASES) == {name for name in fused if fused[name].__module__ in files}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("kind", "rtol"), [("float64", 1e-9), ("float32", 2e-4)])
def test_large_arrays(name, kind, rtol):
    arrays, params = CASES[name]
    arrays = [x.astype(kind) if x.dtype.kind == "f" else x for x in arrays]
    fused = _both_ways(TABLE[name], arrays, params)
    composed = _both_ways(TABLE[name].composition, arrays, params)
    for got, expected in zip(fused, composed, strict=True):
        assert got.dtype == expected.dtype
        np.testing.assert_allclose(got, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def _both_ways(function, arrays, params):
    """What a function makes of bare arrays, and its gradients where they are tensors."""
    inputs = [minidl.tensor(x) for x in arrays]
    moving = [x.requires_grad_() for x in inputs if x.is_floating_point()]
    output = function(*inputs, **params)
    seed = minidl.arange(output.numel(), dtype=output.dtype).reshape(output.shape).cos()
    slopes = minidl.autograd.grad(output, moving, seed, allow_unused=True)
    return [function(*arrays, **params), *(g.numpy() for g in slopes if g is not None)]


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_far_apart_rows_keep_their_digits(name):
    """Rows whose largest is far below the largest of all, and -inf, with its probability 0."""
    x = np.repeat([[0.0], [-500.0], [500.0]], 3000, 1) + draw((3, 3000))
    x[:, ::7] = -np.inf
    got = TABLE[name](x.astype("float32"), dim=1)
    expected = TABLE[name].composition(x, dim=1)
    np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-9)


def test_causal_weights_of_far_apart_scores():
    """Forbidden scores are far above allowed ones, and one is infinite: they count for nothing."""
    q, k = draw((4, 100, 3)), draw((4, 100, 3)) * np.linspace(1, 300, 100)[:, None]
    k[:, -1] = np.inf
    params = {"scale": 1.0, "causal": True}
    got = TABLE["attention_weights"](*(x[:, :99].astype("float32") for x in (q, k)), **params)
    expected = TABLE["attention_weights"].composition(q[:, :99], k[:, :99], **params)
    np.testing.assert_allclose(got, expected, rtol=2e-3, atol=1e-5)
    one = TABLE["attention_weights"](q[:, :1], k, **params)
    np.testing.assert_array_equal(one[:, 0, 0], 1)


def test_gelu_in_float32_is_off_by_two_roundings():
    x = X.astype("float32").astype("float64")
    error = np.abs(TABLE["gelu"](x.astype("float32")) - TABLE["gelu"](x))
    size = np.abs(x)
    assert (error <= 2.5e-7 * np.minimum(size, 1) + 1.2e-7 * np.maximum(size - 1, 0)).all()


@pytest.mark.parametrize("size", [1e-13, 1e17])
def test_slopes_of_a_layer_norm_are_exact_for_numbers_of_any_size(size):
    draws = np.random.default_rng(0)
    g, x, w = draws.normal(size=(5, 8)), size * draws.normal(size=(5, 8)), draws.normal(size=8)
    exact = TABLE["layer_norm_slopes"](g, x, w, eps=0.0)
    got = TABLE["layer_norm_slopes"](*(a.astype("float32") for a in (g, x, w)), eps=0.0)
    for rows in (slice(None, -2), slice(-2, None)):
        close = 1e-5 * abs(exact[rows]).max()
        np.testing.assert_allclose(got[rows], exact[rows], rtol=1e-4, atol=close)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_may_have_no_queries(causal):
    shapes = (4, 0, 8), (4, 3, 8), (4, 3, 2)
    q, k, v = (minidl.ones(*shape).requires_grad_() for shape in shapes)
    z = minidl.ops.attention(q, k, v, scale=1.0, causal=causal, memory=[])
    z.sum().backward()
    assert z.shape == (4, 0, 2)
    assert not k.grad.numpy().any() and not v.grad.numpy().any()


def test_attention_that_compares_nothing_asks_all_keys_alike():
    q, k, v = (minidl.ones(*shape).requires_grad_() for shape in ((4, 5, 0), (4, 3, 0), (4, 3, 2)))
    minidl.ops.attention(q, k, v, scale=1.0, causal=False, memory=[]).sum().backward()
    np.testing.assert_allclose(v.grad.numpy(), 5 / 3, rtol=1e-6)
