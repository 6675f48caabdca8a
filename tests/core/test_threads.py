"""Work that is shared out: every part is done once, errors arrive, and numbers stay the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minidl
from minidl import machine, threads


@pytest.fixture(autouse=True)
def _two_threads() -> Any:
    """BLAS set to two threads, as where two cores are free."""
    blas = machine.blas()
    if blas is None or blas.set_threads is None or blas.get_threads is None:
        pytest.skip("this NumPy's BLAS cannot be told how many threads to use")
    before = blas.get_threads()
    blas.set_threads(2)
    yield blas
    assert blas.get_threads() == 2
    blas.set_threads(before)


def test_every_part_is_done_once_by_both_threads(_two_threads: Any) -> None:
    done, who, met = [], set(), threading.Barrier(2)

    def begin() -> Any:
        who.add(threading.current_thread().name)
        assert _two_threads.get_threads() == 1
        met.wait(10)  # both have begun
        return done.append

    threads.share(np, begin, range(100), expected=1e6)
    assert sorted(done) == list(range(100))
    assert len(who) == 2


def test_small_work_and_work_inside_work_stay_where_they_are() -> None:
    who = []

    def begin() -> Any:
        who.append(threading.current_thread().name)
        return lambda part: None

    threads.share(np, begin, range(3), expected=1.0)
    assert who == [threading.current_thread().name]
    threads.share(np, lambda: lambda _: threads.share(np, begin, range(3), 1e6), range(1), 1e6)
    assert len(who) == 2


@pytest.mark.parametrize("helper", [True, False])
def test_an_error_of_any_thread_is_raised(helper: bool) -> None:
    def begin() -> Any:
        if (threading.current_thread().name == "minidl") is helper:
            raise ValueError("said in a thread")
        return lambda part: None

    with pytest.raises(ValueError, match="said in a thread"):
        threads.share(np, begin, range(3), expected=1e6)


def test_work_ahead_is_done_in_turn_before_its_task_is_given() -> None:
    done: list[int] = []
    who = set()

    def work(task: int) -> None:
        who.add(threading.current_thread().name)
        done.append(task)

    with threads.ahead(np, work, range(50), expected=1e6) as given:
        for task in given:
            assert done[task] == task
    assert done == list(range(50))
    assert who == {"minidl"}


def test_work_behind_waits_for_its_task_and_is_done_at_the_end(_two_threads: Any) -> None:
    found, done = [], []

    def tasks() -> Any:
        for task in range(50):
            assert _two_threads.get_threads() == 1
            found.append(task)
            yield task

    def work(task: int) -> None:
        assert found[task] == task
        done.append(task)

    threads.behind(np, work, tasks(), expected=1e6)
    assert done == list(range(50))


@pytest.mark.parametrize("expected", [1.0, 1e6])
def test_an_error_ahead_or_behind_is_raised_where_it_was_asked_for(expected: float) -> None:
    def work(task: int) -> None:
        if task == 2:
            raise ValueError("said in a thread")

    met: list[int] = []
    said = pytest.raises(ValueError, match="said in a thread")
    with said, threads.ahead(np, work, range(5), expected) as given:
        met.extend(given)
    assert met == [0, 1]
    with pytest.raises(ValueError, match="said in a thread"):
        threads.behind(np, work, range(5), expected)


def test_who_is_interrupted_in_the_middle_leaves_nothing_at_work(_two_threads: Any) -> None:
    done: list[int] = []
    # Jupyter keeps the last error, and with it whatever it passed through.
    with pytest.raises(KeyboardInterrupt) as kept:
        with threads.ahead(np, done.append, range(50), expected=1e6) as given:
            next(given)
            raise KeyboardInterrupt
    assert kept.tb and _two_threads.get_threads() == 2
    assert done == list(range(50))


def _alike(blas: Any, step: Callable[[], list[np.ndarray]]) -> None:
    """Two threads find the same numbers as one, and not only zeros."""
    many = step()
    blas.set_threads(1)
    one = step()
    blas.set_threads(2)
    for a, b in zip(many, one, strict=True):
        assert (a == b).all() and (a != 0).any()


def test_a_convolution_has_the_same_numbers_on_any_number_of_threads(_two_threads: Any) -> None:
    rng = np.random.default_rng(0)
    x, w = (rng.normal(size=s).astype("float32") for s in ((40, 16, 20, 20), (32, 16, 3, 3)))

    def step() -> list[np.ndarray]:
        a, b = (minidl.tensor(v).requires_grad_() for v in (x, w))
        z = minidl.nn.functional.conv2d(a, b, padding=1)
        (z * z).sum().backward()
        return [z.detach().numpy(), a.grad.numpy(), b.grad.numpy()]  # type: ignore[union-attr]

    _alike(_two_threads, step)


def test_large_rectifiers_pools_and_norms_have_the_same_numbers_too(_two_threads: Any) -> None:
    values = np.random.default_rng(0).normal(size=(32, 16, 24, 24)).astype("float32")

    def step() -> list[np.ndarray]:
        x = minidl.tensor(values).requires_grad_()
        one, zero = minidl.ones(16), minidl.zeros(16)
        z = minidl.nn.functional.batch_norm(minidl.relu(x), None, None, one, zero, training=True)
        (minidl.nn.functional.max_pool2d(z, 2) ** 2).sum().backward()
        return [x.grad.numpy()]  # type: ignore[union-attr]

    _alike(_two_threads, step)


@pytest.mark.parametrize("reverse", [False, True])
def test_an_lstm_layer_has_the_same_numbers_too(_two_threads: Any, reverse: bool) -> None:
    rng = np.random.default_rng(0)
    shapes = ((1200, 64), (40, 64), (40, 64), (256, 64), (256, 64), (256,))
    values = [rng.normal(size=s).astype("float32") / 9 for s in shapes]

    def step() -> list[np.ndarray]:
        inputs = [minidl.tensor(v).requires_grad_() for v in values]
        z = minidl.ops.lstm_layer(*inputs, steps=30, reverse=reverse, memory=[])
        (z * z).sum().backward()
        return [z.detach().numpy(), *(x.grad.numpy() for x in inputs)]  # type: ignore[union-attr]

    _alike(_two_threads, step)
