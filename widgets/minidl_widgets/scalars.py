"""The learner's own engine as a picture: lesson 1's `Value`, or any class that knows its parents.

Asked of a value: `data`, and `parents` (or micrograd's `_prev`); of use if there: `local` (one
derivative per parent), `op` (or `_op`), `grad`, `label`, `backward()`. Where `local` is missing,
the learner's own operation is nudged and the edge says so.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .nudging import slope
from .picture import Edge, Node, Picture
from .source import code_of, stopped
from .watching import Watch

LOCAL = "the gradients here follow your local derivatives"
OPERATIONS: dict[str, Callable] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
}


def known(root: Any) -> bool:
    """True for anything that looks like a learner's value."""
    return hasattr(root, "data") and (hasattr(root, "parents") or hasattr(root, "_prev"))


def look(root: Any) -> Picture:
    """A finished graph, from its result back; nobody's code runs."""
    return _picture(root, {}, None)


def run(f: Callable, leaves: Mapping[str, float], engine: type) -> Picture:
    """Call `f` with fresh leaves and watch: the graph, or what there was of it before an error."""
    watch, problem, root = Watch(engine, code_of(f)), "", None
    try:
        fresh = {name: _leaf(engine, value, name) for name, value in leaves.items()}
    except Exception as error:
        return Picture(problem=stopped(error, lambda code: True))
    with watch:
        try:
            root = f(**fresh)
            problem = _not_a_value(root, engine)
        except Exception as error:
            problem = stopped(error, watch.theirs)
    picture = _picture(None if problem else root, fresh, watch)
    picture.problem = problem
    picture.name_result(f)
    if not problem:
        _ask_backward(picture, root, fresh)
    return picture


def nudge(f: Callable, leaves: Mapping[str, float], engine: type, name: str) -> float | None:
    """The slope of `f` along one leaf."""
    value = lambda numbers: float(f(**{k: engine(v) for k, v in numbers.items()}).data)
    return slope(value, leaves, name)


def _leaf(engine: type, value: float, name: str) -> Any:
    leaf = engine(value)
    if hasattr(leaf, "label") and not leaf.label:
        leaf.label = name
    return leaf


def _not_a_value(root: Any, engine: type) -> str:
    if known(root):
        return ""
    came = "nothing" if root is None else f"{root!r:.40} ({type(root).__name__})"
    return (
        f"The function returned {came}, not a {engine.__name__}: nothing remembers how it was made."
    )


def _ask_backward(picture: Picture, root: Any, fresh: Mapping[str, Any]) -> None:
    """Let the learner's own backward() run, and keep what it says: the paths may differ."""
    if not hasattr(root, "backward"):
        picture.notice = f"There is no backward() yet: {LOCAL}."
        return
    try:
        root.backward()
        picture.own = {name: leaf.grad for name, leaf in fresh.items() if hasattr(leaf, "grad")}
    except Exception as error:
        picture.notice = f"Your backward() does not run yet ({type(error).__name__}): {LOCAL}."


# -- from objects to nodes -----------------------------------------------------------------------


def _picture(root: Any, fresh: Mapping[str, Any], watch: Watch | None) -> Picture:
    given = list(fresh.values())
    made = watch.made if watch else []
    values = _ordered([*given, *(made if root is None else [root])], made)
    number = {id(v): i for i, v in enumerate(values)}
    label = {id(leaf): name for name, leaf in fresh.items()}
    names = {**(watch.names() if watch else {}), **label}
    picture = Picture(root=None if root is None else number[id(root)])
    for i, v in enumerate(values):
        name = names.get(id(v)) or getattr(v, "label", "") or ""
        node = Node(i, float(v.data), op=_op(v), name=str(name), leaf=label.get(id(v), ""))
        if watch and id(v) in watch.notes:
            node.where, node.scope, node.constant = watch.notes[id(v)]
            node.constant = node.constant and not _parents(v)
            node.wanted = not node.constant
        picture.nodes.append(node)
        picture.edges += _edges(v, i, number)
    return picture


def _ordered(ends: list[Any], made: list[Any]) -> list[Any]:
    """Every value that leads to `ends`, parents first, in the order of making if it was seen."""
    found, done, waiting = [], set(), [(v, False) for v in reversed(ends)]
    while waiting:
        v, ready = waiting.pop()
        if ready:
            found.append(v)
        elif id(v) not in done:
            done.add(id(v))
            waiting.append((v, True))
            waiting.extend((p, False) for p in reversed(_parents(v)))
    rank = {id(v): i for i, v in enumerate(made)}
    return sorted(found, key=lambda v: rank.get(id(v), -1))


def _parents(v: Any) -> list[Any]:
    return list(v.parents if hasattr(v, "parents") else v._prev)


def _op(v: Any) -> str:
    op = getattr(v, "op", None) or getattr(v, "_op", "")
    return str(op or "") if _parents(v) else ""


def _edges(v: Any, index: int, number: Mapping[int, int]) -> list[Edge]:
    parents, local = _parents(v), getattr(v, "local", None)
    edges = [Edge(number[id(p)], index, slot) for slot, p in enumerate(parents)]
    for slot, edge in enumerate(edges):
        found, edge.note = _local(v, parents, local, slot)
        if found is not None:
            edge.push = lambda g, found=found: g * found
            edge.local = found
    return edges


def _local(v: Any, parents: list[Any], local: Any, slot: int) -> tuple[float | None, str]:
    """d v / d parent: as the value remembers it, or else by nudging the learner's own operation."""
    if local is not None and len(local) == len(parents):
        return float(local[slot]), ""
    numbers = {i: float(p.data) for i, p in enumerate(parents)}
    found = slope(lambda numbers: _again(v, numbers.values()), numbers, slot)
    if found is None:  # an operation that we cannot call again: the edge has no derivative to show
        return None, "not known"
    return round(found, 8), "found by a nudge"


def _again(v: Any, values: Iterable[float]) -> float:
    """The same operation on other numbers, by the learner's own class."""
    fresh, op = [type(v)(x) for x in values], _op(v)
    if op.startswith("**") and len(op) > 2 and len(fresh) == 1:
        return float((fresh[0] ** float(op[2:])).data)
    call = OPERATIONS.get(op) or (lambda first, *rest: getattr(first, op.lower())(*rest))
    return float(call(*fresh).data)
