"""The batch inspector without a page: it shows what the loader hands out, and finds leaks."""

from __future__ import annotations

import json
from copy import deepcopy

import numpy as np
import pytest
from minidl_widgets import BatchInspector
from minidl_widgets.chains import chain
from minidl_widgets.peeking import peek

import minidl
from minidl.data import (
    ConcatDataset,
    DataLoader,
    IterableDataset,
    Normalize,
    RandomSampler,
    RandomShift,
    Subset,
    TensorDataset,
    Transformed,
    WeightedRandomSampler,
    datasets,
)
from minidl.data.transforms import Compose, Pad, RandomApply
from minidl.grading.course import builder, find_lesson


def pictures(n: int = 20) -> TensorDataset:
    x, y = datasets.digits("train", flat=False).tensors
    return TensorDataset(x[:n], y[:n], classes=[f"digit {i}" for i in range(10)])


def moving(n: int = 20) -> Transformed:
    return Transformed(pictures(n), Compose([Pad(2), RandomShift(3)]))


def states(inspector: BatchInspector) -> list[str]:
    return [one.state for one in inspector.findings]


LOADERS = {
    "shuffled": lambda g: DataLoader(moving(), 6, shuffle=True, generator=g),
    "in order": lambda g: DataLoader(moving(), 6, generator=g),
    "dropped": lambda g: DataLoader(moving(), 6, shuffle=True, drop_last=True, generator=g),
    "threads": lambda g: DataLoader(moving(), 6, shuffle=True, num_workers=2, generator=g),
    "weighted": lambda g: DataLoader(
        moving(), 6, sampler=WeightedRandomSampler([1.0] * 20, 20), generator=g
    ),
    "subset": lambda g: DataLoader(Subset(moving(), list(range(19, 3, -1))), 6, True, generator=g),
    "own groups": lambda g: DataLoader(moving(), batch_sampler=[[3, 1], [2]], generator=g),
    "no batches": lambda g: DataLoader(moving(), None, generator=g),
}


@pytest.mark.parametrize("make", LOADERS.values(), ids=LOADERS)
def test_it_shows_what_the_loader_hands_out(make):
    """Labels and pictures of the second batch of the second epoch, by another loader like it."""
    twin = make(minidl.Generator(7))
    list(twin)
    x, y = list(twin)[1]
    inspector = BatchInspector(make(minidl.Generator(1)), seed=7)
    inspector.go(epoch=1, batch=1)
    labels = [f"digit {i}" for i in np.atleast_1d(y.numpy())]
    assert [item["label"] for item in inspector.scene["items"]] == labels
    for item, picture in zip(inspector.scene["items"], x.reshape(-1, 12, 12), strict=True):
        drawn = np.array(item["picture"]["shades"]).reshape(12, 12)
        span = (picture.max() - picture.min()).item() or 1
        np.testing.assert_allclose(drawn, picture.numpy() / span * 255, atol=0.51)


def test_nothing_is_taken_from_the_loader():
    sampler = RandomSampler(pictures(), generator=minidl.Generator(4))
    loader = DataLoader(pictures(), 5, sampler=sampler, generator=minidl.Generator(3))
    before, default = loader.state_dict(), minidl.default_generator.state_dict()
    inspector = BatchInspector(loader)
    inspector.go(2, 3)
    inspector.begin_with(9)
    assert json.dumps(loader.state_dict(), default=str) == json.dumps(before, default=str)
    assert str(minidl.default_generator.state_dict()) == str(default)
    found = inspector.scene["items"]
    twin = DataLoader(pictures(), 5, sampler=deepcopy(sampler), generator=minidl.Generator(9))
    epochs = [[y.tolist() for _, y in twin] for _ in range(3)]
    assert [item["label"] for item in found] == [f"digit {i}" for i in epochs[2][3]]


def test_a_loader_of_ones_own_is_walked_through():
    scope: dict = {}
    for cell in builder.unsolved(find_lesson("06"))["cells"]:
        if cell["cell_type"] == "code" and cell["metadata"].get("exercise") in (
            "06.order",
            "06.loader",
        ):
            exec(f"import minidl\nfrom minidl.data import Sampler\n{cell['source']}", scope)
    loader = scope["Loader"](pictures(), 6, shuffle=True, seed=5)
    inspector = BatchInspector(loader, seed=5)
    inspector.go(1, 2)
    twin = scope["Loader"](pictures(), 6, shuffle=True, seed=5)
    list(twin)
    labels = [f"digit {i}" for i in list(twin)[2][1].tolist()]
    assert [item["label"] for item in inspector.scene["items"]] == labels
    assert inspector.scene["batches"] == 4
    first = next(iter(loader))[1].tolist()
    assert first == next(iter(scope["Loader"](pictures(), 6, shuffle=True, seed=5)))[1].tolist()


