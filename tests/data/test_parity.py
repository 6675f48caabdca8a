"""The same calls in PyTorch and here: lengths, members, shapes, dtypes."""

import importlib.util

import numpy as np
import pytest

import minidl
from minidl.utils import data

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs PyTorch"),
]


@pytest.fixture(scope="module")
def torch():
    import torch
    import torch.utils.data

    return torch


def shapes(batch) -> object:
    """The form of a batch, the same for both."""
    if isinstance(batch, dict):
        return {key: shapes(member) for key, member in batch.items()}
    if isinstance(batch, list | tuple):
        return [type(batch).__name__, *map(shapes, batch)]
    if hasattr(batch, "dtype"):
        return tuple(batch.shape), str(batch.dtype).removeprefix("torch."), batch.tolist()
    return batch


@pytest.mark.parametrize(
    "samples",
    [
        [(1, 2.5), (3, 4.5), (5, 6.5)],
        [{"a": [1, 2], "b": "x"}, {"a": [3, 4], "b": "y"}],
        [np.ones((2, 2), np.float32), np.zeros((2, 2), np.float32)],
        [np.int32(3), np.int32(4)],
        [True, False],
    ],
)
@pytest.mark.parametrize("size, drop", [(1, False), (2, False), (2, True), (5, False)])
def test_batches_have_the_same_form(torch, samples, size, drop):
    mine = [shapes(b) for b in data.DataLoader(samples, size, drop_last=drop)]
    theirs = [shapes(b) for b in torch.utils.data.DataLoader(samples, size, drop_last=drop)]
    assert mine == theirs


def test_a_tensor_dataset_gives_the_same_batches(torch):
    x, y = np.arange(10, dtype=np.float32).reshape(5, 2), np.arange(5)
    mine = data.TensorDataset(minidl.tensor(x), minidl.tensor(y))
    theirs = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
    pairs = zip(data.DataLoader(mine, 2), torch.utils.data.DataLoader(theirs, 2), strict=True)
    assert all(shapes(a) == shapes(b) for a, b in pairs)


@pytest.mark.parametrize("lengths", [[0.5, 0.3, 0.2], [0.33, 0.33, 0.34], [4, 7]])
def test_splits_have_the_same_lengths(torch, lengths):
    mine = data.random_split(range(11), lengths)  # type: ignore[arg-type]
    theirs = torch.utils.data.random_split(range(11), lengths)
    assert [len(part) for part in mine] == [len(part) for part in theirs]
