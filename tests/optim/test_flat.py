"""Parameters laid end to end: every number is what it would be, had each been changed alone."""

import copy

import numpy as np
import pytest

import minidl
from minidl import optim
from minidl.optim import flat
from minidl.tape import watched

RULES = [
    "SGD(ps, lr=0.1)",
    "SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1, maximize=True)",
    "SGD([{'params': ps[0], 'lr': 0.3}, {'params': ps[1:], 'momentum': 0.5}], lr=0.1)",
    "RMSprop(ps, centered=True, momentum=0.5)",
    "Adam(ps, lr=0.1, amsgrad=True)",
    "AdamW([{'params': ps[:2], 'weight_decay': 0.0}, {'params': ps[2:]}], lr=0.1)",
    "Adagrad(ps, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.5)",
    "Adadelta(ps, weight_decay=0.1)",
    "Adamax(ps, lr=0.1)",
    "NAdam(ps, lr=0.1, decoupled_weight_decay=True)",
    "RAdam(ps, lr=0.1, betas=(0.9, 0.9))",
]
SHAPES = [(3, 4), (3,), (), (2, 3), (5,), (1, 1)]
KINDS = ["float32", "float32", "float32", "float64", "float64", "float32"]


def leaves(shapes=None):
    """Those of all kinds, or some of float32."""
    rng = np.random.default_rng(0)
    pairs = [(s, "float32") for s in shapes] if shapes else zip(SHAPES, KINDS, strict=True)
    return [
        minidl.tensor(rng.normal(size=s), dtype=getattr(minidl, kind), requires_grad=True)
        for s, kind in pairs
    ]


def build(code, ps):
    return eval(f"optim.{code}", {"optim": optim, "ps": ps})


def give(ps, seed):
    rng = np.random.default_rng(seed)
    for p in ps:
        p.grad = minidl.tensor(rng.normal(size=p.shape), dtype=p.dtype)


def together(optimizer):
    """The parameters that are changed together, by group of them."""
    packings = [flat.packing(optimizer, group) for group in optimizer.param_groups]
    return [f.parameters for packing in packings for f in packing.flats]


def plain(optimizer):
    """Its state as lists."""
    found = optimizer.state_dict()["state"]
    return {
        n: {k: v.tolist() if hasattr(v, "tolist") else v for k, v in s.items()}
        for n, s in found.items()
    }


def numbers(ps):
    return [p.tolist() for p in ps]


@pytest.mark.parametrize("code", RULES)
def test_steps_are_those_of_each_parameter_alone(code, monkeypatch):
    ends = []
    for joined in (True, False):
        ps = leaves()
        optimizer = build(code, ps)
        monkeypatch.setattr(type(optimizer), "elementwise", joined)
        for step in range(6):
            give(ps, step)
            optimizer.step()
        assert bool(together(optimizer)) == joined
        ends.append((numbers(ps), plain(optimizer)))
    assert ends[0] == ends[1]


EVENTS = {
    "nothing": lambda ps, o, rng: None,
    "no gradient": lambda ps, o, rng: setattr(ps[rng.integers(6)], "grad", None),
    "new memory": lambda ps, o, rng: _replace(ps[rng.integers(6)]),
    "written over": lambda ps, o, rng: _double(ps[rng.integers(6)]),
    "state loaded": lambda ps, o, rng: o.load_state_dict(copy.deepcopy(o.state_dict())),
    "state emptied": lambda ps, o, rng: _forget(o, ps[rng.integers(6)]),
    "step changed": lambda ps, o, rng: _count_again(o.state[ps[rng.integers(6)]]),
    "steps changed": lambda ps, o, rng: [_count_again(o.state[p]) for p in ps],
    "state replaced": lambda ps, o, rng: _new_state(o.state[ps[rng.integers(6)]]),
    "state moved": lambda ps, o, rng: [_move(x) for x in o.state[ps[rng.integers(6)]].values()],
    "rate": lambda ps, o, rng: o.param_groups[0].update(lr=0.01),
    "turned gradient": lambda ps, o, rng: _turn(ps[0]),
    "order": lambda ps, o, rng: o.param_groups[-1]["params"].reverse(),
}


def _replace(p):
    p.data = p.data.clone()


