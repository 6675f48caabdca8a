"""Which boxes stand for a graph: one for each value, or, in a crowd, one for a whole module.

A function that minidl composes of many operations (`cross_entropy()`) starts folded in any graph. A
module's box holds a run of operations that follow each other, so folding never makes a circle. A
graph that knows no modules is folded by the hundred: operations 1 to 25, 26 to 50, and so on.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import final

from .picture import Node, Picture

CROWD = 100
CHUNK = 25
Path = tuple[str, ...]


@final
@dataclass
class Box:
    """The nodes that one box stands for, and the path by which it is opened ("" if single)."""

    id: str
    members: list[Node] = field(default_factory=list)
    path: str = ""

    @property
    def last(self) -> Node:
        """The node whose value the box shows: a module's newest."""
        return self.members[-1]


def boxes(picture: Picture, opened: Collection[str] = (), crowd: int = CROWD) -> dict[int, Box]:
    """For every node its box: nodes of one folded module share it. `opened` lists unfolded ones."""
    paths = _paths(picture)
    crowded = len(picture.nodes) > crowd
    names = {node.index: _folded(paths[node.index], opened, crowded) for node in picture.nodes}
    free = picture.inputs()
    work = Counter(name for index, name in names.items() if index not in free)
    home: dict[int, Box] = {}
    found: dict[str, Box] = {}
    for node in picture.nodes:
        name = names[node.index]
        path = name if work[name] > 1 else ""  # one operation is its own box
        box = found.setdefault(path or node.id, Box(f"m:{path}" if path else node.id, path=path))
        box.members.append(node)
        home[node.index] = box
    for box in found.values():
        box.members.sort(key=lambda node: node.index not in free)  # so that its last is its newest
    return home


def is_function(name: str) -> bool:
    """True for a function's name on a path, "linear()"; a module's has no brackets."""
    return name.partition(" (call")[0].endswith("()")


def _folded(path: Path, opened: Collection[str], crowded: bool) -> str:
    """The outermost part of a path that is shut: in a crowd any module, else functions only."""
    names = {"/".join(path[: depth + 1]): part for depth, part in enumerate(path)}
    folds = [name for name, part in names.items() if crowded or is_function(part)]
    return next((name for name in folds if name not in opened), "")


def _paths(picture: Picture) -> dict[int, Path]:
    """Each node's modules, outermost first. A module that is called twice has two boxes."""
    free = picture.inputs()
    made = [node for node in picture.nodes if node.index not in free]
    if not any(node.scope for node in made):
        return _adopt(picture, {n.index: _chunk(i, len(made)) for i, n in enumerate(made)})
    outer = len(_shared([node.scope for node in made]))  # a box around all would hide all
    paths, runs, before = {}, {}, ()
    for node in made:
        path, scope = [], node.scope[outer:]
        for depth, name in enumerate(scope):
            here = (*path, name)
            if before[: depth + 1] != scope[: depth + 1]:
                runs[here] = runs.get(here, 0) + 1
            path.append(name if runs[here] == 1 else f"{name} (call {runs[here]})")
        paths[node.index], before = tuple(path), scope
    return _adopt(picture, paths)


def _chunk(position: int, count: int) -> Path:
    """("1–625", "26–50") for operation 30 of a thousand."""
    size = CHUNK
    while size * CHUNK < count:
        size *= CHUNK
    path = []
    while size >= CHUNK:
        first = position // size * size
        path.append(f"operations {first + 1}–{min(first + size, count)}")
        size //= CHUNK
    return tuple(path)


def _adopt(picture: Picture, paths: dict[int, Path]) -> dict[int, Path]:
    """An input used in one module only (its weights) lives there; a constant in a function too."""
    uses: dict[int, set[Path]] = {}
    for edge in picture.edges:
        uses.setdefault(edge.source, set()).add(paths.get(edge.target, ()))
    for node in picture.nodes:
        if node.index not in paths:
            path = () if node.leaf else _shared(list(uses.get(node.index, ())))
            inside = next((i for i, name in enumerate(path) if is_function(name)), len(path))
            paths[node.index] = path if node.constant else path[:inside]
    return paths


def _shared(paths: list[Path]) -> Path:
    """What a few paths have in common, from the outside."""
    common = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return tuple(common)
