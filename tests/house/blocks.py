"""How a primitive and a class are written, and who may write into an array."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .source import House, at, dotted

DECLARE = {"primitive", "elementwise"}
RULES = {"vjp", "joint_vjp"}
# Who may overwrite numbers by `backend.write`: Tensor's in-place methods, which look after version
# counters, the makers of fresh tensors, and optimisers where they collect what lies apart. Everyone
# else calls those methods.
WRITERS = {"minidl/tensors.py", "minidl/creation.py", "minidl/optim/flat.py"}
UNBROADCAST = {"sum_to", "fit", "unbroadcast"}


def primitives(house: House) -> Iterator[str]:
    """A primitive is declared once and its rule once, in one file, no composition between them."""
    known: dict[str, str] = {}
    for path, tree in house.rooms("minidl/"):
        open_: set[str] = set()  # declared, and no function composed of primitives came since
        ruled: set[str] = set()
        for node in tree.body:
            for name in declared(node):
                if name in known:
                    yield f"{at(path, node)}: '{name}' is also declared in {known[name]}"
                known[name] = path
                open_.add(name)
            for name in rules_of(node):
                if name in ruled:
                    yield f"{at(path, node)}: '{name}' is given its derivative twice"
                elif name not in open_:
                    yield f"{at(path, node)}: the rule of '{name}' stands apart from its forward"
                ruled.add(name)
            if composed(node):
                open_.clear()


def declared(node: ast.stmt) -> list[str]:
    """The primitive that a statement declares, if it does."""
    if not isinstance(node, ast.FunctionDef):
        return []
    return [node.name for d in node.decorator_list if dotted(d).split(".")[-1] in DECLARE]


def rules_of(node: ast.stmt) -> list[str]:
    """The primitive to which a statement gives its derivative: by a call or as a decorator."""
    calls = [node.value] if isinstance(node, ast.Expr) else getattr(node, "decorator_list", [])
    names = [dotted(call).rpartition(".") for call in calls]
    return [name for name, _, method in names if method in RULES and name]


def composed(node: ast.stmt) -> bool:
    """Whether a statement is a public function or class that is no primitive."""
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
        return False
    return not declared(node) and not rules_of(node)


def tapes(house: House) -> Iterator[str]:
    """Only tape.py writes nodes, so nothing but a primitive has a derivative of its own."""
    for path, tree in house.rooms("minidl/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and dotted(node.func) in ("Node", "tape.Node"):
                if path != "minidl/tape.py":
                    yield f"{at(path, node)}: makes a Node"


def broadcasting(house: House) -> Iterator[str]:
    """No rule of an elementwise primitive undoes broadcasting: one place does it for all."""
    for path, tree in house.rooms("minidl/"):
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        flat = {f.name for f in functions if "elementwise" in map(dotted, f.decorator_list)}
        for statement in tree.body:
            if flat.intersection(rules_of(statement)):
                for node in ast.walk(statement):
                    called = dotted(node) if isinstance(node, ast.Call) else ""
                    if called.split(".")[-1] in UNBROADCAST:
                        yield f"{at(path, node)}: calls {called} in a rule"


def writing(house: House) -> Iterator[str]:
    """Nobody writes into a tensor's array but through the tensor's own in-place methods."""
    for path, tree in house.rooms("minidl/"):
        for node in ast.walk(tree):
            called = dotted(node.func) if isinstance(node, ast.Call) else ""
            if called == "backend.write" and path not in WRITERS:
                yield f"{at(path, node)}: calls {called}"
            aims = getattr(node, "targets", [getattr(node, "target", None)])
            for aim in aims if isinstance(node, (ast.Assign, ast.AugAssign)) else []:
                inside = isinstance(aim, ast.Subscript) or isinstance(node, ast.AugAssign)
                if inside and (dotted(aim) + ".").find(".array.") >= 0:
                    yield f"{at(path, node)}: {ast.unparse(node)}"


def classes(house: House) -> Iterator[str]:
    """Every class is abstract or final, and nobody inherits from a final one.

    Final: decorated `@final`; exceptions, enums, named tuples and typed dicts too. Abstract: a
    base is ABC or Protocol, or an abstract method is left open; or, where ABC's slow `isinstance`
    would cost on a hot path, the docstring begins with "Abstract" and a method raises
    NotImplementedError.
    """
    found = {node.name: (path, node) for path, tree in house.trees.items()
             for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}  # fmt: skip
    nodes = {name: node for name, (_, node) in found.items()}
    for name, (path, node) in found.items():
        if is_final(node) == bool(is_abstract(node) or open_methods(node, nodes)):
            both = "both abstract and final" if is_final(node) else "neither abstract nor final"
            yield f"{at(path, node)}: class {name} is {both}"
        for base in map(dotted, node.bases):
            if base in nodes and is_final(nodes[base]):
                yield f"{at(path, node)}: class {name} inherits from {base}, which is final"


def is_final(node: ast.ClassDef) -> bool:
    """Whether a class is decorated `@final`."""
    return any(dotted(d).split(".")[-1] == "final" for d in node.decorator_list)


def is_abstract(node: ast.ClassDef) -> bool:
    """Whether a class says of itself that it is abstract."""
    bases = {dotted(b).split(".")[-1] for b in [*node.bases, *(k.value for k in node.keywords)]}
    refuses = "NotImplementedError" in {dotted(n.exc) for n in ast.walk(node)
                                        if isinstance(n, ast.Raise)}  # fmt: skip
    said = (ast.get_docstring(node) or "").startswith("Abstract")
    return bool(bases & {"ABC", "ABCMeta", "Protocol"}) or (refuses and said)


def open_methods(node: ast.ClassDef, known: dict[str, ast.ClassDef]) -> set[str]:
    """The abstract methods that a class declares or inherits, and does not write."""
    methods = [m for m in node.body if isinstance(m, (ast.FunctionDef, ast.AsyncFunctionDef))]
    own = {m.name for m in methods if any("abstract" in dotted(d) for d in m.decorator_list)}
    bases = [known[b] for b in map(dotted, node.bases) if b in known and known[b] is not node]
    inherited = set().union(*(open_methods(base, known) for base in bases))
    assigned = [t for s in node.body if isinstance(s, ast.Assign) for t in s.targets]
    return own | (inherited - {m.name for m in methods} - set(map(dotted, assigned)))
