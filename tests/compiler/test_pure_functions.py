"""Compiled functions without state: results, refusals, new meanings, gradients."""

import functools
import gc
import random
import threading
import time
import warnings
from typing import Any

import numpy as np
import pytest

import minidl
from minidl import CompileError

compiled = functools.partial(minidl.compile, backend="plan")


def same(got, expected, rtol=1e-6):
    a, b = got.detach().numpy(), expected.detach().numpy()
    np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-7)
    assert got.dtype == expected.dtype


def test_results_equal_eager_ones_and_are_new_tensors():
    def f(x, y):
        return (x @ y).tanh().sum(0)

    g = compiled(f)
    first = g(minidl.ones(2, 3), minidl.ones(3, 4))
    kept = first.numpy().copy()
    for _ in range(3):
        x, y = minidl.randn(2, 3), minidl.randn(3, 4)
        same(g(x, y), f(x, y))
    np.testing.assert_array_equal(first.numpy(), kept)
    assert len(g.entries) == 1


def test_nested_arguments_and_results():
    def f(batch, scale=2.0, *, deep):
        x, (y, z) = batch["x"], batch["rest"]
        return {"sum": x + y * scale, "list": [z, (x, deep[0] + 1)], "kept": "word", "none": None}

    g = compiled(f)
    x, y, z, w = (minidl.randn(3) for _ in range(4))
    for _ in range(2):
        got = g({"x": x, "rest": (y, z)}, deep=[w])
        expected = f({"x": x, "rest": (y, z)}, deep=[w])
        same(got["sum"], expected["sum"])
        same(got["list"][1][1], expected["list"][1][1])
        assert got["list"][0] is z and got["list"][1][0] is x  # as in eager mode
        assert got["kept"] == "word" and got["none"] is None


def test_python_arguments_shapes_and_dtypes_make_new_meanings_said_once():
    g = compiled(lambda x, n: x * n)
    x = minidl.arange(3.0)
    same(g(x, 2), x * 2)
    for again in (lambda: g(x, 3), lambda: g(x, 3.0), lambda: g(x.double(), 3.0),
                  lambda: g(minidl.arange(4.0), 2), lambda: g(x, True)):  # fmt: skip
        with pytest.warns(UserWarning, match="compiled anew, since"):
            again()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(g(x, 3), x * 3)
        same(g(x.double(), 3.0), x.double() * 3.0)
        assert g(x, 2).tolist() == [0, 2, 4]


def test_equal_numbers_of_other_types_are_told_apart():
    g = compiled(lambda x, n: x * n)
    x = minidl.tensor([1, 2])
    assert g(x, 1).dtype == minidl.int64
    with pytest.warns(UserWarning):
        assert g(x, 1.0).dtype == minidl.float32


SCALE = 2.0
TABLE = {"k": minidl.tensor([1.0, 2.0]), "flag": True}


def test_globals_and_closures_are_seen_when_they_change(monkeypatch):
    offset, weights = 1.0, [minidl.ones(2), 3]

    def f(x):
        return x * SCALE + offset + weights[0] * weights[1] + TABLE["k"] * TABLE["flag"]

    g = compiled(f)
    x = minidl.randn(2)
    same(g(x), f(x))
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    with pytest.warns(UserWarning, match="global 'SCALE' was .*2.0.* and is .*5.0"):
        same(g(x), f(x))
    offset = 7.0
    with pytest.warns(UserWarning, match="'offset'"):
        same(g(x), f(x))
    weights[1] = 4
    with pytest.warns(UserWarning):
        same(g(x), f(x))
    monkeypatch.setitem(TABLE, "flag", False)
    with pytest.warns(UserWarning, match="flag"):
        same(g(x), f(x))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        weights[0] = minidl.tensor([5.0, 6.0])  # another tensor in the same place
        same(g(x), f(x))
        weights[0].add_(1)
        same(g(x), f(x))
        TABLE["k"].mul_(2)
        same(g(x), f(x))
        TABLE["k"].data = minidl.tensor([9.0, 9.0])
        same(g(x), f(x))


