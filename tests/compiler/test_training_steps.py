"""Whole training steps: compiled equals eager, whatever changes between the calls."""

import functools
import warnings
from typing import Any

import numpy as np
import pytest

import minidl
from minidl import CompileError, nn, optim
from minidl.compiler import compiled as made
from minidl.nn.hooks import register_module_forward_hook

compiled = functools.partial(minidl.compile, backend="plan")


def batches(count, n=6, features=5, classes=3, seed=5):
    generator = minidl.Generator(seed)
    return [
        (minidl.randn(n, features, generator=generator),
         minidl.randint(0, classes, (n,), generator=generator))
        for _ in range(count)
    ]  # fmt: skip


def mlp(dropout=0.0, norm=False):
    minidl.manual_seed(0)
    # a bias in front of batch norm has no gradient but rounding noise, which Adam would enlarge
    parts = [nn.Linear(5, 8, bias=False), nn.BatchNorm1d(8)] if norm else [nn.Linear(5, 8)]
    return nn.Sequential(*parts, nn.ReLU(), nn.Dropout(dropout), nn.Linear(8, 3))


def stepper(model, optimizer, clip=None):
    loss_of = nn.CrossEntropyLoss()

    def step(x, t):
        optimizer.zero_grad()
        loss = loss_of(model(x), t)
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        return loss

    return step


def numbers(model):
    return {k: np.array(v.numpy()) for k, v in model.state_dict().items()}


def agree(a, b, rtol=1e-4):
    assert a.keys() == b.keys()
    for key in a:
        np.testing.assert_allclose(a[key], b[key], rtol=rtol, atol=2e-6, err_msg=key)


OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=1e-3),
    "nesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "amsgrad": lambda p: optim.Adam(p, lr=0.01, amsgrad=True, weight_decay=1e-2),
    "adamw": lambda p: optim.AdamW(p, lr=0.01),
    "maximize": lambda p: optim.SGD(p, lr=0.01, maximize=True),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("kind", ["plain", "dropout", "norm"])
def test_twenty_steps_equal_eager_ones(name, kind):
    ends = []
    for compile_it in (False, True):
        model = mlp(0.3 if kind == "dropout" else 0.0, kind == "norm")
        optimizer = OPTIMIZERS[name](model.parameters())
        schedule = optim.lr_scheduler.StepLR(optimizer, 5, 0.5)
        step = stepper(model, optimizer, clip=1.0 if kind == "plain" else None)
        step = compiled(step) if compile_it else step
        minidl.manual_seed(9)
        losses = []
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # one meaning serves all steps
            for x, t in batches(20):
                losses.append(step(x, t).item())
                schedule.step()
        gradients = {k: p.grad.numpy().copy() for k, p in model.named_parameters()}
        ends.append((losses, numbers(model), gradients, optimizer.state_dict()))
        if compile_it:
            assert len(step.entries) == 1 and step.entries[0].capture.effects
    (losses, state, gradients, options), (c_losses, c_state, c_gradients, c_options) = ends
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state)
    agree(c_gradients, gradients)
    assert c_options["param_groups"] == options["param_groups"]
    for number, own in options["state"].items():
        for key, value in own.items():
            if not isinstance(value, minidl.Tensor):
                assert type(c_options["state"][number][key]) is type(value)
                assert c_options["state"][number][key] == value
            else:
                np.testing.assert_allclose(
                    c_options["state"][number][key].numpy(), value.numpy(), rtol=1e-4, atol=1e-6
                )


def both(make, run):
    """What `run` gives for an eager and a compiled step, each with a model of its own."""
    found = []
    for compile_it in (False, True):
        model, optimizer, step = make()
        step = compiled(step) if compile_it else step
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.append(run(model, optimizer, step))
    return found


def plain():
    model = mlp(norm=True)
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return model, optimizer, stepper(model, optimizer)


def test_modes_freezing_loading_and_replacing_are_seen():
    def run(model, optimizer, step):
        data = batches(14)
        saved = {k: v.clone() for k, v in model.state_dict().items()}
        losses = [step(*data[0]).item(), step(*data[1]).item()]
        model.eval()
        losses += [step(*data[2]).item(), step(*data[3]).item()]
        model.train()
        losses.append(step(*data[4]).item())
        model[0].weight.requires_grad_(False)
        model[0].weight.grad = None
        losses += [step(*data[5]).item(), step(*data[6]).item()]
        model[0].weight.requires_grad_(True)
        losses.append(step(*data[7]).item())
        model.load_state_dict(saved)
        losses.append(step(*data[8]).item())
        optimizer.load_state_dict(optimizer.state_dict())
        losses.append(step(*data[9]).item())
        model[1].weight.data = minidl.full((8,), 2.0)
        losses.append(step(*data[10]).item())
        optimizer.param_groups[0]["momentum"] = 0.5
        losses.append(step(*data[11]).item())
        model[1] = nn.Identity()
        losses += [step(*data[12]).item(), step(*data[13]).item()]
        return losses, numbers(model)

    (losses, state), (c_losses, c_state) = both(plain, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state)


