"""PyTorch's lists for graphics cards, on the card that any machine has: the stand-in."""

import pytest

import minidl
from minidl import cuda, nn, precision
from tests.devices import standin

F = "m.nn.functional"
HALF = {
    "x @ w.T": [(4, 6), (3, 6)],
    "m.bmm(x, w)": [(2, 4, 6), (2, 6, 3)],
    "m.addmm(x, w, b)": [(4, 3), (4, 6), (6, 3)],
    "m.mv(x, w)": [(4, 6), (6,)],
    "m.einsum('ij,jk->ik', x, w)": [(4, 6), (6, 3)],
    f"{F}.linear(x, w, b)": [(2, 4, 6), (3, 6), (3,)],
    f"{F}.conv2d(x, w, b, padding=1)": [(2, 3, 8, 8), (4, 3, 3, 3), (4,)],
    f"{F}.conv_transpose2d(x, w, b, 2)": [(2, 3, 4, 4), (3, 4, 3, 3), (4,)],
    f"{F}.scaled_dot_product_attention(x, w, b, is_causal=True)": [(2, 2, 5, 4)] * 3,
    f"{F}.prelu(x, w)": [(4, 6), (6,)],
}
SINGLE = {
    **{f"m.{name}(x)": [(4, 6)] for name in "exp expm1 cosh sinh tan reciprocal sum prod".split()},
    **{f"m.{name}(x * x)": [(4, 6)] for name in "log log2 log10 log1p rsqrt".split()},
    "m.acos(x.clamp(-1, 1)) + m.asin(x.clamp(-1, 1))": [(4, 6)],
    "(x * x) ** 1.5": [(4, 6)],
    "m.softmax(x, 1)": [(4, 6)],
    "m.log_softmax(x, 1)": [(4, 6)],
    "m.logsumexp(x, 1)": [(4, 6)],
    "m.cumsum(x, 1)": [(4, 6)],
    "m.cumprod(x, 1)": [(4, 6)],
    "m.norm(x)": [(4, 6)],
    "m.linalg.vector_norm(x)": [(4, 6)],
    "m.cdist(x, w)": [(4, 6), (3, 6)],
    f"{F}.softplus(x)": [(4, 6)],
    f"{F}.cosine_similarity(x, w)": [(4, 6), (4, 6)],
    f"{F}.layer_norm(x, (6,), w, b)": [(4, 6), (6,), (6,)],
    f"{F}.group_norm(x, 2, w, b)": [(4, 6, 3), (6,), (6,)],
    f"{F}.cross_entropy(x, m.arange(4).to(x.device))": [(4, 6)],
    f"{F}.mse_loss(x, w)": [(4, 6), (4, 6)],
    f"{F}.binary_cross_entropy_with_logits(x, m.sigmoid(w))": [(4, 6), (4, 6)],
}
GIVEN = {
    "x * w + x": [(4, 6), (4, 6)],
    f"{F}.gelu(x) + {F}.relu(x) + m.tanh(x)": [(4, 6)],
    f"{F}.max_pool2d(x, 2) + {F}.avg_pool2d(x, 2)": [(2, 3, 4, 4)],
    f"{F}.batch_norm(x, None, None, w, b, True)": [(4, 6, 3), (6,), (6,)],
    "m.cat([x, w])": [(4, 6), (4, 6)],
    "m.linalg.inv(x.float())": [(4, 4)],
}
pytestmark = pytest.mark.skipif(cuda.is_available(), reason="tests/gpu asks the card itself")