def test_steps_are_shown_one_by_one():
    twice = Transformed(Transformed(pictures(), Pad(2)), RandomShift(2))
    inspector = BatchInspector(DataLoader(twice, 4), Normalize(0.5, 2.0))
    titles = [(step["title"], step["random"]) for step in inspector.scene["steps"]]
    assert titles == [
        ("as it lies there", False),
        ("Pad(2)", False),
        ("RandomShift(2)", True),
        ("Normalize", False),
    ]
    assert inspector.scene["steps"][0]["facts"].startswith("1×8×8, 0 to 0.938, mean")
    assert inspector.scene["steps"][1]["facts"].startswith("1×12×12, 0 to 0.938, mean")
    assert inspector.scene["steps"][3]["facts"].startswith("1×12×12, −0.25 to 0.219, mean")


def test_a_function_that_draws_is_found_out():
    steps = chain(pictures(), [lambda x: x + 1, lambda x: x + minidl.rand(1), RandomApply([], 0.1)])
    assert [step.random for step in steps.steps] == [False, True, True]


def test_a_step_that_fails_is_told_and_the_rest_is_shown():
    def fails(x):
        raise ValueError("no, thank you")

    inspector = BatchInspector(pictures(), [Pad(1), fails, Pad(1)])
    assert inspector.scene["problem"] == "fails raised ValueError: no, thank you"
    assert len(inspector.scene["steps"]) == 2
    assert inspector.scene["after"] is None
    assert "<svg" in inspector._repr_mimebundle_()[0]["image/svg+xml"]


def test_numbers_before_and_after():
    train = datasets.wine("train")
    inspector = BatchInspector(DataLoader(train, 8), Normalize.fit(train))
    assert inspector.scene["features"][:2] == ["all numbers", "number 0"]
    inspector._hear(None, {"type": "compare", "feature": 13}, [])
    column = train.tensors[0][:, 12].numpy()
    assert float(inspector.scene["before"]["mean"]) == pytest.approx(column.mean(), rel=5e-3)
    assert float(inspector.scene["before"]["spread"]) == pytest.approx(column.std(), rel=5e-3)
    assert sum(inspector.scene["before"]["counts"]) == len(train)
    after = inspector.scene["after"]
    assert (after["mean"], after["spread"]) == ("0", "1")
    inspector._hear(None, {"type": "compare", "feature": 14}, [])
    assert inspector.scene["feature"] == 13, "there is no such one"


# ---------------------------------------------------------------- leaks


def test_items_in_both_sets_are_found_wherever_they_lie():
    x, y = pictures(20).tensors
    train, other = TensorDataset(x[:15], y[:15]), TensorDataset(x[13:], y[13:])
    found = BatchInspector(train, validation=other)
    assert states(found) == ["alarm", "open", "fine"]
    assert found.findings[0].words == "2 items are in both sets (13 is 0 there, 14 is 1 there)."
    moved = Transformed(ConcatDataset([train]), RandomShift(1))
    assert states(BatchInspector(moved, validation=DataLoader(other, 3)))[0] == "alarm"
    assert states(BatchInspector(train, validation=Subset(other, [2, 3, 4])))[0] == "fine"


@pytest.mark.parametrize(
    ("measured_on", "state", "words"),
    [
        ("train", "fine", "measured on the training set"),
        ("test", "alarm", "measured on the other set"),
        ("all", "alarm", "measured on both sets together"),
    ],
)
@pytest.mark.parametrize("how", ["beforehand", "on the way", "beside"])
def test_a_scale_says_on_what_it_was_measured(measured_on: str, state: str, words: str, how: str):
    train, test = datasets.wine("train"), datasets.wine("test")
    scale = Normalize.fit(datasets.wine(measured_on))
    if how == "beside":
        found = BatchInspector(DataLoader(train, 8), scale, validation=test)
    else:
        change = (lambda d: scale.apply(d)) if how == "beforehand" else None
        change = change or (lambda d: Transformed(d, scale))
        found = BatchInspector(DataLoader(change(train), 8), validation=change(test))
    assert found.findings[1].state == state
    assert words in found.findings[1].words
    assert states(found)[::2] == ["fine", "fine"]


