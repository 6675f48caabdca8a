"""The landscape race without a page: messages in, scenes out, whoever runs and on whatever."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from minidl_widgets import LandscapeRace, LossSlice
from minidl_widgets.relief import View
from minidl_widgets.surfaces import heights

import minidl
from minidl import nn, optim


def bowl(x, y):
    return 0.5 * x**2 + 2 * y**2


class Mine:
    """An optimiser that shares nothing with minidl's but the method `step`."""

    def __init__(self, params, lr):
        self.params, self.lr = params, lr

    def step(self):
        with minidl.no_grad():
            for p in self.params:
                p -= self.lr * p.grad


RACERS = {
    "SGD": lambda ps: optim.SGD(ps, lr=0.1),
    "Adam": lambda ps: optim.Adam(ps, lr=0.1),
    "mine": lambda ps: Mine(ps, 0.1),
    "LBFGS": lambda ps: optim.LBFGS(ps, max_iter=2),
}


def test_each_racer_walks_as_it_would_alone():
    race = LandscapeRace(bowl, RACERS, start=(1.0, -0.5), steps=5)
    ways = {way.name: way.places for way in race.ways}
    x, y = 1.0, -0.5
    for step in range(6):
        for name in ("SGD", "mine"):
            assert ways[name][step] == pytest.approx((x, y, 0.5 * x * x + 2 * y * y), rel=1e-5)
        x, y = x - 0.1 * x, y - 0.1 * 4 * y
    p = minidl.tensor([1.0, -0.5], requires_grad=True)
    adam = optim.Adam([p], lr=0.1)
    for step in range(6):
        assert ways["Adam"][step][:2] == pytest.approx(p.tolist(), rel=1e-6)
        p.grad = minidl.tensor([p[0].item(), 4 * p[1].item()])
        adam.step()
    assert ways["LBFGS"][-1][2] < 1e-4
    assert [way["rate"] for way in race.scene["ways"]] == ["0.1", "0.1", "0.1", "1"]


def test_messages_move_the_start_and_the_rates_and_take_both_back():
    race = LandscapeRace(bowl, RACERS, start=(1.0, -0.5), steps=5)
    first = json.dumps({**race.scene, "serial": 0})
    race._hear(None, {"type": "start", "x": 0.25, "y": 7}, [])
    assert race.scene["start"] == [0.25, 1.25], "the nearest place on the map"
    assert all(way.places[0][:2] == (0.25, 1.25) for way in race.ways)
    race._hear(None, {"type": "rate", "name": "mine", "rate": "0,2"}, [])
    assert race.ways[2].places[1][1] == pytest.approx(1.25 - 0.2 * 5, rel=1e-5)
    assert race.ways[0].places[1][1] == pytest.approx(1.25 - 0.1 * 5, rel=1e-5)
    race._hear(None, {"type": "rate", "name": "SGD", "rate": "0.02"}, [])
    assert race.scene["ways"][0]["rate"] == "0.02"
    race._hear(None, {"type": "reset"}, [])
    assert json.dumps({**race.scene, "serial": 0}) == first


@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf", ""])
def test_what_is_no_rate_is_refused_in_words(text: str):
    race = LandscapeRace(bowl, RACERS, steps=2)
    race._hear(None, {"type": "rate", "name": "SGD", "rate": text}, [])
    assert "SGD keeps the one it has" in race.scene["problem"]
    assert race.scene["ways"][0]["rate"] == "0.1"


def test_other_messages_are_not_for_us():
    race = LandscapeRace(bowl, RACERS, steps=2)
    before = race.scene["serial"]
    for message in (
        {},
        {"type": "start", "x": "1"},
        {"type": "rate", "name": 3},
        {"kind": "reset"},
    ):
        race._hear(None, message, [])
    race._hear(None, {"type": "start", "x": math.nan, "y": 0.0}, [])
    assert race.scene["start"] == [1.0, 1.0] and race.scene["serial"] == before + 1


