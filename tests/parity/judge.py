"""Runs a trial under both frameworks and raises where they part."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from .case import Case, Layer, Refused, Steps, Trial

TOLERANCES = {"float64": (1e-8, 1e-10), "float32": (2e-4, 2e-5), "float16": (1e-2, 1e-3)}
# What a beginner can read; NumPy's own words never count as ours.
_OURS = (ValueError, TypeError, IndexError, RuntimeError, NotImplementedError, KeyError,
         ZeroDivisionError)  # fmt: skip


def variants(trial: Trial) -> Iterator[tuple[str, bool]]:
    """The (dtype, strided) pairs a trial is tried in."""
    for kind in trial.kinds:
        yield kind, False
        if isinstance(trial, Case) and trial.strided and _stridable(trial.inputs):
            yield kind, True


def judge(trial: Trial, kind: str, strided: bool) -> None:
    """Raises AssertionError, or whatever minidl raised, where the two frameworks part."""
    import torch

    import minidl

    frameworks = (minidl, torch)
    if isinstance(trial, Refused):
        _judge_refusal(trial, frameworks)
    elif isinstance(trial, Case):
        _judge_case(trial, kind, strided, frameworks)
    elif isinstance(trial, Layer):
        _judge_layer(trial, kind, frameworks)
    else:
        _judge_steps(trial, kind, frameworks)


# Inputs and outputs -----------------------------------------------------------------------------


def _stridable(inputs: dict[str, Any]) -> bool:
    return any(isinstance(x, np.ndarray) and x.ndim and x.size for x in inputs.values())


def tensors(m: Any, inputs: dict[str, Any], kind: str, strided: bool, grads: bool) -> dict:
    """The inputs as tensors of a framework; floating ones are leaves that want gradients."""
    made = {}
    for name, x in inputs.items():
        if not isinstance(x, np.ndarray):
            made[name] = x
            continue
        floating = x.dtype.kind in "fc"
        wanted = {"f": kind, "c": "complex128" if kind == "float64" else "complex64"}
        array = x.astype(wanted.get(x.dtype.kind, x.dtype), copy=False)
        if strided and array.ndim:  # every second number of a wider array, dimensions reversed
            wide = np.zeros((*array.shape[::-1], 2), array.dtype)
            wide[..., 0] = array.T
            t = m.tensor(wide)[..., 0].permute(tuple(range(array.ndim))[::-1])
        else:
            t = m.tensor(array)
        made[name] = t.requires_grad_() if floating and grads else t
    return made


def flat(value: Any) -> list[Any]:
    """Tensors and plain values, however deep in tuples, lists and dictionaries."""
    if isinstance(value, (tuple, list)):
        return [leaf for item in value for leaf in flat(item)]
    if isinstance(value, dict):
        return [leaf for key in value for leaf in flat(value[key])]
    return [value]


def _tolerances(kind: str, factor: float, result: Any = None) -> tuple[float, float]:
    """rtol and atol for what was computed in a dtype, or in the result's where that is coarser."""
    coarser = TOLERANCES.get(str(getattr(result, "dtype", "")).removeprefix("torch."), (0.0, 0.0))
    rtol, atol = max(TOLERANCES[kind], coarser)
    return rtol * factor, atol * factor


def _is_tensor(x: Any) -> bool:
    return hasattr(x, "requires_grad") and hasattr(x, "shape")


def _array(x: Any) -> np.ndarray:
    return x.numpy(force=True) if hasattr(x, "resolve_conj") else x.detach().numpy()


