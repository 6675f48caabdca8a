"""Joining samples, type by type, as PyTorch does."""

from collections import OrderedDict, deque
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

import minidl
from minidl.data import default_collate, default_convert


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


def test_containers_keep_their_type():
    ordered = default_collate([OrderedDict(a=1), OrderedDict(a=2)])
    assert type(ordered) is OrderedDict and ordered["a"].tolist() == [1, 2]
    queue = default_collate([deque([1, 2]), deque([3, 4])])
    assert type(queue) is deque and queue[1].tolist() == [2, 4]
    frozen = default_collate([MappingProxyType({"a": 1})])
    assert type(frozen) is dict and frozen["a"].tolist() == [1]


def test_convert_makes_tensors_without_joining():
    converted = default_convert({"a": np.zeros(2), "b": ("x", np.int64(3)), "c": Point(1, 2.0)})
    assert converted["a"].dtype == minidl.float64 and converted["a"].shape == (2,)
    assert converted["b"][0] == "x" and converted["b"][1].item() == 3
    assert converted["c"] == Point(1, 2.0)


def test_unequal_shapes_are_named():
    with pytest.raises(minidl.ShapeError, match=r"\(2,\), \(3,\)"):
        default_collate([minidl.zeros(2), minidl.zeros(3)])
    with pytest.raises(minidl.ShapeError, match=r"\[1, 2\] members"):
        default_collate([(1,), (1, 2)])


def test_strangers_are_refused():
    with pytest.raises(TypeError, match="type object"):
        default_collate([object()])
    with pytest.raises(TypeError, match="batch: an array of <U1"):
        default_collate([np.array(["a"])])
    with pytest.raises(TypeError, match="batch: a int stands among tensors"):
        default_collate([minidl.zeros(1), 1])
    with pytest.raises(ValueError, match="batch is empty"):
        default_collate([])