def _move(x):
    if isinstance(x, minidl.Tensor):
        x.data = x.clone()


def _double(p):
    with minidl.no_grad():
        p.mul_(2.0)


def _count_again(state):
    if "step" in state:
        state["step"] = 3


def _new_state(state):
    state.update({k: v.clone() for k, v in state.items() if isinstance(v, minidl.Tensor)})


def _forget(optimizer, p):
    if not isinstance(optimizer, optim.Adagrad):  # it remembers from the beginning
        optimizer.state.pop(p, None)


def _turn(p):
    if p.grad is not None:
        p.grad = minidl.from_numpy(np.asfortranarray(p.grad.numpy()))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("code", RULES)
def test_whatever_happens_between_steps(code, seed, monkeypatch):
    ends = []
    for joined in (True, False):
        rng = np.random.default_rng(seed)
        ps = leaves()
        optimizer = build(code, ps)
        monkeypatch.setattr(type(optimizer), "elementwise", joined)
        for step in range(25):
            give(ps, step)
            for event in rng.choice(list(EVENTS), 2, p=_often_nothing()):
                EVENTS[event](ps, optimizer, rng)
            optimizer.step()
        ends.append((numbers(ps), plain(optimizer)))
    np.testing.assert_equal(ends[0], ends[1])  # nan is equal to nan here


def _often_nothing():
    rest = 0.5 / (len(EVENTS) - 1)
    return [0.5] + [rest] * (len(EVENTS) - 1)


def test_arrays_move_once_and_views_stay_views():
    ps = leaves()
    optimizer = optim.Adam(ps)
    give(ps, 0)
    optimizer.step()
    assert [len(several) for several in together(optimizer)] == [4, 2]
    arrays, seen = [p.array for p in ps], ps[0].detach()
    part = ps[0].detach().numpy()[1]
    for step in range(1, 5):
        give(ps, step)
        optimizer.step()
    assert all(p.array is array for p, array in zip(ps, arrays, strict=True))
    assert seen.tolist() == ps[0].tolist() and part.tolist() == ps[0].tolist()[1]


@pytest.mark.parametrize(
    "hold",
    [
        lambda p: p.detach(),
        lambda p: p.array,
        lambda p: p.detach().numpy()[0],
        lambda p: p.detach().T,
        lambda p: memoryview(p.array),
    ],
    ids=["detached", "array", "row", "transposed", "memory"],
)
def test_what_others_look_at_stays_where_it_is(hold):
    ps = leaves([(3, 4), (3,), (2,)])
    held = hold(ps[0])
    optimizer = optim.SGD(ps, lr=1.0)
    before = ps[0].array
    give(ps, 0)
    optimizer.step()
    assert ps[0].array is before and [len(x) for x in together(optimizer)] == [2]
    assert np.isin(np.asarray(held), before).all()
    del held, before
    for step in range(1, 5):
        give(ps, step)
        optimizer.step()
    assert sorted(map(len, together(optimizer))) == [2]  # one alone gains nothing


def test_memory_given_by_the_user_stays_the_users():
    mine = np.ones((2, 2), np.float32)
    ps = [minidl.from_numpy(mine).requires_grad_(), *leaves([(3,), (2,)])]
    give(ps, 0)
    optim.SGD(ps, lr=1.0).step()
    assert mine.tolist() == ps[0].tolist() != [[1, 1], [1, 1]]


def test_two_optimisers_share_parameters_in_peace():
    ps, twins = leaves(), leaves()
    first, second = optim.SGD(ps, lr=0.1), optim.Adam(ps, lr=0.1)
    for step in range(4):
        give(ps, step)
        first.step()
        second.step()
    assert together(first) and not together(second)
    apart = optim.SGD(twins, lr=0.1), optim.Adam(twins, lr=0.1)
    for optimizer in apart:
        optimizer.elementwise = False
    for step in range(4):
        give(twins, step)
        for optimizer in apart:
            optimizer.step()
    assert numbers(ps) == numbers(twins)


def test_a_deep_copy_goes_its_own_way():
    model = minidl.nn.Linear(3, 2)
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    give(list(model.parameters()), 0)
    optimizer.step()
    other, copied = copy.deepcopy((model, optimizer))
    assert together(optimizer) and not together(copied)
    before = numbers(model.parameters())
    for step in range(3):
        give(list(other.parameters()), step)
        copied.step()
    assert together(copied) and numbers(model.parameters()) == before
    assert optimizer.state[model.weight]["step"] == 1 and copied.state[other.weight]["step"] == 4


