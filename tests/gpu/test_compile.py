"""Compiled mode on the graphics card: what eager mode computes there, captured and replayed."""

import numpy as np
import pytest
from hypothesis import given, settings

import minidl
from benchmarks.workloads import WORKLOADS, batches, tensors, train_step, weights
from minidl import nn, optim
from minidl.compiler import trace
from minidl.compiler.cuda import cuda
from minidl.compiler.passes import optimise
from minidl.ops import cudnn_gpu
from minidl.primitive import TABLE
from tests.compiler.programs import Program, programs
from tests.core.table import ROWS

IDS = [f"{row.name}-{i}" for i, row in enumerate(ROWS)]


def on_card(*arrays):
    return [minidl.tensor(x).to("cuda") for x in arrays]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_every_primitive_computes_what_eager_does(row):
    def function(*inputs):
        return TABLE[row.name](*inputs, **row.params)

    inputs = on_card(*row.inputs)
    minidl.manual_seed(1)
    expected = function(*inputs)
    minidl.manual_seed(1)
    try:
        compiled = minidl.compile(function)
        got = compiled(*inputs)
    except minidl.CompileError as error:
        pytest.skip(f"refused: {error!s:.80}")
    assert got.device == expected.device
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    assert "CudaProgram" in str(compiled.explain()) or "cannot be used" in str(compiled.explain())
    np.testing.assert_allclose(
        got.cpu().numpy(), expected.cpu().numpy(), rtol=1e-6, atol=1e-7, equal_nan=True
    )


@given(program=programs())
@settings(deadline=None, max_examples=25)
def test_random_programs_compute_what_eager_does(program: Program):
    inputs = [minidl.tensor(x) for x in program.inputs]
    graph = optimise(trace(program)(*inputs))
    if any(0 in s.shape for s in [*graph.inputs, *(c.output for c in graph.calls)]):
        return
    minidl.manual_seed(3)
    expected = program(*inputs)
    made = cuda(graph, [None] * len(graph.outputs))
    for place, x in zip(made.inputs, on_card(*program.inputs), strict=True):
        place[...] = x.array
    minidl.manual_seed(3)
    made.run()
    for z, wanted in zip(made.outputs, expected, strict=True):
        np.testing.assert_allclose(z.get(), wanted.detach().numpy(), rtol=2e-5, atol=2e-4)


@pytest.mark.parametrize("name", WORKLOADS)
def test_training_is_that_of_eager(name):
    work = WORKLOADS[name].sized(**WORKLOADS[name].small)
    start = weights(work)
    given = [tuple(x.to("cuda") for x in batch) for batch in tensors(minidl, batches(work))]

    def step():
        return train_step(minidl, work, start, around=lambda model: model.to("cuda"))

    eager, compiled = step(), minidl.compile(step())
    losses = [[f(*given[i % len(given)]).item() for i in range(30)] for f in (eager, compiled)]
    np.testing.assert_allclose(losses[1], losses[0], rtol=2e-3, atol=2e-4)
    assert compiled.explain().meanings[0]["statistics"]["captured"] != "not yet"


def test_results_are_not_overwritten_by_the_next_call():
    double = minidl.compile(lambda x: x * 2)
    x = on_card(np.arange(6.0))[0]
    first = double(x)
    second = double(x + 1)
    np.testing.assert_array_equal(first.cpu().numpy(), np.arange(6.0) * 2)
    np.testing.assert_array_equal(second.cpu().numpy(), np.arange(6.0) * 2 + 2)


def test_a_kept_gradient_is_not_overwritten():
    model, kept = nn.Linear(3, 2).to("cuda"), []

    @minidl.compile
    def step(x):
        model.zero_grad()
        loss = model(x).sum()
        loss.backward()
        return loss

    for k in range(4):
        step(minidl.full((1, 3), float(k)).to("cuda"))
        kept.append(model.weight.grad)
    for k, gradient in enumerate(kept):
        np.testing.assert_allclose(gradient.cpu().numpy(), np.full((2, 3), k))


