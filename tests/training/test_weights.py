"""Weight statistics against the same numbers computed by hand."""

import pytest

import minidl
from minidl.training import WeightStatistics

from .runs import numbers, small


def test_statistics_are_what_they_say():
    trainer = small(callbacks=[WeightStatistics()])
    start = {k: v.detach().clone() for k, v in trainer.model.named_parameters()}
    before = start
    for observation in trainer:
        rows = observation["weights"]
        assert list(rows) == list(start)
        for name, p in trainer.model.named_parameters():
            row, now = rows[name], p.detach()
            assert p.grad is not None
            assert row["norm"] == pytest.approx(float(now.norm()), rel=1e-5)
            assert row["grad_norm"] == pytest.approx(float(p.grad.norm()), rel=1e-5)
            moved = float((now - before[name]).norm()) / float(before[name].norm())
            assert row["update_ratio"] == pytest.approx(moved, rel=1e-4)
            away = float((now - start[name]).norm()) / float(start[name].norm())
            assert row["change"] == pytest.approx(away, rel=1e-4)
        before = {k: v.detach().clone() for k, v in trainer.model.named_parameters()}


def test_measuring_changes_nothing_and_happens_when_due():
    plain = small()
    plain.run()
    watched = small(callbacks=[WeightStatistics(every=4)])
    watched.run()
    seen = [n for n, o in enumerate(watched.history, 1) if "weights" in o]
    assert seen == [4, 8, 12]
    stripped = [{k: v for k, v in o.items() if k != "weights"} for o in numbers(watched.history)]
    assert stripped == numbers(plain.history)


def test_the_norm_of_half_precision_does_not_overflow():
    from minidl.training.weights import norm

    assert norm(minidl.full((100,), 1000.0, dtype=minidl.float16)) == pytest.approx(10000)
