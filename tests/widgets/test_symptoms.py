"""The symptom panel without a page: each ailment is found where it is, and nowhere else."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from minidl_widgets import SymptomPanel
from minidl_widgets.checkup import Checkup
from minidl_widgets.findings import Finding, graded, listed, percent, short
from minidl_widgets.patients import sound_step
from minidl_widgets.symptoms import _counted

import minidl
from minidl import nn, optim
from minidl.nn.functional import cross_entropy

pytestmark = pytest.mark.usefixtures("dice")


@pytest.fixture
def dice() -> None:
    minidl.manual_seed(0)


def data(rows: int = 40, columns: int = 6, classes: int = 4) -> tuple[Any, Any]:
    return minidl.randn(rows, columns), minidl.arange(rows) % classes


def network(*bends: nn.Module) -> nn.Sequential:
    bends = bends or (nn.ReLU(),)
    inner = [part for bend in bends for part in (nn.Linear(16, 16), bend)]
    return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), *inner, nn.Linear(16, 4))


def panel(model: nn.Module | None = None, loss: Any = cross_entropy, **more: Any) -> SymptomPanel:
    model = network() if model is None else model
    more.setdefault("optimizer", optim.SGD(model.parameters(), lr=0.05))
    batch = more.pop("batch", None) or data()
    return SymptomPanel(model, loss, batch, **more)


def found(made: SymptomPanel, ailment: str) -> Finding:
    return next(finding for finding in made.findings if finding.ailment == ailment)


def names(made: SymptomPanel) -> list[str]:
    return [finding.ailment for finding in made.checkup.ill]


# ---------------------------------------------------------------- the healthy


@pytest.mark.parametrize(
    "model",
    [
        network(),
        network(nn.Tanh(), nn.GELU()),
        nn.Sequential(nn.Linear(6, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 4)),
        nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 4)),
        nn.Linear(6, 4),
    ],
    ids=["relu", "tanh", "batch norm", "dropout", "one layer"],
)
@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam])
def test_nothing_ails_a_healthy_network(model, kind):
    optimizer = kind(model.parameters(), lr=0.01)
    made = panel(model, optimizer=optimizer, validation=data(), learned=data(200))
    assert names(made) == [] and made.scene["problem"] == ""
    assert str(made) == "SymptomPanel: nothing ails it"
    assert found(made, "leak").measured.startswith("0 of 40")


def test_pictures_words_and_other_losses_are_examined_too():
    pictures = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3))
    batch = minidl.randn(10, 1, 8, 8), minidl.arange(10) % 3
    made = panel(pictures, nn.CrossEntropyLoss(), batch=batch)
    assert names(made) == [] and made.scene["layers"][0]["name"] == "0: Conv2d"
    batch = minidl.randn(24, 1, 8, 8), minidl.arange(24) % 3
    made = panel(pictures, nn.CrossEntropyLoss(), batch=batch)
    assert found(made, "label among the inputs").grade == 0 and made.scene["problem"] == ""

    words = nn.Sequential(nn.Embedding(9, 6), nn.Flatten(), nn.Linear(18, 2))
    made = panel(words, batch=(minidl.randint(0, 9, (12, 3)), minidl.arange(12) % 2))
    assert names(made) == [] and found(made, "raw inputs").grade is None

    line = nn.Linear(6, 1)
    made = panel(line, nn.MSELoss(), batch=(minidl.randn(12, 6), minidl.randn(12, 1)))
    assert names(made) == [] and found(made, "softmax twice").grade is None
    made = panel(line, nn.MSELoss(reduction="sum"), batch=(minidl.randn(3, 6), minidl.randn(3, 1)))
    assert "wrong axis" not in names(made)


class Last(nn.Module):
    """Scores the last step of a recurrent net, or the mean of an attending one."""

    def __init__(self, inner, width):
        super().__init__()
        self.inner, self.out = inner, nn.Linear(width, 4)

    def forward(self, x):
        found = self.inner(x)
        return self.out(found[0][:, -1] if isinstance(found, tuple) else found.mean(1))


@pytest.mark.parametrize(
    "inner",
    [
        nn.LSTM(6, 12, batch_first=True),
        nn.TransformerEncoderLayer(6, 2, 12, dropout=0.0, batch_first=True),
    ],
    ids=["LSTM", "transformer"],
)
def test_series_are_examined_too(inner):
    model = Last(inner, 12 if isinstance(inner, nn.LSTM) else 6)
    batch = minidl.randn(24, 5, 6), minidl.arange(24) % 4
    made = panel(model, batch=batch, optimizer=optim.Adam(model.parameters(), lr=0.01))
    made.step(5)
    assert names(made) == [] and made.scene["problem"] == ""


def test_words_told_at_every_place_are_examined_too():
    words = minidl.randint(0, 9, (8, 5))
    model = nn.Sequential(nn.Embedding(9, 6), nn.Linear(6, 9))

    def every_place(scores, target):
        return cross_entropy(scores.reshape(-1, 9), target.reshape(-1))

    made = panel(model, every_place, batch=(words, words))
    assert names(made) == [] and made.scene["problem"] == ""
    assert found(made, "loss too high").grade is None, "it knows of no classes here"


def test_a_deep_plain_network_has_uneven_gradients():
    layers = [part for _ in range(25) for part in (nn.Linear(16, 16), nn.ReLU())]
    model = nn.Sequential(nn.Linear(6, 16), *layers, nn.Linear(16, 4))
    assert "uneven gradients" in names(panel(model, optimizer=None))


def test_a_model_of_several_inputs_is_handed_them_one_by_one():
    class Pair(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.other = nn.Linear(3, 4), nn.Linear(2, 4)

        def forward(self, x, y):
            return self.one(x) + self.other(y)

    batch = (minidl.randn(24, 3), minidl.randn(24, 2)), minidl.arange(24) % 4
    made = panel(Pair(), batch=batch, step=lambda m, o, f, x, y: sound_step(Both(m), o, f, x, y))
    assert names(made) == [] and made.scene["problem"] == ""


class Both(nn.Module):
    """Hands a pair of inputs on one by one."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(*x)


