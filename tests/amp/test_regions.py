"""What a region of autocast changes, where it ends, and what stays as it was."""

import threading
import warnings

import numpy as np
import pytest

import minidl
from minidl import nn, optim
from minidl.primitive import TABLE

HALF = minidl.bfloat16


def test_regions_nest_and_end():
    x, w = minidl.ones(2, 3), minidl.ones(3, 2)
    before = {name: primitive.prepare for name, primitive in TABLE.items()}
    with minidl.autocast("cpu", HALF):
        assert minidl.is_autocast_enabled("cpu") and not minidl.is_autocast_enabled("cuda")
        assert (x @ w).dtype == HALF
        with minidl.autocast("cpu", minidl.float16):
            assert (x @ w).dtype == minidl.float16
        with minidl.autocast("cpu", enabled=False):
            assert (x @ w).dtype == minidl.float32
        assert (x @ w).dtype == HALF
        with pytest.raises(ZeroDivisionError), minidl.autocast("cpu", enabled=False):
            raise ZeroDivisionError
        assert (x @ w).dtype == HALF and (x.double() @ w.double()).dtype == minidl.float64
    assert (x @ w).dtype == minidl.float32 and not minidl.is_autocast_enabled("cpu")
    assert before == {name: primitive.prepare for name, primitive in TABLE.items()}


def test_a_region_for_cards_leaves_the_processor_alone():
    product = minidl.compile(lambda x, w: x @ w)
    with minidl.autocast("cuda"):
        assert (minidl.ones(2, 3) @ minidl.ones(3, 2)).dtype == minidl.float32
        assert product(minidl.ones(2, 3), minidl.ones(3, 2)).dtype == minidl.float32


def test_it_decorates_and_each_thread_has_its_own():
    found = {}

    @minidl.autocast("cpu", HALF)
    def product():
        """Of ones."""
        thread = threading.Thread(target=lambda: found.update(other=inner()))
        thread.start()
        thread.join()
        return inner()

    def inner():
        return (minidl.ones(2, 3) @ minidl.ones(3, 2)).dtype

    assert product() == HALF and found["other"] == inner() == minidl.float32
    assert product.__name__ == "product" and product.__doc__ == "Of ones."


def test_refusals_outside_stay():
    half, single = minidl.ones(2, 3).to(HALF), minidl.ones(3, 2)
    for call in (
        lambda: half @ single,
        lambda: nn.functional.linear(half, single.T),
        lambda: nn.functional.conv1d(half.reshape(1, 2, 3), minidl.ones(1, 2, 3)),
    ):
        with pytest.raises(TypeError, match="dtype|bfloat16"):
            call()
        with minidl.autocast("cpu", HALF):
            assert call().dtype == HALF
    with pytest.raises(RuntimeError, match="device_type"):
        minidl.autocast("tpu")
    with pytest.warns(UserWarning, match="bfloat16 or float16"):
        assert not minidl.autocast("cpu", minidl.float32).enabled


def weight_of(product):
    """The node of the cast weight that was multiplied."""
    assert product.node is not None
    return product.node.parents[1]


def test_a_weight_is_cast_once_and_anew_where_it_changed():
    x, w = minidl.ones(2, 2), minidl.ones(2, 2, requires_grad=True)
    with minidl.autocast("cpu", HALF):
        first, second = x @ w, x @ w
        assert weight_of(first) is weight_of(second)
        with minidl.no_grad():
            w.mul_(2)
            assert (x @ w)[0, 0].item() == 4
        assert (x @ w).requires_grad and (x @ w)[0, 0].item() == 4
    with minidl.autocast("cpu", HALF, cache_enabled=False):
        first, second = x @ w, x @ w
        assert weight_of(first) is not weight_of(second)
    first.sum().backward()
    assert w.grad.dtype == minidl.float32


def layers():
    return {
        "linear": (nn.Linear(6, 3), (4, 6)),
        "lstm": (nn.LSTM(6, 3), (5, 2, 6)),
        "gru": (nn.GRU(6, 3), (5, 2, 6)),
        "attention": (nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0), (4, 2, 6)),
        "convolution": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)), (2, 3, 6, 6)),
        "embedding": (nn.Sequential(nn.Linear(6, 6), nn.LayerNorm(6), nn.GELU()), (4, 6)),
    }


@pytest.mark.parametrize("name", layers())
def test_layers_give_nearly_what_they_give_in_float32(name):
    minidl.manual_seed(0)
    layer, shape = layers()[name]
    x = minidl.randn(*shape)

    def run():
        z = layer(x)
        return z[0] if isinstance(z, tuple) else z

    def gradients(z):
        layer.zero_grad()
        z.float().sin().sum().backward()
        return [p.grad.numpy().copy() for p in layer.parameters()]

    expected = run()
    slopes = gradients(expected)
    with minidl.autocast("cpu", HALF):
        got = run()
    np.testing.assert_allclose(got.detach().float().numpy(), expected.detach().numpy(), atol=0.05)
    for mine, theirs in zip(gradients(got), slopes, strict=True):
        assert mine.dtype == np.float32
        np.testing.assert_allclose(mine, theirs, atol=0.05 * max(1, abs(theirs).max()))


def test_a_compiled_step_has_the_casts_in_it():
    x, y = minidl.randn(8, 6), minidl.arange(8) % 3

    def losses(change):
        minidl.manual_seed(0)
        model = nn.Sequential(nn.Linear(6, 16), nn.LayerNorm(16), nn.GELU(), nn.Linear(16, 3))
        optimizer = optim.AdamW(model.parameters(), lr=0.01)

        def step(x, y):
            optimizer.zero_grad()
            with minidl.autocast("cpu", HALF):
                loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        step = change(step)
        return [step(x, y).item() for _ in range(6)]

    expected = losses(lambda step: step)
    for backend in ("native", "plan", "eager"):
        got = losses(lambda step, b=backend: minidl.compile(step, backend=b))
        np.testing.assert_allclose(got, expected, rtol=5e-3)


def test_a_compiled_function_asks_whether_it_is_in_a_region():
    product = minidl.compile(lambda x, w: x @ w)
    x, w = minidl.ones(2, 3), minidl.ones(3, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            assert product(x, w).dtype == minidl.float32
            with minidl.autocast("cpu", HALF):
                assert product(x, w).dtype == HALF
                with minidl.autocast("cpu", minidl.float16):
                    assert product(x, w).dtype == minidl.float16
    assert product.traces == 3


def test_pytorchs_older_names_for_cards():
    with minidl.cuda.amp.autocast(dtype=HALF):
        assert minidl.is_autocast_enabled() and not minidl.is_autocast_enabled("cpu")
    assert minidl.cuda.amp.GradScaler is minidl.amp.GradScaler
