"""A graph told step by step: each value as it is computed, then each edge that a gradient crosses.

A step says in words what happens, and which texts on the cards change; the page only adds them up,
so forward and back are the same walk.
"""

from typing import Any, final

from . import writing
from .boxes import Box, is_function
from .picture import Crossing, Edge, Node, Picture, filled

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "@": "@", "**": "**"}
WORDS = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "matmul": "@", "pow": "**"}
Step = dict[str, Any]
Walk = tuple[list[Crossing], dict[int, Any]]  # what `walk_back` found


def tell(picture: Picture, walked: Walk, home: dict[int, Box]) -> list[Step]:
    """The steps of a graph, first to last."""
    return _Teller(picture, walked, home).tell()


def call_names(picture: Picture) -> dict[int, str]:
    """What sentences call each node: its own name, a constant's number, or v1, v2, ... in order."""
    free, names, count = picture.inputs(), {}, 0
    for node in picture.nodes:
        if not node.name and node.index in free:
            names[node.index] = f"{node.shape} data" if node.shape else writing.value(node.value)
        elif not node.name:
            count += 1
            names[node.index] = f"v{count}"
        else:
            names[node.index] = node.name
    return names


def sign(op: str) -> str:
    """An operation as it stands on a card: "×" for "*" and for "mul"."""
    return SIGNS.get(op) or WORDS.get(op) or op


