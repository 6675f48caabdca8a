"""Small parameters laid end to end, so that an element-wise rule runs once over all their numbers.

A call costs more than a few thousand numbers do. So the arrays of small parameters become views of
one buffer; their gradients are copied into another, and what the optimiser remembers of them are
views of buffers too. The rule is called with the buffers and knows nothing of it.
"""

import sys
from collections.abc import Callable
from typing import Any, final
from weakref import WeakKeyDictionary

from .. import backend
from ..creation import zeros
from ..tensors import Tensor

LARGE = 1 << 17  # from here on copying a gradient costs more than the calls it would save
GAP = 16  # each parameter begins at a multiple of so many numbers: a cache line of float32

State = dict[str, Any]
Rule = Callable[[Tensor, Tensor, State], None]


@final
class Flat:
    """Some parameters of one dtype and device as one tensor without a history.

    Attributes:
        tensor: all their numbers; the parameters' arrays are views of its array.
        gradient: the same for their gradients, filled before each step.
        state: what the rule remembers of `tensor`. The tensors in it are shown to the world in
            pieces, one per parameter; its numbers are read from there and written back.
    """

    def __init__(self, parameters: list[Tensor]):
        self.parameters = parameters
        self.starts, end = [], 0
        for p in parameters:
            self.starts.append(end)
            end += -(-p.numel() // GAP) * GAP
        like = parameters[0]
        self.tensor, self.gradient = (zeros(end, dtype=like.dtype, device=like.device)
                                      for _ in range(2))  # fmt: skip
        # Each with its places in the two buffers.
        places, gradients = self._views(self.tensor), self._views(self.gradient)
        self.members = list(zip(parameters, places, gradients, strict=True))
        self.state: State = {}
        self.shown: State = {}  # the tensors of `state` that were cut into pieces
        self.pieces: dict[str, list[tuple[Tensor, Any]]] = {}  # and their arrays
        for p, place, _ in self.members:
            backend.write(place, p.array)
            p.array = place

    def _views(self, tensor: Tensor) -> list[Any]:
        """The part of a buffer that belongs to each parameter, in its shape."""
        return [
            tensor.array[start : start + p.numel()].reshape(p.shape)
            for start, p in zip(self.starts, self.parameters, strict=True)
        ]

    def step(self, rule: Rule, known: dict[Tensor, State]) -> bool:
        """Runs the rule once for all, or does nothing and says False: they are not all as usual."""
        states = [known[p] for p in self.parameters] if self._collected() else []
        if not states or not (self._current(states) or self._adopted(states)):
            return False
        rule(self.tensor, self.gradient, self.state)
        for p in self.parameters:
            p.version.count += 1
        self._hand_out(states)
        return True

    def _collected(self) -> bool:
        """Copies all gradients; False where one is missing, or a parameter's array is another."""
        kind, array = self.tensor.dtype, type(self.tensor.array)
        for p, place, into in self.members:
            g = p.grad
            if g is None or p.array is not place:
                return False
            g = g.array
            if g.dtype != kind or g.shape != into.shape or type(g) is not array:
                return False
            into[...] = g
        return True

    def _current(self, states: list[State]) -> bool:
        """Whether states still are our pieces and agree on numbers; those are taken over."""
        for key in self.state:
            if key in self.pieces:
                for s, (piece, view) in zip(states, self.pieces[key], strict=True):
                    if s.get(key) is not piece or piece.array is not view:
                        return False
                continue
            value = self.state[key] = states[0].get(key)
            for s in states:
                other = s.get(key)
                if other is not value and (not backend.is_number(other) or other != value):
                    return False
        return len(self.state) * len(states) == sum(map(len, states))

    def _adopted(self, states: list[State]) -> bool:
        """Takes over what was remembered apart, where all of it is of one kind."""
        first = states[0]
        if any(s.keys() != first.keys() for s in states):
            return False
        new: State = {}
        for key, value in first.items():
            values = [s[key] for s in states]
            if backend.is_number(value):
                if any(v != value for v in values):
                    return False
                new[key] = value
            elif all(map(self._fits, values, self.parameters)):
                new[key] = self.tensor.new_zeros(self.tensor.shape)
                for view, v in zip(self._views(new[key]), values, strict=True):
                    backend.write(view, v.array)
            else:
                return False
        self.state, self.shown, self.pieces = new, {}, {}
        return True

    def _fits(self, value: Any, p: Tensor) -> bool:
        same = isinstance(value, Tensor) and value.shape == p.shape
        return same and value.dtype == p.dtype and value.device == p.device

    def _hand_out(self, states: list[State]) -> None:
        """Lets every parameter's own state show what the rule left in ours."""
        for key, value in self.state.items():
            if not isinstance(value, Tensor):
                for s in states:
                    s[key] = value
            elif self.shown.get(key) is not value:
                self.shown[key] = value
                self.pieces[key] = [(value.like(view), view) for view in self._views(value)]
                for s, (piece, _) in zip(states, self.pieces[key], strict=True):
                    s[key] = piece


@final
class Packing:
    """Which parameters of a group go together; found out when their gradients are there."""

    def __init__(self) -> None:
        self.flats: list[Flat] = []
        self.alone: list[Tensor] = []
        self.known: list[int] = []
        self.steps = 0

    def step(self, parameters: list[Tensor], rule: Rule, states: dict[Tensor, State]) -> Any:
        """Changes those that go together, and returns the others."""
        self.steps += 1
        ids = list(map(id, parameters))
        # At steps 1, 2, 4, 8... those that could not join are asked again.
        if ids != self.known or self.steps & (self.steps - 1) == 0:
            self._join(parameters, ids)
        failed = [flat for flat in self.flats if not flat.step(rule, states)]
        return [*self.alone, *(p for flat in failed for p in flat.parameters)]

    def _join(self, parameters: list[Tensor], ids: list[int]) -> None:
        self.known, kinds = ids, {}
        self.flats = [f for f in self.flats if set(ids).issuperset(map(id, f.parameters))]
        taken = {id(p) for f in self.flats for p in f.parameters}
        for p in parameters:
            if id(p) not in taken and p.grad is not None and _is_free(p):
                kinds.setdefault((p.dtype, str(p.device)), []).append(p)
        self.flats += [Flat(several) for several in kinds.values() if len(several) > 1]
        taken = {id(p) for f in self.flats for p in f.parameters}
        self.alone = [p for p in parameters if id(p) not in taken]


# Kept beside the optimisers, not in them: a deep copy of one begins anew, as its parameters lie
# elsewhere.
_packings: WeakKeyDictionary[Any, dict[int, Packing]] = WeakKeyDictionary()


def packing(optimizer: Any, group: dict[str, Any]) -> Packing:
    """What an optimiser found out about one of its groups."""
    known = _packings.setdefault(optimizer, {})
    return known.get(id(group)) or known.setdefault(id(group), Packing())


def _is_free(p: Tensor) -> bool:
    """Whether a parameter is small and its array nobody else's, so that it may move."""
    if p.numel() >= LARGE or not p.device.writable:
        return False
    if p.array.base is not None or not p.array.flags.c_contiguous:
        return False
    # The parameter's and the question's own. Whether a variable counts depends on Python's version.
    return sys.getrefcount(p.array) == 2
