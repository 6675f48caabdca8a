"""Heavy libraries are loaded when a learner's code looks at them, and not before."""

from __future__ import annotations

import ast
import sys
import types

import pytest

from minidl.grading.worker.later import is_heavy, later


@pytest.fixture
def heavy(monkeypatch):
    """A library of the list, in disguise, that is not loaded yet."""
    loaded = []

    class Finder:
        def find_spec(self, name, path=None, target=None):
            from importlib.machinery import ModuleSpec

            if name.partition(".")[0] != "pylab":
                return None
            return ModuleSpec(name, self, is_package=name == "pylab")  # type: ignore[arg-type]

        def create_module(self, spec):
            return types.ModuleType(spec.name)

        def exec_module(self, module):
            loaded.append(module.__name__)
            module.value = 7
            module.double = lambda x: 2 * x
            module.Shape = type("Shape", (), {"sides": 3})

    for name in [name for name in sys.modules if name.partition(".")[0] == "pylab"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    yield loaded
    for name in [name for name in sys.modules if name.partition(".")[0] == "pylab"]:
        del sys.modules[name]


def names(source: str):
    return later(ast.parse(source).body[0])


@pytest.mark.parametrize(
    ("source", "use"),
    [
        ("import pylab", "pylab.value == 7"),
        ("import pylab as p", "p.double(2) == 4"),
        ("import pylab.inner", "pylab.inner.value == 7"),
        ("import pylab.inner as i", "i.value == 7"),
        ("from pylab import double", "double(3) == 6"),
        ("from pylab import inner as i", "i.value == 7"),
        ("from pylab.inner import Shape", "type('Square', (), {}) and Shape().sides == 3"),
    ],
)
def test_a_name_is_there_and_what_it_stands_for_comes_when_it_is_used(heavy, source, use):
    found = names(source)
    assert found and not heavy
    assert eval(use, dict(found))
    assert heavy


def test_a_class_may_grow_from_one_that_comes_later(heavy):
    scope = names("from pylab import Shape")
    assert scope is not None
    exec("class Triangle(Shape): pass", scope)
    assert scope["Triangle"].sides == 3  # type: ignore[attr-defined]


def test_setting_and_listing_reach_the_real_one(heavy):
    scope = names("import pylab")
    assert scope is not None
    scope["pylab"].value = 8  # type: ignore[attr-defined]
    assert sys.modules["pylab"].value == 8 and "double" in dir(scope["pylab"])


@pytest.mark.parametrize(
    "source", ["import math", "from pylab import *", "x = 1", "import math, pylab", "import numpy"]
)
def test_everything_else_is_run_as_it_stands(heavy, source):
    assert names(source) is None and not heavy


def test_what_is_loaded_already_is_taken_as_it_is(heavy):
    __import__("pylab")
    assert names("import pylab as p") is None


def test_the_list():
    assert is_heavy("matplotlib.pyplot") and not is_heavy("minidl.nn")
