"""Gradients of compiled functions, compiled gradients, and compiled modules."""

import functools
import warnings

import numpy as np
import pytest

import minidl
from minidl import nn, optim
from minidl.primitive import TABLE

compiled = functools.partial(minidl.compile, backend="plan")


def close(got, expected, rtol=1e-5):
    a, b = (np.asarray(x.detach().numpy()) for x in (got, expected))
    np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-6)


def test_results_have_the_gradient_that_eager_ones_have():
    w = minidl.randn(3, 2, requires_grad=True)

    def f(x, y):
        return ((x @ w).tanh() * y).sum(1)

    g = compiled(f)
    for _ in range(3):
        x, y = minidl.randn(4, 3, requires_grad=True), minidl.randn(4, 2)
        found = []
        for function in (f, g):
            w.grad = x.grad = None
            out = function(x * 1, y)  # an argument with a history
            (out**2).sum().backward()
            found.append((out, w.grad, x.grad))
        for a, b in zip(*found, strict=True):
            close(b, a)
    assert len(g.entries) == 1


def test_several_results_of_several_dtypes():
    w = minidl.randn(3, requires_grad=True)
    v = minidl.randn(2, requires_grad=True, dtype=minidl.float64)

    def f(x):
        return {"a": w * x, "b": [v * 2, (w * w).sum()], "plain": x + 1}

    found = []
    x = minidl.randn(3)
    for function in (f, compiled(f)):
        w.grad = v.grad = None
        out = function(x)
        assert not out["plain"].requires_grad
        assert out["b"][0].dtype == minidl.float64 and out["a"].dtype == minidl.float32
        (out["a"].sum() * 3 + out["b"][0].sum() + out["b"][1]).backward()
        found.append((w.grad, v.grad))
    for a, b in zip(*found, strict=True):
        close(b, a)


def test_two_calls_before_one_backward():
    w = minidl.randn(3, requires_grad=True)
    g = compiled(lambda x: (x * w).exp())
    x, y = minidl.randn(3), minidl.randn(3)
    (g(x) * g(y)).sum().backward()
    expected = minidl.grad(lambda w: ((x * w).exp() * (y * w).exp()).sum())(w.detach())
    close(w.grad, expected)


def test_what_one_call_keeps_for_the_way_back_is_not_anothers(monkeypatch):
    for name in ("lstm_steps", "lstm_slopes"):
        monkeypatch.setitem(TABLE[name].whole, "cpu", lambda *inputs, **how: True)
    layer, (x, y) = nn.LSTM(3, 4), minidl.randn(2, 5, 2, 3)
    g, found = compiled(lambda x: layer(x)[0].sin()), []
    for function in (g.__wrapped__, g):
        layer.zero_grad()
        first, second = function(x), function(y)
        (first.sum() + (second**2).sum()).backward()
        found.append([p.grad for p in layer.parameters()])
    for a, b in zip(*found, strict=True):
        close(b, a)


def test_dropout_in_the_gradient_is_the_dropout_of_the_result():
    layer = nn.Dropout(0.5)
    g = compiled(lambda x: layer(x) * 3)
    masks = set()
    for _ in range(4):
        x = minidl.ones(20, requires_grad=True)
        out = g(x)
        out.sum().backward()
        close(x.grad, out)
        masks.add(tuple(out.tolist()))
    assert len(masks) > 1


@pytest.mark.filterwarnings("ignore:.*compiled anew")
def test_gradients_of_gradients():
    def f(x):
        return (x**3).sum() + x.sin().prod()

    x = minidl.tensor([0.5, -1.2, 2.0], dtype=minidl.float64)
    g = compiled(f)
    close(minidl.grad(g)(x), minidl.grad(f)(x))
    close(minidl.hessian(g, x), minidl.hessian(f, x))
    slope = compiled(minidl.grad(f))
    close(slope(x), minidl.grad(f)(x))
    close(slope(2 * x), minidl.grad(f)(2 * x))
    curve = compiled(minidl.grad(lambda x: (minidl.grad(f)(x) ** 2).sum()))
    close(curve(x), minidl.grad(lambda x: (minidl.grad(f)(x) ** 2).sum())(x))
    assert minidl.check_grad(g, x, order=2)


def test_a_gradient_with_dropout_can_be_differentiated_again():
    layer = nn.Dropout(0.5)
    x = minidl.rand(30, dtype=minidl.float64).requires_grad_()
    g = compiled(lambda x: (layer(x) ** 3).sum())
    out = g(x)
    (first,) = minidl.autograd.grad(out, x, create_graph=True)
    (second,) = minidl.autograd.grad(first.sum(), x)
    kept = first.detach() != 0
    close(second, minidl.where(kept, 6 * x.detach() * 8, 0.0))


def test_parameters_changed_between_forward_and_backward_raise():
    w = minidl.ones(2, requires_grad=True)
    g = compiled(lambda x: (x * w).exp().sum())
    out = g(minidl.ones(2))
    with minidl.no_grad():
        w.add_(1)
    with pytest.raises(minidl.GradientError, match="in place"):
        out.backward()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        minidl.manual_seed(0)
        self.hidden = nn.Linear(5, 8, bias=False)
        self.norm = nn.BatchNorm1d(8)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        return self.out(self.norm(self.hidden(x)).relu())


def test_a_compiled_module_trains_as_the_module_itself():
    ends = []
    for compile_it in (False, True):
        module = Net()
        model = compiled(module) if compile_it else module
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        minidl.manual_seed(3)
        losses = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for i in range(12):
                model.train(i % 4 != 3)
                x, t = minidl.randn(6, 5), minidl.randint(0, 3, (6,))
                loss = nn.functional.cross_entropy(model(x), t)
                losses.append(loss.item())
                if module.training:
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
        ends.append((losses, {k: v.numpy().copy() for k, v in model.state_dict().items()}))
        assert list(model.state_dict()) == list(Net().state_dict())
    (losses, state), (c_losses, c_state) = ends
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    for key, value in state.items():
        np.testing.assert_allclose(c_state[key], value, rtol=1e-3, atol=1e-5, err_msg=key)


def test_a_compiled_module_stands_for_the_module():
    module = Net()
    model = compiled(module)
    assert isinstance(model, nn.Module) and isinstance(model, Net)
    assert model.hidden is module.hidden
    model.norm = nn.Identity()  # type: ignore[assignment]
    assert isinstance(module.norm, nn.Identity)
    assert not model.eval().training and not module.training
    outer = nn.Sequential(model, nn.ReLU())
    assert outer(minidl.randn(2, 5)).shape == (2, 3)
    assert "0.hidden.weight" in outer.state_dict()
    assert "not compiled" not in str(model.explain()) and "Net" in repr(model)
    assert len(list(model.parameters())) == len(list(module.parameters()))
    with pytest.raises(AttributeError, match="nothing"):
        _ = model.nothing


def test_a_compiled_loss_inside_an_ordinary_loop_and_a_method():
    class Task:
        def __init__(self):
            self.model = Net()
            self.calls = 0

        @minidl.compile(backend="plan")
        def loss(self, x, t):
            return nn.functional.cross_entropy(self.model(x), t)

    task, twin = Task(), Net()
    for _ in range(3):
        task.calls += 1
        x, t = minidl.randn(6, 5), minidl.randint(0, 3, (6,))
        got, expected = task.loss(x, t), nn.functional.cross_entropy(twin(x), t)
        close(got, expected)
        for model, loss in ((task.model, got), (twin, expected)):
            model.zero_grad()
            loss.backward()
        for p, q in zip(task.model.parameters(), twin.parameters(), strict=True):
            close(p.grad, q.grad)
