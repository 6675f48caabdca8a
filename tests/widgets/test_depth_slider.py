"""The depth slider without a page: networks of any depth, what is measured and told of them."""

from __future__ import annotations

import json

import pytest
from minidl_widgets import DepthSlider

import minidl
from minidl import nn


def deep(depth: int, norm: bool = False, gain: float = 0.5) -> nn.Sequential:
    parts = []
    for _ in range(depth):
        layer = nn.Linear(8, 8)
        with minidl.no_grad():
            nn.init.eye_(layer.weight).mul_(gain)
            nn.init.zeros_(layer.bias)
        parts += [layer, *([nn.LayerNorm(8)] if norm else [])]
    return nn.Sequential(*parts)


def batch() -> minidl.Tensor:
    minidl.manual_seed(1)
    return minidl.randn(16, 8)


def halves(**options) -> DepthSlider:
    gains = {"gain": (0.5, 1.0), "norm": (False, True)}
    return DepthSlider(deep, batch(), choices=gains, depths=(2, 4, 8), **options)


def ask(made: DepthSlider, depth: int, seed: int = 0, **chosen: int) -> None:
    made._hear(None, {"type": "change", "depth": depth, "seed": seed, "chosen": chosen}, [])


def test_signals_shrink_with_each_layer_and_with_each_depth():
    made = halves()
    assert [made.scene["depth"], made.scene["range"], len(made.signals)] == [8, [2, 8], 8]
    sizes = [one.forward.rms for one in made.signals]
    assert sizes[-1] == pytest.approx(sizes[0] * 0.5**7, rel=1e-5)
    names = [one["name"] for one in made.scene["depthwise"]["series"]]
    assert names == ["signal at the end", "gradient at the first layer"], "no target, no loss"
    assert str(made).startswith("DepthSlider: depth 8, gain 0.5. At the start: gradient ")
    ask(made, 4, gain=0, norm=0)
    assert len(made.signals) == 4 and made.scene["said"] == "depth 4, gain 0.5"
    ask(made, 4, gain=1, norm=1)
    assert made.scene["said"] == "depth 4, gain 1.0, norm"
    assert [one["now"] for one in made.scene["switches"]] == [1, 1]
    assert made.scene["switches"][1]["values"] == ["off", "on"]
    json.dumps(made.scene, allow_nan=False)


def test_a_depth_between_two_that_are_compared_stands_between_them():
    made = halves(depth=3)
    low, high = made.scene["depthwise"]["xs"][:2]
    assert made.scene["depthwise"]["here"] == pytest.approx((low + high) / 2, abs=0.1)
    assert len(made.signals) == 3


def test_a_target_brings_the_loss_at_the_start():
    wanted = minidl.tensor([0] * 16)
    made = DepthSlider(deep, batch(), wanted, depths=(1, 3))
    first = deep(1)(batch())
    loss = nn.functional.cross_entropy(first, wanted).item()
    assert f"the loss begins at {loss:.3g}" in made.scene["depthwise"]["says"][0]
    assert made.scene["depthwise"]["series"][2]["name"] == "loss at the start"
    own = DepthSlider(deep, batch(), batch() / 2, loss=lambda y, t: (y - t).sum() + 7, depths=(1,))
    assert "the loss begins at 7." in str(own)
    near = DepthSlider(deep, batch(), batch() / 2, depths=(1,))
    assert "the loss begins at 0." in str(near), "mse_loss for numbers that are not whole"


def test_dice_are_repeated_and_nobody_elses_are_thrown():
    def thrown(depth: int) -> nn.Sequential:
        return nn.Sequential(*(nn.Linear(8, 8) for _ in range(depth)))

    x = batch()
    minidl.manual_seed(7)
    expected = minidl.rand(2).tolist()
    minidl.manual_seed(7)
    made = DepthSlider(thrown, x, depths=(2, 3))
    told = str(made)
    ask(made, 3, seed=1)
    assert str(made) != told
    ask(made, 3, seed=0)
    assert str(made) == told and minidl.rand(2).tolist() == expected


def test_a_model_handed_out_by_the_builder_is_left_as_it_was():
    model = deep(2)
    model[0].weight.grad = minidl.ones(8, 8)
    before = model[0].weight.tolist()
    DepthSlider(lambda depth: model, batch(), depths=(1, 2))
    assert model[0].weight.tolist() == before
    assert model[0].weight.grad.tolist() == [[1.0] * 8] * 8


def test_what_cannot_be_is_told_and_changes_nothing():
    made = halves()
    ask(made, 9)
    assert made.scene["problem"] == "The depth lies between 2 and 8." and made.scene["depth"] == 8
    made.change(gain=3)
    assert made.scene["problem"] == "There is no gain=3 to choose."
    made.change(bend="relu")
    assert made.scene["problem"] == "There is no bend='relu' to choose."
    ask(made, 4, gain=7)
    assert (made.scene["depth"], made.scene["switches"][0]["now"]) == (4, 0), "no such choice"
    serial = made.scene["serial"]
    for other in ({}, {"type": "change", "depth": 3}, {"type": "start"}):
        made._hear(None, other, [])
    assert made.scene["serial"] == serial, "not for us"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda depth: 3, "TypeError: the builder made a int, and no Module"),
        (lambda depth: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda depth: nn.Linear(3, 3), "expects an input of shape"),
    ],
)
def test_a_network_that_does_not_run_is_told_of(make, words):
    made = DepthSlider(make, batch(), depths=(2, 3))
    assert words in made.scene["problem"] and words in str(made)
    assert words in made.scene["depthwise"]["says"][0]
    assert "<svg" in made._repr_mimebundle_()[0]["image/svg+xml"]
    json.dumps(made.scene, allow_nan=False)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"make": deep(2)}, TypeError, "is wanted, got Sequential"),
        ({"depths": ()}, ValueError, "each larger than the last"),
        ({"depths": (3, 2)}, ValueError, "each larger than the last"),
        ({"depth": 60}, ValueError, "depth=60 lies outside 2 to 50"),
        ({"choices": {"norm": ()}}, ValueError, "The switch norm has nothing to be set to"),
        ({"loss": nn.functional.mse_loss}, ValueError, "A loss compares with a target: give one"),
    ],
)
def test_what_is_no_question_is_refused(options, error, words):
    with pytest.raises(error, match=words):
        DepthSlider(**{"make": deep, "x": batch(), **options})


def test_the_picture_and_the_words_are_the_same_each_time():
    one, two = (halves()._repr_mimebundle_()[0] for _ in range(2))
    assert one["image/svg+xml"] == two["image/svg+xml"]
    assert 'class="mdl-svg"' in one["image/svg+xml"]
    assert one["text/plain"] == two["text/plain"] and len(one["text/plain"]) < 200
