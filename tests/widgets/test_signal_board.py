"""The signal board without a page: networks begun anew, what is measured and told of them."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from minidl_widgets import SignalBoard
from minidl_widgets.beginnings import Network
from minidl_widgets.signal_curves import decades, story, view
from minidl_widgets.signals import Signal, Size

import minidl
from minidl import nn
from minidl.grading import install, remove


def deep(depth: int = 30, width: int = 50, bend: type = nn.ReLU) -> nn.Sequential:
    pairs = [(nn.Linear(width, width), bend()) for _ in range(depth)]
    return nn.Sequential(*(part for pair in pairs for part in pair))


def batch(width: int = 50) -> minidl.Tensor:
    minidl.manual_seed(1)
    return minidl.randn(100, width)


def last(board: SignalBoard) -> tuple[float, float]:
    """The signal in the last layer, and the gradient in the first."""
    layers = [one for one in board.signals if one.weight is not None]
    assert layers[0].back is not None
    return layers[-1].forward.rms, layers[0].back.rms


def test_thirty_layers_vanish_explode_and_stay_alive():
    board = SignalBoard(deep, batch(), begin="He")
    signal, gradient = last(board)
    assert 0.1 < signal < 10 and 0.1 < gradient < 10
    assert board.scene["views"]["layers with weights"]["story"].count("stays alive") == 2
    board.change(scale=0.5)
    smaller = last(board)
    assert smaller[0] == pytest.approx(signal * 0.5**30, rel=1e-3)
    assert smaller[1] == pytest.approx(gradient * 0.5**29, rel=1e-3), "the same dice"
    assert str(board).startswith("SignalBoard: He × 0.5, 30 layers. Forward, the signal shrinks")
    board.change(scale=2.0)
    assert str(board).count("explodes") == 2
    board.change(begin="Xavier", scale=1.0)
    assert str(board).count("vanishes") == 2, "Xavier leaves relu's half out"
    json.dumps(board.scene, allow_nan=False)


def test_a_trained_model_is_never_written_to():
    model = deep(3)
    model[0].weight.grad = minidl.ones(50, 50)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    minidl.manual_seed(7)
    expected = minidl.rand(2).tolist()
    x = batch()
    minidl.manual_seed(7)
    board = SignalBoard(model, x)
    as_it_is = last(board)
    for begin in ("Xavier", "He", "as it is"):
        board._hear(None, {"type": "begin", "begin": begin, "scale": 3, "seed": 5}, [])
    assert minidl.rand(2).tolist() == expected, "nor are the dice thrown"
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[name].numpy())
    assert model[0].weight.grad.tolist() == [[1.0] * 50] * 50
    board.change("as it is", 1.0)
    assert last(board) == as_it_is


def test_what_trained_since_is_seen():
    model = deep(2)
    board = SignalBoard(model, batch())
    with minidl.no_grad():
        model[0].weight.mul_(10)
    board.change(scale=1.0)
    weight = board.signals[0].weight
    assert weight is not None and weight.rms == pytest.approx(
        float(np.sqrt((model[0].weight.detach().numpy() ** 2).mean())), rel=1e-6
    )


def begun(network: Network, name: str, scale: float) -> nn.Sequential:
    made = network.begun(name, scale, 0)
    assert isinstance(made, nn.Sequential)
    return made


def test_beginnings_fill_each_weight_once_and_empty_biases():
    shared = nn.Linear(4, 4)
    model = nn.Sequential(shared, nn.BatchNorm1d(4), shared, nn.Conv1d(4, 2, 1))
    network = Network(model, {"twos": lambda weight: nn.init.constant_(weight, 2.0)})
    assert network.names == ["as it is", "twos", "Xavier", "He"]
    made = begun(network, "twos", 0.5)
    assert made[0].weight.tolist() == [[1.0] * 4] * 4, "once, though it stands in two places"
    assert made[0] is made[2] and made[0].bias.tolist() == [0] * 4
    assert set(made[3].weight.reshape(-1).tolist()) == {1.0}
    assert made[1].weight.tolist() == [1] * 4, "a norm's gain is no weight"
    kept = begun(network, "as it is", 2.0)
    np.testing.assert_allclose(kept[0].weight.detach().numpy(), 2 * shared.weight.detach().numpy())
    np.testing.assert_array_equal(kept[0].bias.detach().numpy(), shared.bias.detach().numpy())


def test_a_builder_gets_the_scale_if_it_takes_one():
    asked = []

    def make(scale):
        asked.append(scale)
        model = nn.Linear(3, 3)
        nn.init.constant_(model.weight, scale)
        return model

    board = SignalBoard(make, minidl.ones(1, 3), scale=4.0)
    assert asked == [4.0]
    assert board.signals[0].weight is not None and board.signals[0].weight.rms == 4
    board.change(begin="He", scale=0.5)
    assert asked[-1] == 1.0 and board.scene["begins"][0] == "as made"
    plain = SignalBoard(lambda: make(2.0), minidl.ones(1, 3), scale=4.0)
    assert plain.signals[0].weight is not None and plain.signals[0].weight.rms == 8


def test_the_learners_initialiser_is_at_work():
    board = SignalBoard(deep, batch(), begin="He")
    assert board.scene["whose"] == "by minidl’s kaiming_normal_"
    install("nn.init.kaiming_normal_", lambda tensor: nn.init.constant_(tensor, 0.25))
    try:
        board.change(scale=1.0)
        weight = board.signals[0].weight
        assert weight is not None and weight.rms == 0.25 and weight.spread == 0
        assert board.scene["whose"] == "by your kaiming_normal_"
    finally:
        remove("nn.init.kaiming_normal_")


def test_a_loss_of_ones_own_and_several_arguments():
    model = nn.Bilinear(3, 2, 1)
    x = minidl.ones(4, 3), minidl.ones(4, 2)
    board = SignalBoard(model, x, loss=lambda y: 3 * y.sum())
    assert board.signals[0].back == Size(3.0, 3.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"begin": "She", "scale": 1, "seed": 0}, "There is no beginning called She."),
        ({"begin": "He", "scale": 0, "seed": 0}, "between 0.01 and 100"),
        ({"begin": "He", "scale": 1e9, "seed": 0}, "between 0.01 and 100"),
        ({"begin": "He", "scale": math.nan, "seed": 0}, "between 0.01 and 100"),
    ],
)
def test_what_is_no_beginning_is_told_and_changes_nothing(message, words):
    board = SignalBoard(deep, batch(), begin="He")
    before = last(board)
    board._hear(None, {"type": "begin", **message}, [])
    assert words in board.scene["problem"] and last(board) == before
    serial = board.scene["serial"]
    for other in ({}, {"type": "begin", "begin": "He"}, {"type": "start"}):
        board._hear(None, other, [])
    assert board.scene["serial"] == serial, "not for us"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (lambda: 3, "TypeError: the builder made a int, and no Module."),
        (lambda: 1 / 0, "ZeroDivisionError: division by zero."),
        (lambda: nn.Linear(3, 3), "expects an input of shape"),
    ],
)
def test_a_network_that_does_not_run_is_told_of(source, words):
    board = SignalBoard(source, batch())
    assert words in board.scene["problem"] and words in str(board)
    assert "<svg" in board._repr_mimebundle_()[0]["image/svg+xml"]
    json.dumps(board.scene, allow_nan=False)


def test_what_is_no_network_is_refused():
    with pytest.raises(TypeError, match="A model or a function that makes one, got int"):
        SignalBoard(3, batch())
    with pytest.raises(TypeError, match="got ABCMeta"):
        SignalBoard(nn.ReLU, batch())
    with pytest.raises(ValueError, match="There is no beginning 'She'; there is as made, X"):
        SignalBoard(deep, batch(), begin="She")


def signal(size: float, back: float = 1.0) -> Signal:
    return Signal("0", "Linear", Size(size, 0, size, 0.5), Size(back, 0, back, 0))


def test_places_lie_on_the_scale_and_marks_at_its_edge():
    scale = decades([1.0])
    assert (scale.low, scale.high) == (-3, 3) and scale.y(1e-3) == 260 and scale.y(1e3) == 16
    assert scale.y(1.0) == 138 and scale.y(0.0) == 260 and scale.y(math.inf) == 16
    assert [tick["text"] for tick in scale.ticks()] == [
        *("0.001", "0.01", "0.1", "1", "10", "100", "1000")
    ]
    wide = decades([1e-30, 1e60])
    assert (wide.low, wide.high) == (-30, 40) and len(wide.ticks()) <= 9
    drawn = view([signal(0.0), signal(1e50), signal(math.inf), signal(math.nan), signal(1.0)])
    marks = [edge for *_, edge in drawn["series"][0]["points"]]
    assert marks == ["down", "up", "gone", "gone", ""]
    assert "50 % of it zeros" in drawn["says"][4] and "beyond all numbers" in drawn["says"][2]
    assert drawn["series"][2]["points"] == [], "no weights, no gradient of theirs"


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([1.0, 0.5, 0.05], "the signal shrinks from 1 to 0.05, × 0.224 a step: it vanishes."),
        ([1.0, 190.0], "the signal grows from 1 to 190, × 190 a step: it explodes."),
        ([2.0, 1.0], "the signal goes from 2 to 1, × 0.5 a step: it stays alive."),
        ([1.0, 0.0, 0.0], "the signal is 0 from step 2 of 3 on."),
        ([1.0, math.inf], "the signal has left all numbers behind from step 2 of 2 on."),
        ([3.0], "the signal has size 3."),
    ],
)
def test_the_story_of_a_signal(sizes, words):
    assert story([signal(size) for size in sizes]).startswith(f"Forward, {words}")
    assert story([]) == "There is no part whose numbers could be measured."


def test_the_picture_and_the_words_are_the_same_each_time():
    one, two = (SignalBoard(deep, batch(), begin="He")._repr_mimebundle_()[0] for _ in range(2))
    assert one["image/svg+xml"] == two["image/svg+xml"]
    assert 'class="mdl-svg"' in one["image/svg+xml"] and one["text/plain"] == two["text/plain"]
