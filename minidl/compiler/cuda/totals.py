"""Sums across rows, as the gradient of a bias, as CUDA functions.

A block is a table of threads: its columns are results that lie side by side, and down a column the
threads share what is to be added. Where there are few results, several blocks share one: each
leaves its part in memory, and the last to be done adds the parts in their order. So every run
gives the same digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, final

import numpy as np

from ..native.letters import c_type, summed_in
from ..native.nests import Member, Nest, Operand
from ..native.views import Buffer, View
from ..native.walking import START, Walk, joined
from .loops import THREADS, joining, narrow, rounded

BLOCKS = 512  # that keep a card busy
TERMS = 16  # that a thread adds up at least, before blocks share a result


@final
class Total(Walk):
    """The CUDA function of sums that run over the same places into results of the same shape.

    Attributes:
        across: how many results the threads of a block stand for, side by side.
        parts: how many blocks share a result.
        blocks: how many blocks there are.
    """

    def __init__(self, nest: Nest, number: int):
        self._number = number
        self._memory: dict[Member, View] = {}
        super().__init__(nest)

    def _plan(self) -> None:
        super()._plan()
        self.integer = "int" if narrow(self.nest) else "int64_t"
        self.row_sizes, self.column_sizes = [*self.row_sizes, *self.column_sizes], []
        sizes, (steps, _) = self.row_sizes, self._into(self.collects[0])
        self.kept = [d for d, step in enumerate(steps) if step]
        self.summed = [d for d in range(len(sizes)) if d not in self.kept]
        self.results = prod(sizes[d] for d in self.kept)
        self.terms = prod(sizes[d] for d in self.summed)
        if self.kept and self.kept[-1] == len(sizes) - 1:  # neighbours in memory: neighbours here
            self.across = min(32, _power(self.results))
        else:
            self.across = min(THREADS // min(_power(self.terms), THREADS), _power(self.results))
        self.columns = -(-self.results // self.across)
        down = THREADS // self.across
        wanted = min(-(-self.terms // (down * TERMS)), BLOCKS // self.columns)
        self.share = -(-self.terms // max(wanted, 1))
        self.parts = -(-self.terms // self.share)
        self.blocks = self.columns * self.parts

    # Memory of its own ----------------------------------------------------------------------------

    def scratch(self) -> list[Buffer]:
        """The buffers for the parts of results."""
        return [view.buffer for view in self._memory.values()]

    def _part(self, member: Member) -> str:
        if member not in self._memory:
            buffer = Buffer("arena", self.parts * self.results, summed_in(member.dtype))
            self._memory[member] = View.whole(buffer, (buffer.size,))
        return self._argument(self._memory[member], True)

    def _count(self) -> str:
        buffer = Buffer("count", self.columns, np.dtype("int32"), self._number)
        return self._argument(View.whole(buffer, (buffer.size,)), True)

    # Text -----------------------------------------------------------------------------------------

    def _function(self) -> Iterator[str]:
        yield "{"
        across, kind = self.across, self.integer
        yield f"  const int column = threadIdx.x % {across}, row = threadIdx.x / {across};"
        yield f"  const {kind} o = ({kind})(block % {self.columns}) * {across} + column;"
        yield f"  const int part = block / {self.columns};"
        for member in self.collects:
            wide = summed_in(member.dtype)
            yield f"  {c_type(wide)} a{member.number} = {START[member.join](wide)};"
        yield from self._added()
        yield from self._joined()
        if self.parts > 1:
            yield from self._of_parts()
        yield f"  if (row == 0 && o < {self.results}) {{"
        yield from self._indices(self.kept, "o")
        for member in self.collects:
            rows, _ = self._into(member)
            place = f"*({self._argument(member.view, True)}{self._row_place(rows)})"
            yield f"    {place} = {rounded(member.dtype, f'a{member.number}')};"
        yield "  }"
        yield "}"

    def _added(self) -> Iterator[str]:
        """Each thread's terms."""
        kind, down = self.integer, THREADS // self.across
        yield f"  if (o < {self.results}) {{"
        yield from self._indices(self.kept, "o")
        yield f"    const {kind} first = ({kind})part * {self.share}, last = first + {self.share};"
        yield f"    const {kind} end = last < {self.terms} ? last : {self.terms};"
        yield f"    for ({kind} q = first + row; q < end; q += {down}) {{"
        yield from self._indices(self.summed, "q")
        members = self.nest.members
        for member in members:
            yield from self._loads_of(member)
        for member in members:
            n, kind = member.number, c_type(member.dtype)
            value = member.write(*map(self._term, member.operands))
            if member.kind == "collect":
                both = joined(member.join, summed_in(member.dtype), f"a{n}", value)
                yield f"    a{n} = {both};"
            else:
                yield f"    const {kind} v{n} = {rounded(member.dtype, value)};"
        yield "    }"
        yield "  }"

    def _term(self, operand: Operand) -> str:
        if operand.member is not None:
            return f"v{operand.member.number}"
        return self._loaded(operand, "full")

    def _joined(self) -> Iterator[str]:
        """What the threads of a column have found."""
        for member in self.collects:
            n = member.number
            yield f"  a{n} = of_column<{self.across}>(a{n}, {joining(member)});"

    def _of_parts(self) -> Iterator[str]:
        """What the blocks of a result have found: the last to be done joins it."""
        names = {member: self._part(member) for member in self.collects}
        for member, name in names.items():
            yield (f"  if (row == 0 && o < {self.results}) "
                   f"{name}[part * {self.results} + o] = a{member.number};")  # fmt: skip
        yield (f"  if (!last_of((unsigned*){self._count()} + block % {self.columns}, {self.parts}))"
               " return;")  # fmt: skip
        for member, name in names.items():
            n, wide = member.number, summed_in(member.dtype)
            kind, both = c_type(wide), joined(member.join, wide, f"a{n}", "w")
            yield f"  a{n} = {START[member.join](wide)};"
            yield f"  if (o < {self.results})"
            yield f"    for (int s = row; s < {self.parts}; s += {THREADS // self.across}) {{"
            place = f"((volatile const {kind}*){name})[s * {self.results} + o]"
            yield f"      const {kind} w = {place};"
            yield f"      a{n} = {both};"
            yield "    }"
        yield from self._joined()

    def _indices(self, dims: Sequence[int], name: str) -> Iterator[str]:
        """The index along each dimension, from the number of a result or of a term."""
        behind = 1
        for d in reversed(dims):
            whole = name if behind == 1 else f"{name} / {behind}"
            whole = whole if d == dims[0] else f"({whole}) % {self.row_sizes[d]}"
            yield f"    const {self.integer} i{d} = {whole};"
            behind *= self.row_sizes[d]

    def _row_place(self, steps: list[int]) -> str:
        terms = enumerate(steps)
        return "".join(f" + i{d} * {s}" for d, s in terms if s and self.row_sizes[d] > 1)


