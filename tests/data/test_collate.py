"""Joining samples, type by type, as PyTorch does."""

from typing import NamedTuple

import numpy as np
import pytest

import minidl
from minidl.data import default_collate


class Point(NamedTuple):
    x: int
    y: float


@pytest.mark.parametrize(
    "samples, shape, dtype",
    [
        ([minidl.zeros(2, 3)] * 4, (4, 2, 3), minidl.float32),
        ([np.zeros((2,), np.float16)] * 3, (3, 2), minidl.float16),
        ([np.float32(1), np.float32(2)], (2,), minidl.float32),
        ([1.5, 2.5], (2,), minidl.float64),
        ([1, 2, 3], (3,), minidl.int64),
        ([True, False], (2,), minidl.bool),
    ],
)
def test_numbers_and_arrays_stack(samples, shape, dtype):
    joined = default_collate(samples)
    assert joined.shape == shape and joined.dtype == dtype


def test_containers_keep_their_form():
    joined = default_collate([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
    assert joined["a"].tolist() == [1, 2] and joined["b"] == ["x", "y"]
    point = default_collate([Point(1, 2.0), Point(3, 4.0)])
    assert isinstance(point, Point) and point.x.tolist() == [1, 3]  # type: ignore[attr-defined]
    pair = default_collate([(1, [2.0]), (3, [4.0])])
    assert pair[0].tolist() == [1, 3] and pair[1][0].tolist() == [2.0, 4.0]


def test_unequal_shapes_are_named():
    with pytest.raises(minidl.ShapeError, match=r"\(2,\), \(3,\)"):
        default_collate([minidl.zeros(2), minidl.zeros(3)])
    with pytest.raises(minidl.ShapeError, match=r"\[1, 2\] members"):
        default_collate([(1,), (1, 2)])


def test_strangers_are_refused():
    with pytest.raises(TypeError, match="type object"):
        default_collate([object()])
