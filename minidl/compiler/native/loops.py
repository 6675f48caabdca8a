"""A nest as a C function: one loop over rows, and in each row one loop for every phase.

A phase ends where a fold must be complete before anything can go on: softmax has three. Numbers
that a later phase needs are computed again where that is cheap, else kept for the length of a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import numpy as np

from .letters import c_type, literal
from .nests import Member, Nest, Operand
from .views import Buffer, View

LANES = 16
BLOCK = 512  # places that are written side by side before they are summed up
KEPT = 2**14  # places of a row that are kept in a function's own memory at most
_START = {"add": lambda kind: literal(0, kind), "max": lambda kind: _end(kind, -1),
          "min": lambda kind: _end(kind, 1)}  # fmt: skip


def _end(kind: np.dtype, sign: int) -> str:
    """The smallest (or largest) number of a dtype."""
    if kind.kind == "f":
        return literal(sign * float("inf"), kind)
    if kind.kind == "b":
        return "1" if sign > 0 else "0"
    limits = np.iinfo(kind)
    if kind.itemsize == 8:
        return "INT64_MAX" if sign > 0 else "INT64_MIN"
    return str(limits.max if sign > 0 else limits.min)


def joined(join: str, kind: np.dtype, a: str, b: str) -> str:
    """The text that joins two numbers of a fold."""
    return f"{a} + {b}" if join == "add" else f"{join}_{kind.name}({a}, {b})"


@final
class Loop:
    """The C function of a nest.

    Attributes:
        text: the function's body, with its parameters' names but without its own.
        arguments: per parameter (C type, view or buffer): what it points to.
        count: how many rows (or places, where there are no rows) the threads share.
        flat: whether there are no rows.
        collects: the members whose sums each thread has for itself.
    """

    def __init__(self, nest: Nest):
        self.nest = nest
        self.arguments: list[tuple[str, Buffer, int]] = []
        self.collects = [m for m in nest.members if m.kind == "collect"]
        self.checks = False
        self._names: dict[tuple[int, int, bool], str] = {}
        self._loads: dict[Any, str] = {}
        self._steps: dict[Any, list[int]] = {}
        self._kept: dict[Member, str] = {}
        self._last: dict[Member, int] = {}  # the last phase that reads a member
        self._plan()
        self.phases, self.weight = self._find_phases(), self._find_weights()
        self.needed = self._find_needed()
        self.text = "\n".join(self._function())

    # Which loops there are ------------------------------------------------------------------------

    def _plan(self) -> None:
        """Joins loops that every view walks through as one, and says which are rows."""
        nest = self.nest
        accesses = []
        for member in nest.members:
            for operand in member.operands:
                if operand.member is None:
                    accesses += [nest.steps(v, member.level_of_operands) for v in _all(operand)]
            if member.kind == "collect":
                accesses.append(nest.steps(member.into, member.level))
            elif member.stored:
                accesses.append(nest.steps(member.view, member.level))
        dims = nest.dims
        columns = nest.columns
        groups: list[list[int]] = []  # of neighbours
        inner = len(dims)
        if columns is not None:
            behind = 1
            while inner and behind < columns:
                inner -= 1
                behind *= dims[inner]
        for d in range(len(dims)):
            follows = groups and d != inner and all(
                a[d - 1] == a[d] * dims[d] for a in accesses
            )  # fmt: skip
            if follows:
                groups[-1].append(d)
            else:
                groups.append([d])
        self.groups = groups
        sizes = [int(np.prod([dims[d] for d in group])) for group in groups]
        firsts = [group[0] for group in groups]
        if columns is None:
            rows = max(len(groups) - 1, 0)
        else:
            rows = sum(first < inner for first in firsts)
        self.row_sizes, self.column_sizes = sizes[:rows], sizes[rows:]
        self.flat = columns is None and rows == 0 and not self._row_members()
        self.width = int(np.prod(self.column_sizes)) if self.column_sizes else 1
        self.count = nest.size if self.flat else nest.size // self.width

    def _row_members(self) -> bool:
        return any(m.level == "row" for m in self.nest.members)

    def _walk(self, view: View, level: str) -> tuple[list[int], list[int]]:
        """The steps of a view for the loops over rows and for those over columns."""
        steps = self.nest.steps(view, level)
        joined = [steps[group[-1]] for group in self.groups]
        return joined[: len(self.row_sizes)], joined[len(self.row_sizes) :]

    # Text -----------------------------------------------------------------------------------------

    def _function(self) -> Iterator[str]:
        body = list(self._body())
        yield "{"
        for member in self.collects:
            name = self._argument(member.view, True)
            start = _START[member.join](member.dtype)
            yield f"  for (long k = 0; k < {member.view.size}; k++) {name}[k] = {start};"
        yield from body
        yield "}"

    def _body(self) -> Iterator[str]:
        if self.flat:
            yield from self._flat_body()
            return
        yield "  for (long r = lo; r < hi; r++) {"
        lines = list(self._row())
        yield from self._row_indices(lines)
        yield from lines
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
            start = _START[member.join](member.dtype)
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

    def _row_indices(self, lines: list[str]) -> Iterator[str]:
        """The index of each loop over rows, from the number of the row."""
        text = "\n".join(lines)
        if len(self.row_sizes) < 2:
            return
        behind = 1
        for d in range(len(self.row_sizes) - 1, -1, -1):
            n = self.row_sizes[d]
            if f"i{d}" in text:
                whole = "r" if behind == 1 else f"r / {behind}"
                yield f"    const long i{d} = {whole if d == 0 else f'({whole}) % {n}'};"
            behind *= n

    def _row(self) -> Iterator[str]:
        """All phases of one row."""
        members = self.nest.members
        for member in members:
            yield from self._loads_of(member)
        for phase in range(max(self.phases.values(), default=0) + 1):
            for member in members:
                if member.level == "row" and member.kind != "fold" and self.phases[member] == phase:
                    yield from self._row_member(member)
            inside = [m for m in members if phase in self.needed.get(m, ())]
            if inside:
                yield from self._phase(inside, phase)

    def _find_phases(self) -> dict[Member, int]:
        """For each member, the phase in which it is known; a fold is known in the next."""
        phases: dict[Member, int] = {}
        for member in self.nest.members:
            before = [phases[o.member] for o in member.operands if o.member is not None]
            phases[member] = max(before, default=0) + (member.kind == "fold")
        return phases

    def _find_needed(self) -> dict[Member, set[int]]:
        """For each full member and fold, the phases whose loop it is part of.

        A full member that later phases need is kept, or computed there again if it costs little.
        """
        needed: dict[Member, set[int]] = {}
        for member in reversed(self.nest.members):
            wanted = needed.setdefault(member, set())
            if member.kind == "fold":
                wanted.add(self.phases[member] - 1)
            elif member.level == "full":
                if member.stored:
                    wanted.add(self.phases[member])
                if wanted and self._dear(member):
                    needed[member] = wanted = {self.phases[member]}
            else:
                continue
            for operand in member.operands:
                if operand.member is not None and operand.member.level == "full":
                    needed.setdefault(operand.member, set()).update(wanted)
                    self._last[operand.member] = max(
                        self._last.get(operand.member, 0), max(wanted, default=0)
                    )
        return needed

    def _dear(self, member: Member) -> bool:
        """Whether a number is better kept than computed a second time."""
        return self.weight[member] > 3 and self.width <= KEPT

    def _find_weights(self) -> dict[Member, int]:
        weight: dict[Member, int] = {}
        for member in self.nest.members:
            inner = [o.member for o in member.operands if o.member is not None]
            weight[member] = member.cost + sum(weight[m] for m in inner if m.level == "full")
        return weight

    def _loads_of(self, member: Member) -> Iterator[str]:
        """What a member reads once in a row: pointers to places, numbers that hold for all."""
        level = member.level_of_operands
        for operand in member.operands:
            key = _key(operand, level)
            if operand.member is None and key not in self._loads:
                yield from self._load(key, operand, level)

    def _load(self, key: Any, operand: Operand, level: str) -> Iterator[str]:
        number = len(self._loads)
        rows, columns = self._walk(operand.view, level)
        place = self._row_place(rows)
        shift, fixed = "", True
        for k, (view, bound, step) in enumerate(operand.indices):
            index_rows, index_columns = self._walk(view, level)
            name = f"n{number}_{k}"
            pointer = f"{self._argument(view)}{self._row_place(index_rows)}"
            read = lambda at, p=pointer, b=bound: f"in_bounds(*({p}{at}), {b}, status)"
            self.checks = True
            if any(index_columns):
                fixed = False
                shift += f" + {read(_column_place(index_columns, self.column_sizes))} * {step}"
            else:
                yield f"    const int64_t {name} = {read('')};"
                shift += f" + {name} * {step}"
        if operand.counted:
            base = f"INT64_C({operand.view.offset}){place}"
            if not any(columns):
                yield f"    const int64_t x{number} = {base};"
                self._loads[key] = f"x{number}"
            else:
                self._loads[key] = f"({base}@)"
                self._steps[key] = columns
            return
        kind = c_type(operand.dtype)
        pointer = f"{self._argument(operand.view)}{place}"
        if not any(columns) and fixed:
            text = f"*({pointer}{shift})"
            if operand.bound is not None:
                self.checks = True
                text = f"in_bounds({text}, {operand.bound}, status)"
            yield f"    const {kind} x{number} = {text};"
            self._loads[key] = f"x{number}"
            return
        if fixed:
            yield f"    const {kind}* p{number} = {pointer}{shift};"
            text = f"p{number}[@]"
        else:
            text = f"*({pointer}{shift} @)"
        if operand.bound is not None:
            self.checks = True
            text = f"in_bounds({text}, {operand.bound}, status)"
        self._loads[key] = text
        self._steps[key] = columns

    def _row_place(self, steps: list[int]) -> str:
        """The shift of a pointer to the row's begin."""
        index = "r" if len(self.row_sizes) < 2 else None
        terms = [
            f" + {index or f'i{d}'} * {step}"
            for d, step in enumerate(steps)
            if step and self.row_sizes[d] > 1
        ]
        return "".join(terms)

    def _phase(self, inside: list[Member], phase: int) -> Iterator[str]:
        """The loop over a row's places in one phase."""
        folds = [m for m in inside if m.kind == "fold"]
        sums = [m for m in inside if m.kind == "collect" and not any(self._into(m)[1])]
        width = self.width
        for member in inside:
            if self._last.get(member, 0) > self.phases[member] == phase and self._dear(member):
                yield f"    {c_type(member.dtype)} k{member.number}[{width}];"
                self._kept[member] = f"k{member.number}"
        joins = [*folds, *sums]
        if joins and width >= LANES:
            yield from self._summed(inside, joins, "0", str(width), phase)
        else:
            for member in joins:
                start = _START[member.join](member.dtype)
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

    def _into(self, member: Member) -> tuple[list[int], list[int]]:
        return self._walk(member.into, member.level)

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

    def _row_text(self, operand: Operand) -> str:
        if operand.member is not None:
            return f"f{operand.member.number}"
        return self._loads[_key(operand, "row")].replace("@", "0")

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

    def _store_place(self, member: Member, view: View, at: str) -> str:
        rows, columns = self._walk(view, "full")
        base = f"{self._argument(view, True)}{self._row_place(rows)}"
        place = _column_place(columns, self.column_sizes, at)
        return f"*({base}{place})"

    def _read(
        self, operand: Operand, at: str, known: set[Member], read: dict[str, str]
    ) -> Iterator[str]:
        """Reads a number before anything is done, whatever will be asked of it: a load that hangs
        on a condition is no vector's."""
        text = self._text(operand, at, known)
        if text in read:
            return
        if text[0] in "vfx" and text[1:].isdigit():
            read[text] = text
            return
        name = read[text] = f"l{len(read)}"
        yield f"      const {c_type(operand.dtype)} {name} = {text};"

    def _text(self, operand: Operand, at: str, known: set[Member]) -> str:
        source = operand.member
        if source is not None:
            if source.level == "row":
                return f"f{source.number}"
            if source in known:
                return f"v{source.number}"
            return f"{self._kept[source]}[{at}]"
        key = _key(operand, "full")
        text = self._loads[key]
        if "@" not in text:
            return text
        place = _column_place(self._steps[key], self.column_sizes, at)
        return text.replace("[@]", f"[{place[3:] or 0}]").replace("@", place)

    # Parameters -----------------------------------------------------------------------------------

    def _argument(self, view: View, written: bool = False) -> str:
        """The parameter that points to a view's first number."""
        key = (id(view.buffer), view.offset, written)
        if key not in self._names:
            self._names[key] = f"{'z' if written else 'in'}{len(self._names)}"
            const = "" if written else "const "
            self.arguments.append((f"{const}{c_type(view.dtype)}*", view.buffer, view.offset))
        return self._names[key]

    @property
    def names(self) -> list[str]:
        return list(self._names.values())


def _all(operand: Operand) -> list[View]:
    return [operand.view, *(view for view, _, _ in operand.indices)]


def _key(operand: Operand, level: str) -> Any:
    """What makes two loads the same."""
    views = [(id(v.buffer), v.offset, v.shape, v.steps) for v in _all(operand)]
    return (tuple(views), operand.counted, operand.bound, level)


def _column_place(steps: list[int], sizes: list[int], at: str = "c") -> str:
    """The shift of a pointer from a row's begin to one of its places."""
    terms, behind = [], 1
    for d in range(len(sizes) - 1, -1, -1):
        if steps[d] and sizes[d] > 1:
            index = at if behind == 1 else f"{at} / {behind}"
            index = index if d == 0 else f"({index}) % {sizes[d]}"
            index = f"({index})" if " " in index else index
            terms.append(f" + {index}" if steps[d] == 1 else f" + {index} * {steps[d]}")
        behind *= sizes[d]
    return "".join(terms)