# ---------------------------------------------------------------- the ill


def test_dead_units_are_counted_and_the_part_is_named():
    model = network()
    nn.init.constant_(model.get_submodule("2").bias, -50.0)
    made = panel(model)
    assert names(made) == ["dead units"]
    one = found(made, "dead units")
    assert (one.place, one.word) == ("3: ReLU", "critical")
    assert one.measured == "16 of 16 units give 0 for every example"


def test_dead_units_are_found_by_their_gradients_where_relu_is_a_function():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = nn.Linear(6, 10), nn.Linear(10, 4)

        def forward(self, x):
            return self.last(nn.functional.relu(self.first(x)))

    model = Plain()
    with minidl.no_grad():
        model.first.bias[:6] = -50.0
    one = found(panel(model), "dead units")
    assert (one.place, one.word) == ("first.weight", "serious")
    assert one.measured == "6 of 10 rows of weights get no gradient at all"


@pytest.mark.parametrize(
    ("spread", "ailment"), [(3.0, "exploding signal"), (0.002, "vanishing signal")]
)
def test_a_signal_that_grows_or_shrinks(spread: float, ailment: str):
    model = network(nn.ReLU(), nn.ReLU())
    for part in model:
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, 0, spread)
            nn.init.zeros_(part.bias)
    found_there = names(panel(model, optimizer=None))
    other = {"exploding signal", "vanishing signal"} - {ailment}
    assert ailment in found_there and not other & set(found_there)


def test_saturation():
    model = network(nn.Tanh())
    nn.init.normal_(model.get_submodule("2").weight, 0, 30)
    one = found(panel(model, optimizer=None), "saturation")
    assert one.place == "3: Tanh" and one.grade and one.grade >= 2


def test_the_first_part_that_gives_no_number_is_named():
    model = network()
    with minidl.no_grad():
        model.get_submodule("2").weight[0, 0] = math.inf
    one = found(panel(model), "not a number")
    assert (one.place, one.word) == ("2: Linear(16, 16)", "critical")
    one = found(panel(loss=lambda s, y: cross_entropy(s, y) * math.nan), "not a number")
    assert one.place == "the loss"


def test_a_loss_far_above_that_of_who_knows_nothing():
    model = network()
    with minidl.no_grad():
        model.get_submodule("4").bias[0] = 30.0
    one = found(panel(model), "loss too high")
    assert one.grade == 2 and one.limit == "more than 2.08, 1.5 times ln 4"


def test_a_softmax_along_the_batch_in_the_loss_or_in_the_model():
    def crowd(scores, labels):
        return -scores.softmax(0)[minidl.arange(len(labels)), labels].log().mean()

    made = panel(loss=crowd)
    assert names(made)[0] == "wrong axis"
    assert found(made, "wrong axis").place.startswith("crowd, line ")
    made = panel(nn.Sequential(nn.Linear(6, 4), nn.Softmax(0)), lambda p, y: -p[:, 0].mean())
    assert found(made, "wrong axis").place == "1: Softmax"


