"""Devices without a graphics card: every question has an answer, every refusal says what to do."""

import numpy as np
import pytest

import minidl
from minidl import backend, cuda, nn
from minidl.cuda.diagnosis import Diagnosis, diagnose, driver_version
from minidl.primitive import TABLE

without_card = pytest.mark.skipif(cuda.is_available(), reason="this machine has a card")


@without_card
def test_questions_have_answers_without_a_card():
    assert not cuda.is_available() and cuda.device_count() == 0 and not cuda.is_initialized()
    assert cuda.memory_allocated() == cuda.memory_reserved() == cuda.max_memory_allocated() == 0
    assert "0.0 MiB" in cuda.memory_summary()
    cuda.empty_cache()
    cuda.reset_peak_memory_stats()
    cuda.manual_seed_all(0)
    cuda.set_device(-1)
    with cuda.device(None), cuda.device(-1), cuda.stream(None):
        assert minidl.ones(2).get_device() == -1
    assert not minidl.ones(2).is_pinned()


@without_card
@pytest.mark.parametrize(
    "ask",
    [
        lambda: minidl.ones(2).cuda(),
        lambda: minidl.ones(2).to("cuda:0"),
        lambda: minidl.ones(2).to(0),
        lambda: minidl.ones(2, device="cuda"),
        lambda: minidl.ones(2).pin_memory(),
        lambda: nn.Linear(2, 2).cuda(),
        lambda: nn.Linear(2, 2, device="cuda"),
        lambda: cuda.current_device(),
        lambda: cuda.get_device_name(),
        lambda: cuda.get_device_properties(0),
        lambda: cuda.mem_get_info(),
        lambda: cuda.set_device(0),
        lambda: cuda.synchronize(),
        lambda: cuda.Stream(),
        lambda: minidl.set_default_device("cuda"),
    ],
)
def test_a_card_that_is_not_there_is_refused_with_advice(ask):
    with pytest.raises(minidl.DeviceError, match="shows 0 CUDA devices; `minidl doctor` says"):
        ask()


@pytest.mark.parametrize("error", [ImportError("libcudart.so.13"), RuntimeError("no driver")])
def test_whatever_is_broken_there_is_no_card(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr(backend, "cupy", fail)
    monkeypatch.setattr(backend.importlib.util, "find_spec", lambda name: object())
    backend.cuda_search.cache_clear()
    try:
        assert not cuda.is_available()
        assert diagnose().cards == []
    finally:
        backend.cuda_search.cache_clear()


ADVICE = [
    (0, None, "", ""),
    (0, ("cupy-cuda13x", "14.2.0"), "no NVIDIA driver", ""),
    (13000, None, "no CuPy", "pip install 'minidl[gpu13]'"),
    (12080, None, "no CuPy", "pip install 'minidl[gpu12]'"),
    (12080, ("cupy-cuda13x", "14.2.0"), "needs a driver for CUDA 13", "pip uninstall -y cupy"),
]


@without_card
@pytest.mark.parametrize(("driver", "package", "missing", "command"), ADVICE)
def test_the_doctor_says_what_is_missing(monkeypatch, driver, package, missing, command):
    monkeypatch.setattr("minidl.cuda.diagnosis.driver_version", lambda: driver)
    monkeypatch.setattr("minidl.cuda.diagnosis._package", lambda: package)
    found = diagnose()
    assert isinstance(found, Diagnosis) and missing in found.missing
    assert found.command.startswith(command) and bool(found.command) == bool(command)


def test_the_driver_is_asked_without_cupy():
    assert driver_version() >= 0


# Where things are made, and how they are moved ----------------------------------------------------


def test_default_device():
    assert minidl.get_default_device() == "cpu"
    with minidl.device("cpu") as here:
        assert minidl.get_default_device() is here and minidl.zeros(2).device is here
    minidl.set_default_device("cpu")
    minidl.set_default_device(None)
    assert minidl.get_default_device() == "cpu"
    with pytest.raises(minidl.DeviceError, match="no device 'tpu'"):
        minidl.set_default_device("tpu")


def test_to_takes_pytorchs_calls():
    x = minidl.ones(2)
    half = minidl.ones(1).half()
    ways = [x.to(minidl.float16), x.to("cpu", minidl.float16), x.to(half), x.to(half, True)]
    ways += [x.to(device="cpu", dtype=minidl.float16), x.to("float16"), x.to(other=half)]
    for moved in ways:
        assert moved.dtype == minidl.float16 and moved.device == "cpu"
    assert x.to("cpu") is x and x.to(minidl.float32) is x and x.cpu() is x
    for copied in (x.to("cpu", copy=True), x.to(minidl.float32, False, True)):
        assert copied is not x and not np.shares_memory(copied.array, x.array)
    layer = nn.Linear(2, 2)
    assert layer.to("cpu", minidl.float64) is layer and layer.weight.dtype == minidl.float64
    assert layer.to(x).weight.dtype == minidl.float32


# Memory that is shared with other libraries -------------------------------------------------------


def test_dlpack_shares_memory_with_numpy():
    array = np.arange(6.0).reshape(2, 3).T
    x = minidl.from_dlpack(array)
    array[0, 0] = 7
    assert x[0, 0].item() == 7 and x.stride() == (1, 3)
    back = np.from_dlpack(x)
    assert np.shares_memory(back, array)
    x[1, 1] = -1
    assert array[1, 1] == back[1, 1] == -1
    assert x.__dlpack_device__() == (1, 0)
    copied = minidl.from_dlpack(array, copy=True)
    assert not np.shares_memory(copied.array, array)
    with pytest.raises(TypeError, match="expected an array with __dlpack__, got"):
        minidl.from_dlpack([1.0])


def test_dlpack_takes_the_standards_keywords():
    x = minidl.arange(3.0)
    for how in ({"max_version": (1, 0)}, {"dl_device": (1, 0)}, {"copy": True}, {"stream": None}):
        assert "dltensor" in repr(x.__dlpack__(**how))


@pytest.mark.torch
def test_dlpack_shares_memory_with_pytorch():
    torch = pytest.importorskip("torch")
    for kind in ("float32", "float64", "int64", "uint8", "bool", "complex64"):
        theirs = torch.zeros(2, 3, dtype=getattr(torch, kind))
        mine = minidl.from_dlpack(theirs)
        theirs[1, 2] = 1
        assert mine[1, 2].item() == 1 and mine.dtype == getattr(minidl, kind)
        back = torch.from_dlpack(mine)
        mine[0, 0] = 1
        assert back.data_ptr() == theirs.data_ptr() and back[0, 0].item() == 1


def test_a_tensor_that_requires_a_gradient_is_not_shared():
    x = minidl.ones(2, requires_grad=True)
    with pytest.raises(BufferError, match="use detach"):
        x.__dlpack__()
    assert np.shares_memory(np.from_dlpack(x.detach()), x.array)


def test_only_a_card_has_cudas_interface():
    assert not hasattr(minidl.ones(2), "__cuda_array_interface__")


@pytest.mark.parametrize("halves", [False, True])
def test_a_rule_that_warns_of_nothing_may_call_another(monkeypatch, halves):
    """As a learner's own piece may, which stands where minidl's rule stood."""
    if halves:
        minidl.ones(1, dtype=minidl.float16)
    exp = TABLE["exp"]
    monkeypatch.setattr(TABLE["relu"], "forward", lambda xp, x: exp(x) + exp(x))
    assert minidl.relu(minidl.tensor([0.0, 1000.0])).tolist() == [2.0, np.inf]