def test_dropout_draws_anew_and_as_in_eager():
    def function(x):
        return nn.functional.dropout(x, 0.5)

    x = minidl.ones(50).to("cuda")
    compiled = minidl.compile(function)
    found = []
    for f in (function, compiled):
        minidl.manual_seed(0)
        found.append([f(x).cpu().numpy() for _ in range(3)])
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.array_equal(found[1][0], found[1][1])


def test_learning_rates_may_change_and_weights_be_replaced():
    def losses(wrap):
        minidl.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)).to("cuda")
        optimizer = optim.AdamW(model.parameters(), lr=0.01)
        schedule = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
        x = minidl.randn(16, 4).to("cuda")
        saved = model.state_dict()
        saved = {name: value.clone() for name, value in saved.items()}

        def step(x):
            optimizer.zero_grad()
            loss = (model(x) ** 2).mean()
            loss.backward()
            optimizer.step()
            return loss

        step, found = wrap(step), []
        for k in range(8):
            found.append(step(x).item())
            schedule.step()
            if k == 4:
                model.load_state_dict(saved)
        return found

    np.testing.assert_allclose(losses(minidl.compile), losses(lambda f: f), rtol=1e-4)


def test_what_cannot_be_captured_runs_between_graphs():
    @minidl.compile
    def function(x):
        y = x @ x.mT + minidl.eye(4).to(x.device)
        return minidl.linalg.eigvalsh(y).sum() * 2

    x = on_card(np.random.default_rng(0).normal(size=(4, 4)))[0]
    expected = function.__wrapped__(x)
    for _ in range(2):
        np.testing.assert_allclose(function(x).item(), expected.item(), rtol=1e-6)


def test_another_device_is_another_meaning():
    double = minidl.compile(lambda x: x * 2)
    x = minidl.ones(3)
    assert double(x).device.type == "cpu"
    with pytest.warns(UserWarning, match="compiled anew"):
        assert double(x.to("cuda")).device.type == "cuda"


def test_devices_that_are_mixed_are_refused():
    weight = minidl.ones(3).to("cuda")
    with pytest.raises(minidl.DeviceError, match="cuda"):
        minidl.compile(lambda x: x * weight)(minidl.ones(3))


def test_an_index_out_of_range_is_said_at_the_next_run():
    look_up = minidl.compile(lambda x, i: x[i])
    x, good, bad = on_card(np.arange(4.0), np.array([1, 2]), np.array([1, 9]))
    look_up(x, good)
    look_up(x, bad)
    minidl.cuda.synchronize()
    with pytest.raises(IndexError, match="out of range"):
        look_up(x, good)


def test_gradients_go_through_a_compiled_part():
    model = nn.Linear(3, 2).to("cuda")
    fast = minidl.compile(model)
    x = minidl.ones(5, 3).to("cuda")
    (fast(x) ** 2).sum().backward()
    got = model.weight.grad.cpu().numpy()
    model.zero_grad()
    (model(x) ** 2).sum().backward()
    np.testing.assert_allclose(got, model.weight.grad.cpu().numpy(), rtol=1e-5)


def test_the_source_can_be_read():
    soft = minidl.compile(lambda x: minidl.softmax(x, dim=-1))
    soft(minidl.randn(64, 1000).to("cuda"))
    said = str(soft.explain())
    assert "kernels: 1" in said
    assert "captured: 1 graph" in said
    assert "of_team" in soft.explain().source


def test_tensors_that_are_made_inside_may_name_their_device():
    def function(x):
        made = minidl.arange(4, device="cuda") * 2 + minidl.eye(4).to("cuda").sum(0)
        return x + made + minidl.ones(4, device=x.device)

    x = on_card(np.arange(4.0))[0]
    got, wanted = minidl.compile(function)(x), function(x)
    np.testing.assert_array_equal(got.cpu().numpy(), wanted.cpu().numpy())


