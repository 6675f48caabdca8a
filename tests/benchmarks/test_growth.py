"""Slopes of made-up points, sizes that double, graphs that grow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minidl
from benchmarks.growth import AXES, Points, doubling, draw, graphs, row, slope, steps_of, table


def power(exponent: float, overhead: float = 0.0) -> Points:
    return [(2**n, overhead + 1e-9 * 2.0 ** (exponent * n)) for n in range(20)]


def test_the_slope_is_the_power() -> None:
    assert slope(power(1.0)) == pytest.approx(1.0)
    assert slope(power(2.0)) == pytest.approx(2.0)
    assert slope([(1, 1.0), (4, 2.0)]) == pytest.approx(0.5)
    assert 1.9 < slope(power(2.0, overhead=1e-5)) < 2.0  # the lower half is overhead
    with pytest.raises(ValueError, match="two points"):
        slope([(1, 1.0)])


def test_sizes_double_until_the_slowest_needs_too_long() -> None:
    found = doubling(3, 0.1, lambda size: {"a": 0.01 * size, "b": 0.001})
    assert [size for size, _ in found["a"]] == [3, 6, 12] == [size for size, _ in found["b"]]


@pytest.mark.parametrize("name", AXES)
def test_every_axis_steps(name: str) -> None:
    axis = AXES[name]
    for size in (axis.begin, 2 * axis.begin):
        [(side, step)] = steps_of(axis, size, {"minidl": (minidl, lambda step: step)})
        assert side == "minidl" and np.isfinite(step().item())


def test_a_row_has_as_many_calls_and_none_drops_out() -> None:
    from minidl.compiler import trace
    from minidl.compiler.passes import optimise

    x = minidl.full((2, 2), 0.5)
    graph = trace(row(300))(x, x)
    assert len(graph.calls) == len(optimise(graph).calls) == 300


def test_a_graph_in_its_stages_and_its_picture(tmp_path: Path) -> None:
    found: dict[str, Any] = graphs(60, "plan", smallest=20)
    assert list(found) == ["trace", "optimise", "emit", "run"]
    assert [size for size, _ in found["run"]] == [20, 60]
    assert "slope" in table("words", found, "operations")
    pytest.importorskip("matplotlib")
    draw({"operations": found, "again": found}, tmp_path / "a.svg")
    assert "slope" in (tmp_path / "a.svg").read_text()
