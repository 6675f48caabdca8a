"""Where each result is written: where the call that moves it on would have moved it to."""

from __future__ import annotations

from math import prod
from typing import final

import numpy as np

from ..graph import Call, Graph, Symbol
from .assembling import Assemblies, spatial_widths
from .growing import Growing
from .kernels import Fill
from .views import Buffer, View


@final
class Placing:
    """Gives results their places.

    Attributes:
        places: by symbol, once somebody asked.
        sees_padding: whether convolutions can see zeros where there is no memory.
    """

    def __init__(
        self, graph: Graph, targets: list[int | None], growing: Growing, sees_padding: bool = True
    ):
        self.sees_padding = sees_padding
        self.graph, self.targets, self.growing = graph, targets, growing
        self.places: dict[Symbol, View] = {}
        self.uses: dict[Symbol, list[Call]] = {}
        self.makers: dict[Symbol, Call] = {}
        self.results: dict[Symbol, int] = {}  # how often a symbol is an output
        for call in graph.calls:
            self.makers[call.output] = call
            for x in call.inputs:
                if isinstance(x, Symbol):
                    self.uses.setdefault(x, []).append(call)
        for x in graph.outputs:
            if isinstance(x, Symbol):
                self.results[x] = self.results.get(x, 0) + 1
        self.assemblies = Assemblies(graph, self.uses, self.results)

    def place(self, symbol: Symbol) -> View:
        """Where a call's result is to be written."""
        known = self.places.get(symbol)
        if known is None:
            known = self.places[symbol] = self._place(symbol)
        return known

    def _place(self, symbol: Symbol) -> View:
        if symbol not in self.results:
            user = self._mover(symbol)
            moved = None if user is None else self._moved(symbol, user)
            if moved is not None:
                return moved
        elif self.results[symbol] == 1:
            number = next(i for i, x in enumerate(self.graph.outputs) if x is symbol)
            if self.targets[number] is None:
                buffer = Buffer("output", prod(symbol.shape), symbol.dtype, number)
                return View.whole(buffer, symbol.shape)
        return View.whole(Buffer("arena", prod(symbol.shape), symbol.dtype), symbol.shape)

    def _mover(self, symbol: Symbol) -> Call | None:
        """The user of a result that may say where it lies: the only one; or, of a product or of
        attention, the one that would have to copy it, where the others read it anywhere."""
        users, maker = self.uses.get(symbol, []), self.makers.get(symbol)
        if maker is not None and self._has_zeros(maker):
            return None  # those are written over a whole buffer, which must be nobody else's
        if len(users) == 1:
            return users[0]
        if maker is None or maker.primitive.name not in ("matmul", "attention"):
            return None
        moves = [user for user in users if user.primitive.name == "permute"]
        if len(moves) != 1 or not all(u is moves[0] or _reads_anywhere(u) for u in users):
            return None
        after = {user.primitive.name for user in self.uses.get(moves[0].output, [])}
        return moves[0] if after == {"reshape"} else None

    def _has_zeros(self, maker: Call) -> bool:
        """Whether parts that are put together leave places between them, as a padded array does."""
        put_together = maker.primitive.name == "pad" or self.assemblies.adds(maker)
        return put_together and not self.assemblies.covers(self.assemblies.root(maker.output))

    def _moved(self, symbol: Symbol, user: Call) -> View | None:
        """The place that a user of a result would move it to."""
        name, params = user.primitive.name, user.params
        if name == "permute":
            dims = params["dims"]
            return self.place(user.output).permuted([dims.index(d) for d in range(len(dims))])
        if name == "reshape":
            return self.place(user.output).reshaped(symbol.shape)
        if name == "pad" and self.virtual(user.output) is None:
            return self.assembled(user).cropped(params["key"])
        if name == "cat":
            return _part(self.place(user.output), user, symbol)
        if name == "clone":
            return self.place(user.output)
        return None

    def virtual(self, symbol: Symbol) -> tuple[Call, list[tuple[int, int]]] | None:
        """The pad call behind a symbol and its widths, if only convolutions read it, which can see
        zeros where there is no memory."""
        call = self.makers.get(symbol)
        if call is None or call.primitive.name != "pad" or symbol in self.results:
            return None
        if not self.sees_padding:
            return None
        if symbol.dtype != np.float32 or len(symbol.shape) not in (3, 4):
            return None
        users = self.uses.get(symbol, [])
        if not all(
            user.primitive.name in ("conv", "conv_weight") and user.inputs[0] is symbol
            and (len(user.inputs) < 2 or user.inputs[1] is not symbol)
            for user in users
        ):  # fmt: skip
            return None
        widths = spatial_widths(call)
        return None if widths is None else (call, widths)

    def assembled(self, pad: Call) -> View:
        """Where the padded array lies: its own place, or that of the sum of several which fill
        different parts."""
        root = self.assemblies.root(pad.output)
        place = self.place(root)
        if not self.assemblies.covers(root) and not place.buffer.writers:
            self.growing.append(Fill(place.buffer))
        return place


def _reads_anywhere(call: Call) -> bool:
    """Whether a call reads its operands number by number, or row by row, wherever they lie."""
    return call.primitive.prepare is not None or call.primitive.name == "attention_slopes"


def _part(whole: View, call: Call, symbol: Symbol) -> View | None:
    """The part of a joined array that one of its inputs fills."""
    dim, start = call.params["dim"], 0
    for x in call.inputs:
        end = start + x.shape[dim]
        if x is symbol:
            return whole.cropped((slice(None),) * dim + (slice(start, end),))
        start = end
    return None
