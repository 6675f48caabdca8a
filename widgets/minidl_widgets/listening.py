"""What minidl's paper does not hear: the learner's names, the functionals, the modules."""

import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import minidl
from minidl.compiler import Graph, Symbol

from .source import line

_FUNCTIONAL = str(Path(minidl.__file__).parent / "nn" / "functional")


@contextmanager
def listening(entry: CodeType | None, names: dict[Symbol, str], graph: Graph) -> Iterator[None]:
    """Hears what the paper does not: the learner's names, and which functional was called."""
    before, inside = sys.getprofile(), []

    def heard(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is entry:
            for name, value in frame.f_locals.items():
                if isinstance(value, minidl.Tensor) and isinstance(value.array, Symbol):
                    names.setdefault(value.array, name)
        if event == "call" and not inside and _functional(frame.f_code):
            inside.append((frame, graph.scope))
            graph.scope = (*graph.scope, f"{frame.f_code.co_name}()")
        elif event == "return" and inside and inside[-1][0] is frame:
            graph.scope = inside.pop()[1]

    sys.setprofile(heard)
    try:
        yield
    finally:
        sys.setprofile(before)


def _functional(code: CodeType) -> bool:
    """One of the functions of `nn.functional`, which learners know as one operation."""
    named = code.co_name.isidentifier() and not code.co_name.startswith("_")
    return named and code.co_filename.startswith(_FUNCTIONAL)


def modules(f: Any) -> list[Any]:
    """The modules that `f` is, or closes over, or names."""
    function = getattr(f, "__func__", f)
    code = getattr(function, "__code__", None)
    cells = inspect.getclosurevars(function).nonlocals.values() if code else ()
    named = [function.__globals__.get(name) for name in code.co_names] if code else []
    seen = [f, getattr(f, "__self__", None), *cells, *named]
    return list({id(m): m for m in seen if isinstance(m, minidl.nn.Module)}.values())


def classes(modules: list[Any]) -> dict[tuple[str, ...], str]:
    """What stands at each path of module names: ("Sequential", "0") is a Linear."""
    found = {}
    for root in modules:
        for name, part in root.named_modules():
            path = (type(root).__name__, *(name.split(".") if name else ()))
            found[path] = type(part).__name__
    return found


def labelled(scope: tuple[str, ...], classes: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    """ "0 Linear" for "0": a module's name and what it is."""
    for depth, name in enumerate(scope):
        kind = classes.get(scope[: depth + 1], name)
        yield name if kind == name else f"{name} {kind}"


def where(text: str, entry: CodeType | None) -> str:
    """The paper's "file.py:12 in f" as "line 12: z = x * y", where the file is the learner's."""
    place, _, name = text.rpartition(" in ")
    file, _, number = place.rpartition(":")
    if file == "tensors.py":  # our own call of the learner's function
        return ""
    if entry is not None and Path(entry.co_filename).name == file:
        return line(entry.co_filename, int(number))
    return f"{file}, line {number}"
