"""The tape: what is written down, what is kept, and what the walk back promises."""

import gc
import sys
import weakref

import numpy as np
import pytest

import minidl
from minidl import GradientError, ShapeError
from minidl.tape import Outline


def leaf(*numbers):
    return minidl.tensor(list(numbers), requires_grad=True)


def test_a_chain_of_100_000_operations_needs_no_recursion():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        y.backward(minidl.ones(1))
    finally:
        sys.setrecursionlimit(limit)
    assert x.grad.tolist() == [1.0]


def test_a_long_history_is_freed_without_recursion():
    y = leaf(1.0)
    for _ in range(100_000):
        y = y * 1.0
    del y
    gc.collect()


def test_diamonds_cost_time_linear_in_their_number():
    x = leaf(1.0)
    y = x
    for _ in range(40):
        y = y + y  # 2^40 paths, 40 nodes
    visited = []
    y.register_hook(visited.append)
    node = y.grad_fn
    while isinstance(node, minidl.tape.Node):
        node.hooks = {0: lambda g: visited.append(g)}
        node = node.parents[0]
    y.backward(minidl.ones(1))
    assert x.grad.tolist() == [2.0**40]
    assert len(visited) == 40


def test_a_graph_is_freed_with_its_last_value():
    gc.disable()
    try:
        x = leaf(1.0, 2.0)
        y = x.exp()
        memory = weakref.ref(y.grad_fn)
        z = y.sum()
        del y
        assert memory() is not None
        del z
        assert memory() is None
    finally:
        gc.enable()


def test_backward_frees_what_it_has_walked():
    x = leaf(1.0, 2.0)
    loss = x.exp().sum()
    memory = weakref.ref(loss.grad_fn.parents[0])
    loss.backward()
    assert memory() is None
    with pytest.raises(GradientError, match="retain_graph=True"):
        loss.backward()


def test_retain_graph_allows_a_second_walk():
    x = leaf(1.0, 2.0)
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    loss.backward()
    assert x.grad.tolist() == [4.0, 8.0]


def test_only_numbers_that_a_rule_reads_are_kept():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    kept = [type(s) for s in (x + y).grad_fn.saved]
    assert kept == [Outline, Outline, Outline]
    kept = [type(s) for s in (x * y).grad_fn.saved]
    assert kept == [Outline, np.ndarray, np.ndarray]
    kept = [type(s) for s in (x * minidl.tensor([1.0, 2.0])).grad_fn.saved]
    assert kept == [Outline, Outline, np.ndarray]
    assert [type(s) for s in x.exp().grad_fn.saved] == [np.ndarray, Outline]
    assert [type(s) for s in x.sum().grad_fn.saved] == [Outline, Outline]


def test_gradients_accumulate_where_paths_meet():
    x = leaf(3.0)
    (x * x + x).backward(minidl.ones(1))
    assert x.grad.tolist() == [7.0]


def test_gradients_of_two_leaves_never_share_memory():
    x, y, seed = leaf(1.0), leaf(2.0), minidl.ones(1)
    (x + y).backward(seed)
    x.grad.zero_()
    assert (y.grad.item(), seed.item()) == (1.0, 1.0)


def test_backward_of_several_numbers_is_refused():
    with pytest.raises(GradientError, match=r"one number, the loss.*\(2,\)"):
        (leaf(1.0, 2.0) * 2).backward()


def test_backward_without_history_is_refused():
    with pytest.raises(GradientError, match="requires_grad=True"):
        minidl.tensor(1.0).backward()


def test_the_seed_must_fit():
    with pytest.raises(ShapeError, match="gradient="):
        leaf(1.0, 2.0).exp().backward(minidl.ones(3))


def test_integers_get_no_gradient():
    with pytest.raises(GradientError, match="int64"):
        minidl.tensor([1, 2], requires_grad=True)


def test_no_grad_as_context_and_decorator():
    x = leaf(1.0)
    with minidl.no_grad():
        assert not (x * 2).requires_grad
        with minidl.enable_grad():
            assert (x * 2).requires_grad
    assert (x * 2).requires_grad

    @minidl.no_grad()
    def double(x):
        return x * 2

    assert not double(x).requires_grad
    assert minidl.is_grad_enabled()
    minidl.set_grad_enabled(False)
    assert not minidl.is_grad_enabled()
    minidl.set_grad_enabled(True)


