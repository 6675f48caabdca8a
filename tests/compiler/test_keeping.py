"""Programs kept on disk: found by what they compute, and never where anything differs."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import minidl
import minidl.nn.functional as F
from minidl.compiler import trace
from minidl.compiler.emitting import prepared
from minidl.compiler.native import building, keeping
from minidl.compiler.native.running import NativeProgram
from minidl.primitive import TABLE

pytestmark = pytest.mark.skipif(building.compiler() is None, reason="there is no C compiler")
X = minidl.arange(12.0).reshape(3, 4)


@pytest.fixture(autouse=True)
def apart(monkeypatch, tmp_path):
    """A cache of its own for each test."""
    monkeypatch.setenv("MINIDL_CACHE", str(tmp_path))
    monkeypatch.setenv("MINIDL_CFLAGS", "-O1")


def shelf(function: Any, *inputs: Any) -> keeping.Shelf:
    graph = trace(function)(*inputs)
    return keeping.Shelf(graph, [None] * len(graph.outputs))


def kept(function: Any, *inputs: Any) -> NativeProgram:
    """The program of a function as the next process finds it."""
    place = shelf(function, *inputs)
    prepared(place.graph, list(place.targets), "native")
    program = shelf(function, *inputs).program()
    assert program is not None
    return program


def ran(program: NativeProgram, *inputs: Any) -> list[np.ndarray]:
    for place, x in zip(program.inputs, inputs, strict=True):
        place[...] = x.numpy()
    program.run()
    return program.outputs


def test_a_kept_program_computes_the_same():
    mask = minidl.tensor([[True, False, True, True]])

    def function(x):
        picked = x[:, minidl.tensor([2, 0])]
        return x.where(mask, -1.0).softmax(-1) @ x.T, picked * 2, x.sum(0, keepdim=True)

    program = kept(function, X)
    for got, wanted in zip(ran(program, X), function(X), strict=True):
        assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
        np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-6)
    assert "step_0" in program.source() and program.statistics()["kernels"] > 1


def test_what_nobody_needs_is_no_hindrance():
    @minidl.compile
    def function(x, y):
        minidl.exp(y)  # so y is no input of the graph
        return x + 1

    for _ in range(2):
        np.testing.assert_array_equal(function(X, minidl.ones(2)).numpy(), (X + 1).numpy())
    assert "NativeProgram" in str(function.explain())


def test_numbers_are_drawn_as_in_eager():
    function = lambda x: F.dropout(x, 0.5) + minidl.rand_like(x[0])
    program = kept(function, X)
    for _ in range(2):
        minidl.manual_seed(1)
        first, second = function(X), function(X)
        minidl.manual_seed(1)
        np.testing.assert_allclose(ran(program, X)[0], first.numpy(), rtol=1e-6)
        np.testing.assert_allclose(ran(program, X)[0], second.numpy(), rtol=1e-6)


PAIRS = {
    "a number": (lambda x: x * 2.0, lambda x: x * 2.5),
    "a sign of zero": (lambda x: x.where(x > 1, 0.0), lambda x: x.where(x > 1, -0.0)),
    "an array": (lambda x: x + minidl.ones(4), lambda x: x + minidl.full((4,), 2.0)),
    "a parameter": (lambda x: x.sum(0), lambda x: x.sum(1)),
    "a key": (lambda x: x[:, 1:], lambda x: x[:, :-1]),
    "an order": (lambda x: x.exp() - x, lambda x: x - x.exp()),
    "an operation": (lambda x: x.exp(), lambda x: x.tanh()),
    "a dtype": (lambda x: x.double(), lambda x: x.long()),
    "an output": (lambda x: [x * 2, x * 3], lambda x: [x * 3, x * 2]),
}


@pytest.mark.parametrize("what", PAIRS)
def test_whatever_differs_is_another_program(what):
    first, second = (shelf(function, X).file for function in PAIRS[what])
    assert first is not None and second is not None and first != second
    assert first == shelf(PAIRS[what][0], X).file


def test_shapes_dtypes_and_targets_matter():
    function = lambda x: x + 1
    files = {shelf(function, x).file for x in (X, X.double(), X[:, :2], X.T, X[None])}
    graph = trace(function)(X)
    files |= {keeping.Shelf(graph, [0]).file, keeping.Shelf(graph, [None]).file}
    assert len(files) == 6


def test_machine_threads_and_minidl_itself_matter(monkeypatch):
    files = [shelf(minidl.exp, X).file]
    monkeypatch.setenv("MINIDL_CFLAGS", "-O2")
    files.append(shelf(minidl.exp, X).file)
    monkeypatch.setattr(keeping, "get_num_threads", lambda: 7)
    files.append(shelf(minidl.exp, X).file)
    monkeypatch.setattr(keeping, "_sources", lambda: "other files")
    files.append(shelf(minidl.exp, X).file)
    monkeypatch.setattr(keeping, "identity", lambda: "another processor")
    files.append(shelf(minidl.exp, X).file)
    assert len(set(files)) == 5 and None not in files


def test_rules_that_are_not_minidls_are_not_kept(monkeypatch):
    mine = shelf(minidl.exp, X).file
    assert mine is not None
    monkeypatch.setattr(TABLE["exp"], "forward", lambda xp, x: xp.exp(x))
    assert shelf(minidl.exp, X).file is None
    monkeypatch.setattr(TABLE["exp"], "forward", TABLE["log"].forward)
    assert shelf(minidl.exp, X).file not in (mine, None)


def test_what_numpy_has_to_do_is_not_kept():
    graph = trace(lambda x: minidl.linalg.inv(x[:, :3]) * 2)(X)
    program, _ = prepared(graph, [None], "native")
    assert isinstance(program, NativeProgram) and any(program.recipe.hosts)
    assert keeping.Shelf(graph, [None]).program() is None


def test_large_constants_are_not_kept(monkeypatch):
    graph = trace(lambda x: x + minidl.arange(4.0))(X)
    monkeypatch.setattr(keeping, "LARGEST", 8)
    prepared(graph, [None], "native")
    assert keeping.Shelf(graph, [None]).program() is None


@pytest.mark.parametrize("damage", ["", "{", "{}", "[]", "null\n", '{"library": 3}\n'])
def test_a_damaged_recipe_is_made_anew(damage):
    place = shelf(minidl.exp, X)
    kept(minidl.exp, X)
    assert place.file is not None
    whole = place.file.read_bytes()
    for text in (damage.encode(), whole[: len(whole) // 2]):
        place.file.write_bytes(text)
        assert place.program() is None
    np.testing.assert_allclose(ran(kept(minidl.exp, X), X)[0], X.exp().numpy(), rtol=1e-6)


def test_a_recipe_without_its_library_is_made_anew(tmp_path):
    kept(minidl.exp, X)
    for library in tmp_path.glob("*.so"):
        library.unlink()
    assert shelf(minidl.exp, X).program() is None
    np.testing.assert_allclose(ran(kept(minidl.exp, X), X)[0], X.exp().numpy(), rtol=1e-6)


def test_a_text_that_is_gone_is_no_fault(tmp_path):
    program = kept(minidl.exp, X)
    for text in tmp_path.glob("*.c"):
        text.unlink()
    assert "is gone" in program.source()


STEP = """
import sys

