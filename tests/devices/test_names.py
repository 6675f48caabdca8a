"""Every name of the array module that a card is asked for exists in CuPy, with these arguments.

What a card runs of a primitive is its row for a card, else its own rule, unless it is composed of
others; and whatever functions of minidl these call. CuPy need not be installed: cupy.txt says what
it offers, and where it is installed, whether that is still so.
"""

import ast
import importlib.util
import inspect
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from minidl.primitive import TABLE

from .names import ABOUT, LISTING, found, offered
from .standin import ADDED_AT, REDUCED

OFFERED = offered()
OWN = {"__name__"}  # what every module has
UFUNC = {"out", "dtype", "casting"}
METHODS = {"reduce": (REDUCED, {"axis", "dtype", "out", "keepdims"}), "at": (ADDED_AT, set())}


def on_a_card(primitive: Any) -> Any:
    """The function that a card runs of a primitive, or None: then it runs others."""
    rule = primitive.overrides.get("cuda")
    return rule or (primitive.forward if primitive.composition is None else None)


def reached(rule: Any) -> list[Any]:
    """A rule and the functions of minidl that it may call."""
    seen, waiting = [], [rule]
    while waiting:
        function = waiting.pop()
        code = getattr(function, "__code__", None)
        if not inspect.iscode(code) or function in seen or "minidl" not in code.co_filename:
            continue
        seen.append(function)
        waiting += [function.__globals__.get(name) for name in _names_in(code)]
        waiting += [cell.cell_contents for cell in function.__closure__ or () if _filled(cell)]
    return seen


def _names_in(code: Any) -> list[str]:
    """The names that a function, and functions inside it, look up."""
    inner = [name for c in code.co_consts if inspect.iscode(c) for name in _names_in(c)]
    return [*code.co_names, *inner]


def _filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


@cache
def _tree(path: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(Path(path).read_text())))


def asked(function: Any) -> set[tuple[str, frozenset[str], str]]:
    """What a function asks of `xp`: the dotted name, the keywords it is called with, and where."""
    code, uses, called = function.__code__, set(), {}
    for node in _tree(code.co_filename):
        begins = [d.lineno for d in getattr(node, "decorator_list", [])]
        if isinstance(node, ast.FunctionDef | ast.Lambda) and code.co_firstlineno in (
            node.lineno,
            *begins,
        ):
            for part in ast.walk(node):
                if isinstance(part, ast.Call):
                    called[id(part.func)] = frozenset(k.arg for k in part.keywords if k.arg)
                if isinstance(part, ast.Attribute) and (name := _of_xp(part)):
                    place = f"{Path(code.co_filename).name}:{part.lineno}"
                    uses.add((name, called.get(id(part), frozenset()), place))
    return {u for u in uses if not any(o[0].startswith(u[0] + ".") and o[2] == u[2] for o in uses)}


def _of_xp(node: ast.AST) -> str:
    """ "linalg.svd" for xp.linalg.svd, and "" for what is not taken from xp."""
    steps = []
    while isinstance(node, ast.Attribute):
        steps.append(node.attr)
        node = node.value
    return ".".join(reversed(steps)) if isinstance(node, ast.Name) and node.id == "xp" else ""


def wrong(name: str, keywords: frozenset[str]) -> str:
    """What CuPy would object to, or ""."""
    parent, _, last = name.rpartition(".")
    if OFFERED.get(parent) == "ufunc" and last in METHODS:
        having, allowed = METHODS[last]
        return "" if parent in having and keywords <= allowed else f"no {name}({set(keywords)})"
    if name not in OFFERED and name not in OWN:
        return f"no {name}"
    takes = UFUNC if OFFERED.get(name) == "ufunc" else set(OFFERED.get(name, "").split())
    unknown = set() if not takes or "kwargs" in takes or "args" in takes else keywords - takes
    return f"{name} takes no {unknown}" if unknown else ""


@pytest.mark.parametrize("name", sorted(TABLE))
def test_cupy_has_what_a_primitive_asks_for(name):
    rule = on_a_card(TABLE[name])
    problems = {
        f"{place}: {problem}"
        for function in (reached(rule) if rule else [])
        for use, keywords, place in asked(function)
        if (problem := wrong(use, keywords))
    }
    assert not problems


def test_the_search_finds_what_it_should():
    uses = {use for f in reached(TABLE["svd"].forward) for use, _, _ in asked(f)}
    assert uses == {"linalg.svd", "concatenate"}
    assert wrong("maximum.reduce", frozenset()) and wrong("argsort", frozenset({"stable"}))
    assert wrong("nansum_of", frozenset()) and not wrong("add.reduce", frozenset({"axis"}))


@pytest.mark.skipif(importlib.util.find_spec("cupy") is None, reason="CuPy is not installed")
def test_the_listing_is_what_cupy_offers():
    version, names = found()
    first = LISTING.read_text().splitlines()[0]
    if first != ABOUT.format(version=version):
        pytest.skip(f"{first[2:12]} is written down, {version} installed")
    assert names == OFFERED
