"""A nest as a C function: one loop over rows, and in each row one loop for every phase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from .letters import c_type
from .nests import Member
from .walking import START, Rows, joined

LANES = 16
BLOCK = 512  # places that are written side by side before they are summed up


@final
class Loop(Rows):
    """The C function of a nest; each thread has the sums of its collects for itself."""

    def _function(self) -> Iterator[str]:
        body = list(self._body())
        yield "{"
        for member in self.collects:
            name = self._argument(member.view, True)
            start = START[member.join](member.dtype)
            yield f"  for (long k = 0; k < {member.view.size}; k++) {name}[k] = {start};"
        yield from body
        yield "}"

    def _body(self) -> Iterator[str]:
        if self.flat:
            yield from self._flat_body()
            return
        yield "  for (long r = lo; r < hi; r++) {"
        yield from self._whole_row()
        yield "  }"

    def _flat_body(self) -> Iterator[str]:
        """One loop over all places; sums of everything run in lanes."""
        members = self.nest.members
        for member in members:
            yield from self._loads_of(member)
        if not self.collects:
            yield "  IVDEP for (long c = lo; c < hi; c++) {"
            yield from self._line_of_places(members, "c")
            yield "  }"
            return
        yield from self._summed(members, self.collects, "lo", "hi")
        for member in self.collects:
            yield from self._add_to(member, f"f{member.number}")

    def _add_to(self, member: Member, value: str) -> Iterator[str]:
        """Joins a number to what was collected before."""
        rows, _ = self._walk(member.into, member.level)
        place = f"*({self._argument(member.view, True)}{self._row_place(rows)})"
        yield f"    {place} = {joined(member.join, member.dtype, place, value)};"

    def _summed(
        self, inside: list[Member], joins: list[Member], begin: str, end: str, phase: int = 0
    ) -> Iterator[str]:
        """A loop whose numbers are summed up: it writes them side by side, block by block, and
        sixteen lanes then go through each block. So both loops are a compiler's easiest prey."""
        for member in joins:
            n, kind = member.number, member.dtype.name
            start = START[member.join](member.dtype)
            yield f"    lanes_{kind} A{n} = all_{kind}({start});"
            yield f"    {c_type(member.dtype)} r{n} = {start};"
        once = begin == "0" and end.isdigit() and int(end) <= BLOCK
        size = int(end) if once else BLOCK
        if once:
            yield "    {"
            yield f"    const long s = 0, e = {end};"
        else:
            yield f"    for (long s = {begin}; s < {end}; s += {BLOCK}) {{"
            yield f"    const long e = s + {BLOCK} < {end} ? s + {BLOCK} : {end};"
        for member in joins:
            yield f"    {c_type(member.dtype)} t{member.number}[{size}] ALIGNED;"
        yield f"    {self._apart(inside)}for (long c = s; c < e; c++) {{"
        yield from self._line_of_places(inside, "c", phase, blocks=True)
        yield "    }"
        for member in joins:
            n, kind = member.number, member.dtype.name
            yield f"    for (long b = 0; b < (e - s) / {LANES}; b++)"
            yield f"      A{n} = lanes_{member.join}_{kind}(A{n}, ((lanes_{kind}*)t{n})[b]);"
            if not once or size % LANES:
                both = joined(member.join, member.dtype, f"r{n}", f"t{n}[c]")
                yield f"    for (long c = (e - s) / {LANES} * {LANES}; c < e - s; c++)"
                yield f"      r{n} = {both};"
        yield "    }"
        for member in joins:  # in halves, since one after the other would wait for each
            n, kind = member.number, c_type(member.dtype)
            both = joined(member.join, member.dtype, f"a{n}[j]", f"a{n}[j + w]")
            yield f"    {kind}* const a{n} = ({kind}*)&A{n};"
            yield (f"    for (int w = {LANES // 2}; w; w /= 2)"
                   f" for (int j = 0; j < w; j++) a{n}[j] = {both};")  # fmt: skip
            both = joined(member.join, member.dtype, f"a{n}[0]", f"r{n}")
            yield f"    const {kind} f{n} = {both};"

    def _phase(self, inside: list[Member], phase: int) -> Iterator[str]:
        """The loop over a row's places in one phase."""
        folds = [m for m in inside if m.kind == "fold"]
        sums = [m for m in inside if m.kind == "collect" and not any(self._into(m)[1])]
        width = self.width
        yield from self._rooms(inside, phase, width)
        joins = [*folds, *sums]
        if joins and width >= LANES:
            yield from self._summed(inside, joins, "0", str(width), phase)
        else:
            for member in joins:
                start = START[member.join](member.dtype)
                yield f"    {c_type(member.dtype)} f{member.number} = {start};"
            yield f"    {self._apart(inside)}for (long c = 0; c < {width}; c++) {{"
            yield from self._line_of_places(inside, "c", phase)
            yield "    }"
        for member in sums:
            yield from self._add_to(member, f"f{member.number}")
        for member in folds:
            if member.stored:
                yield from self._row_store(member)

    def _apart(self, inside: list[Member]) -> str:
        """What tells the compiler that no two places of a row write to one: empty if some do, as
        where each number of a row of images is added to its column's sum."""
        for member in inside:
            steps = self._into(member)[1] if member.kind == "collect" else []
            if any(steps) and any(
                n > 1 and not step for n, step in zip(self.column_sizes, steps, strict=True)
            ):
                return ""
        return "IVDEP "

    def _row_store(self, member: Member) -> Iterator[str]:
        rows, _ = self._walk(member.view, "row")
        place = f"*({self._argument(member.view, True)}{self._row_place(rows)})"
        yield f"    {place} = f{member.number};"

    def _row_member(self, member: Member) -> Iterator[str]:
        """A number that is computed once for a row."""
        texts = [self._row_text(o) for o in member.operands]
        value = member.write(*texts)
        if member.kind == "collect":
            yield from self._add_to(member, value)
            return
        yield f"    const {c_type(member.dtype)} f{member.number} = {value};"
        if member.stored:
            yield from self._row_store(member)

    def _line_of_places(
        self, inside: list[Member], at: str, phase: int = 0, blocks: bool = False
    ) -> Iterator[str]:
        """What is done at one place, member by member; in blocks, what is to be summed is written
        side by side."""
        known = set(inside)
        read: dict[str, str] = {}
        for member in inside:
            for operand in member.operands:
                yield from self._read(operand, at, known, read)
        for member in inside:
            value = member.write(*(read[t] for o in member.operands
                                   for t in [self._text(o, at, known)]))  # fmt: skip
            n, kind = member.number, c_type(member.dtype)
            if member.kind == "map":
                yield f"      const {kind} v{n} = {value};"
                if self.phases[member] != phase:
                    continue
                if member.stored:
                    yield f"      {self._store_place(member, member.view, at)} = v{n};"
                if member in self._kept:
                    yield f"      {self._kept[member]}[{at}] = v{n};"
                continue
            place = f"f{n}"
            if member.kind == "collect" and any(self._into(member)[1]):
                place = self._store_place(member, member.into, at)
            elif blocks:
                yield f"      t{n}[{at} - s] = {value};"
                continue
            both = joined(member.join, member.dtype, place, "w")
            yield f"      {{ const {kind} w = {value}; {place} = {both}; }}"