def test_objects_arrays_and_cached_parts_are_seen():
    class Holder:
        slope = 2.0

        def __init__(self):
            self.bias, self.array, self.unread = 1.0, np.array([1.0, 2.0], np.float32), 0

        def __call__(self, x):
            return x * self.slope + self.bias + minidl.from_numpy(self.array)

    holder = Holder()
    g = compiled(lambda x: holder(x))
    x = minidl.randn(2)
    same(g(x), holder(x))
    for change in (
        lambda: setattr(holder, "bias", 3.0),
        lambda: setattr(Holder, "slope", 4.0),
        lambda: holder.array.fill(8.0),
        lambda: setattr(holder, "array", np.array([0.0, 1.0], np.float32)),
    ):
        change()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            same(g(x), holder(x))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        holder.unread = 5
        same(g(x), holder(x))


def test_a_tensor_nobody_can_find_beforehand_is_read_anew():
    hidden = {}

    class Opaque(dict):
        __getattr__ = dict.__getitem__

    box = Opaque(w=minidl.tensor([1.0]))
    hidden["fetch"] = functools.partial(getattr, box)
    g = compiled(lambda x: x + hidden["fetch"]("w"))
    x = minidl.ones(1)
    assert g(x).item() == 2
    box["w"].add_(1)
    assert g(x).item() == 3


def test_closures_in_loops_are_functions_of_their_own():
    def make(k):
        return compiled(lambda x: x * k)

    made = [make(k) for k in (1, 2, 3)]
    x = minidl.ones(2)
    for k, g in enumerate(made, 1):
        assert g(x).tolist() == [k] * 2


def test_random_numbers_are_drawn_anew_and_as_in_eager_mode():
    def f(x):
        return x + minidl.rand(3) + minidl.randn(3).mean()

    g, x = compiled(f), minidl.zeros(3)
    minidl.manual_seed(1)
    expected = [f(x) for _ in range(3)]
    minidl.manual_seed(1)
    for want in expected:
        same(g(x), want)


def test_constants_made_inside_are_constants():
    def f(x):
        mask = minidl.tril(minidl.ones(3, 3)) == 0
        steps = minidl.arange(3, dtype=minidl.float32)
        buffer = minidl.zeros(3)
        buffer[1:] = x[1:]
        buffer[0] = 5
        return x.expand(3, 3).masked_fill(mask, -1.0) + steps + buffer

    g = compiled(f)
    x = minidl.randn(3)
    same(g(x), f(x))
    y = minidl.randn(3)
    same(g(y), f(y))
    assert len(g.entries[0].graph.inputs) == 1


def refusals():
    state = {"calls": [], "n": 0, "it": iter([1, 2, 3])}
    thing: Any = type("Thing", (), {})()
    nonlocal_ = 0

    def assigns_nonlocal(x):
        nonlocal nonlocal_
        nonlocal_ += 1
        return x

    def assigns_global(x):
        global SCALE
        SCALE = 1
        return x

    def sets_attribute(x):
        thing.x = x
        return x

    @functools.cache
    def remembered(n):
        return minidl.ones(n) * 2

    return {
        "branch": (lambda x: x if x.sum() > 0 else -x, "where"),
        "item": (lambda x: x * x.sum().item(), "no numbers"),
        "float": (lambda x: x * float(x.sum()), "no numbers"),
        "numpy": (lambda x: np.asarray(x), "no numbers"),
        "list": (lambda x: x.tolist(), "no numbers"),
        "mask": (lambda x: x[x > 0], "test_pure_functions.py.*where"),
        "unique": (lambda x: x.unique(), "mask"),
        "address": (lambda x: x + x.data_ptr(), "test_pure_functions.py.*no memory"),
        "print": (lambda x: print(x), r"print\(\)"),
        "time": (lambda x: x * time.time(), "time"),
        "random": (lambda x: x * random.random(), "random"),
        "numpy.random": (lambda x: x * float(np.random.rand()), "numpy.random"),
        "append": (lambda x: state["calls"].append(1) or x, "changed"),
        "item set": (lambda x: state.update(n=1) or x, "changed"),
        "iterator": (lambda x: x * next(state["it"]), "moved"),
        "nonlocal": (assigns_nonlocal, "nonlocal_"),
        "global": (assigns_global, "SCALE"),
        "attribute": (sets_attribute, "'x'"),
        "cache": (lambda x: x + remembered(3), "keeps"),
        "seed": (lambda x: minidl.manual_seed(0) and x, "default generator"),
        "recording": (lambda x: minidl.set_grad_enabled(False) and x, "set_grad_enabled"),
        "view": (lambda x: x[1:].add_(1), "clone"),
        "generator": (
            lambda x: x + minidl.rand(3, generator=minidl.Generator(3)),
            "generator is made inside",
        ),
    }, state, thing  # fmt: skip