def _agree(ours: Any, theirs: Any, kind: str, tolerance: float, what: str) -> None:
    mine, other = flat(ours), flat(theirs)
    assert len(mine) == len(other), f"{what}: {len(mine)} values for {len(other)}"
    for i, (a, b) in enumerate(zip(mine, other, strict=True)):
        place = what if len(mine) == 1 else f"{what} {i}"
        rtol, atol = _tolerances(kind, tolerance, b)
        if not _is_tensor(b):
            assert not _is_tensor(a), f"{place}: a tensor for {b!r}"
            if isinstance(b, float):
                np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=place)
            else:
                same = a == b or str(a) == str(b).removeprefix("torch.")  # dtypes by their names
                assert same, f"{place}: {a!r}, not {b!r}"
            continue
        assert _is_tensor(a), f"{place}: {type(a).__name__} for a tensor"
        assert tuple(a.shape) == tuple(b.shape), f"{place}: shape {a.shape}, not {tuple(b.shape)}"
        assert f"torch.{a.dtype}" == str(b.dtype), f"{place}: {a.dtype}, not {b.dtype}"
        np.testing.assert_allclose(
            _array(a), _array(b), rtol=rtol, atol=atol, equal_nan=True, err_msg=place
        )


# Gradients --------------------------------------------------------------------------------------


def _weighted(m: Any, value: Any) -> Any:
    """One number in which every floating output counts differently."""
    total = None
    for z in flat(value):
        if not _is_tensor(z) or not z.requires_grad:
            continue
        z = _as_pairs(m, z)
        weights = np.cos(np.arange(z.numel(), dtype="float64")).reshape(tuple(z.shape))
        term = (z * m.tensor(weights).to(z.dtype)).sum()
        total = term if total is None else total + term.to(total.dtype)
    return total


def _as_pairs(m: Any, z: Any) -> Any:
    """Complex numbers as real ones; PyTorch's may be conjugated in name only."""
    if "complex" not in str(z.dtype):
        return z
    return m.view_as_real(z.resolve_conj() if hasattr(z, "resolve_conj") else z)


def _derivatives(m: Any, value: Any, leaves: list[Any], second: bool) -> tuple[list, list | None]:
    """First derivatives of the weighted sum; then those of the squares, or None."""
    total = _weighted(m, value)
    first = list(m.autograd.grad(total, leaves, create_graph=second, allow_unused=True))
    alive = [g for g in first if g is not None and g.requires_grad and g.dtype == leaves[0].dtype]
    if not second or not alive:
        return first, None
    alive = [_as_pairs(m, g) for g in alive]
    squares = m.stack([(g * g).sum() for g in alive]).sum()
    try:
        return first, list(m.autograd.grad(squares, leaves, allow_unused=True))
    except (RuntimeError, NotImplementedError):
        if m.__name__ == "torch":  # PyTorch has no second derivative here
            return first, None
        raise


def _compare_gradients(
    frameworks: tuple, values: tuple, leaves: tuple, kind: str, tolerance: float, second: bool
) -> None:
    wants = [any(_is_tensor(z) and z.requires_grad for z in flat(v)) for v in values]
    assert wants[0] == wants[1], f"requires_grad is {wants[0]}, not {wants[1]}"
    if not wants[1]:
        return
    theirs = _derivatives(frameworks[1], values[1], leaves[1], second)
    ours = _derivatives(frameworks[0], values[0], leaves[0], theirs[1] is not None)
    for what, a, b in zip(("gradient", "second gradient"), ours, theirs, strict=True):
        if b is None:
            continue
        for i, (mine, other) in enumerate(zip(a or [None] * len(b), b, strict=True)):
            place, factor = f"{what} {i}", tolerance * (10 if "second" in what else 1)
            if mine is not None and other is not None:
                _agree(mine, other, kind, factor, place)
                continue
            for g in (mine, other):  # None and zeros say the same
                if g is not None:
                    atol = _tolerances(kind, factor)[1]
                    np.testing.assert_allclose(_array(g), 0, atol=atol, err_msg=place)


# The four kinds of trial ------------------------------------------------------------------------


def _evaluate(code: str, m: Any, names: dict[str, Any]) -> Any:
    with warnings.catch_warnings():
        if m.__name__ == "torch":  # what PyTorch warns of is not ours to mend
            warnings.simplefilter("ignore")
        return eval(code, {"m": m, "F": m.nn.functional, "np": np, **names})  # noqa: S307