def test_who_blows_up_or_breaks_is_named_and_the_others_run_on():
    class Unwritten(Mine):
        def step(self):
            raise NotImplementedError("write it")

    racers = {
        "wild": lambda ps: optim.SGD(ps, lr=1e30),
        "empty": lambda ps: Unwritten(ps, 1),
        "calm": lambda ps: optim.SGD(ps, lr=0.1),
    }
    race = LandscapeRace(bowl, racers, steps=8)
    said = race.scene["problem"]
    assert "wild left all numbers behind at step" in said
    assert "empty: NotImplementedError: write it." in said
    assert len(race.ways[2].places) == 9 and len(race.ways[1].places) == 1
    json.dumps(race.scene, allow_nan=False)
    assert "wild left" in race._repr_mimebundle_()[0]["image/svg+xml"]


def test_a_slice_of_a_real_loss_leaves_the_model_as_it_was():
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    model[2].weight = nn.Parameter(model[2].weight.detach())
    x, target = minidl.randn(6, 3), minidl.arange(6) % 2

    def loss():
        return nn.functional.cross_entropy(model(x), target)

    before = {k: v.clone() for k, v in model.state_dict().items()}
    parameters = list(model.parameters())
    cut = LossSlice(model, loss)
    assert cut(minidl.tensor(0.0), minidl.tensor(0.0)).item() == pytest.approx(loss().item())
    a, b = (minidl.tensor(v, requires_grad=True) for v in (0.3, -0.2))
    cut(a, b).backward()
    h = 1e-2
    for mine, (da, db) in ((a, (h, 0)), (b, (0, h))):
        up, down = (
            cut(minidl.tensor(0.3 + s * da), minidl.tensor(-0.2 + s * db)).item() for s in (1, -1)
        )
        assert mine.grad.item() == pytest.approx((up - down) / (2 * h), rel=2e-2, abs=1e-3)
    LandscapeRace(cut, {"SGD": lambda ps: optim.SGD(ps, lr=0.1)}, (0.5, 0.5), 3)
    assert all(np.array_equal(v.numpy(), before[k].numpy()) for k, v in model.state_dict().items())
    assert all(p is q for p, q in zip(model.parameters(), parameters, strict=True))
    assert all(p.grad is None for p in parameters)


def test_directions_of_ones_own_and_how_many_there_must_be():
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 2.0)
    cut = LossSlice(model, lambda: model.weight.sum(), [[np.ones((1, 1))], [np.full((1, 1), 3.0)]])
    assert cut(minidl.tensor(1.0), minidl.tensor(2.0)).item() == 9
    with pytest.raises(ValueError, match="Two directions"):
        LossSlice(model, lambda: model.weight.sum(), [[np.ones((1, 1))]])


def test_heights_by_one_call_and_by_many_agree():
    many = heights(lambda x, y: bowl(x.reshape(()), y), (-1, 1), (-2, 2))
    once = heights(bowl, (-1, 1), (-2, 2))
    assert many[2].shape == (31, 31) and once[2].shape == (65, 65)
    for xs, ys, z in (many, once):
        assert z == pytest.approx(0.5 * xs[None, :] ** 2 + 2 * ys[:, None] ** 2, rel=1e-4, abs=1e-6)


def test_surfaces_that_are_flat_or_have_holes():
    flat = LandscapeRace(lambda x, y: x * 0 + 1, RACERS, steps=2)
    assert flat.scene["bands"] == [] and flat.ways[0].places[-1][2] == 1
    hole = LandscapeRace(lambda x, y: (x + 1).log() + y**2, RACERS, steps=2)
    assert hole.scene["bands"] and "nan" not in json.dumps(hole.scene["bands"])


def test_a_place_far_outside_can_still_be_drawn():
    assert View(0, 1, 0, 1).at(1e30, -1e30) == (11200.0, 11200.0)


def test_the_picture_and_the_words_are_the_same_each_time():
    one, two = (LandscapeRace(bowl, RACERS, steps=4)._repr_mimebundle_()[0] for _ in range(2))
    assert (
        one["image/svg+xml"] == two["image/svg+xml"] and 'class="mdl-svg"' in one["image/svg+xml"]
    )
    words = one["text/plain"]
    assert words.startswith("LandscapeRace: 4 steps from (1, 1): SGD 0.") and "mine" in words


def test_what_cannot_be_raced_is_refused():
    with pytest.raises(ValueError, match="at least one racer"):
        LandscapeRace(bowl, {})
    with pytest.raises(ValueError, match="smaller number first"):
        LandscapeRace(bowl, RACERS, across=(1, -1))