def test_new_batch_sizes_and_two_models():
    def make():
        models = mlp(), mlp()
        optimizers = [optim.Adam(m.parameters(), lr=0.01) for m in models]

        def step(x, t):
            losses = []
            for model, optimizer in zip(models, optimizers, strict=True):
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(x), t)
                loss.backward()
                optimizer.step()
                losses.append(loss)
            return losses

        return models[1], optimizers[1], step

    def run(model, optimizer, step):
        data = [*batches(3), *batches(3, n=4), *batches(2)]
        return [x.item() for pair in data for x in step(*pair)], numbers(model)

    (losses, state), (c_losses, c_state) = both(make, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state)


def test_gradients_add_up_over_two_calls():
    def make():
        model = mlp()
        optimizer = optim.SGD(model.parameters(), lr=0.1)

        def add(x, t):
            loss = nn.functional.cross_entropy(model(x), t) / 2
            loss.backward()
            return loss

        return model, optimizer, add

    def run(model, optimizer, add):
        losses = []
        for i, (x, t) in enumerate(batches(8)):
            losses.append(add(x, t).item())
            if i % 2:
                optimizer.step()
                optimizer.zero_grad()
        return losses, numbers(model)

    (losses, state), (c_losses, c_state) = both(make, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state)


def test_tied_weights():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            minidl.manual_seed(0)
            self.embedding = nn.Embedding(7, 4)
            self.head = nn.Linear(4, 7, bias=False)
            self.head.weight = self.embedding.weight

        def forward(self, i):
            return self.head(self.embedding(i).mean(1))

    def make():
        model = Tied()
        optimizer = optim.AdamW(model.parameters(), lr=0.01)
        return model, optimizer, stepper(model, optimizer)

    def run(model, optimizer, step):
        minidl.manual_seed(2)
        data = [(minidl.randint(0, 7, (5, 3)), minidl.randint(0, 7, (5,))) for _ in range(6)]
        losses = [step(*pair).item() for pair in data]
        assert model.head.weight is model.embedding.weight
        return losses, numbers(model)

    (losses, state), (c_losses, c_state) = both(make, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state)


def test_a_gradient_or_result_that_is_kept_never_changes():
    model, optimizer, step = plain()
    step = compiled(step)
    data = batches(6)
    step(*data[0])
    step(*data[1])
    weight = model[0].weight
    kept = [weight.grad, weight.grad.numpy(), weight.grad.detach()[0]]
    copies = [np.array(kept[0].numpy()), kept[1].copy(), np.array(kept[2].numpy())]
    loss = step(*data[2])
    value = loss.item()
    mine = weight.grad
    weight.grad = None
    copy = mine.numpy().copy()
    step(*data[3])
    step(*data[4])
    for x, copied in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(np.asarray(x), copied)
    np.testing.assert_array_equal(mine.numpy(), copy)
    assert loss.item() == value


@pytest.mark.parametrize(
    "kind", ["Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop", "momentum", "dampened"]
)
def test_a_first_step_makes_the_state_that_eager_makes(kind):
    def make():
        minidl.manual_seed(0)
        model = mlp()
        options = {"momentum": dict(momentum=0.9), "dampened": dict(momentum=0.9, dampening=0.5)}
        maker: Any = getattr(optim, kind, optim.SGD)
        return model, maker(model.parameters(), lr=0.01, **options.get(kind, {}))

    (model, optimizer), (other, eager) = make(), make()
    step, plain = compiled(stepper(model, optimizer)), stepper(other, eager)
    for i, batch in enumerate(batches(3)):
        step(*batch)
        plain(*batch)
        mine, theirs = optimizer.state_dict()["state"], eager.state_dict()["state"]
        for number, state in theirs.items():
            assert mine[number].keys() == state.keys()
            for key, value in state.items():
                np.testing.assert_allclose(np.asarray(mine[number][key]), np.asarray(value),
                                           rtol=1e-4, atol=1e-6)  # fmt: skip
        assert optimizer.steps_taken == i + 1
    assert len(step.entries) == 1