def _power(n: int) -> int:
    """The smallest power of two that is not less."""
    return 1 << (n - 1).bit_length()


# What a sum needs -----------------------------------------------------------------------------


def taken_out(nest: Nest) -> list[Nest]:
    """Takes the sums across rows out of a nest: each group of like ones becomes a nest of its own,
    in which what they add up is read from memory or, where it is not there, computed again."""
    collects = [m for m in nest.members if m.kind == "collect"]
    nest.members = [m for m in nest.members if m.kind != "collect"]
    groups: dict[Any, list[Member]] = {}
    for member in collects:
        nest_steps = tuple(bool(s) for s in nest.steps(member.into, member.level))
        groups.setdefault((member.level, nest_steps), []).append(member)
    made = [_alone(nest, group) for group in groups.values()]
    _prune(nest)
    return made


def _alone(nest: Nest, collects: list[Member]) -> Nest:
    """A nest of some sums and of what they need."""
    level = collects[0].level
    new = Nest(nest.size if level == "full" else nest.rows)
    copies: dict[Member, Member] = {}
    for member in collects:
        _copied(member, nest, new, copies)
    return new


def _copied(member: Member, nest: Nest, new: Nest, copies: dict[Member, Member]) -> Member:
    operands = [_operand(o, member, nest, new, copies) for o in member.operands]
    copy = Member(member.kind, member.shape, member.view, operands, member.write, member.join,
                  member.where, member.cost, member.name)  # fmt: skip
    copy.into = member.into
    new.add(copy, "full")
    copies[member] = copy
    return copy


def _operand(
    operand: Operand, user: Member, nest: Nest, new: Nest, copies: dict[Member, Member]
) -> Operand:
    """Where a sum's nest finds a number."""
    maker = operand.member
    if maker is None:
        return operand
    if maker.level == "full" and not maker.stored and maker.kind == "map":
        made = copies.get(maker) or _copied(maker, nest, new, copies)
        found = Operand(operand.view)
        found.member = made
        return found
    maker.stored = True
    view = maker.view
    if maker.level == "row" and user.level == "full":  # the same number for all places of a row
        view = View(view.buffer, view.offset, (*view.shape, nest.columns or 1), (*view.steps, 0))
    return Operand(view)


def _prune(nest: Nest) -> None:
    """Forgets members that nothing stored depends on."""
    needed = {m for m in nest.members if m.stored}
    for member in reversed(nest.members):
        if member in needed:
            needed |= {o.member for o in member.operands if o.member is not None}
    nest.members = [m for m in nest.members if m in needed]
