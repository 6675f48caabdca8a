"""Who may import whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from .source import House, at, dotted, module_of

# The floor of each room. A new room is entered here, on the lowest floor above all that it imports.
FLOORS = {
    "errors": 1, "machine": 1, "backend": 1, "dtypes": 1, "threads": 1,
    "alarm_gpu": 1, "cards_gpu": 1, "uploads_gpu": 1,
    "tape": 2, "backends": 2,
    "primitive": 3, "precision": 3,
    "ops": 4,
    "tensors": 5, "creation": 5, "chance": 5, "printing": 5, "typed": 5,
    "autograd": 6, "cuda": 6, "linalg": 6, "fft": 6, "transforms": 6,
    "amp": 6, "nn": 6, "optim": 6, "data": 6, "compiler": 6, "distributions": 6,
    "training": 7, "distributed": 7, "tuning": 7, "compression": 7, "export": 7, "grading": 7,
    "cli": 8,
    "": 9, "utils": 9, "__main__": 9,  # the face
}  # fmt: skip
CORE = 5  # the highest floor without NumPy
SEALED = {
    *("pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"),
    *("torch.load", "torch.save", "numpy.load", "np.load"),
}


def floors(house: House) -> Iterator[str]:
    """Imports run down the floors."""
    for path, tree in house.rooms("minidl/"):
        room = room_of(module_of(path))
        if room not in FLOORS:
            yield f"{path}: '{room}' has no floor yet; enter it in FLOORS of tests/house/imports.py"
            continue
        for line, target in targets(house, path, tree):
            other = room_of(target)
            if FLOORS.get(other, 0) > FLOORS[room]:
                yield f"{path}:{line}: floor {FLOORS[room]} imports {target}, floor {FLOORS[other]}"


def circles(house: House) -> Iterator[str]:
    """No import comes back to where it began, not even one inside a function.

    Types may: what stands under `if TYPE_CHECKING` never runs.
    """
    graph = {module_of(path): set() for path, _ in house.rooms("minidl/")}
    for path, tree in house.rooms("minidl/"):
        own = module_of(path)
        typed = lines_for_types(tree)
        graph[own] |= {t for line, t in targets(house, path, tree) if line not in typed} - {own}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " <- ".join(error.args[1])


def relative(house: House) -> Iterator[str]:
    """Inside the package imports are relative, and nobody imports the face."""
    for path, tree in house.rooms("minidl/"):
        for node in imports(tree):
            names = [alias.name for alias in node.names]
            absolute = names if isinstance(node, ast.Import) else [node.module or ""]
            if not getattr(node, "level", 0) and any(n.split(".")[0] == "minidl" for n in absolute):
                yield f"{at(path, node)}: {ast.unparse(node)}"
        if room_of(module_of(path)) and FLOORS.get(room_of(module_of(path)), 0) < 9:
            for line, target in targets(house, path, tree):
                if target == "minidl":
                    yield f"{path}:{line}: a name is taken from the face; take it from its own file"


def arrays(house: House) -> Iterator[str]:
    """CuPy is named in backend.py and *_gpu.py alone; in the core NumPy in backend.py alone."""
    for path, tree in house.trees.items():
        if path == "minidl/backend.py" or path.endswith("_gpu.py"):
            continue
        core = path.startswith("minidl/") and FLOORS.get(room_of(module_of(path)), 9) <= CORE
        forbidden = ("cupy", "cupyx", "numpy") if core else ("cupy", "cupyx")
        for node in ast.walk(tree):
            for name in named(node):
                if name.split(".")[0] in forbidden:
                    yield f"{at(path, node)}: names {name}"


def sealed(house: House) -> Iterator[str]:
    """Nothing is pickled: the modules that do so are not imported, nor their back doors called."""
    for path, tree in house.scripts.items():
        for node in ast.walk(tree):
            found = {name for name in named(node) if name.split(".")[0] in SEALED}
            if isinstance(node, ast.Call):
                found |= {dotted(node.func)} & SEALED & _unsafe(node)
            for name in sorted(found):
                yield f"{at(path, node)}: {name}"


def _unsafe(call: ast.Call) -> set[str]:
    """The call's own name, but for np.load, which unpickles only where it is told to."""
    name = dotted(call.func)
    asked = any(
        k.arg == "allow_pickle" and not (isinstance(k.value, ast.Constant) and not k.value.value)
        for k in call.keywords
    )
    return {name} if asked or not name.endswith(("np.load", "numpy.load")) else set()


def named(node: ast.AST) -> list[str]:
    """The modules that one node names: by importing them, or in a string that could import them."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    loads = re.compile(r"(import_module|__import__|find_spec)$")
    if isinstance(node, ast.Call) and loads.search(dotted(node)):
        return [a.value for a in node.args if isinstance(a, ast.Constant) and type(a.value) is str]
    return []


def imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """Every import of a file, inside functions too."""
    return [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]


def lines_for_types(tree: ast.Module) -> set[int]:
    """The lines that only a type checker reads."""
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If)
              and dotted(n.test).endswith("TYPE_CHECKING")]  # fmt: skip
    return {line for b in blocks for line in range(b.lineno, (b.body[-1].end_lineno or 0) + 1)}


def targets(house: House, path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The house's own modules that a file imports, with the line."""
    modules = {module_of(p) for p in house.trees}
    package = module_of(path).split(".") + ["_"] * path.endswith("__init__.py")
    for node in imports(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name in modules)
            continue
        start = package[: -node.level] if node.level else []
        source = ".".join([*start, *([node.module] if node.module else [])])
        for alias in node.names:
            whole = f"{source}.{alias.name}"
            if whole in modules or source in modules:
                yield node.lineno, whole if whole in modules else source


def room_of(module: str) -> str:
    """The room that a module lies in: minidl.ops.linear is in ops, minidl itself in ''."""
    return (module.split(".") + [""])[1]
