"""state_dict and load_state_dict: all or nothing, and every misfit by name."""

import numpy as np
import pytest

import minidl
from minidl import nn


def net():
    return nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))


def test_a_round_trip_copies_numbers():
    a, b = net(), net()
    result = b.load_state_dict(a.state_dict())
    assert result == ([], [])
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        assert p.tolist() == q.tolist() and p.array is not q.array


def test_the_state_shares_memory_and_has_no_history():
    a = net()
    state = a.state_dict()
    assert type(state) is dict and not state["0.weight"].requires_grad
    state["0.bias"].zero_()
    assert a[0].bias.tolist() == [0, 0, 0]
    assert a.state_dict(keep_vars=True)["0.bias"] is a[0].bias
    assert list(a.state_dict(prefix="net."))[0] == "net.0.weight"


def test_bare_arrays_and_other_dtypes_load():
    a = net()
    a.load_state_dict({k: np.ones(v.shape) for k, v in a.state_dict().items()})
    assert a[0].weight.dtype == minidl.float32 and a[2].bias.tolist() == [1, 1]


def test_every_misfit_is_named_and_nothing_is_loaded():
    a = net()
    before = a[0].bias.tolist()
    state = {k: v + 1 for k, v in a.state_dict().items()}
    state["0.wieght"] = state.pop("0.weight")
    state["2.bias"] = minidl.zeros(5)
    with pytest.raises(RuntimeError) as caught:
        a.load_state_dict(state)
    assert str(caught.value) == (
        "Sequential.load_state_dict: the state does not fit, nothing was loaded:\n"
        "  '2.bias': the module holds shape (2,), the state (5,)\n"
        "  unknown key '0.wieght' (did you mean '0.weight'?)\n"
        "  missing key '0.weight' (did you mean '0.wieght'?)"
    )
    assert a[0].bias.tolist() == before


def test_a_loose_load_reports_but_never_bends_shapes():
    a = net()
    state = a.state_dict()
    del state["0.weight"]
    state["extra"] = minidl.ones(1)
    result = a.load_state_dict(state, strict=False)
    assert result.missing_keys == ["0.weight"] and result.unexpected_keys == ["extra"]
    state["0.bias"] = minidl.ones(1)
    with pytest.raises(RuntimeError, match=r"shape \(3,\), the state \(1,\)"):
        a.load_state_dict(state, strict=False)


def test_loading_keeps_the_parameters_themselves():
    a = net()
    weight = a[0].weight
    a.load_state_dict(net().state_dict())
    assert a[0].weight is weight and weight.requires_grad


def test_hooks_on_saving_and_loading():
    a, seen = net(), []
    a[0].register_state_dict_pre_hook(lambda m, prefix, keep: seen.append(("saving", prefix)))
    a.register_state_dict_post_hook(lambda m, state, prefix, meta: state.pop("2.bias"))
    state = a.state_dict()
    assert seen == [("saving", "0.")] and "2.bias" not in state

    def rename(module, state, prefix, *rest):
        state[prefix + "bias"] = state.pop(prefix + "beta")

    a[2].register_load_state_dict_pre_hook(rename)
    a.register_load_state_dict_post_hook(lambda m, keys: seen.append(keys))
    a.load_state_dict({**state, "2.beta": minidl.ones(2)})
    assert a[2].bias.tolist() == [1, 1] and seen[-1] == ([], [])
