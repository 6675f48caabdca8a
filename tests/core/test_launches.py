"""Where no card is, kernels are run by the processor, slowly, and must give the table's numbers.

Each override gets NumPy under CuPy's name; its kernels are played (imitation.py), and every
launch is held against the kernel's own list of arguments. Where NVRTC is installed, all sources are
compiled by it, too.
"""

import sys
from contextlib import nullcontext
from itertools import product
from types import SimpleNamespace
from typing import Any, final

import numpy as np
import pytest

import minidl
from minidl import alarm_gpu, backend
from minidl.grading.pieces.replacing import replace_rules
from minidl.ops import (
    Generator,
    Slot,
    casting_gpu,
    entropy_gpu,
    positions_gpu,
    recurring_walks_gpu as walks,
    rows_gpu,
)
from minidl.ops.kernels_gpu import Family, written
from minidl.primitive import TABLE
from tests.nvrtc import objections
from tests.optim.ways import FUSED

from . import imitation
from .table import ROWS

played = pytest.mark.skipif(imitation.missing() is not None, reason=str(imitation.missing()))


class Array(np.ndarray):
    """A NumPy array that says where it lies as CuPy's do."""

    @property
    def data(self):  # type: ignore[override]
        return SimpleNamespace(ptr=self.__array_interface__["data"][0])

    @property
    def device(self):
        return SimpleNamespace(id=0)


class Recorder:
    """NumPy under CuPy's name."""

    RawModule = imitation.Module
    runtime = SimpleNamespace(
        getDevice=lambda: 0, deviceGetAttribute=lambda number, device: imitation.FACTS[number]
    )
    cuda = SimpleNamespace(
        Device=nullcontext,
        runtime=runtime,
        get_current_stream=lambda: SimpleNamespace(ptr=0, is_capturing=lambda: False),
        alloc_pinned_memory=lambda size: np.zeros(size, "uint8"),
    )

    def __getattr__(self, name):
        found = getattr(np, name)
        if not callable(found) or isinstance(found, (type, np.ufunc)):
            return found

        def call(*args, **kwargs):
            z = found(*args, **kwargs)
            return z.view(Array) if isinstance(z, np.ndarray) else z

        return call


@final
class Card(backend.Device):
    """A device whose overrides are a graphics card's, and whose arrays are NumPy's."""

    type, index, xp = "cuda", 0, Recorder()

    def run(self, primitive, inputs, params):
        forward = primitive.overrides.get("cuda")
        if forward is None and primitive.composition is not None:
            return primitive.composition(*inputs, **params)
        with np.errstate(all="ignore"):
            return np.asarray((forward or primitive.forward)(self.xp, *inputs, **params)).view(
                Array
            )

    def asarray(self, data, dtype=None):
        return np.array(data, dtype).view(Array)

    def to_host(self, array):
        return np.asarray(array)

    def work_into(self, name, x, y, factor=None):
        getattr(np, name)(x, y if factor is None else factor * y, out=x)


backend.register(Array, Card())
FAMILIES = [m for name, m in sys.modules.items() if name.startswith("minidl.") and "_gpu" in name]
OURS = {m.__name__ for m in FAMILIES if hasattr(m, "family") or hasattr(m, "multiply")}


def _ours(name: str) -> bool:
    """Whether a primitive has a kernel of ours, which needs of CuPy no more than NumPy's names."""
    rule = TABLE[name].overrides.get("cuda")
    return rule is not None and rule.__module__ in OURS


ROWS_HERE = [row for row in ROWS if _ours(row.name)]


@played
@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
@pytest.mark.parametrize("row", ROWS_HERE, ids=lambda r: r.name)
def test_launches_fit_their_kernels(row, kind):
    primitive = TABLE[row.name]
    inputs = [_as(x, kind) for x in row.inputs]
    with np.errstate(all="ignore"):
        z = primitive.overrides["cuda"](Recorder(), *inputs, **row.params)
    outline = primitive.outline(*inputs, **row.params)
    assert z.shape == tuple(outline.shape)
    assert z.dtype == outline.dtype
    rounding = {"float64": 1e-9, "float32": 1e-4, "float16": 3e-2}[kind]
    expected = np.asarray(row.reference(*row.inputs))
    np.testing.assert_allclose(z, expected, rtol=rounding, atol=rounding)