def test_a_state_of_zeros_makes_the_first_step_a_compiled_one():
    model = mlp()
    step = compiled(stepper(model, optim.AdamW(model.parameters(), amsgrad=True)))
    step(*batches(1)[0])
    assert len(step.entries) == 1


def test_what_gets_no_gradient_gets_no_state():
    model, spare = mlp(), nn.Linear(2, 2)
    optimizer = optim.Adam([*model.parameters(), *spare.parameters()])
    step = compiled(stepper(model, optimizer))
    for batch in batches(3):
        step(*batch)
    assert list(optimizer.state) == list(model.parameters())
    assert len(step.entries) == 1 and step.traces == 1


def test_a_first_step_is_traced_once(monkeypatch):
    model, traces = mlp(), []
    step = compiled(stepper(model, optim.Adam(model.parameters())))
    capture = made.capture
    monkeypatch.setattr(made, "capture", lambda *args: traces.append(1) or capture(*args))
    step(*batches(1)[0])
    step(*batches(1)[0])
    assert len(traces) == 1


def test_a_failing_trace_leaves_model_and_optimiser_untouched():
    model, optimizer, _ = plain()
    before = numbers(model)
    state = {id(p): dict(s) for p, s in optimizer.state.items()}

    def step(x, t):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        return loss.item()

    model[0].weight.grad = minidl.ones_like(model[0].weight)
    with pytest.raises(CompileError, match="test_training_steps.py.*numbers"):
        compiled(step)(*batches(1)[0])
    agree(numbers(model), before, rtol=0)
    assert {id(p): dict(s) for p, s in optimizer.state.items()} == state
    assert optimizer.steps_taken == 0 and optimizer.param_groups[0]["lr"] == 0.1
    assert model[0].weight.grad.tolist() == minidl.ones(8, 5).tolist()
    assert model[4].bias.grad is None


def test_a_step_by_hand():
    def make():
        minidl.manual_seed(0)
        w, b = minidl.randn(5, 3, requires_grad=True), minidl.zeros(3, requires_grad=True)

        def step(x, t):
            loss = nn.functional.cross_entropy(x @ w + b, t)
            loss.backward()
            with minidl.no_grad():
                for p in (w, b):
                    p -= 0.1 * p.grad
                    p.grad = None
            return loss

        return (w, b), None, step

    def run(parameters, _, step):
        losses = [step(*pair).item() for pair in batches(5)]
        return losses, {str(i): p.detach().numpy().copy() for i, p in enumerate(parameters)}

    (losses, state), (c_losses, c_state) = both(make, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-5)
    agree(c_state, state)


def test_model_and_optimiser_may_be_arguments():
    model, optimizer, _ = plain()
    twin, twin_optimizer, _ = plain()

    @compiled
    def step(model, optimizer, x, t):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        return loss

    eager = stepper(twin, twin_optimizer)
    for x, t in batches(4):
        np.testing.assert_allclose(step(model, optimizer, x, t).item(), eager(x, t).item(), 1e-5)
    agree(numbers(model), numbers(twin))


def test_an_average_of_weights_and_a_target_network():
    def make():
        model, optimizer, inner = plain()
        target = mlp(norm=True)

        def step(x, t):
            loss = inner(x, t)
            with minidl.no_grad():
                for slow, fast in zip(target.parameters(), model.parameters(), strict=True):
                    slow.mul_(0.9).add_(fast, alpha=0.1)
                for slow, fast in zip(target.buffers(), model.buffers(), strict=True):
                    slow.copy_(fast)
            return loss, target(x)

        return target, optimizer, step

    def run(target, optimizer, step):
        made = [step(*pair) for pair in batches(5)]
        return [float(y.sum().item()) for _, y in made], numbers(target)

    (sums, state), (c_sums, c_state) = both(make, run)
    np.testing.assert_allclose(c_sums, sums, rtol=1e-3)
    agree(c_state, state)


def test_the_gradient_of_an_argument_is_left_on_it():
    def make():
        model = mlp()

        def attack(x, t):
            x.requires_grad_()
            nn.functional.cross_entropy(model(x), t).backward()
            return x.grad.sign()

        return model, None, attack

    def run(model, _, attack):
        x, t = batches(1)[0]
        signs = attack(x, t)
        return {"signs": signs.numpy(), "x": x.grad.numpy(), "on": np.array(x.requires_grad)}

    expected, got = both(make, run)
    agree(got, expected)


def test_versions_are_counted_so_that_stale_histories_raise():
    model, optimizer, step = plain()
    step = compiled(step)
    x, t = batches(1)[0]
    step(x, t)
    loss = nn.functional.cross_entropy(model(x), t)
    step(x, t)
    with pytest.raises(minidl.GradientError, match="in place"):
        loss.backward()