def test_recording_is_switched_per_thread():
    import threading

    seen = []
    with minidl.no_grad():
        thread = threading.Thread(target=lambda: seen.append(minidl.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_hooks_see_and_change_gradients():
    x = leaf(1.0, 2.0)
    y = x * 3
    seen = []
    remove = y.register_hook(lambda g: seen.append(g.tolist()))
    x.register_hook(lambda g: g * 10)
    y.sum().backward()
    remove()
    (x * 3).sum().backward()
    assert seen == [[1.0, 1.0]]
    assert x.grad.tolist() == [60.0, 60.0]


def test_retain_grad_keeps_a_gradient_inside():
    x = leaf(1.0, 2.0)
    y = x * 3
    y.retain_grad()
    (y * y).sum().backward()
    assert y.grad.tolist() == [6.0, 12.0]


def test_create_graph_gives_any_order():
    x = minidl.tensor(2.0, requires_grad=True)
    value, expected = x**5, [80.0, 160.0, 240.0, 240.0, 120.0, 0.0]
    for want in expected:
        (value,) = minidl.autograd.grad(value, x, create_graph=True)
        assert value.item() == want


def test_autograd_grad_leaves_grad_alone_and_walks_only_where_needed():
    x, w = leaf(1.0, 2.0), leaf(3.0, 4.0)
    inner = x * w
    visited = []
    x_side = x.exp()
    x_side.register_hook(visited.append)
    loss = (inner * x_side).sum()
    gw, gi = minidl.autograd.grad(loss, [w, inner])
    assert x.grad is None and w.grad is None and visited == []
    np.testing.assert_allclose(gi.numpy(), np.exp([1, 2]), rtol=1e-6)
    np.testing.assert_allclose(gw.numpy(), np.exp([1, 2]) * [1, 2], rtol=1e-6)


def test_autograd_grad_names_an_unused_input():
    x, unused = leaf(1.0), leaf(1.0)
    with pytest.raises(GradientError, match="Input 1 was not used"):
        minidl.autograd.grad(x.sum(), [x, unused])
    assert minidl.autograd.grad(x.sum(), [unused], allow_unused=True) == (None,)


# In place -------------------------------------------------------------------------------------


def test_changing_what_a_gradient_needs_is_refused():
    x = leaf(1.0, 2.0)
    y = x * 2
    z = y * y
    with minidl.no_grad():
        y.add_(1)
    with pytest.raises(GradientError, match="changed in place"):
        z.sum().backward()


def test_changing_what_no_gradient_needs_is_allowed():
    x = leaf(1.0, 2.0)
    y = x * 2
    z = y + 1
    with minidl.no_grad():
        y.add_(1)
    z.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_an_overwriting_operation_keeps_what_its_own_gradient_needs():
    x, w = leaf(1.0, 2.0), leaf(3.0, 5.0)
    y = x * 2
    y.mul_(w).pow_(2).sin_()
    y.sum().backward()
    fresh, v = leaf(1.0, 2.0), leaf(3.0, 5.0)
    ((fresh * 2 * v) ** 2).sin().sum().backward()
    assert x.grad.tolist() == fresh.grad.tolist() and w.grad.tolist() == v.grad.tolist()


def test_what_others_computed_before_an_overwriting_operation_is_refused():
    x, w = leaf(1.0, 2.0), leaf(3.0, 5.0)
    y = x * 2
    z = y * w
    y.mul_(w)
    with pytest.raises(GradientError, match="changed in place"):
        z.sum().backward()


def test_a_change_through_a_view_or_data_is_noticed():
    for change in (
        lambda y: y.data,
        lambda y: y.detach(),
        lambda y: y[0:1],
        lambda y: y.view(1, 2),
    ):
        x = leaf(1.0, 2.0)
        y = x.exp()
        with minidl.no_grad():
            change(y).zero_()
        with pytest.raises(GradientError, match="changed in place"):
            y.sum().backward()


def test_a_leaf_changes_only_under_no_grad():
    x = leaf(1.0, 2.0)
    with pytest.raises(GradientError, match="no_grad"):
        x.add_(1)
    with pytest.raises(GradientError, match="no_grad"):
        x[0] = 5.0
    with minidl.no_grad():
        x -= 1
    assert x.tolist() == [0.0, 1.0] and x.requires_grad and x.is_leaf


def test_in_place_on_a_result_keeps_its_history():
    x = leaf(1.0, 2.0)
    y = x * 2
    y += x
    y[0] = x[1] * 10
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 13.0]


def test_in_place_on_a_view_with_history_is_refused():
    y = leaf(1.0, 2.0) * 2
    part = y[0:1]
    for changed in (y, part):
        with pytest.raises(GradientError, match="view"):
            changed.mul_(2)


def test_in_place_refuses_other_shapes_and_wider_kinds():
    with pytest.raises(ShapeError):
        minidl.zeros(2).add_(minidl.zeros(3, 2))
    with pytest.raises(TypeError, match="int64"):
        minidl.arange(3).add_(0.5)
    x = minidl.zeros(3)
    with pytest.raises(ShapeError, match="assigned"):
        x[0:2] = minidl.ones(3)


# Errors a beginner meets ----------------------------------------------------------------------


def test_wrong_shapes_in_a_matrix_product():
    with pytest.raises(ShapeError, match=r"\(2, 3\) @ \(4, 5\).*3.*4"):
        _ = minidl.zeros(2, 3) @ minidl.zeros(4, 5)
    with pytest.raises(TypeError, match="float32 and float64"):
        _ = minidl.zeros(2, 3) @ minidl.zeros(3, 2, dtype=minidl.float64)


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ShapeError, match=r"\(2, 3\) and \(2,\)"):
        _ = minidl.zeros(2, 3) + minidl.zeros(2)