def _judge_case(trial: Case, kind: str, strided: bool, frameworks: tuple) -> None:
    names = [tensors(m, trial.inputs, kind, strided, trial.gradient) for m in frameworks]
    values = tuple(_evaluate(trial.code, m, n) for m, n in zip(frameworks, names, strict=True))
    _agree(values[0], values[1], kind, trial.tolerance, "output")
    if trial.gradient:
        leaves = tuple([x for x in n.values() if _is_tensor(x) and x.requires_grad] for n in names)
        _compare_gradients(frameworks, values, leaves, kind, trial.tolerance, trial.second)


def _judge_layer(trial: Layer, kind: str, frameworks: tuple) -> None:
    minidl, torch = frameworks
    torch.manual_seed(0)
    nets = [_evaluate(trial.code, m, {}).to(getattr(m, kind)) for m in frameworks]
    weights = nets[1].state_dict()
    for i, (name, t) in enumerate(weights.items()):  # norms begin at 1 and 0, which hides mistakes
        if t.is_floating_point() and t.dim() == 1 and "running" not in name:
            t += 0.1 * torch.cos(torch.arange(t.numel()) + i).to(t.dtype)
    assert list(nets[0].state_dict()) == list(weights), "the keys of state_dict differ"
    nets[0].load_state_dict({k: minidl.tensor(t.numpy()) for k, t in weights.items()})
    values, leaves = [], []
    for m, net in zip(frameworks, nets, strict=True):
        net.train(trial.train)
        names = tensors(m, trial.inputs, kind, False, True)
        values.append(_evaluate(trial.call, m, {**names, "net": net}))
        leaves.append(
            [x for x in names.values() if _is_tensor(x) and x.requires_grad] + [*net.parameters()]
        )
    _agree(values[0], values[1], kind, trial.tolerance, "output")
    buffers = [[*net.buffers()] for net in nets]
    _agree(buffers[0], buffers[1], kind, trial.tolerance, "buffers")
    _compare_gradients(
        frameworks, tuple(values), tuple(leaves), kind, trial.tolerance, trial.second
    )


def _judge_steps(trial: Steps, kind: str, frameworks: tuple) -> None:
    paths = [_trajectory(trial, kind, m) for m in frameworks]
    for step, (ours, theirs) in enumerate(zip(*paths, strict=True), 1):
        rtol, atol = _tolerances(kind, trial.tolerance)
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol, err_msg=f"step {step}")


def _trajectory(trial: Steps, kind: str, m: Any) -> list[np.ndarray]:
    """After each step: the weights, and the learning rates."""
    rng = np.random.default_rng(0)
    dtype = getattr(m, kind)
    start = [rng.normal(size=shape) for shape in ((4, 3), (3,))]
    data, target = (m.tensor(rng.normal(size=s)).to(dtype) for s in ((8, 4), (8, 3)))
    params = [m.nn.Parameter(m.tensor(a).to(dtype)) for a in start]
    opt = _evaluate(trial.code, m, {"params": params})
    schedule = _evaluate(trial.schedule, m, {"opt": opt}) if trial.schedule else None

    def loss():
        opt.zero_grad()
        error = (m.tanh(data @ params[0] + params[1]) - target) ** 2
        value = error.mean()
        value.backward()
        return value

    path = []
    for _ in range(trial.steps):
        value = opt.step(loss) if trial.closure else loss()
        if not trial.closure:
            opt.step()
        if schedule is not None:
            schedule.step(value.item()) if trial.measured else schedule.step()
        rates = [group["lr"] for group in opt.param_groups]
        path.append(np.concatenate([*(_array(p).ravel() for p in params), np.array(rates)]))
    return path


def _judge_refusal(trial: Refused, frameworks: tuple) -> None:
    minidl, torch = frameworks
    try:
        _evaluate(trial.code, torch, tensors(torch, trial.inputs, "float32", False, False))
    except Exception:  # noqa: S110  (PyTorch's own class and words do not matter)
        pass
    else:
        raise AssertionError("PyTorch does not refuse this")
    try:
        _evaluate(trial.code, minidl, tensors(minidl, trial.inputs, "float32", False, False))
    except _OURS as error:
        assert re.search(trial.says, str(error)), f"says: {error}"
        return
    raise AssertionError("minidl does not refuse this")
