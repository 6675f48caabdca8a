"""Random numbers: distributions, repeatability, and positions that can be saved."""

import json

import numpy as np
import pytest

import minidl


def test_the_seed_decides():
    minidl.manual_seed(3)
    first = [minidl.rand(3).tolist(), minidl.randn(3).tolist(), minidl.randperm(5).tolist()]
    minidl.manual_seed(3)
    again = [minidl.rand(3).tolist(), minidl.randn(3).tolist(), minidl.randperm(5).tolist()]
    assert first == again


def test_a_position_in_the_stream_survives_json():
    generator = minidl.Generator(5)
    minidl.rand(7, generator=generator)
    minidl.randint(10, (3,), generator=generator)
    state = json.loads(json.dumps(generator.state_dict()))
    expected = minidl.randn(4, generator=generator).tolist()
    other = minidl.Generator()
    other.load_state_dict(state)
    assert minidl.randn(4, generator=other).tolist() == expected
    assert other.initial_seed() == 5


def test_uniform_numbers():
    x = minidl.rand(100, 100, generator=minidl.Generator(1))
    assert x.dtype == minidl.float32 and 0 <= x.min().item() and x.max().item() < 1
    assert abs(x.mean().item() - 0.5) < 0.01 and abs(x.var().item() - 1 / 12) < 0.003


def test_normal_numbers():
    x = minidl.randn(100, 100, generator=minidl.Generator(1), dtype=minidl.float64)
    assert abs(x.mean().item()) < 0.03 and abs(x.std().item() - 1) < 0.03
    assert abs((x**4).mean().item() - 3) < 0.3
    y = minidl.normal(5.0, 0.1, (1000,), generator=minidl.Generator(1))
    assert abs(y.mean().item() - 5) < 0.02


def test_integers_and_permutations():
    x = minidl.randint(2, 5, (1000,), generator=minidl.Generator(1))
    assert set(x.tolist()) == {2, 3, 4}
    assert sorted(minidl.randperm(50, generator=minidl.Generator(1)).tolist()) == list(range(50))
    with pytest.raises(ValueError, match="no integer"):
        minidl.randint(3, 3, (1,))


def test_weighted_draws():
    weights = minidl.tensor([1.0, 0.0, 3.0])
    drawn = minidl.multinomial(weights, 4000, replacement=True, generator=minidl.Generator(2))
    shares = np.bincount(drawn.numpy(), minlength=3) / 4000
    np.testing.assert_allclose(shares, [0.25, 0, 0.75], atol=0.03)
    rows = minidl.multinomial(minidl.ones(5, 4), 4, generator=minidl.Generator(2))
    assert all(sorted(row) == [0, 1, 2, 3] for row in rows.tolist())
    with pytest.raises(ValueError, match="without replacement"):
        minidl.multinomial(weights, 4)


def test_coins():
    heads = minidl.bernoulli(minidl.full((1000,), 0.2), generator=minidl.Generator(3)).mean()
    assert abs(heads.item() - 0.2) < 0.04


def test_weighted_draws_without_replacement_follow_the_weights():
    weights = minidl.tensor([[1.0, 3.0, 0.0, 4.0]]).expand(4000, 4)
    pairs = minidl.multinomial(weights, 2, generator=minidl.Generator(6)).numpy()
    assert (pairs[:, 0] != pairs[:, 1]).all() and (pairs != 2).all()
    firsts = np.bincount(pairs[:, 0], minlength=4) / 4000
    np.testing.assert_allclose(firsts, [1 / 8, 3 / 8, 0, 4 / 8], atol=0.03)
    after_last = pairs[pairs[:, 0] == 3, 1]  # of the rest, 1 to 3
    np.testing.assert_allclose((after_last == 1).mean(), 3 / 4, atol=0.03)


def test_rows_are_drawn_each_by_its_own_weights():
    weights = minidl.tensor(np.eye(5)[::-1].copy())
    drawn = minidl.multinomial(weights, 50, replacement=True, generator=minidl.Generator(1))
    assert (drawn == minidl.arange(4, -1, -1)[:, None]).all()


def test_normal_numbers_with_means_and_deviations_of_their_own():
    mean = minidl.tensor([[-5.0], [5.0]], dtype=minidl.float64, requires_grad=True)
    x = minidl.normal(mean, minidl.tensor([0.1] * 3000), generator=minidl.Generator(2))
    assert x.shape == (2, 3000) and x.dtype == minidl.float64
    np.testing.assert_allclose(x.detach().mean(1).numpy(), [-5, 5], atol=0.01)
    np.testing.assert_allclose(x.detach().std(1).numpy(), [0.1, 0.1], atol=0.01)
    x.sum().backward()
    assert mean.grad.tolist() == [[0], [0]]  # a draw does not know its mean; see its docstring


def test_coins_have_no_slope():
    p = minidl.full((5,), 0.5, requires_grad=True)
    minidl.bernoulli(p).sum().backward()
    assert p.grad.tolist() == [0] * 5


def _draws(name, *arguments, kind=minidl.float64, **options):
    """20 000 numbers of an in-place draw."""
    generator = minidl.Generator(7)
    x = minidl.zeros(20_000, dtype=kind)
    return getattr(x, name)(*arguments, generator=generator, **options).numpy()


def test_in_place_draws_of_real_numbers():
    normal, even = _draws("normal_", 2, 0.5), _draws("uniform_", -1, 0)
    assert abs(normal.mean() - 2) < 0.02 and abs(normal.std() - 0.5) < 0.01
    assert -1 <= even.min() < -0.99 and -0.01 < even.max() < 0 and abs(even.mean() + 0.5) < 0.01
    waits = _draws("exponential_", 4.0)
    assert abs(waits.mean() - 0.25) < 0.01 and abs(waits.std() - 0.25) < 0.01 and waits.min() >= 0
    assert abs((waits > 0.25).mean() - np.exp(-1)) < 0.01
    logs = np.log(_draws("log_normal_", 0.5, 0.2))
    assert abs(logs.mean() - 0.5) < 0.01 and abs(logs.std() - 0.2) < 0.01
    cauchy = _draws("cauchy_", 1.0, 2.0)
    np.testing.assert_allclose(np.quantile(cauchy, [0.25, 0.5, 0.75]), [-1, 1, 3], atol=0.15)


def test_in_place_draws_of_integers():
    for kind in (minidl.int64, minidl.float32):
        tries = _draws("geometric_", 0.25, kind=kind)
        assert tries.min() == 1 and abs(tries.mean() - 4) < 0.1
        assert abs((tries == 1).mean() - 0.25) < 0.01
        assert set(_draws("random_", 2, 5, kind=kind)) == {2, 3, 4}
        assert set(_draws("bernoulli_", 0.3, kind=kind)) == {0, 1}
    assert abs(_draws("bernoulli_", 0.3).mean() - 0.3) < 0.01
    assert _draws("random_", kind=minidl.uint8).max() == 255
    assert 2**23 < _draws("random_", kind=minidl.float32).max() <= 2**24


def test_integers_like_another_tensor():
    x = minidl.randint_like(minidl.zeros(1000), 2, 5, generator=minidl.Generator(1))
    assert x.dtype == minidl.float32 and set(x.tolist()) == {2.0, 3.0, 4.0}


def test_on_paper_every_run_draws_afresh():
    from minidl.compiler import trace

    generator = minidl.Generator(4)
    graph = trace(lambda x: minidl.rand_like(x, generator=generator))(minidl.zeros(3))
    (first,), (second,) = graph.evaluate(minidl.zeros(3)), graph.evaluate(minidl.zeros(3))
    assert first.tolist() != second.tolist()
