"""A nan is traced to the step and the first place where it shows; no weight is touched by it."""

import numpy as np
import pytest

import minidl
from minidl import nn, optim
from minidl.training import NonFiniteLossError, Trainer


class Log(nn.Module):
    def forward(self, x):
        return x.log()


def trainer_of(model, batches, loss_fn=None, **options) -> Trainer:
    optimizer = optim.SGD(model.parameters(), lr=options.pop("lr", 0.1))
    return Trainer(model, optimizer, loss_fn or nn.MSELoss(), batches, **options)


def batches(n: int = 4, value: float = 1.0):
    minidl.manual_seed(0)
    return [(minidl.rand(5, 3) * value, minidl.rand(5, 2)) for _ in range(n)]


def failed(trainer: Trainer) -> NonFiniteLossError:
    with pytest.raises(NonFiniteLossError) as caught:
        trainer.run()
    return caught.value


def test_the_first_layer_is_named():
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), Log(), nn.Linear(4, 2))
    error = failed(trainer_of(model, batches()))
    assert (error.step, error.layer, error.kind) == (1, "2", "output")
    assert "step 1: the loss is nan" in str(error)
    assert "not finite is '2' (Log)" in str(error) and "of its 20 numbers" in str(error)
    assert not any(m._hooks and m._hooks.after for m in model.modules()), "the watch is over"


def test_a_learning_rate_that_breaks_a_weight():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    with minidl.no_grad():
        model[2].weight[0, 0] = float("inf")
    trainer = trainer_of(model, batches())
    trainer.step = 5
    error = failed(trainer)
    assert (error.step, error.layer, error.kind) == (6, "2", "parameter")
    assert "parameter 'weight' is not finite either, so the update of step 5 broke it" in str(error)
    assert "learning rate (it is 0.1)" in str(error)


def test_a_divergence_is_caught_in_a_real_run():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    with np.errstate(all="ignore"):
        error = failed(trainer_of(model, batches(200), lr=50.0))
    assert error.step > 1


@pytest.mark.parametrize("member, name", [(0, "input 0"), (1, "target")])
def test_a_nan_in_the_data_is_named(member, name):
    data = batches()
    data[2][member][1, 1] = float("nan")
    error = failed(trainer_of(nn.Linear(3, 2), data))
    assert (error.step, error.layer, error.kind) == (3, name, "input")
    assert f"1 of {data[2][member].numel()} numbers of {name}" in str(error)


def test_the_loss_function_itself():
    def log_loss(output, target):
        return (output * 0).log().mean()

    error = failed(trainer_of(nn.Linear(3, 2), batches(), log_loss))
    assert (error.step, error.layer, error.kind) == (1, "log_loss", "loss")
    assert "so log_loss itself made it. The targets are of an ordinary size, 0." in str(error)
    assert "logarithm" in str(error) and "to the power" not in str(error)


@pytest.mark.parametrize(
    ("step", "output", "target", "words"),
    [
        (
            9,
            1e25,
            1.0,
            "outputs reach 1.0e+25, and their squares do not fit float32, which ends at",
        ),
        (9, 1e25, 1.0, "3.4e+38: lower the learning rate (it is 0.1) or clip the gradient's norm"),
        (1, 1e25, 1.0, "3.4e+38: scale the inputs, or begin with smaller weights."),
        (9, 1.0, 1e30, "The targets reach 1.0e+30, and their squares do not fit float32, which"),
        (9, 1.0, 1e30, "3.4e+38: scale them."),
    ],
)
def test_a_square_that_overflowed_is_no_logarithm(step, output, target, words):
    model = nn.Linear(1, 1, bias=False)
    with minidl.no_grad():
        model.weight.fill_(output)
    trainer = trainer_of(model, [(minidl.ones(2, 1), minidl.full((2, 1), target))])
    trainer.step = step - 1
    with np.errstate(all="ignore"):
        error = failed(trainer)
    assert (error.step, error.layer, error.kind) == (step, "MSELoss", "loss")
    assert words in str(error)
    assert "logarithm" not in str(error) and "division" not in str(error)


def test_a_power_that_overflowed():
    def power_loss(output, target):
        return (output * 0 + 100).exp().sum()

    class Hundred(nn.Module):
        def forward(self, x):
            return x * 0 + 100

    with np.errstate(all="ignore"):
        error = failed(trainer_of(nn.Sequential(nn.Linear(3, 2), Hundred()), batches(), power_loss))
    assert "The outputs are of an ordinary size, 100 at most" in str(error)
    assert str(error).endswith("or e to the power of 100.")


def test_products_of_a_layer_that_overflowed():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    with minidl.no_grad():
        model[1].weight.fill_(1e35)
    data = [(x * 1e8, y) for x, y in batches()]
    trainer = trainer_of(model, data)
    trainer.step = 3
    with np.errstate(all="ignore"):
        error = failed(trainer)
    assert (error.step, error.layer, error.kind) == (4, "1", "output")
    assert "go in reach 1.0e+35, and products and sums of them do not fit float32" in str(error)


def test_what_the_model_does_between_its_layers():
    class Between(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 2)

        def forward(self, x):
            return self.layer((x * 0).log())

    with np.errstate(all="ignore"):
        error = failed(trainer_of(Between(), batches()))
    assert (error.layer, error.kind) == ("layer", "output")
    assert "look at what the model does between its layers" in str(error)


def test_a_gradient_that_is_not_finite():
    def root_loss(output, target):
        return (output * 0).abs().sqrt().sum()

    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    before = [p.detach().clone() for p in model.parameters()]
    error = failed(trainer_of(model, batches(), root_loss))
    assert (error.step, error.layer, error.kind) == (1, "1.bias", "gradient")
    assert "the loss is 0" in str(error) and "3 before it" in str(error)
    assert all(minidl.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_a_model_that_is_one_layer():
    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(minidl.ones(1))

        def forward(self, x):
            return x * self.weight / 0

    error = failed(trainer_of(Odd(), [(minidl.ones(2), minidl.ones(2))]))
    assert error.layer == "" and "the model (Odd)" in str(error)