def _as(x, kind):
    if not isinstance(x, np.ndarray):
        return x
    x = x.astype(kind) if x.dtype == "float64" else x
    return np.array(x, copy=True).view(Array)


@pytest.mark.parametrize("kind", ["d", "f", "e", "E"])
@pytest.mark.parametrize("wide", [False, True], ids=["single", "packed"])
def test_sources_compile(kind, wide):
    size = {"d": 8, "f": 4}.get(kind, 2)
    for family in Family.every:
        source = written(family.source, kind, 16 // size if wide else 1)
        assert not objections(source, "--std=c++17", "-arch=sm_80")


# Larger arrays: rows for a warp and for a block, packs and single numbers, many blocks ------------

DRAW = np.random.default_rng(0)


def _normal(*shape):
    return DRAW.normal(size=shape)


def _rows_of(n):
    x, g = _normal(11, n), _normal(11, n)
    w, b = _normal(n), _normal(n)
    labels = DRAW.integers(n, size=11)
    z = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    yield "softmax", (x,), {"dim": 1}
    yield "log_softmax", (x,), {"dim": 1}
    yield "softmax_slope", (g, z), {"dim": 1}
    yield "log_softmax_slope", (g, np.log(z)), {"dim": 1}
    yield "surprise", (x, labels), {"reduction": "mean"}
    yield "surprise", (x, labels), {"reduction": "none"}
    few = np.where(np.arange(11) % 3, labels, -100)
    yield "surprise", (x, few), {"reduction": "mean", "ignored": -100}
    yield "surprise_slope", (np.asarray(0.5), x, few), {"reduction": "mean", "ignored": -100}
    yield "surprise_slope", (x[:, 0], x, few), {"reduction": "none", "ignored": -100}
    yield "surprise_slope", (np.asarray(0.5), x, labels), {"reduction": "mean"}
    yield "layer_norm", (x, w, b), {"eps": 1e-5}
    yield "layer_norm_slopes", (g, x, w), {"eps": 1e-5}
    yield "gelu", (x,), {}
    yield "relu", (x,), {}
    yield "gelu_slope", (g, x, x), {}
    yield "sum_to", (_normal(300, n),), {"shape": (n,)}
    yield "gather_at", (_normal(40, n), DRAW.integers(-40, 40, size=(3, 7))), {"key": (Slot.ARRAY,)}
    yield "scatter_at", (_normal(40, n), DRAW.integers(7, size=40)), {
        "key": (Slot.ARRAY,), "shape": (7, n),
    }  # fmt: skip


def _images(shape):
    x, g, c = _normal(*shape) + 3, _normal(*shape), shape[1]
    x = x.astype("float16").astype("float64")  # so that the same numbers are equal in all dtypes
    how = {"sizes": (3, 3), "steps": (2, 2), "gaps": (1, 1)}
    yield "channel_moments", (x,), {}
    yield "batch_norm", (x, _normal(c), _normal(c)), {"eps": 1e-5}
    yield "batch_norm_slopes", (g, x, _normal(c)), {"eps": 1e-5}
    yield "max_windows", (x,), how
    z = TABLE["max_windows"](x, **how)
    yield "spread_winners", (_normal(*z.shape), x, z), how
    yield "sum_windows", (x,), how
    yield "spread_windows", (z,), {"shape": shape[2:], **how}
    w = _normal(8, c // 2, 3, 3)
    options = {"steps": (2, 1), "gaps": (1, 2), "groups": 2, "border": ((1, 1), (2, 2))}
    yield "bordered_conv", (x, w, 0), options
    z = TABLE["bordered_conv"](x, w, 0, **options)
    yield "bordered_conv_transpose", (z, w), {"shape": shape[2:], **options}
    yield "bordered_conv_weight", (x, z), {"shape": (3, 3), **options}


CASES = [case for n in (1, 33, 256, 1000, 4100) for case in _rows_of(n)]
CASES += [case for s in ((3, 4, 9, 7), (5, 6, 16, 16)) for case in _images(s)]
for size, causal in product((5, 70), (False, True)):
    given = tuple(_normal(2, 3, size, 8) for _ in range(3))
    options = {"scale": 0.3, "causal": causal}
    answers = TABLE["attention"].composition(*given, **options)
    CASES += [("attention", given, options), ("attention_weights", given[:2], options)]
    CASES += [("attention_slopes", (_normal(2, 3, size, 8), answers, *given), options)]
LAYERS = ((20, 1), (50, 4), (90, 2), (128, 3), (140, 3))  # 140 units: more than a block holds
for (size, steps), reverse in product(LAYERS, (False, True)):
    given = (_normal(3 * steps, 4 * size), *_normal(2, 3, size), _normal(4 * size, size) / 9)
    options = {"steps": steps, "reverse": reverse}
    CASES += [("lstm_steps", given, options)]
    CASES += [("lstm_slopes", (_normal(3 * steps + 3, size), *given), options)]


@played
@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
@pytest.mark.parametrize("name, inputs, params", CASES, ids=lambda c: c if type(c) is str else "")
def test_large_arrays(name, inputs, params, kind):
    primitive = TABLE[name]
    rounding = {"float64": 1e-9, "float32": 1e-4, "float16": 5e-2}[kind]
    with np.errstate(all="ignore"):
        z = primitive.overrides["cuda"](Recorder(), *(_as(x, kind) for x in inputs), **params)
    expected = (primitive.composition or primitive)(*inputs, **params)
    scale = max(1, float(np.abs(expected).max()))
    np.testing.assert_allclose(z, expected, rtol=rounding, atol=rounding * scale)


PULLED = {
    "relu": lambda n: (_normal(11, n),),
    "batch_norm": lambda n: (_normal(4, 3, n) + 3, _normal(3), _normal(3)),
    "layer_norm": lambda n: (_normal(11, n), _normal(n), _normal(n)),
}


@played
@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
@pytest.mark.parametrize("n", [1, 33, 256, 2050])
@pytest.mark.parametrize("name", PULLED)
def test_gradients_by_a_kernel_of_their_own(name, n, kind):
    primitive, inputs = TABLE[name], PULLED[name](n)
    params = {} if name == "relu" else {"eps": 1e-5}
    z = primitive(*inputs, **params)
    g, wanted = DRAW.normal(size=z.shape), (True,) * len(inputs)
    theirs = primitive.pull(g, (z, *inputs), wanted, params)
    given = [_as(x, kind) for x in (g, z, *inputs)]
    mine = primitive.pull(given[0], tuple(given[1:]), wanted, params)
    rounding = {"float64": 1e-9, "float32": 2e-4, "float16": 5e-2}[kind]
    for x, y in zip(mine, theirs, strict=True):
        scale = max(1, float(np.abs(y).max()))
        assert x.dtype == kind
        np.testing.assert_allclose(x, y, rtol=rounding, atol=rounding * scale)
    assert primitive.slopes["cuda"](Recorder(), *given, **params) is not None


@played
def test_a_learners_rule_goes_before_the_kernel():
    relu, x = TABLE["relu"], np.ones(3).view(Array)
    put_back = replace_rules(relu, [lambda g, z, x: g * 7])
    try:
        assert relu.pull(x, (x, x), (True,), {})[0].tolist() == [7, 7, 7]
    finally:
        put_back()
    assert relu.pull(x, (x, x), (True,), {})[0].tolist() == [1, 1, 1]


@played
@pytest.mark.parametrize("n", [1, 7, 512])
def test_casts(n):
    kinds = ["float64", "float32", "float16"]
    for kind, other in product(kinds, kinds):
        x = _normal(n).astype(kind)
        z = TABLE["cast"].overrides["cuda"](Recorder(), x.view(Array), dtype=np.dtype(other))
        np.testing.assert_array_equal(z, x.astype(other))


@played
@pytest.mark.parametrize("kind", ["float32", "float16", "float64"])
def test_casts_of_many_arrays_at_once(kind):
    sizes = [1, 7, 4096, *range(130), 5]
    arrays = [_normal(n + 1).astype("float32").view(Array) for n in sizes]
    results: Any = casting_gpu._all(Recorder(), arrays, np.dtype(kind))
    for z, x in zip(results, arrays, strict=True):
        assert z.dtype == kind
        np.testing.assert_array_equal(z, x.astype(kind))
    assert (
        casting_gpu._all(Recorder(), [*arrays, np.ones(2, int).view(Array)], np.dtype(kind)) is None
    )


@played
@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
@pytest.mark.parametrize("sizes", [(1, 1, 5), (7, 2, 4097, 3), (0, 1000, 0, 1)])
def test_random_numbers_are_the_processors(sizes, kind):
    here, there = Generator(3), Generator(3)
    rule = TABLE["uniform_like"].overrides["cuda"]
    for n in sizes:
        x = np.zeros(n, kind).view(Array)
        z = rule(Recorder(), x, generator=there)
        np.testing.assert_array_equal(z, TABLE["uniform_like"](np.zeros(n, kind), generator=here))
        assert here.state_dict()["state"] == there.state_dict()["state"]
    assert here.bits.random(3, "float32").tolist() == there.bits.random(3, "float32").tolist()


@pytest.mark.parametrize("kind, size, most", [
    ("float32", 128, 1584), ("float32", 100, 1584), ("float32", 20, 6336), ("float32", 129, 0),
    ("float16", 128, 528), ("float64", 64, 1056), ("float64", 65, 0), ("int64", 20, 0),
])  # fmt: skip
def test_which_layers_go_through_all_steps_in_one_launch(kind, size, most):
    w = np.zeros((4 * size, size), kind)
    assert [walks.serves(Recorder(), w, n) for n in (most, most + 1)] == [most > 0, False]


def test_a_card_of_little_shared_memory_takes_a_product_for_each_step(monkeypatch):
    monkeypatch.setitem(imitation.FACTS, 97, 48 << 10)
    answers = [walks.serves(Recorder(), np.zeros((4 * n, n), "f"), 3) for n in (96, 97)]
    assert answers == [True, False]


# Positions out of range -------------------------------------------------------------------------

ROWS_THERE = np.arange(12.0).reshape(4, 3)
WRONG = {
    "a row": lambda x, i: TABLE["gather_at"](x, i(4), key=(Slot.ARRAY,)),
    "a row from the end": lambda x, i: TABLE["gather_at"](x, i(-5), key=(Slot.ARRAY,)),
    "an added row": lambda x, i: TABLE["scatter_at"](x[:2], i(4), key=(Slot.ARRAY,), shape=(4, 3)),
    "one of two": lambda x, i: positions_gpu.watch(
        Recorder(), (9, 4, 3), (slice(None), Slot.ARRAY, Slot.ARRAY), (i(3), i(3))
    ),
    "one counted from the end": lambda x, i: positions_gpu.watch(
        Recorder(), (4,), (Slot.ARRAY,), (i(-1),), from_end=False
    ),
    "a label": lambda x, i: TABLE["surprise"](x[:2], i(3), reduction="mean", ignored=-100),
}


def _two(position):
    return np.array([1, position]).view(Array)


@played
@pytest.mark.parametrize("name", WRONG)
def test_what_is_out_of_range_is_told_to_whoever_waits_next(name, monkeypatch):
    bell = alarm_gpu.Alarm(Recorder())
    for module in (rows_gpu, positions_gpu, entropy_gpu):
        monkeypatch.setattr(module, "alarm", lambda xp: bell)
    x = ROWS_THERE.astype("float32").view(Array)
    fine = {"a row from the end": -4, "a label": -100, "one counted from the end": 0}.get(name, 2)
    WRONG[name](x, lambda position: _two(fine))
    bell.look()
    WRONG[name](x, _two)
    said = "label" if name == "a label" else "position"
    with pytest.raises(IndexError, match=f"^A {said} was out of range"):
        bell.look()
    bell.look()  # it is told once


# Optimisers -------------------------------------------------------------------------------------


@played
@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("name", FUSED)
def test_steps_of_all_parameters_at_once(name, kind):
    make, options = FUSED[name]

    def trained(there):
        draws = np.random.default_rng(0)
        shapes = ((7, 5), (3,), (1,), (200, 100), ())
        moved = lambda x: minidl.tensor(0.0).like(Card().asarray(x)) if there else minidl.tensor(x)
        drawn = lambda: [moved(np.asarray(draws.normal(size=s), kind)) for s in shapes]
        parameters = [x.requires_grad_() for x in drawn()]
        optimizer = make(parameters, **options)
        for step in range(3):
            for p, g in zip(parameters, drawn(), strict=True):
                p.grad = g
            if step == 1:
                parameters[1].grad = None
            clipped = minidl.nn.utils.clip_grad_norm_(parameters, 2.5)
            optimizer.step()
        return [clipped, *parameters]

    for x, y in zip(trained(True), trained(False), strict=True):
        rounding = 1e-9 if kind == "float64" else 1e-4
        mine, theirs = (np.asarray(v.array) for v in (x, y))
        np.testing.assert_allclose(mine, theirs, rounding, rounding)