@pytest.mark.parametrize("name", refusals()[0])
def test_what_cannot_be_repeated_is_refused_and_undone(name):
    made, state, thing = refusals()
    function, said = made[name]
    before = {k: (list(v) if isinstance(v, list) else v) for k, v in state.items()}
    x = minidl.ones(3)
    with pytest.raises(CompileError, match=said):
        compiled(function)(x)
    assert state["calls"] == before["calls"] and state["n"] == 0 and not vars(thing)
    assert SCALE == 2.0 and x.tolist() == [1, 1, 1]


def test_a_refusal_names_the_line():
    def f(x):
        y = x + 1
        return y if y.sum() > 0 else x

    line = f.__code__.co_firstlineno + 2
    with pytest.raises(CompileError, match=f"test_pure_functions.py:{line} in f"):
        compiled(f)(minidl.ones(2))


def test_without_fullgraph_it_runs_as_it_is_and_says_why_once():
    seen = []

    def f(x):
        seen.append(1)
        return x if x.sum() > 0 else -x

    g = compiled(f, fullgraph=False)
    with pytest.warns(UserWarning, match="where"):
        assert g(minidl.ones(2)).tolist() == [1, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert g(-minidl.ones(2)).tolist() == [1, 1]
    assert "uncompiled" in str(g.explain())
    h = compiled(lambda x: x @ minidl.ones(7, 7), fullgraph=False)
    with warnings.catch_warnings(), pytest.raises(minidl.ShapeError):
        warnings.simplefilter("error")
        h(minidl.ones(3))
    assert h(minidl.ones(7)).tolist() == [7] * 7 and h.entries


def test_an_exception_leaves_everything_as_it_was():
    w = minidl.ones(3, requires_grad=True)
    box = [1]

    def f(x):
        with minidl.no_grad():
            w.mul_(5)
        (w * x).sum().backward()
        box.append(2)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        compiled(f)(minidl.ones(3))
    assert w.tolist() == [1, 1, 1] and w.grad is None and w.requires_grad and box == [1]
    assert type(w.array) is np.ndarray and w.version.count == 0
    with pytest.raises(minidl.ShapeError):
        compiled(lambda x: x @ minidl.ones(7, 7))(minidl.ones(3))


def test_arguments_that_are_the_same_tensor_are_told_apart():
    g = compiled(lambda x, y: (x.mul_(2), y + 0)[1])
    with minidl.no_grad():
        x, y = minidl.ones(2), minidl.ones(2)
        assert g(x, y).tolist() == [1, 1] and x.tolist() == [2, 2]
        with pytest.warns(UserWarning):
            assert g(y, y).tolist() == [2, 2]
        assert y.tolist() == [2, 2]


def test_numpy_arguments_are_refused():
    with pytest.raises(CompileError, match="from_numpy"):
        compiled(lambda x: minidl.tensor(x))(np.ones(3))


def test_no_grad_and_recording_are_two_meanings():
    w = minidl.ones(2, requires_grad=True)
    g = compiled(lambda x: x * w)
    x = minidl.ones(2)
    assert g(x).requires_grad
    with minidl.no_grad(), pytest.warns(UserWarning):
        assert not g(x).requires_grad
    assert g(x).requires_grad


def test_the_default_dtype_is_seen():
    g = compiled(lambda x: x + minidl.ones(2))
    x = minidl.ones(2)
    assert g(x).dtype == minidl.float32
    minidl.set_default_dtype(minidl.float64)
    try:
        with pytest.warns(UserWarning):
            assert g(x).dtype == minidl.float64
    finally:
        minidl.set_default_dtype(minidl.float32)


def test_threads_share_one_function():
    g = compiled(lambda x: (x * 2).cumsum(0).sum())
    g(minidl.ones(50))
    wrong = []

    def work(k):
        for _ in range(200):
            if g(minidl.full((50,), float(k))).item() != 2 * k * 1275:
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_decorators_disable_and_compiled_inside_compiled():
    @minidl.compile(backend="plan")
    def inner(x):
        return x * 3

    @compiled
    def outer(x):
        return inner(x) + 1

    assert outer(minidl.ones(2)).tolist() == [4, 4] and not inner.entries
    assert inner.__name__ == "inner"
    plain = minidl.compile(lambda x: x if x.sum() > 0 else -x, disable=True)
    assert plain(-minidl.ones(1)).item() == 1
    with pytest.raises(ValueError, match="backend"):
        minidl.compile(outer, backend="cuda")
    with pytest.raises(TypeError, match="function or a Module"):
        minidl.compile(3)


def test_explain_before_and_after_the_first_call():
    g = compiled(lambda x: (x + 1).sum())
    assert "not compiled yet" in str(g.explain())
    g(minidl.ones(3))
    told = g.explain()
    assert "operations: 2 traced" in str(told) and "len(args) == 1" in told.guards
    assert told.source
    assert told.meanings[0]["operations"][0] == 2


def test_only_so_many_meanings_are_kept():
    g = compiled(lambda x, n: x + n)
    x = minidl.ones(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in range(20):
            assert g(x, n).tolist() == [1 + n] * 2
    assert len(g.entries) == 16
    with pytest.warns(UserWarning, match="compiled anew") as said:
        for n in range(20, 40):
            assert g(x, n).tolist() == [1 + n] * 2
    assert "uncompiled from now on" in str(said[-1].message) and len(said) == 12
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert g(x, 99).tolist() == [100, 100] and g(x, 31).tolist() == [32, 32]


def test_functions_without_tensors_and_of_constants():
    g = compiled(lambda: minidl.rand(3))
    assert g().tolist() != g().tolist()
    assert compiled(lambda: (minidl.ones(2), 3))()[0].tolist() == [1, 1]
    assert compiled(lambda n: n + 1)(2) == 3
    first = compiled(lambda: minidl.tensor([1.0]))
    first().add_(5)
    assert first().tolist() == [1]


def test_methods_replaced_on_the_class_or_the_object_are_seen(monkeypatch):
    class Net(minidl.nn.Module):
        def forward(self, x):
            return self.inner(x)

        def inner(self, x):
            return x + 1

    net = Net()
    g = compiled(net)
    x = minidl.zeros(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert g(x).item() == 1
        monkeypatch.setattr(Net, "inner", lambda self, x: x + 2)
        assert g(x).item() == 2
        monkeypatch.setattr(net, "inner", lambda x: x + 3)
        assert g(x).item() == 3


def test_two_threads_may_trace_at_once():
    g, h = (compiled(lambda x: (x @ x).tanh().sum()) for _ in range(2))
    w, found = minidl.eye(8), []
    threads = [threading.Thread(target=lambda f=f: found.append(f(w).item())) for f in (g, h)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2 and found[0] == found[1]


def test_modules_made_inside_are_fine_and_those_nobody_finds_are_refused():
    g = compiled(lambda x: minidl.nn.Sequential(minidl.nn.ReLU(), minidl.nn.Softmax(0))(x))
    x = minidl.randn(3)
    same(g(x), g.__wrapped__(x))
    kept = minidl.nn.Dropout(0.5)
    number = id(kept)

    def found_by_number(x):
        return next(o for o in gc.get_objects() if id(o) == number)(x)

    with pytest.raises(CompileError, match="A Dropout runs that cannot be found"):
        compiled(found_by_number)(minidl.ones(3))


def test_zeros_are_told_apart_by_their_sign():
    for wrap in (float, np.float32):
        g = compiled(lambda x, a: (1 / (x * float(a))).sign())
        x = minidl.ones(2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert g(x, wrap(0.0)).tolist() == [1, 1] and g(x, wrap(-0.0)).tolist() == [-1, -1]


def test_nan_as_an_argument_is_one_meaning():
    g = compiled(lambda x, a: minidl.where(x > 0, x, a))
    for _ in range(3):
        z = g(minidl.tensor([1.0, -1.0]), float("nan"))
        assert z.isnan().tolist() == [False, True]
    assert len(g.entries) == 1