def test_a_softmax_taken_twice_by_the_loss_or_by_model_and_loss():
    def timid(scores, labels):
        return cross_entropy(scores.softmax(1), labels)

    one = found(panel(loss=timid), "softmax twice")
    assert (one.grade, one.measured) == (3, "a perfect answer costs 0.744")
    one = found(panel(nn.Sequential(nn.Linear(6, 4), nn.Softmax(1))), "softmax twice")
    assert (one.grade, one.place) == (3, "1: Softmax")
    fine = nn.Sequential(nn.Linear(6, 4), nn.LogSoftmax(1))
    assert found(panel(fine, nn.NLLLoss()), "softmax twice").grade == 0


def heavy(model, optimizer, loss_fn, x, y):
    loss_fn(model(x), y).backward()
    optimizer.step()


@pytest.mark.parametrize("kind", [optim.SGD, optim.AdamW])
def test_gradients_that_pile_up(kind):
    model = network(nn.Dropout(0.3))
    made = panel(model, optimizer=kind(model.parameters(), lr=0.01), step=heavy)
    assert names(made) == ["gradients pile up"]
    times = float(found(made, "gradients pile up").measured.split()[3])
    assert 1.5 < times < 2.5


def test_a_step_that_wipes_afterwards_and_one_that_clips_are_healthy():
    def wipes(model, optimizer, loss_fn, x, y):
        heavy(model, optimizer, loss_fn, x, y)
        optimizer.zero_grad()

    def clips(model, optimizer, loss_fn, x, y):
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.01)
        optimizer.step()

    assert names(panel(step=wipes)) == names(panel(step=clips)) == []


def test_a_step_that_never_turns():
    made = panel(step=lambda model, optimizer, loss_fn, x, y: loss_fn(model(x), y).backward())
    assert "never asked to turn" in found(made, "gradients pile up").measured


class Listed(nn.Module):
    """Layers in a plain list, or in a dictionary."""

    def __init__(self, keep):
        super().__init__()
        self.inner = keep(nn.Linear(6, 6), nn.Linear(6, 6))
        self.last = nn.Linear(6, 4)

    def forward(self, x):
        layers = self.inner.values() if isinstance(self.inner, dict) else self.inner
        for layer in layers:
            x = layer(x).tanh()
        return self.last(x)


@pytest.mark.parametrize(
    "keep", [lambda *all: list(all), lambda *all: all, lambda *all: dict(enumerate(all))]
)
def test_dials_in_a_plain_collection_are_found_and_named(keep):
    made = panel(Listed(keep))
    one = found(made, "dials left out")
    assert one.grade == 3 and one.place.startswith("inner[0].weight, inner[0].bias")
    assert one.measured == "84 dials lie where `parameters()` does not find them"
    rows = [row["name"] for row in made.scene["layers"]]
    assert rows == ["inner[0]: Linear(6, 6)", "inner[1]: Linear(6, 6)", "last: Linear(6, 4)"]
    assert names(panel(Listed(lambda *all: nn.ModuleList(all)))) == []


def test_dials_that_the_optimiser_never_got_or_that_nothing_uses():
    model = network()
    half = optim.SGD(model.get_submodule("4").parameters(), lr=0.05)
    one = found(panel(model, optimizer=half), "dials left out")
    assert one.measured == "384 dials were not given to the optimiser"
    model = network()
    model.get_submodule("1").spare = nn.Parameter(minidl.ones(2))  # nothing uses it
    one = found(panel(model), "dials left out")
    assert (one.place, one.measured) == ("1.spare", "1 of 7 parameters get no gradient")
    frozen = network()
    frozen.get_submodule("0").requires_grad_(False)
    assert names(panel(frozen)) == []


def test_a_rate_that_is_too_high():
    model = network()
    made = panel(model, optimizer=optim.SGD(model.parameters(), lr=30.0))
    assert "rate too high" in names(made)


def test_underflow_in_a_step_of_short_numbers():
    from copy import deepcopy

    def short_step(model, optimizer, loss_fn, x, y, scale=1.0):
        optimizer.zero_grad()
        half = deepcopy(model).half()
        (loss_fn(half(x.half()).float(), y) * scale).backward()
        for p, q in zip(model.parameters(), half.parameters(), strict=True):
            p.grad = q.grad.float() / scale
        optimizer.step()

    def faint(scores, labels):
        return cross_entropy(scores, labels) / 1e6

    one = found(panel(loss=faint, step=short_step), "underflow")
    assert (one.grade, one.place.split(",")[0]) == (3, "short_step")
    well = lambda *five: short_step(*five, scale=4096.0)  # noqa: E731
    assert found(panel(loss=faint, step=well), "underflow").grade == 0
    one = found(panel(loss=lambda s, y: cross_entropy(s, y) / 1e9, optimizer=None), "underflow")
    assert (one.grade, one.place) == (1, "the walk back")


