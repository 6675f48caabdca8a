"""The run: the same numbers however it is driven, a beginning and an end for every callback."""

import gc
import threading
from itertools import islice

import pytest

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, IterableDataset
from minidl.training import Callback, Trainer, accuracy, mean_absolute_error

from .runs import numbers, small, weights


class Diary(Callback):
    """Writes down what it is called for."""

    def __init__(self):
        self.entries: list[str] = []

    def initialise(self, trainer):
        self.entries.append(f"initialise {trainer.step}")

    def before_step(self, trainer):
        self.entries.append("before")

    def after_step(self, trainer, observation):
        self.entries.append(f"after {observation['step']}")

    def after_epoch(self, trainer, observation):
        self.entries.append(f"epoch {trainer.epoch}")

    def on_error(self, trainer, error):
        self.entries.append(f"error {type(error).__name__}")

    def finalise(self, trainer):
        self.entries.append("finalise")


def test_an_observation_says_all():
    trainer = small(epochs=2)
    history = trainer.run()
    first, fifth = history[0], history[4]
    assert {"step", "epoch", "loss", "lr", "accuracy", "grad_norm", "seconds"} == set(first)
    assert first["step"] == 1 and first["epoch"] == 1
    assert set(fifth) - set(first) == {"valid_loss", "valid_accuracy"}
    assert [seen["step"] for seen in history] == list(range(1, 11))
    assert [seen["epoch"] for seen in history] == [1] * 5 + [2] * 5
    assert trainer.total_steps == 10 and trainer.step == 10 and trainer.epoch == 2
    assert trainer.finished and trainer.history is history


def test_it_learns():
    history = small(epochs=30).run()
    assert history[-1]["valid_accuracy"] > 0.95


@pytest.fixture(scope="module")
def thousand():
    whole = small(epochs=200)
    whole.run()
    return whole


@pytest.mark.parametrize("workers", [0, 2])
def test_a_thousand_steps_in_slices_equal_run(thousand, workers):
    sliced = small(epochs=200, workers=workers)
    sizes = iter([1, 7, 3, 50, 2, 13] * 30)
    while not sliced.finished:
        list(islice(sliced, next(sizes)))
    list(sliced)
    assert sliced.step == 1000
    assert numbers(sliced.history) == numbers(thousand.history)
    assert weights(sliced) == weights(thousand)


def test_stopping_and_going_on_changes_nothing():
    whole = small()
    whole.run()
    parted = small()
    for observation in parted:
        if observation["step"] in (2, 5, 11):
            parted.stop()
    assert parted.step == 2 and parted.stopped and not parted.finished
    with pytest.raises(StopIteration):
        next(parted)
    for observation in parted:
        if observation["step"] == 5:
            break
    parted.close()
    parted.run()
    assert numbers(parted.history) == numbers(whole.history)
    assert weights(parted) == weights(whole)


def test_validation_does_not_change_the_steps():
    with_validation = small()
    with_validation.run()
    without = small()
    without.valid_loader = None
    without.run()
    assert weights(with_validation) == weights(without)


def test_looking_at_the_training_data_meanwhile_changes_only_the_generator():
    whole = small()
    whole.run()
    looked = small()
    for observation in looked:
        if observation["step"] == 7:
            state = minidl.default_generator.state_dict()
            for _ in looked.train_loader:
                break
            minidl.default_generator.load_state_dict(state)
            looked.stop()
    looked.run()
    assert weights(looked) == weights(whole)


