"""minidl's own graphs as pictures: a function traced on paper, or the tape behind a tensor.

A gradient crosses an edge by the primitive's own rule on bare arrays: what `backward()` runs, not a
copy.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import minidl
from minidl.autograd import grad
from minidl.compiler import Graph, Symbol, trace

from . import writing
from .picture import Edge, Node, Picture, filled
from .rules import text_of
from .source import code_of, line, stopped

NUDGE = 1e-5
_OURS = (str(Path(minidl.__file__).parent), str(Path(__file__).parent))

_FUNCTIONAL = str(Path(minidl.__file__).parent / "nn" / "functional")


def known(root: Any) -> bool:
    """True for minidl's own values."""
    return isinstance(root, minidl.Tensor)


def run(f: Callable, leaves: Mapping[str, Any]) -> Picture:
    """Trace `f` with its modules' parameters as inputs, then fill in the numbers."""
    values = {name: _leaf(value) for name, value in leaves.items()}
    parts = _modules(f)
    parameters = {id(p): (name, p) for model in parts for name, p in model.named_parameters()}
    sheet, names, problem = _trace(f, values, [p for _, p in parameters.values()])
    if sheet is None:
        return Picture(problem=problem)
    given = [*values.items(), *parameters.values()]
    arrays = [value.array for _, value in given]
    picture = _picture(sheet, arrays, names, _classes(parts), code_of(f))
    for node in picture.nodes:
        node.name = "" if node.name in values else node.name  # a variable that took a leaf's place
    for node, (name, _) in zip(picture.nodes, given, strict=False):
        node.name, node.leaf = name, name if node.index < len(values) else ""
    if picture.root is None and not problem:
        problem = "The function returned no tensor that depends on its leaves."
    picture.problem = problem
    picture.name_result(f)
    if picture.root is not None:
        picture.own = _own(f, values)
    return picture


def nudge(f: Callable, leaves: Mapping[str, Any], name: str) -> float | None:
    """The slope along one leaf in float64; only for functions of numbers: arrays drown it."""
    if not all(isinstance(value, int | float) for value in leaves.values()):
        return None
    h = NUDGE * max(1.0, abs(leaves[name]))
    try:
        with minidl.no_grad():
            ends = []
            for step in (h, -h):
                near = {k: v + step * (k == name) for k, v in leaves.items()}
                tensors = {k: minidl.tensor(v, dtype=minidl.float64) for k, v in near.items()}
                ends.append(float(f(**tensors).item()))
        return (ends[0] - ends[1]) / (2 * h)
    except Exception:  # a courtesy: what stopped here was told by `run` already
        return None


def look(root: Any) -> Picture:
    """The tape behind a tensor: shapes everywhere, numbers where a rule will need them."""
    entries, waiting = {}, [root.node] if root.node is not None else []
    while waiting:
        entry = waiting.pop()
        if id(entry) not in entries:
            entries[id(entry)] = entry
            waiting.extend(p for p in entry.parents if hasattr(p, "primitive"))
    made = sorted(entries.values(), key=lambda entry: entry.index)
    if not made or any(entry.saved is None for entry in made):
        why = "Its history was freed by backward()" if made else "This tensor has no history"
        return Picture(problem=f"{why}: give GraphStepper the function, or use retain_graph=True.")
    return _tape(root, made)


# -- the tape ------------------------------------------------------------------------------------


def _tape(root: Any, made: list[Any]) -> Picture:
    picture, number = Picture(), {}
    for entry in made:
        inputs = []
        for parent, saved in zip(entry.parents, entry.saved[1:], strict=True):
            if parent is None:
                inputs.append(_add(picture, saved, constant=True, wanted=False))
            elif id(parent) not in number:
                number[id(parent)] = _add(picture, parent.array)
            if parent is not None:
                inputs.append(number[id(parent)])
        output = root.array if entry is root.node else entry.saved[0]
        number[id(entry)] = index = _add(picture, output, op=entry.primitive.name)
        for i, saved in zip(inputs, entry.saved[1:], strict=True):
            if picture.nodes[i].value is None and hasattr(saved, "reshape"):
                picture.nodes[i].value = saved
        picture.edges += _edges(entry.primitive, inputs, index, entry.saved, entry.params)
    picture.root = number[id(root.node)]
    return picture


def _add(picture: Picture, value: Any, **fields: Any) -> int:
    numbers = value if hasattr(value, "reshape") or not hasattr(value, "shape") else None
    index, shape = len(picture.nodes), writing.shape(value)
    picture.nodes.append(Node(index, numbers, shape=shape, **fields))
    return index


# -- the paper -----------------------------------------------------------------------------------


def _leaf(value: Any) -> Any:
    tensor = value.detach() if isinstance(value, minidl.Tensor) else minidl.tensor(value)
    if isinstance(value, int):
        tensor = minidl.tensor(float(value))
    return tensor.requires_grad_() if "float" in str(tensor.dtype) else tensor


def _trace(f: Callable, values: Mapping[str, Any], parameters: list[Any]):
    """The graph, as far as it came; what the variables are called; the sentence of an error."""
    kept: list[Graph] = []
    names: dict[Symbol, str] = {}

    def called(*tensors: Any) -> Any:
        kept.append(tensors[0].array.graph)
        with _as_symbols(parameters, kept[0]), _listening(code_of(f), names, kept[0]):
            return f(**dict(zip(values, tensors, strict=True)))

    try:
        graph = trace(called)(*values.values())
        return graph.used(), names, ""
    except Exception as error:
        if not kept:
            return None, names, stopped(error, _theirs)
        return kept[0], names, stopped(error, _theirs)