import minidl
from minidl import nn, optim

minidl.manual_seed(0)
model = nn.Sequential(nn.Linear(5, 8), nn.LayerNorm(8), nn.GELU(), nn.Dropout(0.5), nn.Linear(8, 3))
optimizer = optim.AdamW(model.parameters(), lr=0.01)
x, y = minidl.randn(6, 5), minidl.tensor([0, 1, 2, 0, 1, 2])


def step(x, y):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


step = minidl.compile(step) if "compiled" in sys.argv else step
print([round(step(x, y).item(), 5) for _ in range(5)])
print("minidl.compiler.native.lowering" in sys.modules)
if "compiled" in sys.argv:
    told = step.explain()
    print(told.meanings[0]["backend"], "step_0" in told.source)
"""


def test_the_next_process_lowers_nothing(tmp_path):
    """Nor does it load what lowers; and it computes what eager does."""
    file = tmp_path / "step.py"
    file.write_text(STEP)
    here = os.environ | {"PYTHONPATH": str(keeping.PACKAGE.parent)}

    def lines(*words: str) -> list[str]:
        done = subprocess.run([sys.executable, str(file), *words], capture_output=True, text=True,
                              check=True, timeout=100, env=here)  # fmt: skip
        return done.stdout.splitlines()

    eager, first, second = lines(), lines("compiled"), lines("compiled")
    assert first[0] == second[0] == eager[0]
    assert (first[1], second[1]) == ("True", "False")
    assert first[2] == second[2] == "NativeProgram True"