def test_what_is_no_number():
    with pytest.raises(TypeError, match="got str"):
        _ = minidl.zeros(2) + "1"
    with pytest.raises(ShapeError, match="no rectangular array"):
        minidl.tensor([[1.0, 2.0], [3.0]])


def test_numpy_of_a_tensor_that_requires_grad_says_detach():
    with pytest.raises(GradientError, match="detach"):
        leaf(1.0).numpy()


def test_gradients_of_values_used_often_add_up_and_disturb_nobody():
    x = minidl.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1.0
    seen = []
    y.register_hook(seen.append)
    parts = [y + 0.0 for _ in range(4)]
    for part in parts:
        part.register_hook(seen.append)
    total = parts[0] + parts[1] + parts[2] + parts[3] + y
    total.sum().backward(retain_graph=True)
    assert x.grad.tolist() == [5.0, 5.0]
    assert sorted(g.tolist()[0] for g in seen) == [1.0, 1.0, 1.0, 1.0, 5.0]
    total.sum().backward()
    assert x.grad.tolist() == [10.0, 10.0]
    assert sorted(g.tolist()[0] for g in seen) == [1.0] * 8 + [5.0] * 2


def test_a_seed_is_not_added_to():
    x = minidl.tensor([1.0, 2.0], requires_grad=True)
    seed = minidl.ones(2)
    (x + x + x + x).backward(seed)
    assert x.grad.tolist() == [4.0, 4.0] and seed.tolist() == [1.0, 1.0]


def test_gradients_of_parts_are_added_where_the_parts_stand():
    draws = np.random.default_rng(0)
    x, weights = draws.normal(size=(6, 4)), draws.normal(size=(6, 4))
    leaf = minidl.tensor(x).requires_grad_()
    whole = leaf * 2
    parts = [*whole.split(2), whole[1:5], whole[::2], whole[0], whole, leaf[2:], leaf[3]]
    scales = [minidl.tensor(weights)[: len(p)] if p.ndim > 1 else 3.0 for p in parts]
    losses = [(p * s).sum() for p, s in zip(parts, scales, strict=True)]
    minidl.stack(losses).sum().backward()
    expected = np.zeros_like(x)
    for key in (slice(0, 2), slice(2, 4), slice(4, 6), slice(1, 5), slice(None, None, 2)):
        expected[key] += 2 * weights[: len(expected[key])]
    expected[0] += 6
    expected += 2 * weights
    expected[2:] += weights[:4]
    expected[3] += 3
    np.testing.assert_allclose(leaf.grad.numpy(), expected)
