"""save and load: everything plain comes back as it was; nothing else is taken."""

import json

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.training import CheckpointError, load, save


def test_a_nested_state_comes_back(tmp_path):
    state = {
        "model": {"0.weight": minidl.randn(3, 4), "n": minidl.tensor(7)},
        "groups": [{"lr": 0.1, "betas": (0.9, 0.999), "params": [0, 1]}],
        "state": {0: {"step": 3, "m": minidl.ones(2, dtype=minidl.float64)}, 1: {}},
        "$odd": None,
        "big": 2**127,
        "text": "Grüße",
        "yes": True,
        "inf": float("inf"),
        "array": np.arange(3),
    }
    save(state, tmp_path / "x.safetensors")
    back = load(tmp_path / "x.safetensors")
    assert minidl.equal(back["model"]["0.weight"], state["model"]["0.weight"])
    assert back["model"]["n"].shape == () and back["model"]["n"].dtype == minidl.int64
    assert back["groups"] == state["groups"] and back["groups"][0]["betas"] == (0.9, 0.999)
    assert back["state"][0]["m"].dtype == minidl.float64 and back["state"][1] == {}
    for key in ("$odd", "big", "text", "yes", "inf"):
        assert back[key] == state[key]
    assert isinstance(back["array"], np.ndarray) and back["array"].tolist() == [0, 1, 2]
    assert list(back) == list(state)
    back["model"]["0.weight"][0, 0] = 1.0  # what was loaded may be written


@pytest.mark.parametrize(
    "dtype",
    ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"],
)
def test_every_dtype(tmp_path, dtype):
    x = minidl.tensor([[0, 1], [1, 0]]).to(getattr(minidl, dtype))
    save({"x": x}, tmp_path / "x")
    assert load(tmp_path / "x")["x"].dtype == x.dtype
    assert load(tmp_path / "x")["x"].tolist() == x.tolist()


@pytest.mark.parametrize(
    "view",
    [lambda x: x.T, lambda x: x[:, ::2], lambda x: x[1:], lambda x: x[0, 0], lambda x: x[:0]],
)
def test_views_that_are_not_contiguous(tmp_path, view):
    x = view(minidl.arange(12).float().reshape(3, 4))
    save({"x": x}, tmp_path / "x")
    assert minidl.equal(load(tmp_path / "x")["x"], x)


def test_a_lone_tensor_and_names_that_collide(tmp_path):
    save(minidl.ones(2), tmp_path / "x")
    assert load(tmp_path / "x").tolist() == [1, 1]
    save({"a": {"b": minidl.ones(1)}, "a.b": minidl.zeros(1)}, tmp_path / "x")
    back = load(tmp_path / "x")
    assert back["a"]["b"].tolist() == [1] and back["a.b"].tolist() == [0]


def test_a_state_dict_keeps_its_keys_for_other_tools(tmp_path):
    from safetensors.numpy import load_file

    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    save(model.state_dict(), tmp_path / "x.safetensors")
    assert set(load_file(tmp_path / "x.safetensors")) == set(model.state_dict())
    other = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    other.load_state_dict(load(tmp_path / "x.safetensors"))
    for a, b in zip(model.parameters(), other.parameters(), strict=True):
        assert minidl.equal(a, b)


def test_a_file_of_another_tool(tmp_path):
    from safetensors.numpy import save_file

    save_file({"w": np.ones((2, 2), np.float32)}, tmp_path / "x.safetensors")
    assert load(tmp_path / "x.safetensors")["w"].tolist() == [[1, 1], [1, 1]]


def test_the_same_state_gives_the_same_bytes(tmp_path):
    state = {f"k{i}": minidl.full((3,), float(i)) for i in range(20)} | {"n": 1, "m": [2.5]}
    for name in "ab":
        save(state, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("keep", [0, 5, 60, -1])
def test_a_file_cut_short_is_named(tmp_path, keep):
    save({"x": minidl.ones(50)}, tmp_path / "x.safetensors")
    data = (tmp_path / "x.safetensors").read_bytes()
    (tmp_path / "x.safetensors").write_bytes(data[:keep])
    with pytest.raises(CheckpointError, match="x.safetensors: not a whole safetensors file"):
        load(tmp_path / "x.safetensors")


def test_what_is_not_plain_is_refused_with_its_path(tmp_path):
    with pytest.raises(TypeError, match=r"cannot save a\.1: it is a set"):
        save({"a": [1, {2}]}, tmp_path / "x")
    with pytest.raises(TypeError, match="a key is a tuple"):
        save({"a": {(1, 2): 3}}, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_beside_the_file(tmp_path):
    save({"x": 1}, tmp_path / "deep" / "x")
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["x"]


def test_the_tree_is_readable_json(tmp_path):
    save({"x": minidl.ones(2), "lr": 0.1}, tmp_path / "x")
    data = (tmp_path / "x").read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert json.loads(header["__metadata__"]["minidl"]) == {"x": {"$tensor": "x"}, "lr": 0.1}
