"""The module tree: what is registered, under which name, and how it moves."""

import copy

import pytest

import minidl
from minidl import nn


class Net(nn.Module):
    """A network with everything a module can hold."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 3)
        self.scale = nn.Parameter(minidl.ones(3))
        self.blocks = nn.ModuleList([nn.Linear(3, 3, bias=False), nn.ReLU()])
        self.register_buffer("mean", minidl.zeros(3))
        self.register_buffer("seen", minidl.tensor(0), persistent=False)

    def forward(self, x):
        return self.blocks[1](self.blocks[0](self.fc1(x) * self.scale - self.mean))


def test_names_follow_the_tree():
    net = Net()
    names = ["scale", "fc1.weight", "fc1.bias", "blocks.0.weight"]
    assert [name for name, _ in net.named_parameters()] == names
    assert [name for name, _ in net.named_buffers()] == ["mean", "seen"]
    assert [name for name, _ in net.named_children()] == ["fc1", "blocks"]
    modules = [name for name, _ in net.named_modules()]
    assert modules == ["", "fc1", "blocks", "blocks.0", "blocks.1"]
    assert list(net.state_dict()) == ["scale", "mean", "fc1.weight", "fc1.bias", "blocks.0.weight"]
    assert len(list(net.parameters(recurse=False))) == 1
    assert net.get_parameter("blocks.0.weight") is net.blocks[0].weight
    assert net.get_submodule("blocks.1") is net.blocks[1] and net.get_submodule("") is net
    assert net.get_buffer("mean") is net.mean


def test_a_parameter_is_a_flagged_tensor():
    p = nn.Parameter(minidl.ones(2))
    assert isinstance(p, nn.Parameter) and isinstance(p, minidl.Tensor) and p.requires_grad
    assert not isinstance(minidl.ones(2), nn.Parameter)
    assert not isinstance(p * 2, nn.Parameter) and not isinstance(p.detach(), nn.Parameter)
    assert not nn.Parameter(minidl.ones(2), requires_grad=False).requires_grad
    assert nn.Parameter().shape == (0,)


def test_setting_moves_an_attribute_between_its_kinds():
    net = Net()
    setattr(net, "fc1", nn.Parameter(minidl.ones(1)))  # noqa: B010
    assert "fc1" not in net._modules and net.get_parameter("fc1").shape == (1,)
    net.register_parameter("scale", None)
    assert [name for name, _ in net.named_parameters()] == ["fc1", "blocks.0.weight"]
    net.mean = minidl.ones(3)
    assert net.get_buffer("mean").tolist() == [1, 1, 1]
    del net.mean
    assert "mean" not in net.state_dict() and not hasattr(net, "mean")


def test_what_is_set_must_be_of_its_kind():
    net = Net()
    with pytest.raises(TypeError, match="'scale' of Net is a Parameter.*not to a Tensor"):
        net.scale = minidl.ones(3)
    with pytest.raises(TypeError, match="'fc1' of Net is a Module"):
        net.fc1 = 3  # type: ignore[assignment]
    with pytest.raises(TypeError, match="'mean' of Net is a Tensor"):
        net.mean = "no"
    with pytest.raises(KeyError, match="without dots"):
        net.register_buffer("a.b", None)
    with pytest.raises(KeyError, match="already has an attribute 'forward'"):
        net.register_parameter("forward", None)
    with pytest.raises(TypeError, match="'p' must be a Parameter or None, got Tensor"):
        net.register_parameter("p", minidl.ones(1))


def test_a_forgotten_super_init_is_named():
    class Forgetful(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(2, 2)

    with pytest.raises(AttributeError, match=r"Forgetful.__init__ must call super\(\)"):
        Forgetful()


def test_unknown_names_get_a_suggestion():
    net = Net()
    with pytest.raises(AttributeError, match=r"Net has no attribute 'scal' \(did you mean 'scale'"):
        net.scal  # noqa: B018
    with pytest.raises(AttributeError, match="no submodule 'block.0': Net has no 'block'.*blocks"):
        net.get_submodule("block.0")
    with pytest.raises(AttributeError, match="no parameter 'weigth'.*'weight'"):
        net.get_parameter("fc1.weigth")


def test_forward_must_be_written():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        Empty()(1)


def test_train_and_eval_reach_every_module():
    net = nn.Sequential(nn.Dropout(), nn.Sequential(nn.Dropout()))
    assert net.eval() is net and not any(m.training for m in net.modules())
    assert net.train() is net and all(m.training for m in net.modules())
    with pytest.raises(ValueError, match="True or False"):
        net.train("yes")  # type: ignore[arg-type]


def test_gradients_are_forgotten_and_frozen():
    net = Net()
    net(minidl.ones(2, 4)).sum().backward()
    net.zero_grad(set_to_none=False)
    assert all(p.grad is not None and not p.grad.any() for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    net.requires_grad_(False)
    assert not net(minidl.ones(2, 4)).requires_grad


def test_shared_parts_count_once():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    assert len(list(net.parameters())) == 3
    assert len(list(net.named_parameters(remove_duplicate=False))) == 4
    assert len(net.state_dict()) == 4
    twice = nn.Sequential(net[0], net[0])
    assert len(list(twice.modules())) == 2 and len(list(twice.children())) == 1


def test_apply_sees_children_first():
    seen = []
    net = nn.Sequential(nn.Linear(1, 1), nn.ReLU())
    assert net.apply(seen.append) is net
    assert seen == [net[0], net[1], net]


def test_to_converts_floats_and_keeps_identity():
    net = Net()
    weight = net.fc1.weight
    net(minidl.ones(1, 4)).sum().backward()
    assert net.double() is net and net.fc1.weight is weight
    assert weight.dtype == weight.grad.dtype == net.mean.dtype == minidl.float64
    assert net.seen.dtype == minidl.int64
    assert net(minidl.ones(2, 4).double()).dtype == minidl.float64
    assert net.to("cpu", minidl.float32).fc1.weight.dtype == minidl.float32
    assert net.half().mean.dtype == minidl.float16
    assert net.to(minidl.ones(1)).mean.dtype == minidl.float32
    assert net.get_buffer("mean") is net.mean
    with pytest.raises(TypeError, match="floating dtype, got int64"):
        net.to(minidl.int64)


def test_a_copy_is_independent():
    net = Net()
    twin = copy.deepcopy(net)
    with minidl.no_grad():
        twin.scale.add_(1)
    assert net.scale.tolist() == [1, 1, 1] and twin.scale.tolist() == [2, 2, 2]
    assert isinstance(twin.scale, nn.Parameter) and twin.get_parameter("scale") is twin.scale
    assert list(twin.state_dict()) == list(net.state_dict())


def test_it_prints_as_a_tree():
    assert repr(Net()) == (
        "Net(\n"
        "  (fc1): Linear(in_features=4, out_features=3, bias=True)\n"
        "  (blocks): ModuleList(\n"
        "    (0): Linear(in_features=3, out_features=3, bias=False)\n"
        "    (1): ReLU()\n"
        "  )\n"
        ")"
    )


def test_edits_count_every_change_of_any_module():
    from minidl.nn.module import edits

    net, row = Net(), nn.Sequential(nn.ReLU())
    handles = []
    changes = [
        lambda: setattr(net, "width", 3),
        lambda: setattr(net, "width", 4),
        lambda: delattr(net, "width"),
        lambda: setattr(net, "fc1", nn.Linear(4, 3)),
        lambda: setattr(net, "scale", nn.Parameter(minidl.zeros(3))),
        lambda: setattr(net, "mean", minidl.ones(3)),
        lambda: net.register_buffer("other", None),
        lambda: net.register_parameter("bias", None),
        lambda: net.add_module("head", None),
        lambda: handles.append(net.register_forward_hook(lambda *_: None)),
        lambda: handles[0].remove(),
        net.eval,
        net.train,
        net.double,
        lambda: net.requires_grad_(False),
        lambda: row.append(nn.Tanh()),
        lambda: row.pop(0),
        lambda: nn.utils.parametrize.register_parametrization(net.fc1, "weight", nn.Tanh()),
    ]
    for i, change in enumerate(changes):
        before = edits.count
        change()
        assert edits.count > before, f"change {i} was not counted"


def test_edits_stand_still_while_modules_are_used():
    from minidl.nn.module import edits

    net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout())
    before = edits.count
    net.train()  # which it is already
    net(minidl.ones(2, 4)).sum().backward()
    net.load_state_dict(net.state_dict())
    net.zero_grad()
    assert edits.count == before
