"""Primitives, layers and optimisers on a card that any machine has: the stand-in."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

import minidl
from minidl import backend, cuda
from minidl.data import DataLoader
from minidl.primitive import TABLE
from tests.core import imitation
from tests.core.rows.row import Row
from tests.house.source import ROOT

from . import standin
from .rows import DERIVED, IDS, ROWS, judge_forward, judge_gradients, params_on
from .trials import NAMES, REFUSING, problems, unrefused

# Primitives that must look at numbers, which waits for the card, and why. Beside them the rows of
# solving_gpu.py wait for a real card to say whether it could treat a matrix.
LOOKS = {
    "remainder": "an integer is divided by 0 nowhere",
    "floor_divide": "an integer is divided by 0 nowhere",
    "bernoulli": "probabilities lie between 0 and 1",
    "multinomial": "weights are not negative and not all 0",
    "normal": "deviations are not negative",
    "svd": "nan is looked for, of which its library says nothing",
}
WHY = "tests/gpu asks the card itself" if cuda.is_available() else imitation.missing()
pytestmark = pytest.mark.skipif(WHY is not None, reason=str(WHY))


@pytest.fixture(autouse=True)
def card():
    with standin.inserted() as xp:
        yield xp


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_rows_on_the_standin(row):
    judge_forward(row)


@pytest.mark.parametrize("row", DERIVED, ids=lambda r: r.name)
def test_gradients_on_the_standin(row):
    judge_gradients(row)


@pytest.mark.parametrize("name", NAMES)
def test_trials_on_the_standin(name):
    assert not problems(name)


@pytest.mark.parametrize("name", REFUSING)
def test_what_is_wrong_is_refused_on_the_standin(name):
    assert not unrefused(name)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_no_primitive_fetches_numbers_in_secret(row: Row):
    inputs = [minidl.tensor(x).to("cuda") for x in row.inputs]
    standin.WAITS.clear()
    z = TABLE[row.name](*inputs, **params_on("cuda", row))
    fetched = Counter({why: n for why, n in standin.WAITS.items() if why != "upload"})
    assert not fetched or row.name in LOOKS and set(fetched) == {"bool"}
    assert z.device.type == "cuda"


def test_devices_that_mix_are_named():
    x, y = minidl.ones(3).cuda(), minidl.ones(3)
    with pytest.raises(minidl.DeviceError, match="add: .* on cuda:0, another on cpu; "):
        minidl.add(x, y)
    with pytest.raises(minidl.DeviceError, match=r"on cpu, another on cuda:0; .*x.to\('cpu'\)"):
        minidl.add(y, x)
    layer = minidl.nn.Linear(3, 2)
    with pytest.raises(minidl.DeviceError, match="one input is on"):
        layer(x)


def test_a_number_without_dimensions_meets_any_device():
    x = minidl.tensor([1.0, 2.0], device="cuda", requires_grad=True)
    scale = minidl.tensor(3.0, requires_grad=True)
    (x * scale).sum().backward()
    assert x.grad.tolist() == [3, 3] and x.grad.is_cuda
    assert scale.grad.item() == 3 and not scale.grad.is_cuda
    assert x.detach()[minidl.tensor([1, 0])].tolist() == [2, 1]
    assert x.detach()[np.array([True, False])].is_cuda


def test_the_way_to_a_card_and_back_has_a_gradient():
    x = minidl.ones(2, requires_grad=True)
    (x.cuda() * 2).cpu().sum().backward()
    assert x.grad.tolist() == [2, 2] and x.grad.device == "cpu"


def test_state_travels_between_devices():
    there, here = minidl.nn.Linear(3, 2).cuda(), minidl.nn.Linear(3, 2)
    here.load_state_dict(there.state_dict())
    assert not here.weight.is_cuda and here.weight.tolist() == there.weight.tolist()
    there.load_state_dict({k: v * 2 for k, v in here.state_dict().items()})
    assert there.weight.is_cuda and there.weight.tolist() == (here.weight * 2).tolist()


def test_the_default_device():
    with minidl.device("cuda"):
        assert minidl.zeros(2).is_cuda and minidl.rand(2).is_cuda and minidl.arange(3).is_cuda
        assert (
            minidl.tensor([1]).is_cuda
            and minidl.eye(2).is_cuda
            and minidl.linspace(0, 1, 3).is_cuda
        )
        assert minidl.nn.Linear(2, 2).weight.is_cuda
        assert not minidl.zeros(2, device="cpu").is_cuda
    assert not minidl.zeros(2).is_cuda
    assert minidl.ones(2, device="cuda").new_zeros(3).is_cuda
    assert minidl.zeros_like(minidl.ones(2, device="cuda")).is_cuda


# Pinned memory ------------------------------------------------------------------------------------


def test_a_pinned_batch_is_copied_beside_computing():
    x = minidl.arange(6.0).reshape(2, 3).pin_memory()
    assert x.is_pinned() and x.pin_memory() is x and x.device == "cpu"
    uploads = backend.cuda(0).uploads
    uploads.copies.clear()
    there = x.to("cuda", non_blocking=True)
    assert there.tolist() == x.tolist() and len(uploads.copies) == 1
    view = there[1:]
    del there
    uploads.send(x.array)
    assert len(uploads.copies) == 2  # the view still holds the first
    del view
    uploads.send(x.array)
    uploads.send(x.array)
    assert len(uploads.copies) < 3
    with pytest.raises(minidl.DeviceError, match="Only the processor's memory can be pinned"):
        x.cuda().pin_memory()


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_pins_its_batches(workers):
    data = [{"x": np.ones(3, "float32"), "name": "one", "pair": (1, 2.0)} for _ in range(4)]
    plain, pinned = (
        list(DataLoader(data, batch_size=2, num_workers=workers, pin_memory=wanted))
        for wanted in (False, True)
    )
    for a, b in zip(plain, pinned, strict=True):
        assert not a["x"].is_pinned() and b["x"].is_pinned() and b["pair"][1].is_pinned()
        assert a["name"] == b["name"] and a["x"].tolist() == b["x"].tolist()


def test_an_optimiser_imported_after_the_first_card_steps_all_at_once():
    code = """
import minidl
from tests.devices import standin
with standin.inserted():
    minidl.ones(2).cuda()
    from minidl import optim
    from minidl.optim.optimizer import _AT_ONCE
    assert (optim.AdamW, "cuda") in _AT_ONCE
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100, cwd=ROOT)
