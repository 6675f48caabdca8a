"""L-BFGS on a curved valley: it arrives, it resumes, it says what it needs."""

import pytest

import minidl
from minidl import training
from minidl.optim import LBFGS


def _valley(optimizer, x):
    def closure():
        optimizer.zero_grad()
        loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        loss.backward()
        return loss

    return closure


def _begin(**options):
    x = minidl.tensor([-1.2, 1.0], dtype=minidl.float64, requires_grad=True)
    optimizer = LBFGS([x], line_search_fn="strong_wolfe", **options)
    return x, optimizer, _valley(optimizer, x)


def test_it_arrives_at_the_bottom_of_rosenbrocks_valley():
    x, optimizer, closure = _begin(max_iter=100)
    assert optimizer.step(closure).item() == pytest.approx(24.2)
    assert closure().item() < 1e-8
    assert x.tolist() == pytest.approx([1.0, 1.0], abs=1e-4)


def test_saved_in_the_middle_it_goes_the_same_way(tmp_path):
    x, optimizer, closure = _begin(max_iter=5)
    optimizer.step(closure)
    state = {"x": x.detach().clone(), "optimizer": optimizer.state_dict()}
    training.serialization.save(state, tmp_path / "run.safetensors")
    optimizer.step(closure)

    y, other, again = _begin(max_iter=5)
    saved = minidl.load(tmp_path / "run.safetensors")
    with minidl.no_grad():
        y.copy_(saved["x"])
    other.load_state_dict(saved["optimizer"])
    other.step(again)
    assert y.tolist() == x.tolist()


def test_it_needs_a_closure_and_one_group():
    x = minidl.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="closure"):
        LBFGS([x]).step()
    with pytest.raises(ValueError, match="one group"):
        LBFGS([{"params": [x]}, {"params": [minidl.ones(1, requires_grad=True)]}])
    with pytest.raises(ValueError, match="strong_wolfe"):
        LBFGS([x], line_search_fn="weak")