@pytest.mark.parametrize("given", ["float32", "float16", "mixed"])
@pytest.mark.parametrize("code", [*HALF, *SINGLE, *GIVEN])
def test_results_have_the_listed_dtypes(code, given):
    shapes = (HALF | SINGLE | GIVEN)[code]
    kinds = ["float32"] * 3 if given == "float32" else ["float16"] * 3
    kinds = kinds if given != "mixed" else ["float16", "float32", "float32"]
    with standin.inserted():
        leaves = [
            (minidl.randn(*shape) + 0.1).to(getattr(minidl, kind)).cuda().requires_grad_()
            for shape, kind in zip(shapes, kinds, strict=False)
        ]
        with minidl.autocast("cuda"):
            z = eval(code, {"m": minidl} | dict(zip("xwb", leaves, strict=False)))  # noqa: S307
        assert z.device.type == "cuda"
        if code in HALF:
            assert z.dtype == minidl.float16
        elif code in SINGLE:
            assert z.dtype == minidl.float32
        elif given != "mixed" and "inv" not in code:
            assert z.dtype == leaves[0].dtype
        z.float().sum().backward()
        assert all(x.grad.dtype == x.dtype for x in leaves)


def test_a_training_step_on_a_card():
    with standin.inserted():
        model = nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)).cuda()
        optimizer = minidl.optim.AdamW(model.parameters(), lr=0.01)
        scaler = minidl.amp.GradScaler()
        x, y = minidl.randn(5, 6).cuda(), (minidl.arange(5) % 3).cuda()
        with minidl.autocast("cuda"):
            logits = model(x)
            loss = nn.functional.cross_entropy(logits, y)
        assert logits.dtype == minidl.float16 and loss.dtype == minidl.float32
        scaler.scale(loss).backward()
        standin.WAITS.clear()
        scaler.unscale_(optimizer)
        assert not standin.WAITS["asnumpy"]  # nobody waits for the card here
        scaler.step(optimizer)
        scaler.update()
        assert standin.WAITS["asnumpy"] == 1  # whether to step; all parameters together


def test_weights_are_cast_together_from_the_second_region_on(monkeypatch):
    def forward(model, x):
        with minidl.autocast("cuda"):
            y = model(x)
            return y, [id(copy.node.parents[0]) for *_, copy in precision.here.copies.values()]

    with standin.inserted():
        minidl.manual_seed(0)
        model = nn.Sequential(*(nn.Linear(6, 6) for _ in range(3))).cuda()
        other = nn.Linear(6, 6).cuda()
        x = minidl.randn(5, 6).cuda()
        expected, weights = forward(model, x)
        assert weights == [id(p) for p in model.parameters()]
        calls, all_of = [], precision.CAST_ALL["cuda"]
        monkeypatch.setitem(
            precision.CAST_ALL,
            "cuda",
            lambda xp, arrays, kind: calls.append(len(arrays)) or all_of(xp, arrays, kind),
        )
        for _ in range(2):
            y, again = forward(model, x)
            assert y.tolist() == expected.tolist() and again == weights
            forward(other, x)
        assert calls == [6, 6, 2]
        y.float().sum().backward()
        assert all(p.grad.dtype == minidl.float32 for p in model.parameters())
        with minidl.no_grad():
            model[1].weight.mul_(2)
        y, _ = forward(model, x)
        assert y.tolist() != expected.tolist()


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
@pytest.mark.parametrize("code", [*HALF, *SINGLE, *GIVEN, "x * 2.5 + m.sort(x, -1)[0] / 3"])
def test_what_is_computed_of_halves_is_halves(code, kind):
    """On a card many operations with a number in them would widen bfloat16, and some know none."""
    shapes = (HALF | SINGLE | GIVEN).get(code, [(4, 6)])
    with standin.inserted():
        leaves = [
            (minidl.randn(*shape) + 0.1).to(getattr(minidl, kind)).cuda().requires_grad_()
            for shape in shapes
        ]
        z = eval(code, {"m": minidl} | dict(zip("xwb", leaves, strict=False)))  # noqa: S307
        assert z.dtype == (leaves[0].dtype if "float()" not in code else minidl.float32)
        z.float().sum().backward()
        assert all(x.grad.dtype == x.dtype for x in leaves)