def test_raw_inputs_and_a_column_that_is_the_label():
    x, y = data()
    x[:, 2] *= 900
    one = found(panel(batch=(x, y)), "raw inputs")
    assert (one.grade, one.place) == (3, "column 2 of the inputs")
    x, y = data()
    x[:, 5] = y.float() / 2 - 1
    one = found(panel(batch=(x, y)), "label among the inputs")
    assert (one.grade, one.place) == (2, "column 5 of the inputs")


def test_examples_of_the_exam_that_were_learned():
    x, y = data(100)
    exam = minidl.cat([x[:5], minidl.randn(15, 6)]), y[:20]
    one = found(panel(batch=(x[50:], y[50:]), learned=(x, y), validation=exam), "leak")
    assert (one.grade, one.measured) == (3, "5 of 20 examples of the exam were learned from (25 %)")
    assert found(panel(batch=(x, y), validation=exam), "leak").grade == 3, "the batch, without more"
    other = (exam[0].double(), exam[1])
    assert found(panel(batch=(x, y), validation=other), "leak").grade == 3, "in another dtype, too"


def share(model, x, y):
    with minidl.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


@pytest.mark.parametrize("moody", [nn.Dropout(0.5), nn.BatchNorm1d(16)])
def test_an_exam_in_training_mode(moody):
    def fair(model, x, y):
        before = model.training
        model.eval()
        result = share(model, x, y)
        model.train(before)
        return result

    def forgets(model, x, y):
        model.eval()
        return share(model, x, y)

    model = network(moody)
    one = found(panel(model, evaluate=share), "exam in training mode")
    assert one.grade == 3 and f"3: {type(moody).__name__}" in one.place
    assert found(panel(model, evaluate=forgets), "exam in training mode").grade == 2
    assert found(panel(model, evaluate=fair), "exam in training mode").grade == 0
    assert found(panel(network(), evaluate=share), "exam in training mode").grade == 0


# ---------------------------------------------------------------- the panel


def state(made: SymptomPanel) -> list[np.ndarray]:
    model, optimizer = made.patient.model, made.patient.optimizer
    arrays = [t.numpy().copy() for t in model.state_dict().values()]
    memory = [v for one in optimizer.state.values() for v in one.values() if hasattr(v, "numpy")]
    return arrays + [v.detach().numpy().copy() for v in memory]


def test_an_examination_changes_nothing():
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Dropout(0.4), nn.Linear(8, 4))
    made = panel(model, optimizer=optim.Adam(model.parameters(), lr=0.01), evaluate=share)
    made.step()
    gradients = [p.grad for p in model.parameters()]
    before, drawn = state(made), minidl.get_rng_state()
    made.examine()
    assert all(map(np.array_equal, before, state(made)))
    assert all(p.grad is g for p, g in zip(model.parameters(), gradients, strict=True))
    assert str(minidl.get_rng_state()) == str(drawn)
    assert model.training and made.patient.optimizer.steps_taken == 1


def test_messages_step_examine_and_take_all_back():
    made = panel()
    first = state(made)
    made._hear(None, {"type": "step", "count": 3}, None)
    assert made.steps == 3 and made.scene["said"].startswith("After 3 steps: no symptoms")
    assert not np.array_equal(first[0], state(made)[0])
    nn.init.constant_(made.patient.model.get_submodule("0").bias, -50.0)
    made._hear(None, {"type": "examine"}, None)
    assert made.scene["ill"][0]["new"] and "dead units" in str(made)
    made._hear(None, {"type": "reset"}, None)
    assert made.steps == 0 and all(map(np.array_equal, first, state(made)))
    serial = made.scene["serial"]
    for other in ({}, {"type": "step"}, {"type": "step", "count": "many"}, {"type": "cure"}):
        made._hear(None, other, None)
    assert made.scene["serial"] == serial


def test_steps_follow_the_batches_round_and_round():
    fed: list[float] = []

    def step(model, optimizer, loss_fn, x, y):
        fed.append(x.sum().item())
        sound_step(model, optimizer, loss_fn, x, y)

    pairs = [(minidl.full((8, 6), float(i)), minidl.arange(8) % 4) for i in (1, 2)]
    made = panel(step=step, batches=pairs)
    fed.clear()
    made._take(5)
    assert [one / 48 for one in fed] == [1, 2, 1, 2, 1]