def test_moving_to_another_device_is_refused():
    with pytest.raises(minidl.CompileError, match="moved to cpu"):
        minidl.compile(lambda x: (x * 2).cpu())(on_card(np.arange(4.0))[0])


def test_a_lone_number_of_the_processor_may_meet_tensors_of_a_card():
    rate = minidl.tensor(2.0)
    function = minidl.compile(lambda x, other: x * rate + other)
    x = on_card(np.arange(4.0))[0]
    for value in (1.0, 5.0):
        rate.fill_(value)
        got = function(x, minidl.tensor(value, dtype=minidl.float64))
        np.testing.assert_array_equal(got.cpu().numpy(), np.arange(4.0) * value + value)


@pytest.mark.parametrize("kind", ["bfloat16", "float16"])
def test_regions_of_autocast_are_compiled_with_their_halves(kind):
    draws = np.random.default_rng(0)
    x, y = on_card(draws.normal(size=(16, 12)).astype("float32"), draws.integers(5, size=16))

    def losses(wrap):
        minidl.manual_seed(0)
        model = nn.Sequential(nn.Linear(12, 32), nn.LayerNorm(32), nn.GELU(), nn.Linear(32, 5))
        optimizer = optim.AdamW(model.to("cuda").parameters(), lr=0.01)

        def step(x, y):
            optimizer.zero_grad()
            with minidl.autocast("cuda", dtype=getattr(minidl, kind)):
                loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        step = wrap(step)
        found = [step(x, y).item() for _ in range(15)]
        return found, step

    found, step = losses(minidl.compile)
    np.testing.assert_allclose(found, losses(lambda f: f)[0], rtol=3e-2)
    assert found[-1] < found[0]
    assert not any("left to" in note for note in step.explain().meanings[0]["notes"])


@pytest.mark.skipif(cudnn_gpu.library() is None, reason="no Python front end of cuDNN")
def test_long_attention_stays_one_call_and_is_captured():
    draws = np.random.default_rng(0)
    q, k, v, g = on_card(*draws.normal(size=(4, 2, 3, 256, 64)).astype("float32"))

    def slopes(q, k, v, g):
        leaves = [x.bfloat16().requires_grad_() for x in (q, k, v)]
        z = nn.functional.scaled_dot_product_attention(*leaves, is_causal=True)
        return minidl.autograd.grad(z, leaves, g.bfloat16())

    compiled = minidl.compile(slopes)
    for factor in (1, 2):
        got, wanted = compiled(q * factor, k, v, g), slopes(q * factor, k, v, g)
        for one, other in zip(got, wanted, strict=True):
            np.testing.assert_allclose(one.float().cpu(), other.float().cpu(), rtol=2e-2, atol=2e-2)
    meaning = compiled.explain().meanings[0]
    assert "attention_slopes" in str(compiled.explain())
    assert meaning["statistics"]["captured"] == "1 graph"


@pytest.mark.parametrize("size, whole", [(128, True), (50, True), (140, False)])
def test_an_lstm_that_fits_a_block_is_two_launches_of_one_graph(size, whole):
    draws = np.random.default_rng(0)
    x, g = on_card(*draws.normal(size=(2, 20, 3, size)).astype("float32"))
    layer = nn.LSTM(size, size).to("cuda")

    def slopes(x, g):
        return minidl.autograd.grad(layer(x)[0], [*layer.parameters()], g)

    compiled = minidl.compile(slopes)
    for factor in (1, 2):
        for one, other in zip(compiled(x * factor, g), slopes(x * factor, g), strict=True):
            np.testing.assert_allclose(one.cpu(), other.cpu(), rtol=1e-4, atol=1e-4)
    assert ("lstm_slopes" in str(compiled.explain())) is whole
    assert compiled.explain().meanings[0]["statistics"]["captured"] == "1 graph"