@final
class _Teller:
    """Finds the words: who is called what, and which box of the drawing stands for whom."""

    def __init__(self, picture: Picture, walked: Walk, home: dict[int, Box]) -> None:
        self.picture, self.home, self.names = picture, home, call_names(picture)
        self.crossings, self.grads = walked
        self.free = picture.inputs()
        self.into: dict[int, list[Edge]] = {}
        for edge in picture.edges:
            self.into.setdefault(edge.target, []).append(edge)

    def tell(self) -> list[Step]:
        forward = [node for node in self.picture.nodes if node.index not in self.free]
        steps = [self._ready(forward), *filter(None, map(self._forward, forward))]
        if self.picture.root is None:
            return [*steps, _step("stopped", self.picture.problem)]
        steps.append(self._seed(self.picture.nodes[self.picture.root]))
        return [*steps, *filter(None, map(self._across, self.crossings)), self._done()]

    def _ready(self, forward: list[Node]) -> Step:
        leaves = sum(node.leaf != "" for node in self.picture.nodes)
        free = [i for i in sorted(self.free) if not self.home[i].path]
        values = {self.home[i].id: self._shown(i) for i in free}
        counted = f"{_count(leaves, 'leaf', 'leaves')} and {_count(len(forward), 'operation')}"
        said = f"Ready: {counted}. Step forward to compute the first."
        return _step("ready", said, values=values)

    def _forward(self, node: Node) -> Step | None:
        box, shown = self.home[node.index], self._shown(node.index)
        if box.path:
            if node is not box.last:
                return None
            said = self._inside(box, shown)
        else:
            said = f"{self._formula(node)} = {shown}."
        return _step("forward", said, box=box.id, values={box.id: shown})

    def _inside(self, box: Box, shown: str) -> str:
        """A folded box computes: a function of what comes in from outside, or a module."""
        within = {node.index for node in box.members}
        count = _count(len(within - self.free), "operation")
        if not is_function(title(box)):
            return f"{title(box)}: {count} give {self.names[box.last.index]} = {shown}."
        weight = lambda i: i in self.free and not self.picture.nodes[i].leaf
        sources = {edge.source for i in within for edge in self.into.get(i, ())} - within
        outside = sorted(sources, key=lambda i: (weight(i), i))
        inputs = ", ".join(dict.fromkeys(self.names[i] for i in outside))
        name = title(box).removesuffix("()")
        return f"{self.names[box.last.index]} = {name}({inputs}) = {shown}, in {count}."

    def _formula(self, node: Node) -> str:
        """ "h = x × y = 2 × −1", for a sentence; an array's numbers are left to the side panel."""
        edges = self.into[node.index]
        names = _write(node.op, [self.names[edge.source] for edge in edges])
        numbers = _write(node.op, [self._shown(edge.source) for edge in edges])
        if node.shape or any(self.picture.nodes[edge.source].shape for edge in edges):
            return f"{self.names[node.index]} = {names}"
        said = names if names == numbers else f"{names} = {numbers}"
        return f"{self.names[node.index]} = {said}"

    def _seed(self, root: Node) -> Step:
        name, box = self.names[root.index], self.home[root.index].id
        said = f"Backward begins: the gradient of {name} with respect to itself is 1."
        return _step("seed", said, box=box, grads={box: writing.value(self.grads[root.index])})

    def _across(self, crossing: Crossing) -> Step | None:
        """One edge backward; nothing to tell where both its ends are in one folded module."""
        edge = crossing.edge
        source, target = self.picture.nodes[edge.source], self.picture.nodes[edge.target]
        here, there = self.home[edge.source], self.home[edge.target]
        if here is there:
            return None
        g, part, before, after = texts = [
            writing.value(x)
            for x in (crossing.incoming, crossing.part, crossing.before, crossing.after)
        ]
        local = edge.local if isinstance(edge.local, str) else writing.number(edge.local)
        grads = {here.id: after} if source is here.last or not here.path else {}
        step = _step("backward", self._crossing(crossing, texts), box=there.id, grads=grads)
        step |= {"edge": edge_id(edge, here, there), "into": here.id, "first": crossing.first}
        plain = not (source.shape or target.shape or there.path)
        step["product"] = f"{g} × {local} = {part}" if plain else part
        step["sum"] = f"+= {part}" if source.shape else f"{before} += {part} → {after}"
        return step

    def _crossing(self, crossing: Crossing, texts: list[str]) -> str:
        g, part, before, after = texts
        edge, folded = crossing.edge, self.home[crossing.edge.target].path
        source, target = self._called(edge.source), self._called(edge.target)
        if folded:
            how = f"the rules inside {title(self.home[edge.target])} give {part}"
        elif isinstance(edge.local, float):
            note = f" ({edge.note})" if edge.note else ""
            how = f"incoming {g} × local {writing.number(edge.local)}{note} = {part}"
        else:
            rule = f"the rule {edge.local}" if edge.local else "the rule"
            how = f"{rule} of {self.picture.nodes[edge.target].op} turns {g} into {part}"
        sums = f"Paths meet: {before} += {part} gives {after}."
        if crossing.first:
            sums = f"The gradient of {source} is {after}."
        return f"From {target} back to {source}: {how}. {sums}"

    def _called(self, index: int) -> str:
        box = self.home[index]
        module = box.path and not is_function(title(box))
        return title(box) if module else self.names[box.last.index]

    def _done(self) -> Step:
        leaves = [node for node in self.picture.nodes if node.leaf and node.wanted]
        found = {
            n.index: writing.value(self.grads.get(n.index, filled(n.value, 0.0))) for n in leaves
        }
        said = ", ".join(f"{n.name} {found[n.index]}" for n in leaves[:6])
        more = f" and {len(leaves) - 6} more" if len(leaves) > 6 else ""
        words = "Done: every value has its gradient."
        if leaves:
            words = f"Done. Gradients: {said}{more}."
        return _step("done", words, grads={self.home[i].id: text for i, text in found.items()})

    def _shown(self, index: int) -> str:
        return writing.value(self.picture.nodes[index].value)


def edge_id(edge: Edge, here: Box, there: Box) -> str:
    """A line between two single values is its own; all between two boxes are drawn as one."""
    return f"{here.id}>{there.id}" if here.path or there.path else edge.id


def title(box: Box) -> str:
    """What a module's card is called."""
    return box.path.rpartition("/")[2]


def _write(op: str, names: list[str]) -> str:
    if op in SIGNS or op in WORDS:
        if len(names) == 2:
            return f" {sign(op)} ".join(names)
    if op.startswith("**") and len(names) == 1:
        return f"{names[0]} {op}" if len(op) > 2 else f"{names[0]} ** n"
    if op == "neg":
        return f"−{names[0]}"
    return f"{op or 'f'}({', '.join(names)})"


def _step(phase: str, say: str, **fields: Any) -> Step:
    return {"phase": phase, "say": say, "box": "", "values": {}, "grads": {}, **fields}


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
