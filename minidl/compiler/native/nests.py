"""A nest: element-wise calls and reductions that one walk over memory can do together.

All members of a nest look at the same `size` places in the same order. A *full* member has a
number for every place. Where rows of `columns` places each are added up, the sum is a *row* member,
and what is computed from it for every row too: softmax is a nest of two folds and three maps. What
is added up across rows (the gradient of a bias) is *collected*: known only when the walk is over.

Nests grow while the graph is read (lowering.py), and are then written as loops (loops.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, final

import numpy as np

from .views import Buffer, View

LIMIT = 48  # members of a nest: beyond, a loop would need more registers than there are


@final
class Operand:
    """Where a member finds one of its numbers.

    Attributes:
        view: in the shape of the member's domain; the place of a number in memory.
        indices: (view, bound, step) triples: integers in memory that are added, times the step, to
            the place, and must lie in -bound to bound - 1.
        counted: the number is not read: it is the place itself (0, 1, 2, ... along a dimension).
        bound: the number is an index, which must lie in -bound to bound - 1.
        member: the member of the same nest that has it at hand, if one does.
    """

    __slots__ = ("view", "indices", "counted", "bound", "member")

    def __init__(
        self,
        view: View,
        indices: Sequence[tuple[View, int, int]] = (),
        counted: bool = False,
        bound: int | None = None,
    ):
        self.view = view
        self.indices = tuple(indices)
        self.counted = counted
        self.bound = bound
        self.member: Member | None = None

    @property
    def dtype(self) -> np.dtype:
        return np.dtype(np.int64) if self.counted else self.view.dtype

    @property
    def views(self) -> list[View]:
        """Every view that is read."""
        read = [view for view, _, _ in self.indices]
        return read if self.counted else [self.view, *read]


@final
class Member:
    """One line of a nest.

    Attributes:
        kind: "map" (a number from numbers), "fold" (a row's numbers become one) or "collect" (the
            numbers of many rows become one).
        level: "full" or "row": what its result is; of a collect, what it collects.
        shape: of its domain: a map's output, a fold's or collect's input.
        view: where its result lies, if anybody outside the nest asks for it.
        into: of a collect, the result's place for each number of its domain.
        write: operand texts -> C text; for folds and collects the text of what is joined.
        join: "add", "max" or "min", of folds and collects.
        stored: whether the result must be written to memory.
        name: the primitive's, for comments.
    """

    __slots__ = ("kind", "level", "shape", "view", "operands", "write", "join", "stored", "nest",
                 "number", "where", "cost", "into", "name")  # fmt: skip

    def __init__(
        self,
        kind: str,
        shape: Sequence[int],
        view: View,
        operands: Sequence[Operand | Any],
        write: Callable[..., str],
        join: str = "",
        where: str = "",
        cost: int = 1,
        name: str = "copy",
    ):
        self.kind = kind
        self.level = "full"
        self.shape = tuple(shape)
        self.view = view
        self.operands = list(operands)
        self.write = write
        self.join = join
        self.stored = kind == "collect"
        self.nest: Nest
        self.number = -1
        self.where = where
        self.cost = cost
        self.name = name
        self.into = view

    @property
    def dtype(self) -> np.dtype:
        return self.view.dtype

    @property
    def level_of_operands(self) -> str:
        """The level of what it reads: a fold reads full numbers and gives one for the row."""
        return "full" if self.kind == "fold" else self.level

    def reads(self) -> list[View]:
        """What it reads from memory."""
        found = [o for o in self.operands if isinstance(o, Operand) and o.member is None]
        return [view for o in found for view in o.views]


@final
class Nest:
    """Members over the same places.

    Attributes:
        size: how many places there are.
        columns: places of a row; None while no member needs rows.
        cuts: how many places lie behind each dimension of some member: the places where the walk
            may be cut into loops.
        position: its place in the program, once something outside asks for a result.
    """

    def __init__(self, size: int):
        self.size = size
        self.columns: int | None = None
        self.cuts: set[int] = {1, size}
        self.members: list[Member] = []
        self.position: int | None = None

    @property
    def rows(self) -> int:
        return self.size // (self.columns or 1)

    def fits(self, shape: Sequence[int], level: str, columns: int | None = None) -> bool:
        """Whether a domain of this shape can be cut into loops together with those that are there,
        and all of them into rows of so many columns."""
        cuts = self.cuts | cuts_of(shape, (self.columns or 1) if level == "row" else 1)
        if columns is not None:
            cuts.add(columns)
        return is_chain(cuts)

    def add(self, member: Member, level: str) -> None:
        """Takes a member in; `fits` was asked before."""
        member.nest, member.level, member.number = self, level, len(self.members)
        inner = (self.columns or 1) if level == "row" and member.kind != "fold" else 1
        self.cuts |= cuts_of(member.shape, inner)
        if self.columns is not None:
            self.cuts.add(self.columns)
        self.members.append(member)

    @property
    def dims(self) -> list[int]:
        """The sizes of the loops, outermost first, before neighbours are joined again."""
        chain = sorted(self.cuts)
        return [b // a for a, b in zip(chain, chain[1:], strict=False)][::-1]

    def steps(self, view: View, level: str) -> list[int]:
        """The steps of a view, in a member's shape, for each of `dims`; rows stand in columns."""
        inner = self.columns or 1 if level == "row" else 1
        chain = sorted(self.cuts)
        by_cut = dict.fromkeys(chain[:-1], 0)
        behind = inner * prod(view.shape)
        for n, step in zip(view.shape, view.steps, strict=True):
            behind //= max(n, 1)
            if n == 1:
                continue
            for cut in chain[:-1]:
                if behind <= cut < behind * n:
                    by_cut[cut] = step * (cut // behind)
        return [by_cut[cut] for cut in reversed(chain[:-1])]

    @property
    def writes(self) -> list[Buffer]:
        return [m.view.buffer for m in self.members if m.stored]

    @property
    def reads(self) -> list[Buffer]:
        return [view.buffer for m in self.members for view in m.reads()]


def is_chain(cuts: set[int]) -> bool:
    """Whether each number divides the next larger one."""
    chain = sorted(cuts)
    return all(b % a == 0 for a, b in zip(chain, chain[1:], strict=False))


def cuts_of(shape: Sequence[int], inner: int = 1) -> set[int]:
    """How many places lie behind each dimension of a shape, with `inner` places in each of its."""
    cuts, behind = {inner}, inner
    for n in reversed(shape):
        behind *= n
        cuts.add(behind)
    return cuts


def same_places(nest: Nest, member: Member, view: View) -> bool:
    """Whether a view, in the shape of some domain, walks through a member's result in the order in
    which the nest makes it."""
    mine = member.view
    if view.buffer is not mine.buffer or view.offset != mine.offset or view.size != mine.size:
        return False
    return common_steps(mine, view)


def common_steps(a: View, b: View) -> bool:
    """Whether two views of equally many numbers take the same walk, whatever their shapes."""
    cuts = cuts_of(a.shape) | cuts_of(b.shape)
    if not is_chain(cuts):
        return False
    probe = Nest(a.size)
    probe.cuts = cuts
    return probe.steps(a, "full") == probe.steps(b, "full")


def row_of(view: View, columns: int) -> View | None:
    """A view over rows of `columns` places, each of which shows one number, as a view over rows;
    None where it does not."""
    behind, d = 1, len(view.shape)
    while d and behind < columns:
        d -= 1
        behind *= view.shape[d]
        if view.shape[d] != 1 and view.steps[d] != 0:
            return None
    if behind != columns:
        return None
    return View(view.buffer, view.offset, view.shape[:d], view.steps[:d])