def test_what_stops_is_told_and_the_rest_is_examined():
    made = panel(batch=(minidl.randn(8, 5), minidl.arange(8) % 4))
    assert made.scene["problem"].startswith("The batch stopped: ")
    assert found(made, "raw inputs").grade == 0
    made = panel(optimizer=None)
    made.step()
    assert "hand over optimizer=" in made.scene["problem"]

    def typo(*_):
        raise KeyError("x")

    assert "The step stopped: KeyError" in panel(step=typo).scene["problem"]


def test_a_loss_that_takes_only_its_own_batch_is_asked_no_more():
    def picky(scores, labels):
        if len(scores) != 40:
            raise ValueError("forty, please")
        return cross_entropy(scores, labels)

    made = panel(loss=picky)
    assert made.scene["problem"] == "" and names(made) == []
    for ailment in ("wrong axis", "softmax twice"):
        assert "forty, please" in found(made, ailment).means


class Mine:
    """An optimiser that shares nothing with minidl's but two methods."""

    def __init__(self, dials, lr=0.05):
        self.dials, self.lr = list(dials), lr

    def zero_grad(self):
        for dial in self.dials:
            dial.grad = None

    def step(self):
        with minidl.no_grad():
            for dial in self.dials:
                dial -= self.lr * dial.grad


def test_an_optimiser_of_ones_own_is_taken_too():
    model = network()
    before = model.get_submodule("0").weight.detach().numpy().copy()
    made = panel(model, optimizer=Mine(model.parameters()))
    assert names(made) == []
    assert names(panel(model, optimizer=Mine(model.parameters()), step=heavy)) == [
        "gradients pile up"
    ]
    made.step(2)
    made.reset()
    assert np.array_equal(before, model.get_submodule("0").weight.detach().numpy())


def test_names_can_be_kept_back():
    model = network()
    nn.init.constant_(model.get_submodule("2").bias, -50.0)
    made = panel(model, names=False)
    whole = json.dumps(made.scene) + str(made) + made._repr_mimebundle_()[0]["image/svg+xml"]
    assert "dead" not in whole and "16 of 16 units give 0" in whole
    assert str(made) == "SymptomPanel: symptom 1 (critical)"
    nn.init.zeros_(model.get_submodule("2").bias)
    made.examine()
    assert made.scene["said"].endswith("Gone since the last look: 1 of the symptoms.")


def test_the_picture_is_the_same_each_time_and_tells_what_the_page_tells():
    def made() -> SymptomPanel:
        minidl.manual_seed(3)
        model = network()
        nn.init.constant_(model.get_submodule("0").bias, -50.0)
        return panel(model)

    one, other = made()._repr_mimebundle_()[0], made()._repr_mimebundle_()[0]
    assert (
        one["image/svg+xml"] == other["image/svg+xml"] and 'class="mdl-svg"' in one["image/svg+xml"]
    )
    assert one["text/plain"] == "SymptomPanel: dead units (critical)"
    for words in ("dead units (critical)", "limit: more than a quarter", "Healthy: raw inputs"):
        assert words in one["image/svg+xml"]
    json.dumps(made().scene)  # plain


def test_what_is_no_patient_is_refused():
    with pytest.raises(TypeError, match="examines a Module, got function"):
        SymptomPanel(cross_entropy, cross_entropy, data())  # type: ignore
    with pytest.raises(TypeError, match="a pair"):
        SymptomPanel(network(), cross_entropy, minidl.randn(3, 6))  # type: ignore


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ([], "no symptoms"),
        ([1], "1 symptom, to watch"),
        ([3, 3], "2 symptoms, both critical"),
        ([2, 2, 2], "3 symptoms, all serious"),
        ([3, 1, 1], "3 symptoms, 1 critical and 2 to watch"),
    ],
)
def test_symptoms_are_counted_in_words(grades: list[int], words: str):
    looked = Checkup([Finding("x", grade) for grade in [*grades, 0, 0]], [], None)
    assert _counted(looked) == f"{words}; 2 things are healthy"


def test_numbers_are_told_shortly():
    assert [graded(x, 1, 2, 3) for x in (1, 1.5, 2.5, 9, math.nan)] == [0, 1, 2, 3, 3]
    assert [percent(x) for x in (0, 0.1234, 0.00123, 1, 13.47)] == [
        "0 %",
        "12 %",
        "0.12 %",
        "100 %",
        "1347 %",
    ]
    assert [short(x) for x in (2.3026, 1047.2, 1e7)] == ["2.3", "1047", "1e7"]
    assert listed(list("abcde")) == "a, b, c and 2 more"
