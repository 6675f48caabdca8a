"""A nest as a CUDA function: a thread for each place, or a team of threads for each row.

The rows of a softmax are walked through once for every phase: each thread of a team takes every
32nd place (or every 256th, where the whole block is the team), keeps what later phases need in its
registers, and the team joins what each thread has found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import numpy as np

from ...backend import is_half
from ..native.letters import c_type, summed_in
from ..native.nests import Member, Nest
from ..native.walking import START, Rows, joined

THREADS = 256  # of a block
REGISTERS = 32  # numbers that a thread keeps of one result at most
SEVERAL = 4  # places that a thread of a long loop takes at once
FILL = 2**18  # threads that keep a card busy: for fewer, a row is given more of them


@final
class Grid(Rows):
    """The CUDA function of a nest without sums across rows.

    Attributes:
        team: how many threads walk through a row together.
        each: how many places of a row each of them takes.
    """

    dear = 4

    def __init__(self, nest: Nest):
        self.team = self.each = 1
        super().__init__(nest)

    def _plan(self) -> None:
        super()._plan()
        nest = self.nest
        self.integer = "int" if narrow(nest) else "int64_t"
        if nest.columns is None and not self._row_members():  # one loop over all places
            self.column_sizes = [*self.row_sizes, *self.column_sizes]
            self.row_sizes, self.flat = [], True
            self.width = self.count = nest.size
            self.each = SEVERAL if nest.size >= FILL else 1
            return
        self.team = team_of(self.width, self.count)
        self.each = -(-self.width // self.team)
        self.memory = REGISTERS * self.team

    @property
    def teams(self) -> int:
        """How many rows a block walks through at once."""
        return THREADS // self.team

    @property
    def blocks(self) -> int:
        """How many blocks have something to do."""
        return -(-self.count // (THREADS * self.each if self.flat else self.teams))

    # Text -----------------------------------------------------------------------------------------

    def _function(self) -> Iterator[str]:
        yield "{"
        yield from self._flat_body() if self.flat else self._body()
        yield "}"

    def _flat_body(self) -> Iterator[str]:
        """A loop over all places."""
        members, kind, span = self.nest.members, self.integer, THREADS * self.each
        for member in members:
            yield from self._loads_of(member)
        name = "c" if self.each == 1 else "s"
        yield (f"  for ({kind} {name} = ({kind})block * {span} + threadIdx.x; "
               f"{name} < {self.count}; {name} += ({kind})blocks * {span}) {{")  # fmt: skip
        yield from self._places(members) if self.each == 1 else self._places_at_once(members)
        yield "  }"

    def _places_at_once(self, members: list[Member]) -> Iterator[str]:
        """Of a long loop each thread reads several places before it computes: memory answers late,
        but to many at once."""
        known, read, lines = set(members), {}, []
        for member in members:
            for operand in member.operands:
                if any(self._read(operand, "c", known, read)):
                    text = self._text(operand, "c", known)
                    name, read[text] = read[text], f"{read[text]}[j]"
                    yield f"    {c_type(operand.dtype)} {name}[{self.each}];"
                    lines.append(f"      {name}[j] = {text};")
        for lines_of_place in (lines, self._computed(members, read, known)):
            yield from self._several()
            yield from lines_of_place
            yield "    }"

    def _several(self) -> Iterator[str]:
        """The loop over the places that a thread takes at once."""
        yield "    #pragma unroll"
        yield f"    for (int j = 0; j < {self.each}; j++) {{"
        yield f"      const {self.integer} c = s + j * {THREADS};"
        if self.count % (THREADS * self.each):
            yield f"      if (c >= {self.count}) break;"

    def _body(self) -> Iterator[str]:
        """All rows that a team has to walk through."""
        kind, team = self.integer, self.team
        yield f"  const int lane = threadIdx.x % {team};"
        first = "block" if self.teams == 1 else f"block * {self.teams} + threadIdx.x / {team}"
        yield (f"  for ({kind} r = {first}; r < {self.count}; "
               f"r += ({kind})blocks * {self.teams}) {{")  # fmt: skip
        yield from self._whole_row()
        yield "  }"

    def _row_member(self, member: Member) -> Iterator[str]:
        texts = [self._row_text(o) for o in member.operands]
        value = rounded(member.dtype, member.write(*texts))
        yield f"    const {c_type(member.dtype)} f{member.number} = {value};"
        yield from self._row_store(member)

    def _phase(self, inside: list[Member], phase: int) -> Iterator[str]:
        """The loop over a row's places in one phase, and what the team has found in it."""
        folds = [m for m in inside if m.kind == "fold"]
        yield from self._rooms(inside, phase, self.each)
        for member in folds:
            kind = summed_in(member.dtype)
            yield f"    {c_type(kind)} a{member.number} = {START[member.join](kind)};"
        yield from self._line_of_row(inside, phase)
        for member in folds:
            call = f"of_team<{self.team}>(a{member.number}, {joining(member)})"
            value = rounded(member.dtype, call)
            yield f"    const {c_type(member.dtype)} f{member.number} = {value};"
            yield from self._row_store(member)

    def _line_of_row(self, inside: list[Member], phase: int) -> Iterator[str]:
        """Each thread's places: a loop without end known, or one that is written out."""
        kind, team, width = self.integer, self.team, self.width
        if self.each > REGISTERS:
            yield "    #pragma unroll 4"
            yield f"    for ({kind} c = lane; c < {width}; c += {team}) {{"
            yield from self._places(inside, phase)
            yield "    }"
            return
        yield "    #pragma unroll"
        yield f"    for (int j = 0; j < {self.each}; j++) {{"
        yield f"      const {kind} c = lane + j * {team};"
        if width % team:
            yield f"      if (c >= {width}) break;"
        yield from self._places(inside, phase)
        yield "    }"

    def _places(self, inside: list[Member], phase: int = 0) -> Iterator[str]:
        """What is done at place c, member by member."""
        known = set(inside)
        read: dict[str, str] = {}
        for member in inside:
            for operand in member.operands:
                yield from self._read(operand, "c", known, read)
        yield from self._computed(inside, read, known, phase)

    def _computed(
        self, inside: list[Member], read: dict[str, str], known: set[Member], phase: int = 0
    ) -> Iterator[str]:
        """What is made of the numbers that were read."""
        for member in inside:
            value = member.write(*(read[self._text(o, "c", known)] for o in member.operands))
            n, kind = member.number, c_type(member.dtype)
            if member.kind == "fold":
                both = joined(member.join, summed_in(member.dtype), f"a{n}", value)
                yield f"      a{n} = {both};"
                continue
            yield f"      const {kind} v{n} = {rounded(member.dtype, value)};"
            if self.phases[member] != phase:
                continue
            if member.stored:
                yield f"      {self._store_place(member, member.view, 'c')} = v{n};"
            if member in self._kept:
                yield f"      {self._kept[member]}[j] = v{n};"

    def _recalled(self, member: Member, at: str) -> str:
        return f"{self._kept[member]}[j]"

    def _row_store(self, member: Member) -> Iterator[str]:
        if member.stored:
            rows, _ = self._walk(member.view, "row")
            place = f"*({self._argument(member.view, True)}{self._row_place(rows)})"
            yield f"    if (lane == 0) {place} = f{member.number};"


def rounded(kind: np.dtype, value: str) -> str:
    """The text of a value as a number of a dtype: halves are computed with as float32."""
    return f"({c_type(kind)})({value})" if is_half(kind) else value


def joining(member: Member) -> str:
    """A function that joins two numbers of a fold."""
    wide = summed_in(member.dtype)
    kind, both = c_type(wide), joined(member.join, wide, "a", "b")
    return f"[]({kind} a, {kind} b) {{ return ({kind})({both}); }}"


def team_of(width: int, rows: int) -> int:
    """How many threads for a row: about one for four places, more where there are few rows."""
    if width > 1024 or width >= 128 and rows * 32 < FILL // 8:
        return THREADS
    team = 1
    while team < 32 and (team * 4 < width or team < width and rows * team < FILL // 8):
        team *= 2
    return team


def narrow(nest: Nest) -> bool:
    """Whether 32 bits count all places that are met."""
    buffers = {id(b): b.size for b in (*nest.reads, *nest.writes)}
    return max([nest.size, *buffers.values()]) + THREADS * 2**16 < 2**31