def test_large_ones_stay(monkeypatch):
    monkeypatch.setattr(flat, "LARGE", 6)
    ps = leaves([(2, 3), (3,), (2,)])
    array = ps[0].array
    optimizer = optim.SGD(ps)
    del array
    give(ps, 0)
    optimizer.step()
    assert [len(x) for x in together(optimizer)] == [2] and ps[0].array.base is None


def test_who_comes_later_joins_later():
    ps = leaves([(3,), (2,), (4,), (5,)])
    optimizer = optim.SGD(ps, lr=1.0)
    for step in range(8):
        give(ps[: 2 if step < 3 else 4], step)
        optimizer.step()
    assert [len(several) for several in together(optimizer)] == [2, 2]
    optimizer.add_param_group({"params": leaves([(3,), (2,)])})
    give(optimizer.param_groups[1]["params"], 9)
    optimizer.step()
    assert [len(several) for several in together(optimizer)] == [2, 2, 2]


def test_who_is_taken_out_is_left_alone():
    ps = leaves([(3,), (2,), (4,)])
    optimizer = optim.SGD(ps, lr=1.0)
    give(ps, 0)
    optimizer.step()
    out = optimizer.param_groups[0]["params"].pop()
    before = out.tolist()
    give(ps, 1)
    optimizer.step()
    assert out.tolist() == before


def test_a_rule_that_looks_at_neighbours_gets_each_alone():
    class Normed(optim.Optimizer):
        def update(self, parameter, gradient, state, group):
            parameter.sub_(gradient / gradient.norm())

    ps = leaves([(3,), (2,)])
    before = [np.array(x) for x in numbers(ps)]
    give(ps, 0)
    Normed(ps, {}).step()
    for p, old in zip(ps, before, strict=True):
        assert np.linalg.norm(old - p.detach().numpy()) == pytest.approx(1, rel=1e-5)


def test_a_gradient_of_another_dtype_makes_each_go_alone():
    ps = leaves([(3,), (2,)])
    optimizer = optim.SGD(ps, lr=1.0)
    before = numbers(ps)
    for _ in range(2):
        give(ps, 0)
        ps[1].grad = ps[1].grad.double()
        optimizer.step()
    for p, old in zip(ps, before, strict=True):
        np.testing.assert_allclose(p.tolist(), np.array(old) - 2 * p.grad.numpy(), rtol=1e-5)


def test_a_trace_sees_each_alone():
    ps = leaves([(3,), (2,)])
    optimizer = optim.SGD(ps)
    arrays = [p.array for p in ps]
    give(ps, 0)
    with watched(lambda values: None):
        optimizer.step()
    assert all(p.array is array for p, array in zip(ps, arrays, strict=True))


def test_a_step_is_seen_by_the_tape():
    ps = leaves([(3,), (3,)])
    losses = []
    for step in range(2):
        losses.append((ps[0] * ps[1]).sum())
        give(ps, step)
        optimizer = optim.SGD(ps)
        optimizer.step()
        with pytest.raises(minidl.GradientError, match="changed in place"):
            losses[-1].backward()
    assert optimizer.steps_taken == 1


def test_steps_may_be_compiled_in_between():
    ends = []
    for modes in ("eeeeee", "ecceec", "cceecc"):
        minidl.manual_seed(0)
        nn = minidl.nn
        model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
        optimizer = optim.Adam(model.parameters(), lr=0.1)
        x = minidl.rand(5, 4)

        def step():
            optimizer.zero_grad()  # noqa: B023
            loss = (model(x) ** 2).mean()  # noqa: B023
            loss.backward()
            optimizer.step()  # noqa: B023
            return loss

        compiled = minidl.compile(step)
        losses = [(compiled if mode == "c" else step)().item() for mode in modes]
        ends.append([losses, optimizer.state[model[0].weight]["step"]])
    for losses, count in ends[1:]:
        np.testing.assert_allclose(losses, ends[0][0], rtol=1e-4)
        assert count == 6
