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


def test_in_place():
    x = minidl.zeros(1000)
    assert abs(x.normal_(2, 0.5, generator=minidl.Generator(1)).mean().item() - 2) < 0.1
    assert x.uniform_(-1, 0, generator=minidl.Generator(1)).max().item() <= 0


def test_on_paper_every_run_draws_afresh():
    from minidl.compiler import trace

    generator = minidl.Generator(4)
    graph = trace(lambda x: minidl.rand_like(x, generator=generator))(minidl.zeros(3))
    (first,), (second,) = graph.evaluate(minidl.zeros(3)), graph.evaluate(minidl.zeros(3))
    assert first.tolist() != second.tolist()
