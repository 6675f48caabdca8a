"""All that a page needs to draw a graph and to step through it: one dictionary of plain JSON."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from . import labels, writing
from .boxes import CROWD, Box, boxes, is_function
from .layout import PORT, place
from .picture import Edge, Picture
from .story import Walk, call_names, edge_id, sign, tell, title

HEIGHT = 70.0
NARROW, WIDE = 136.0, 184.0  # a card of a number; of an array or a module
CHIP = (56.0, 32.0)  # a constant: its number is all there is to say


def scene(
    picture: Picture, walked: Walk, opened: Collection[str] = (), crowd: int = CROWD
) -> dict[str, Any]:
    """Boxes and lines with their places, the steps, and the modules that are open."""
    home = boxes(picture, opened, crowd)
    cards = {box.id: box for box in home.values()}
    lines = _lines(picture, home)
    order = _in_order(list(cards), [(line["source"], line["target"]) for line in lines])
    numbered = {line["target"] for line in lines if line["local"]}
    arriving = Counter(line["target"] for line in lines if line["target"] in numbered)
    sizes = {name: _size(cards[name], arriving[name]) for name in order}
    places = place(sizes, [(line["source"], line["target"]) for line in lines])
    for line, points in zip(lines, places.edges, strict=True):
        line["path"], line["from"], line["to"] = curve(points), points[0], points[-1]
        line["at"] = labels.foot(points[-1])
    names, free = call_names(picture), picture.inputs()
    drawn = {n: _card(cards[n], names, free, sizes[n], places.boxes[n], picture) for n in order}
    steps = tell(picture, walked, home)
    return {
        "nodes": list(drawn.values()),
        "edges": lines,
        "size": places.size,
        "steps": [step | {"pills": labels.pills(step, drawn)} for step in steps],
        "facts": _facts(picture, home, walked[1]),
        "opened": sorted(opened),
        "problem": picture.problem,
    }


def _size(box: Box, arriving: int) -> tuple[float, float]:
    """A card is as tall as the numbers on the edges that arrive at it need."""
    if box.last.constant and not (box.path or box.last.shape):
        return CHIP
    wide = box.path or box.last.shape or len(box.last.name) > 9
    return WIDE if wide else NARROW, max(HEIGHT, PORT * arriving + 9)


def _card(box: Box, names, free, size, corner, picture: Picture) -> dict[str, Any]:
    node = box.last
    kind = "module" if box.path else "value" if node.index not in free else "input"
    card = {"id": box.id, "kind": kind, "x": corner[0], "y": corner[1], "w": size[0], "h": size[1]}
    common = {"where": node.where, "shape": node.shape, "inside": "/".join(node.scope)}
    card |= common | {"leaf": node.leaf, "params": node.params, "path": box.path}
    if box.path:
        count = sum(member.index not in free for member in box.members)
        name, op = title(box), f"{count} steps"
        if is_function(name):
            name, op = names[node.index], name
        return card | {"name": name, "op": op, "steps": count}
    if kind == "input":
        kind = "leaf" if node.leaf else "parameter"
        if node.constant:
            kind = "data" if node.shape else "constant"
    if node.index == picture.root:
        kind = "result"
    return card | {"kind": kind, "name": names[node.index], "op": sign(node.op)}


def _lines(picture: Picture, home: dict[int, Box]) -> list[dict[str, Any]]:
    """The edges between different boxes; between two boxes of which one is a module, one line."""
    lines: dict[str, dict[str, Any]] = {}
    for edge in picture.edges:
        here, there = home[edge.source], home[edge.target]
        if here is there:
            continue
        name = edge_id(edge, here, there)
        local = "" if here.path or there.path else _local(edge)
        lines[name] = {"id": name, "source": here.id, "target": there.id, "local": local}
    return list(lines.values())


def _local(edge: Edge) -> str:
    text = edge.local if isinstance(edge.local, str) else writing.number(edge.local)
    return labels.on_edge(text)


def _in_order(names: list[str], links: list[tuple[str, str]]) -> list[str]:
    """Sources before targets, else as they came."""
    waiting = dict.fromkeys(names, 0)
    after: dict[str, list[str]] = {}
    for source, target in links:
        waiting[target] += 1
        after.setdefault(source, []).append(target)
    ready, order = [name for name in names if not waiting[name]], []
    for name in ready:
        order.append(name)
        for target in after.get(name, ()):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return order + [name for name in names if name not in set(order)]


def curve(points: list[tuple[float, float]]) -> str:
    """A path that leaves and arrives level: one bow between two points."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        half = (x1 - x0) * 0.55
        path += f"C{x0 + half:.1f} {y0:.1f} {x1 - half:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return path


def _facts(picture: Picture, home: dict[int, Box], grads: dict[int, Any]) -> dict[str, Any]:
    """The numbers behind the cards, for the side panel: an array's table, or what one says."""
    shown = [node for node in picture.nodes if node.shape and not home[node.index].path]
    return {
        node.id: {
            "value": writing.details(node.value),
            "grad": writing.details(grads.get(node.index)),
        }
        for node in shown
    }
