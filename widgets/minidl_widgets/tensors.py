"""minidl's own graphs as pictures: a function is traced on paper, then filled with numbers.

A gradient crosses an edge by the primitive's own rule on bare arrays: what `backward()` runs, not a
copy.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import minidl
from minidl.autograd import grad
from minidl.compiler import Graph, Symbol, trace

from .listening import classes, labelled, listening, modules, where
from .nudging import slope
from .picture import Picture
from .rules import edges
from .source import code_of, stopped

_OURS = (str(Path(minidl.__file__).parent), str(Path(__file__).parent))


def known(root: Any) -> bool:
    """True for minidl's own values."""
    return isinstance(root, minidl.Tensor)


def run(f: Callable, leaves: Mapping[str, Any]) -> Picture:
    """Trace `f`, then fill in the numbers; the learner's stream of random numbers is left alone."""
    if not leaves:
        return Picture(problem="Give the function at least one leaf: GraphStepper(f, x=2.0).")
    dice = minidl.default_generator.state_dict()
    try:
        return _run(f, {name: _leaf(value) for name, value in leaves.items()})
    finally:
        minidl.default_generator.load_state_dict(dice)


def _run(f: Callable, values: dict[str, Any]) -> Picture:
    """The parameters of the modules behind `f` are inputs of the graph beside its leaves."""
    parts = modules(f)
    parameters = {id(p): (name, p) for model in parts for name, p in model.named_parameters()}
    graph, names, problem = _trace(f, values, [p for _, p in parameters.values()])
    if graph is None:
        return Picture(problem=problem)
    given = [*values.items(), *parameters.values()]
    names = {symbol: name for symbol, name in names.items() if name not in values}
    names |= {symbol: name for symbol, (name, _) in zip(graph.inputs, given, strict=False)}
    arrays = [value.array for _, value in given]
    picture = _picture(graph, arrays, names, classes(parts), code_of(f))
    for node, name in zip(picture.nodes, values, strict=False):
        node.leaf = name
    if picture.root is None and not problem:
        problem = "The function returned no tensor that depends on its leaves."
    picture.problem = problem
    picture.name_result(f)
    picture.own = {} if picture.root is None else _own(f, values)
    return picture


def nudge(f: Callable, leaves: Mapping[str, Any], name: str) -> float | None:
    """The slope along one leaf in float64; only for functions of numbers: arrays drown it."""
    if not all(isinstance(value, int | float) for value in leaves.values()):
        return None
    wide = lambda numbers: {k: minidl.tensor(v, dtype=minidl.float64) for k, v in numbers.items()}
    with minidl.no_grad():
        return slope(lambda numbers: float(f(**wide(numbers)).item()), leaves, name)


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
        with _as_symbols(parameters, kept[0]), listening(code_of(f), names, kept[0]):
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


def _picture(graph: Graph, arrays: list[Any], names, kinds, entry: CodeType | None) -> Picture:
    known_values = graph.values(*arrays)
    picture, number = Picture(), {}
    for symbol in graph.inputs:
        wanted = "float" in str(symbol.dtype)
        number[symbol] = picture.add(known_values[symbol], name=names[symbol], wanted=wanted)
    for call in graph.calls:
        operands = [known_values[x] if isinstance(x, Symbol) else x for x in call.inputs]
        keys = [x if isinstance(x, Symbol) else _key(x) for x in call.inputs]
        for key, x in zip(keys, operands, strict=True):
            if key not in number:
                number[key] = picture.add(x, constant=True, wanted=False)
        inputs = [number[key] for key in keys]
        asked = any(picture.nodes[i].wanted for i in inputs)
        value = known_values[call.output]
        number[call.output] = index = picture.add(
            value,
            op=call.primitive.name,
            name=names.get(call.output, ""),
            params=", ".join(f"{k}={x}" for k, x in call.params.items() if "<" not in f"{x}"),
            where=where(call.where, entry),
            scope=tuple(labelled(call.scope, kinds)),
            wanted=asked and call.primitive.rules is not None,
        )
        picture.edges += edges(call.primitive, inputs, index, (value, *operands), call.params)
    ends = [number[x] for x in graph.outputs if isinstance(x, Symbol)]
    picture.root = ends[0] if ends else None
    return picture


def _key(constant: Any) -> Any:
    """An array is one box however often it is used; each number has its own."""
    return id(constant) if hasattr(constant, "shape") else object()


def _own(f: Callable, values: Mapping[str, Any]) -> dict[str, Any]:
    """What minidl's own walk says, of the same function run on numbers."""
    asked = {name: value for name, value in values.items() if value.requires_grad}
    try:
        result = f(**values)
        found = grad(result.sum(), list(asked.values()), allow_unused=True)
        return {name: g.array for name, g in zip(asked, found, strict=True) if g is not None}
    except Exception:  # a second opinion: the picture has its own gradients
        return {}