def _theirs(code: CodeType) -> bool:
    return not code.co_filename.startswith(_OURS)


@contextmanager
def _as_symbols(parameters: list[Any], graph: Graph) -> Iterator[None]:
    """While entered, weights are inputs of the graph too, so that they get boxes and gradients."""
    before = [p.array for p in parameters]
    try:
        for p in parameters:
            p.array = graph.add_input(p.shape, p.dtype)
        yield
    finally:
        for p, array in zip(parameters, before, strict=True):
            p.array = array


@contextmanager
def _listening(entry: CodeType | None, names: dict[Symbol, str], graph: Graph) -> Iterator[None]:
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


def _picture(graph: Graph, arrays: list[Any], names, classes, entry: CodeType | None) -> Picture:
    known_values = graph.values(*arrays)
    picture, number = Picture(), {}
    wanted = lambda symbol: "float" in str(symbol.dtype)
    for symbol in graph.inputs:
        number[symbol] = _add(picture, known_values[symbol], wanted=wanted(symbol))
    for call in graph.calls:
        inputs = []
        for x in call.inputs:
            same = x if isinstance(x, Symbol) else id(x) if hasattr(x, "shape") else object()
            if same not in number:
                number[same] = _add(picture, x, constant=True, wanted=False)
            inputs.append(number[same])
        value = known_values[call.output]
        number[call.output] = index = _add(picture, value, op=call.primitive.name)
        node = picture.nodes[index]
        asked = any(picture.nodes[i].wanted for i in inputs)
        node.wanted = asked and call.primitive.rules is not None
        node.name, node.where = names.get(call.output, ""), _where(call.where, entry)
        node.scope = tuple(_labelled(call.scope, classes))
        node.params = ", ".join(f"{key}={x}" for key, x in call.params.items() if "<" not in f"{x}")
        operands = (value, *(known_values[x] if isinstance(x, Symbol) else x for x in call.inputs))
        picture.edges += _edges(call.primitive, inputs, index, operands, call.params)
    ends = [number[x] for x in graph.outputs if isinstance(x, Symbol)]
    picture.root = ends[0] if ends else None
    return picture


def _edges(
    primitive: Any, inputs: list[int], target: int, operands: tuple, params: dict
) -> list[Edge]:
    edges = []
    for slot, source in enumerate(inputs):
        edge = Edge(source, target, slot)
        if primitive.rules is not None:
            edge.push = _push(primitive, slot, operands, params)
            slope = _slope(edge.push, operands, slot)
            edge.local = text_of(primitive, slot) if slope is None else slope
        edges.append(edge)
    return edges


def _push(primitive: Any, slot: int, operands: tuple, params: dict) -> Callable[[Any], Any]:
    """The contribution to one input, by the primitive's rule; None where it has no derivative."""
    wanted = tuple(slot if i == slot else None for i in range(len(operands) - 1))
    return lambda g: primitive.pull(g, operands, wanted, params)[slot]


def _slope(push: Callable, operands: tuple, slot: int) -> float | None:
    """Between two numbers a rule is a number: what it makes of 1."""
    output, x = operands[0], operands[1 + slot]
    if not all(hasattr(one, "reshape") and one.shape == () for one in (output, x)):
        return None
    part = push(filled(output, 1.0))
    return None if part is None else float(part)


def _own(f: Callable, values: Mapping[str, Any]) -> dict[str, Any]:
    """What minidl's own walk says, of the same function run on numbers."""
    asked = {name: value for name, value in values.items() if value.requires_grad}
    try:
        result = f(**values)
        found = grad(result.sum(), list(asked.values()), allow_unused=True)
        return {name: g.array for name, g in zip(asked, found, strict=True) if g is not None}
    except Exception:  # a second opinion: the picture has its own gradients
        return {}


# -- names ---------------------------------------------------------------------------------------


def _modules(f: Any) -> list[Any]:
    """The modules that `f` is, or closes over, or names."""
    function = getattr(f, "__func__", f)
    cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    code = getattr(function, "__code__", None)
    named = [function.__globals__.get(name) for name in code.co_names] if code else []
    seen = [f, getattr(f, "__self__", None), *cells, *named]
    return list({id(m): m for m in seen if isinstance(m, minidl.nn.Module)}.values())


def _classes(modules: list[Any]) -> dict[tuple[str, ...], str]:
    """What stands at each path of module names: ("Sequential", "0") is a Linear."""
    found = {}
    for root in modules:
        for name, part in root.named_modules():
            path = (type(root).__name__, *(name.split(".") if name else ()))
            found[path] = type(part).__name__
    return found


def _labelled(scope: tuple[str, ...], classes: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    for depth, name in enumerate(scope):
        kind = classes.get(scope[: depth + 1], name)
        yield name if kind == name else f"{name} {kind}"


def _where(text: str, entry: CodeType | None) -> str:
    """The paper's "file.py:12 in f" as "line 12: z = x * y", where the file is the learner's."""
    place, _, name = text.rpartition(" in ")
    file, _, number = place.rpartition(":")
    if file == Path(__file__).name:
        return ""
    if entry is not None and Path(entry.co_filename).name == file:
        return line(entry.co_filename, int(number))
    return f"{file}, line {number}"
