"""minidl's tape as a picture: the history behind a tensor that exists, from its result back.

A tape keeps only the numbers that a rule will read; a value that was not kept shows its shape.
"""

from typing import Any

from .picture import Picture
from .rules import edges


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


def _tape(root: Any, made: list[Any]) -> Picture:
    picture, number = Picture(), {}
    for entry in made:
        inputs = []
        for parent, saved in zip(entry.parents, entry.saved[1:], strict=True):
            if parent is None:
                inputs.append(picture.add(saved, constant=True, wanted=False))
            elif id(parent) not in number:
                number[id(parent)] = picture.add(parent.array)
            if parent is not None:
                inputs.append(number[id(parent)])
        output = root.array if entry is root.node else entry.saved[0]
        number[id(entry)] = index = picture.add(output, op=entry.primitive.name)
        for i, saved in zip(inputs, entry.saved[1:], strict=True):
            if picture.nodes[i].value is None and hasattr(saved, "reshape"):
                picture.nodes[i].value = saved
        picture.edges += edges(entry.primitive, inputs, index, entry.saved, entry.params)
    picture.root = number[id(root.node)]
    return picture