def test_callbacks_are_called_in_order():
    diary = Diary()
    small(epochs=1, callbacks=[diary]).run()
    steps = [entry for n in range(1, 6) for entry in ("before", f"after {n}")]
    assert diary.entries == ["initialise 0", *steps, "epoch 1", "finalise"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_callbacks_end_after_an_error_and_the_run_can_go_on(error):
    class Trips(Callback):
        tripped = False

        def before_step(self, trainer):
            if trainer.step == 7 and not self.tripped:
                self.tripped = True
                raise error

    whole, diary = small(), Diary()
    whole.run()
    trainer = small(callbacks=[diary, Trips()])
    with pytest.raises(error):
        trainer.run()
    assert diary.entries[-2:] == [f"error {error.__name__}", "finalise"]
    trainer.run()
    assert diary.entries[-1] == "finalise" and "initialise 7" in diary.entries
    assert weights(trainer) == weights(whole), "the interrupted batch is taken again"


def test_leaving_a_run_ends_its_callbacks_without_an_error():
    diary = Diary()
    trainer = small(callbacks=[diary], workers=2)
    for _ in trainer:
        break
    assert "finalise" not in diary.entries, "whoever stops asking may ask again"
    trainer.close()
    assert diary.entries[-2:] == ["after 1", "finalise"]
    assert not any(t.name.startswith("minidl-data") for t in threading.enumerate())


def test_a_forgotten_run_is_closed():
    diary = Diary()
    trainer = small(callbacks=[diary])
    next(trainer)
    del trainer
    gc.collect()
    assert diary.entries[-1] == "finalise"


def test_every_callback_ends_even_if_another_fails_to():
    class Fails(Callback):
        def initialise(self, trainer):
            raise OSError("disk full")

    diary = Diary()
    with pytest.raises(OSError, match="disk full"):
        small(callbacks=[diary, Fails()]).run()
    assert diary.entries == ["initialise 0", "error OSError", "finalise"]


def test_stop_from_a_callback():
    class Enough(Callback):
        def after_step(self, trainer, observation):
            if observation["step"] == 3:
                trainer.stop()

    trainer = small(callbacks=[Enough()])
    assert len(trainer.run()) == 3


def test_more_epochs_go_on():
    trainer = small(epochs=1, scheduler=None)
    trainer.run()
    trainer.epochs = 2
    assert len(trainer.run()) == 10


def test_the_model_trains_in_training_mode_whatever_happens_between_steps():
    trainer = small()
    for _ in trainer:
        trainer.model.eval()
    reference = small()
    reference.run()
    assert weights(trainer) == weights(reference)


def test_set_lr_scales_the_schedule():
    plain = small()
    plain.run()
    changed = small()
    for observation in changed:
        if observation["step"] == 6:
            changed.set_lr(changed.lr / 4)
            assert changed.lr == pytest.approx(plain.history[6]["lr"] / 4)
    before = [seen["lr"] for seen in changed.history[:6]]
    assert before == [seen["lr"] for seen in plain.history[:6]]
    for mine, other in zip(changed.history[6:], plain.history[6:], strict=True):
        assert mine["lr"] == pytest.approx(other["lr"] / 4)


@pytest.mark.parametrize("every, drops", [("step", 1), ("epoch", 5)])
def test_set_lr_with_a_schedule_that_multiplies(every, drops):
    trainer = small(scheduler=None)
    trainer.rate.scheduler = optim.lr_scheduler.StepLR(trainer.optimizer, 1, gamma=0.5)
    trainer.rate.every = every
    for observation in trainer:
        if observation["step"] == 2:
            trainer.set_lr(0.003)
    expected = [0.003 * 0.5 ** (n // drops - 2 // drops) for n in range(2, 15)]
    assert [seen["lr"] for seen in trainer.history[2:]] == pytest.approx(expected)


def test_set_lr_without_a_schedule():
    trainer = small(scheduler=None)
    next(trainer)
    trainer.set_lr(0.5)
    assert next(trainer)["lr"] == 0.5
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="learning rate"):
            trainer.set_lr(wrong)


def test_set_lr_to_nothing_and_back_keeps_the_groups_apart():
    layers = nn.Linear(2, 2), nn.Linear(2, 2)
    groups = [
        {"params": layer.parameters(), "lr": lr}
        for layer, lr in zip(layers, (0.1, 0.01), strict=True)
    ]
    sgd = optim.SGD(groups, lr=1.0)
    trainer = Trainer(nn.Sequential(*layers), sgd, nn.MSELoss(), [])
    for value in (0.0, 0.2):
        trainer.set_lr(value)
        assert [g["lr"] for g in sgd.param_groups] == pytest.approx([value, value / 10])


def test_clipping_bounds_the_step_and_reports_the_length_before():
    trainer = small(clip_norm=1e-3)
    for observation in trainer:
        grads = [p.grad for p in trainer.model.parameters()]
        length = sum(float((g * g).sum()) for g in grads if g is not None) ** 0.5
        assert length <= 1.001e-3 < observation["grad_norm"]


def test_metrics_by_name_by_function_and_by_default():
    assert "accuracy" in next(small(metrics=[accuracy]))
    assert "right" in next(small(metrics={"right": accuracy}))
    assert "accuracy" not in next(small(metrics={}))
    x = minidl.randn(8, 2)
    model = nn.Linear(2, 1)
    sgd = optim.SGD(model.parameters(), lr=0.1)
    batches = [(x, x.sum(dim=1, keepdim=True))]
    plain = Trainer(model, sgd, nn.MSELoss(), batches)
    assert "accuracy" not in next(plain), "measured targets have no accuracy"
    named = Trainer(model, sgd, nn.MSELoss(), batches, metrics=[mean_absolute_error])
    assert "mean_absolute_error" in next(named)


class Stream(IterableDataset):
    def __iter__(self):
        for i in range(20):
            x = minidl.full((3,), float(i % 5))
            yield x, (x.sum() > 6).long()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_stream_without_length(workers):
    minidl.manual_seed(0)
    model = nn.Linear(3, 2)
    sgd = optim.SGD(model.parameters(), lr=0.1)
    loader = DataLoader(Stream(), 8, num_workers=workers)
    trainer = Trainer(model, sgd, nn.CrossEntropyLoss(), loader, valid_loader=loader, epochs=2)
    history = trainer.run()
    assert trainer.total_steps is None and len(history) == 6
    assert [n for n, seen in enumerate(history, 1) if "valid_loss" in seen] == [3, 6]


def test_a_loader_that_promises_more_than_it_has():
    class Short(IterableDataset):
        def __len__(self):
            return 100

        def __iter__(self):
            return iter([(minidl.ones(3), minidl.tensor(1))] * 8)

    model = nn.Linear(3, 2)
    sgd = optim.SGD(model.parameters(), lr=0.1)
    trainer = Trainer(model, sgd, nn.CrossEntropyLoss(), DataLoader(Short(), 4))
    with pytest.raises(RuntimeError, match="ended after 2 batches of 25"):
        trainer.run()


def test_a_batch_without_targets_is_refused():
    model = nn.Linear(3, 2)
    sgd = optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(TypeError, match=r"\(inputs, target\)"):
        Trainer(model, sgd, nn.MSELoss(), [minidl.zeros(2, 3)]).run()


def test_an_interrupted_validation_loses_no_step():
    whole = small()
    whole.run()
    trainer = small()
    loss_fn, calls = trainer.loss_fn, []

    def trips(output, target):
        calls.append(1)
        if len(calls) == 7:  # five steps, one batch of validation, and now
            raise KeyboardInterrupt
        return loss_fn(output, target)

    trainer.loss_fn = trips
    with pytest.raises(KeyboardInterrupt):
        trainer.run()
    trainer.run()
    assert [seen["step"] for seen in trainer.history] == list(range(1, 16))
    assert "valid_loss" not in trainer.history[4]
    assert weights(trainer) == weights(whole)


def test_a_saved_moment_does_not_move_with_the_run():
    trainer = small()
    next(trainer)
    moment = trainer.state_dict()
    weights = {k: v.numpy().copy() for k, v in moment["model"].items()}
    next(trainer)
    assert all((moment["model"][k].numpy() == w).all() for k, w in weights.items())