def test_the_default_program_trains_an_embedding_under_dropout_and_norm():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            minidl.manual_seed(0)
            self.embedding = nn.Embedding(9, 6)
            self.norm, self.drop, self.out = nn.LayerNorm(6), nn.Dropout(0.2), nn.Linear(6, 9)

        def forward(self, i):
            return self.out(self.drop(self.norm(self.embedding(i)))).transpose(1, 2)

    ends = []
    for compile_it in (False, True):
        model = Model()
        optimizer = optim.AdamW(model.parameters(), lr=0.01)
        step = stepper(model, optimizer, clip=1.0)
        step = minidl.compile(step) if compile_it else step
        minidl.manual_seed(4)
        pairs = [(minidl.randint(0, 9, (4, 5)), minidl.randint(0, 9, (4, 5))) for _ in range(12)]
        ends.append(([step(*pair).item() for pair in pairs], numbers(model)))
    (losses, state), (c_losses, c_state) = ends
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state, rtol=1e-3)


@pytest.mark.parametrize("norm", ["spectral_norm", "weight_norm"])
def test_weights_that_are_computed_at_each_call(norm):
    def make():
        minidl.manual_seed(0)
        wrap = getattr(nn.utils.parametrizations, norm)
        model = nn.Sequential(wrap(nn.Linear(5, 8)), nn.Tanh(), nn.Linear(8, 3))
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        return model, optimizer, stepper(model, optimizer)

    def run(model, optimizer, step):
        losses = [step(*pair).item() for pair in batches(5)]
        return losses, numbers(model)

    (losses, state), (c_losses, c_state) = both(make, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state)


@pytest.mark.parametrize("name", ["RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam"])
def test_other_optimisers_are_compiled_or_refused_but_never_wrong(name):
    ends = []
    for compile_it in (False, True):
        model = mlp()
        optimizer = getattr(optim, name)(model.parameters(), lr=0.01)
        step = stepper(model, optimizer)
        step = compiled(step, fullgraph=False) if compile_it else step
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ends.append(([step(*pair).item() for pair in batches(9)], numbers(model)))
    (losses, state), (c_losses, c_state) = ends
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4)
    agree(c_state, state, rtol=1e-3)


def test_more_parameters_cycled_momentum_and_aliases():
    def make():
        model = mlp()
        optimizer = optim.SGD(model[0].parameters(), lr=0.05, momentum=0.9)
        alias = model[0].weight.detach()

        def step(x, t):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), t)
            loss.backward()
            optimizer.step()
            return loss, alias.sum()

        return model, optimizer, step

    def run(model, optimizer, step):
        data, losses = batches(12), []
        for i, pair in enumerate(data):
            if i == 4:
                optimizer.add_param_group({"params": list(model[3].parameters()), "lr": 0.01})
            if i > 7:
                optimizer.param_groups[0]["momentum"] = 0.9 - i / 100
            losses += [x.item() for x in step(*pair)]
        return losses, numbers(model)

    (losses, state), (c_losses, c_state) = both(make, run)
    np.testing.assert_allclose(c_losses, losses, rtol=1e-4, atol=1e-5)
    agree(c_state, state)


def test_hooks_of_every_module_may_come_and_go():
    model, x = nn.Linear(3, 2), minidl.ones(4, 3)
    g = compiled(model)

    def same():
        np.testing.assert_allclose(g(x).detach().numpy(), model(x).detach().numpy(), rtol=1e-6)

    def hooked(factor):
        return register_module_forward_hook(lambda m, args, z: z * factor)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of new meanings
        with hooked(2.0):
            same()
            same()
            with hooked(3.0):
                same()
            same()
        same()


@pytest.mark.filterwarnings("ignore")
def test_a_rule_in_minidls_place_begins_a_state_of_its_own(monkeypatch):
    """A learner's may remember other things than minidl's does."""

    def adam_step(parameter, gradient, state, lr, *options):
        if not state:
            state.update(t=0, m=minidl.zeros_like(parameter))
        state["t"] += 1
        parameter -= lr * state["m"].lerp_(gradient, 0.1)

    from minidl.optim import adam

    monkeypatch.setattr(adam, "adam_step", adam_step)
    losses = []
    for wrap in (lambda f: f, minidl.compile):
        minidl.manual_seed(0)
        model = mlp()
        step = wrap(stepper(model, optim.Adam(model.parameters(), lr=0.01)))
        losses.append([step(*batch).item() for batch in batches(4)])
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-5)
