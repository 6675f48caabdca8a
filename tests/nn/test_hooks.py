"""Hooks see what passes by, may replace it, and can be taken away."""

import pytest

import minidl
from minidl import nn
from minidl.nn.hooks import register_module_forward_hook, register_module_forward_pre_hook


def test_forward_hooks_see_and_replace():
    net = nn.Linear(2, 2)
    seen = []
    before = net.register_forward_pre_hook(lambda m, args: (args[0] * 0,))
    after = net.register_forward_hook(lambda m, args, out: seen.append((m, args[0].tolist())))
    out = net(minidl.ones(1, 2))
    assert out.tolist() == [net.bias.tolist()] and seen == [(net, [[0, 0]])]
    before.remove()
    after.remove()
    before.remove()
    assert net(minidl.ones(1, 2)).tolist() != [net.bias.tolist()] and len(seen) == 1
    with net.register_forward_hook(lambda m, args, out: out * 0):
        assert net(minidl.ones(1, 2)).tolist() == [[0, 0]]
    assert net(minidl.ones(1, 2)).tolist() != [[0, 0]]


def test_hooks_run_in_order_and_with_keywords():
    class Scaled(nn.Module):
        def forward(self, x, by=1.0):
            return x * by

    net, order = Scaled(), []
    net.register_forward_hook(lambda *_: order.append("second"))
    net.register_forward_hook(lambda *_: order.append("first"), prepend=True)
    net.register_forward_pre_hook(lambda m, a, k: (a, {"by": k["by"] + 1}), with_kwargs=True)
    net.register_forward_hook(lambda m, a, k, out: order.append(k["by"]), with_kwargs=True)
    assert net(minidl.tensor(3.0), by=1).item() == 6
    assert order == ["first", "second", 2]


def test_global_hooks_follow_the_tree_and_close_after_an_error():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(3, 3))
    trail = []
    enter = register_module_forward_pre_hook(lambda m, args: trail.append(type(m).__name__))
    leave = register_module_forward_hook(lambda m, args, out: trail.append("-"), always_call=True)
    with enter, leave, pytest.raises(minidl.ShapeError):
        net(minidl.ones(1, 2))
    assert trail == ["Sequential", "Linear", "-", "Linear", "-", "-"]
    with pytest.raises(minidl.ShapeError):
        net(minidl.ones(1, 2))
    assert len(trail) == 6


def test_a_backward_hook_sees_both_sides():
    net, seen = nn.Linear(2, 1), []
    net.register_full_backward_hook(lambda m, gi, go: seen.append((gi[0].tolist(), go[0].tolist())))
    x = minidl.ones(1, 2).requires_grad_()
    (net(x) * 3 + x.sum()).sum().backward()
    weight = net.weight.tolist()[0]
    assert seen == [([[pytest.approx(3 * w) for w in weight]], [[3.0]])]
    assert x.grad.tolist() == [[pytest.approx(3 * w + 1) for w in weight]]


def test_a_backward_hook_replaces_the_input_gradient():
    net = nn.Linear(2, 1)
    net.register_full_backward_hook(lambda m, gi, go: (gi[0] * 0,))
    x = minidl.ones(1, 2).requires_grad_()
    net(x).sum().backward()
    assert x.grad.tolist() == [[0, 0]] and net.weight.grad.tolist() == [[1, 1]]


def test_a_backward_hook_runs_where_the_input_wants_no_gradient():
    net, seen = nn.Linear(2, 1), []
    net.register_full_backward_hook(lambda m, gi, go: seen.append((gi, go[0].tolist())))
    net(minidl.ones(1, 2)).sum().backward()
    assert seen == [((None,), [[1.0]])]


def test_a_backward_hook_waits_for_all_inputs():
    class Product(nn.Module):
        def forward(self, x, y):
            return x * y

    net, seen = Product(), []
    net.register_full_backward_hook(lambda m, gi, go: seen.append([g.item() for g in gi]))
    x, y = (minidl.tensor(v, requires_grad=True) for v in (2.0, 5.0))
    z = net(x, y)
    z.backward(retain_graph=True)
    z.backward()
    assert seen == [[5.0, 2.0], [5.0, 2.0]]
    net.register_full_backward_hook(lambda m, gi, go: gi[:1] + (gi[1] * 0,))
    with pytest.raises(minidl.GradientError, match="exactly one input.*Product has 2"):
        net(x, y).backward()