@pytest.mark.parametrize("along", [None, (0, 2, 3), 0])
def test_a_scale_of_pictures_is_known_by_dot_channel_or_whole(along):
    train = pictures(30)
    inspector = BatchInspector(Transformed(train, Normalize.fit(train, along)))
    assert inspector.findings[0].state == "fine"


def test_each_on_its_own_scale_is_an_alarm():
    sets = [Normalize.fit(d).apply(d) for d in (datasets.wine("train"), datasets.wine("test"))]
    found = BatchInspector(sets[0], validation=sets[1]).findings[1]
    assert found.state == "alarm" and "scale of its own" in found.words


def test_a_set_that_is_only_judged_is_not_changed_at_random():
    found = BatchInspector(moving(), validation=Transformed(pictures(), RandomShift(1)))
    assert found.findings[2].state == "alarm"
    assert found.findings[2].words == "The other set is changed at random, by RandomShift(1)."
    assert states(BatchInspector(moving(), validation=pictures()))[2] == "fine"


def test_without_another_set_it_asks_for_one():
    found = BatchInspector(pictures()).findings
    assert "validation=" in found[-1].words and found[-1].state == "open"


# ---------------------------------------------------------------- messages, odd data


def test_what_the_page_asks_is_done():
    inspector = BatchInspector(DataLoader(pictures(), 6))
    for message, place in (
        ({"type": "go", "epoch": 0, "batch": 3, "place": 1}, (0, 3, 1)),
        ({"type": "go", "epoch": 2, "batch": 99, "place": 99}, (2, 3, 1)),
        ({"type": "go", "epoch": -5, "batch": -1, "place": -1}, (0, 0, 0)),
        ({"type": "go", "epoch": "x"}, (0, 0, 0)),
        ({}, (0, 0, 0)),
    ):
        inspector._hear(None, message, [])
        assert tuple(inspector.scene[key] for key in ("epoch", "batch", "place")) == place
    inspector._hear(None, {"type": "seed", "seed": " 12 "}, [])
    assert inspector.scene["seed"] == "12" and inspector.scene["problem"] == ""
    for text in ("-1", "x", "1.5", "9" * 40):
        inspector._hear(None, {"type": "seed", "seed": text}, [])
        assert "whole number" in inspector.scene["problem"] and inspector.scene["seed"] == "12"


class Texts:
    """A data set of one's own, with names in place of numbers."""

    def __len__(self):
        return 3

    def __getitem__(self, i):
        return {"text": "abc"[i]}


def test_any_data_is_shown():
    assert BatchInspector(Texts()).scene["items"][0]["text"].startswith("{'text':")
    rows = BatchInspector(TensorDataset(minidl.arange(40).reshape(2, 20)), validation=Texts())
    assert rows.scene["items"][0]["numbers"][-1] == "... 12 more"
    colour = TensorDataset(minidl.rand(3, 3, 40, 60), minidl.rand(3, 2))
    scene = BatchInspector(colour).scene
    assert (scene["items"][0]["picture"]["columns"], scene["items"][0]["label"]) == (20, "2")
    assert scene["features"] == ["all numbers", "number 0", "number 1", "number 2"]
    nans = TensorDataset(minidl.tensor([[float("nan"), 1.0], [2.0, float("inf")]]))
    for inspector in (rows, BatchInspector(colour), BatchInspector(nans), BatchInspector(Texts())):
        json.dumps(inspector.scene, allow_nan=False)
        bundle = inspector._repr_mimebundle_()[0]
        assert 'class="mdl-svg"' in bundle["image/svg+xml"]
        assert bundle["text/plain"] == str(inspector)


def test_what_cannot_be_inspected_is_refused():
    class Stream(IterableDataset):
        def __iter__(self):
            yield 1

    with pytest.raises(TypeError, match="numbered items"):
        BatchInspector(Stream())
    with pytest.raises(TypeError, match="has not"):
        BatchInspector(DataLoader(Stream()))
    with pytest.raises(TypeError, match="has no `dataset`"):
        peek([1, 2], 0, 0)
    with pytest.raises(ValueError, match="no items"):
        BatchInspector(TensorDataset(minidl.zeros(0, 2)))
    with pytest.raises(TypeError, match="a function or a transform"):
        BatchInspector(pictures(), 3)  # type: ignore[arg-type]


def test_it_says_what_it_is():
    inspector = BatchInspector(DataLoader(moving(), 6), validation=pictures())
    assert str(inspector) == (
        "BatchInspector: epoch 1, batch 1 of 4, 6 items, seed 0; 2 steps; 1 alarm"
    )
