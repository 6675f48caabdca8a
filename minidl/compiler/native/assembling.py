"""Arrays that are put together from parts: the gradient of cutting is padding with zeros, and all
paddings are added up. Where the parts do not overlap nothing needs to be added: each is written
where it belongs, and zeros only where no part lies."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import final

from ..graph import Call, Graph, Symbol
from .views import spelled_out

Box = tuple[range, ...]


@final
class Assemblies:
    """Which sums of padded arrays are nothing but their parts side by side."""

    def __init__(self, graph: Graph, uses: dict[Symbol, list[Call]], results: dict[Symbol, int]):
        self._boxes: dict[Symbol, list[Box]] = {}
        self._above: dict[Symbol, Symbol] = {}
        for call in graph.calls:
            name = call.primitive.name
            if name == "pad":
                box = box_of(call)
                if box is not None:
                    self._boxes[call.output] = [box]
            elif name == "add" and all(isinstance(x, Symbol) for x in call.inputs):
                self._join(call, uses, results)

    def _join(self, call: Call, uses: dict[Symbol, list[Call]], results: dict[Symbol, int]) -> None:
        left, right = call.inputs
        if left is right or any(x not in self._boxes or x.shape != call.output.shape
                                for x in (left, right)):  # fmt: skip
            return
        if any(len(uses[x]) != 1 or x in results for x in (left, right)):
            return
        mine, others = self._boxes[left], self._boxes[right]
        if len(mine) * len(others) > 4096 or any(_overlap(a, b) for a in mine for b in others):
            return
        self._boxes[call.output] = mine + others
        self._above[left] = self._above[right] = call.output

    def adds(self, call: Call) -> bool:
        """Whether a call is an addition that only puts parts side by side."""
        return call.primitive.name == "add" and call.output in self._boxes

    def root(self, symbol: Symbol) -> Symbol:
        """The whole that a padded array, or a sum of some, is part of."""
        path = []
        while symbol in self._above:
            path.append(symbol)
            symbol = self._above[symbol]
        for passed in path:
            self._above[passed] = symbol
        return symbol

    def covers(self, root: Symbol) -> bool:
        """Whether the parts leave nothing out."""
        boxes = self._boxes.get(root, [])
        return sum(prod(map(len, box)) for box in boxes) == prod(root.shape)


def box_of(pad: Call) -> Box | None:
    """The part of a padded array that holds numbers; None for keys that are not plain ranges."""
    key, shape = spelled_out(pad.params["key"], len(pad.output.shape)), pad.output.shape
    if len(key) != len(shape) or not all(isinstance(k, slice) for k in key):
        return None
    ranges = tuple(range(*k.indices(n)) for k, n in zip(key, shape, strict=True))
    return ranges if all(r.step == 1 for r in ranges) else None


def spatial_widths(pad: Call) -> list[tuple[int, int]] | None:
    """How many zeros stand before and behind each dimension but the first two; None where those
    are padded as well."""
    box = box_of(pad)
    if box is None:
        return None
    widths = [(r.start, n - r.stop) for r, n in zip(box, pad.output.shape, strict=True)]
    return None if any(map(any, widths[:2])) else widths[2:]


def _overlap(a: Sequence[range], b: Sequence[range]) -> bool:
    return all(x.start < y.stop and y.start < x.stop for x, y in zip(a, b, strict=True))
