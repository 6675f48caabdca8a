"""Data sets: indexing, cutting, joining."""

import pytest

import minidl
from minidl.data import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    Transformed,
    default_collate,
    random_split,
)


def numbers(n: int) -> TensorDataset:
    return TensorDataset(minidl.arange(n).float().reshape(n, 1), minidl.arange(n))


class Count(IterableDataset):
    """0, 1, ..., n - 1, one after the other."""

    def __init__(self, n: int):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))


def test_tensor_dataset_gives_rows():
    dataset = numbers(5)
    x, y = dataset[3]
    assert len(dataset) == 5 and x.tolist() == [3.0] and y.item() == 3


def test_tensor_dataset_refuses_unequal_lengths():
    with pytest.raises(minidl.ShapeError, match=r"lengths \[2, 3\]"):
        TensorDataset(minidl.zeros(2), minidl.zeros(3))


def test_gather_is_collate_of_the_items():
    dataset = numbers(6)
    for source in (dataset, Subset(dataset, [5, 1, 3, 0])):
        chosen = [2, 0, 3]
        whole, single = source.gather(chosen), default_collate([source[i] for i in chosen])
        assert all(minidl.equal(a, b) for a, b in zip(whole, single, strict=True))


def test_concat_finds_each_item_from_both_ends():
    joined = numbers(2) + numbers(3)
    assert isinstance(joined, ConcatDataset)
    assert [joined[i][1].item() for i in range(5)] == [0, 1, 0, 1, 2]
    assert joined[-1][1].item() == 2
    with pytest.raises(IndexError, match="index 5"):
        joined[5]
    with pytest.raises(TypeError, match="datasets: Count is a stream"):
        _ = numbers(2) + Count(3)
    with pytest.raises(ValueError, match="datasets is empty"):
        ConcatDataset([])


@pytest.mark.parametrize("lengths", [[7, 3], [0.7, 0.3], [0.5, 0.25, 0.25]])
def test_random_split_shares_nothing_and_loses_nothing(lengths):
    parts = random_split(numbers(10), lengths, minidl.Generator().manual_seed(1))
    seen = [part[i][1].item() for part in parts for i in range(len(part))]
    assert sorted(seen) == list(range(10))
    again = random_split(numbers(10), lengths, minidl.Generator().manual_seed(1))
    assert [p.indices for p in again] == [p.indices for p in parts]


def test_random_split_says_what_does_not_add_up():
    with pytest.raises(ValueError, match="add up to 9, but the data set has 10"):
        random_split(numbers(10), [5, 4])


def test_transformed_changes_the_first_member_alone():
    x, y = Transformed(numbers(4), lambda x: x * 10)[2]
    assert x.tolist() == [20.0] and y.item() == 2


def test_a_stream_has_no_items_by_number():
    with pytest.raises(TypeError, match="Count is a stream"):
        Count(3)[0]


def test_streams_follow_one_another():
    joined = Count(2) + Count(3)
    assert isinstance(joined, ChainDataset)
    assert list(joined) == list(joined) == [0, 1, 0, 1, 2]
    with pytest.raises(TypeError, match="Count does not say how many"):
        len(joined)
    with pytest.raises(TypeError, match="datasets: TensorDataset is no stream"):
        list(Count(1) + numbers(2))  # type: ignore[arg-type]


def test_stacked_sets_give_tuples_or_dictionaries():
    rows, named = StackDataset(numbers(3), "abc"), StackDataset(number=numbers(3), letter="abc")
    assert len(rows) == len(named) == 3
    assert rows[1][0][1].item() == 1 and rows[1][1] == "b"
    assert named[2]["letter"] == "c" and named[2]["number"][1].item() == 2
    for wrong in (lambda: StackDataset(), lambda: StackDataset("ab", letter="ab")):
        with pytest.raises(ValueError, match="in a row"):
            wrong()
    with pytest.raises(ValueError, match=r"lengths \[2, 3\]"):
        StackDataset("ab", "abc")


def test_a_subset_reaches_many_rows_at_once():
    x, y = Subset(numbers(6), [5, 1, 3])[[2, 0]]  # type: ignore[index]
    assert x.tolist() == [[3.0], [5.0]] and y.tolist() == [3, 5]


def test_random_split_speaks_of_empty_parts():
    with pytest.warns(UserWarning, match="part 1 of \\[4, 0\\]"):
        parts = random_split(numbers(4), [4, 0])
    assert [len(part) for part in parts] == [4, 0]


def test_dataset_is_abstract():
    with pytest.raises(TypeError):
        Dataset()  # type: ignore[abstract]
